"""What the commands share: opening a plan, telling wrong use and refusals."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from lib.store import Store, StoreError, open_store, plan_names

Run = Callable[[argparse.Namespace], int]


class UsageError(Exception):
    """The command was used wrongly; the message says how."""


def opened(data: str, plan: str) -> Store:
    """Return the store of a plan that exists; raise `UsageError` for one that does not."""
    if "://" not in data and not Path(data).is_dir():
        raise UsageError(f"--data {data} 不是目录")
    if plan and plan not in plan_names(data):
        known = "、".join(plan_names(data)) or "没有其他计划"
        raise UsageError(f"--plan {plan} 不是这里的计划（{known}）")
    return open_store(data, plan)


def guarded(run: Run) -> Run:
    """Return a command that tells wrong use (exit code 2) and refusals (1) instead of raising."""

    def told(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except UsageError as error:
            print(error, file=sys.stderr)
            return 2
        except StoreError as error:
            print(error, file=sys.stderr)
            return 1

    return told
