"""Entry point of ``python -m lib.cli``.

Exit codes: 0 done, 1 faults in the data, or refused (standard error says why), 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lib.access import ConfigError
from lib.access.passwords import PasswordError
from lib.cli import accounts, export, figures, forms, matters, plan, reports, stores
from lib.cli.common import UsageError
from lib.core.problems import DataError
from lib.store import StoreError
from lib.store.clock import use_office_time

COMMANDS = (figures, reports, matters, plan, export, forms, stores, accounts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m lib.cli", description="工作计划看板命令行")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for module in COMMANDS:
        module.add_parser(commands)
    options = parser.parse_args(arguments)
    try:
        use_office_time()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        return int(options.run(options))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except (DataError, StoreError, ConfigError, PasswordError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
