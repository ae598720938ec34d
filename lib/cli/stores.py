"""``migrate``, ``copy``, ``verify``, ``backup``, ``restore``: what concerns a store as a whole."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lib.cli.common import Commands, UsageError, add_command, add_format, show
from lib.store import StoreError, folder_of, is_database

if TYPE_CHECKING:
    from lib.store.checking import Checked


def add_parser(commands: Commands) -> None:
    """Add the five commands."""
    add_command(commands, "migrate", run_migrate, "把数据库的结构升级到本程序的版本")

    parser = commands.add_parser("copy", help="把全部数据复制到空的数据目录或数据库，并核对")
    parser.add_argument("source", metavar="SRC", help="数据目录或数据库地址")
    parser.add_argument("target", metavar="DST", help="空的数据目录或数据库地址")
    add_format(parser)
    parser.set_defaults(run=run_copy)

    add_command(commands, "verify", run_verify, "核对全部上报记录、原件和账号是否完整")

    parser = add_command(
        commands, "backup", run_backup, "把全部数据备份为一个 zip 文件（使用中也可以）"
    )
    parser.add_argument("file", type=Path, metavar="FILE.zip", help="新的备份文件")

    parser = commands.add_parser("restore", help="由备份文件恢复到空的数据目录或数据库")
    parser.add_argument("file", type=Path, metavar="FILE.zip", help="备份文件")
    parser.add_argument("--data", required=True, help="空的数据目录或数据库地址")
    add_format(parser)
    parser.set_defaults(run=run_restore)


def run_verify(options: argparse.Namespace) -> int:
    """Check everything that is kept; 1 if anything is not whole."""
    from lib.store.checking import check, trail_end

    _folder_must_be_there(options.data)
    plans, faults = check(options.data)
    try:
        number, sha256 = trail_end(options.data)
    except StoreError:  # which is among the faults
        number, sha256 = 0, ""
    serious = [fault for fault in faults if fault.serious]
    trail = [f"审计记录：到第{number}条，末条校验值 {sha256}"] if number else []
    verdict = f"有{len(serious)}处问题" if serious else "核对完毕，全部完整"
    show(
        options,
        {
            "sound": not serious,
            "plans": [asdict(plan) for plan in plans],
            "trail": {"number": number, "sha256": sha256},
            "faults": [asdict(fault) for fault in faults],
        },
        "\n".join([*map(_plan_line, plans), *trail, *map(str, faults), verdict]),
    )
    return 1 if serious else 0


def _plan_line(plan: Checked) -> str:
    name = f"计划「{plan.plan}」" if plan.plan else "本计划"
    if plan.revision < 0:
        return f"{name}：还没有上报记录"
    end = f"，末号校验值 {plan.head}" if plan.head else ""
    return f"{name}：上报记录到第{plan.revision}号，{plan.files}个原件{end}"


def run_backup(options: argparse.Namespace) -> int:
    """Write everything into a zip file and check it."""
    from lib.store.backup import backup

    _folder_must_be_there(options.data)
    plans = backup(options.data, options.file)
    _show_plans(options, plans, f"已备份到 {options.file}，并已核对")
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put a backup into an empty place and check it."""
    from lib.store.backup import restore

    if not options.file.is_file():
        raise UsageError(f"找不到备份文件：{options.file}")
    plans = restore(options.file, options.data)
    _show_plans(options, plans, f"已恢复到 {options.data}，并已核对")
    return 0


def _show_plans(options: argparse.Namespace, plans: list[Checked], verdict: str) -> None:
    lines = [*map(_plan_line, plans), verdict]
    show(options, [asdict(plan) for plan in plans], "\n".join(lines))


def _folder_must_be_there(url: str) -> None:
    if is_database(url):
        return
    try:
        folder = folder_of(url)
    except StoreError as error:
        raise UsageError(str(error)) from error
    if not folder.is_dir():
        raise UsageError(f"{url} 不是目录")


def run_migrate(options: argparse.Namespace) -> int:
    """Bring the database's schema to this version."""
    from lib.store.database import database

    _folder_must_be_there(options.data)
    place = database(options.data)
    if not place.exists:
        raise UsageError(f"{options.data} 里还没有 journal.db，不需要升级结构")
    before, after = place.migrate()
    steps = f"数据库结构：{before or '空'} → {after}"
    show(
        options,
        {"before": before, "after": after},
        f"数据库结构已是最新（{after}）" if before == after else steps,
    )
    return 0


def run_copy(options: argparse.Namespace) -> int:
    """Copy everything and print what both ends hold; 1 if anything differs."""
    from lib.store.copying import copy

    _folder_must_be_there(options.source)
    if not is_database(options.target):
        try:
            folder_of(options.target)
        except StoreError as error:
            raise UsageError(str(error)) from error
    counts = copy(options.source, options.target)
    same = all(count.same for count in counts)
    verdict = "核对一致，复制完成" if same else "核对不一致：请删除目标后重新复制"
    show(
        options,
        [asdict(count) for count in counts],
        "\n".join([*map(str, counts), verdict]),
    )
    return 0 if same else 1
