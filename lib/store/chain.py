"""The hash chain of a journal: what is hashed, and how.

    rows_sha256 = SHA-256 of the entry's rows, one line of JSON for each
    sha256      = SHA-256 of  the entry before's sha256 ⏎ the facts as JSON ⏎ rows_sha256

The facts name uploaded files, evidence and plan files by their own hashes, so that the last
entry's hash stands for everything before it. The chain finds what was damaged, lost, put in
another order, or changed by somebody who does not know of it. It is no proof against whoever owns
the database and computes it anew, unless its last hash was written down somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def line(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> str:
    """Return one changed row as it is hashed."""
    return f"{cells(before)}\t{cells(after)}\n"


def cells(row: Mapping[str, str] | None) -> str:
    """Return one side of a changed row as JSON; its columns in their order."""
    return "null" if row is None else json.dumps(row, ensure_ascii=False)


def rows_sha256(lines: Iterable[str]) -> str:
    """Return the hash of an entry's rows, given as `line`."""
    digest = hashlib.sha256()
    for row in lines:
        digest.update(row.encode())
    return digest.hexdigest()


def entry_sha256(before: str, facts: Mapping[str, Any], rows: str) -> str:
    """Return an entry's hash from that of the entry before (empty for the first)."""
    facts_json = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{facts_json}\n{rows}\n".encode()).hexdigest()
