"""Who may do what: roles and their policy, accounts, sessions, tokens, the guarded store, audit.

`Access` tells who a visitor is, `GuardedStore` wraps a store so that every read and write is checked
where it happens. Nothing here knows a web framework.
"""

from lib.access.access import Access, Visitor, is_loopback, open_access, same_address
from lib.access.accounts import Account, AccountError
from lib.access.audit import AuditEntry
from lib.access.config import Config, ConfigError, Mode
from lib.access.guard import GuardedStore
from lib.access.policy import (
    ASSIGNABLE,
    Actor,
    Because,
    ForbiddenError,
    Permission,
    Role,
    Scope,
    local_actor,
)
