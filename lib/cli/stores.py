"""``migrate`` and ``copy``: the database's schema, and all data from one place to another."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from lib.cli.common import UsageError, add_data, add_format, show
from lib.store import RefusedError, StoreError, folder_of, is_database

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the two commands."""
    parser = commands.add_parser("migrate", help="把数据库的结构升级到本程序的版本")
    add_data(parser)
    add_format(parser)
    parser.set_defaults(run=run_migrate)

    parser = commands.add_parser("copy", help="把全部数据复制到空的数据目录或数据库，并核对")
    parser.add_argument("source", metavar="SRC", help="数据目录或数据库地址")
    parser.add_argument("target", metavar="DST", help="空的数据目录或数据库地址")
    add_format(parser)
    parser.set_defaults(run=run_copy)


def run_migrate(options: argparse.Namespace) -> int:
    """Bring the database's schema to this version."""
    if not is_database(options.data):
        raise UsageError(f"--data {options.data} 不是数据库地址，不需要升级结构")
    from lib.store.database import database

    before, after = database(options.data).migrate()
    told = f"数据库结构：{before or '空'} → {after}"
    show(
        options,
        {"before": before, "after": after},
        f"数据库结构已是最新（{after}）" if before == after else told,
    )
    return 0


def run_copy(options: argparse.Namespace) -> int:
    """Copy everything and print what both ends hold; 1 if anything differs."""
    # the modules of the database take a while to load: only where they are needed
    from lib.access.copying import copy_accounts, is_free
    from lib.store.copying import Count, copy

    for url in (options.source, options.target):
        if not is_database(url):
            try:
                folder = folder_of(url)
            except StoreError as error:
                raise UsageError(str(error)) from error
            if url == options.source and not folder.is_dir():
                raise UsageError(f"{url} 不是目录")
    if not is_free(options.target):
        raise RefusedError("目标已经有账号，没有复制")
    counts = copy(options.source, options.target)
    counts += [Count("", *one) for one in copy_accounts(options.source, options.target)]
    same = all(one.same for one in counts)
    verdict = "核对一致，复制完成" if same else "核对不一致：请删除目标后重新复制"
    show(
        options,
        [asdict(one) for one in counts],
        "\n".join([*map(str, counts), verdict]),
    )
    return 0 if same else 1
