"""One act of a store with a fault at each of its calls to the file system; a process of its own.

``python -m tests.lib.store.file_faults`` with ``file_faults.c`` loaded before the C library reads
requests, a JSON list a line: ``[SCENARIO, FAULT, CALLS, SCRATCH]``. For each of the calls, by their
numbers (an empty list: for every call that there is), the act runs in a child on a fresh copy of the
data; what it acknowledged, and what is there afterwards, is printed as a line of JSON, and ``{}`` as
the last one.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.core.problems import DataError
from lib.store import Changes, Draft, Kind, StoreError, open_store
from lib.store.changes import texts
from lib.store.checking import check
from tests.conftest import ROOT
from tests.lib.store.amending import amend, amended
from tests.lib.store.sending import LINE, evidence, send
from tests.people import BOSS, PASSWORD, access_to
from tests.shipped import copy_data

FAULTS = {"kill": (0, 0), "EIO": (errno.EIO, 0), "ENOSPC": (errno.ENOSPC, 1)}
SHIM = ctypes.CDLL(None)


def _edit(folder: Path) -> None:
    path = folder / "progress.csv"
    text = path.read_bytes().decode("utf-8-sig")
    path.write_bytes(text.replace("合作对接会,0,", "合作对接会,1,", 1).encode("gbk"))


def _shipped(folder: Path) -> None:
    copy_data(folder)


def _used(folder: Path) -> None:
    _shipped(folder)
    send(open_store(folder), LINE.format(80))


def _edited(folder: Path) -> None:
    _used(folder)
    _edit(folder)


def _amended(folder: Path) -> None:
    _used(folder)
    store = open_store(folder)
    first = store.plan_files()["plan.csv"]
    files = {**amended(store, ",4月,", ",6月,"), "baseline.csv": first}
    store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))


def _old(folder: Path) -> None:
    with zipfile.ZipFile(ROOT / "tests/fixtures/journals/everything.zip") as archive:
        archive.extractall(folder)


def _amend(folder: Path) -> None:
    amend(open_store(folder), ",4月,", ",6月,")


def _attach(folder: Path) -> None:
    draft = Draft("张三", Changes.none(), Kind.ATTACH, "妇联", evidence=[evidence()])
    open_store(folder).submit(draft)


def _report(folder: Path) -> None:
    send(open_store(folder), LINE.format(90))


def _account(folder: Path) -> None:
    access_to(folder).accounts.add(BOSS, "first", "第一", "管理员", (), PASSWORD)


@dataclass(frozen=True)
class Scenario:
    """How the data are prepared, what is done, and how many entries that adds."""

    prepare: Callable[[Path], None]
    act: Callable[[Path], object]
    entries: int = 1


SCENARIOS = {
    "first": Scenario(_shipped, _report),
    "next": Scenario(_used, _report),
    "attach": Scenario(_used, _attach),
    "amend": Scenario(_used, _amend),
    "revert": Scenario(_amended, lambda folder: open_store(folder).revert(2, "管理员")),
    "edited": Scenario(_edited, _report, 2),
    "history": Scenario(_edited, lambda folder: open_store(folder).history(), 1),
    "rebuild": Scenario(_edited, lambda folder: open_store(folder).rebuild(), 2),
    "take over": Scenario(_old, _report),
    "account": Scenario(_shipped, _account, 0),
}


def in_child(
    folder: Path, act: Callable[[Path], object], number: int, fault: str
) -> tuple[str, int]:
    """Run an act in a child with the fault at a call; return what it said, and how many calls it made.

    It says ``killed`` if it said nothing.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        error, lasting = FAULTS[fault]
        try:
            SHIM.arm(str(folder).encode(), ctypes.c_long(number), error, lasting, b"")
            act(folder)
            said = "done"
        except (StoreError, DataError) as refused:
            said = f"refused: {refused}"
        except BaseException as unexpected:  # noqa: BLE001 - the parent is to see it
            said = f"unexpected: {type(unexpected).__name__}: {unexpected}"
        SHIM.disarm()
        os.write(writing, json.dumps([said, SHIM.calls()]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    said, calls = json.loads(content) if content else ("killed", number)
    return said, calls


def problem(folder: Path, scenario: Scenario, before: list[str], said: str) -> str:
    """Return what is wrong after an act that said something, empty if all is well."""
    store = open_store(folder)
    now = [submission.describe() for submission in store.submissions]
    added = len(now) - len(before)
    if now[: len(before)] != before:
        return f"the history is another one: {now}"
    if added not in range(scenario.entries + 1):
        return f"{added} entries were added"
    if said.startswith("unexpected"):
        return "an error that is no word to anybody"
    acknowledged = said == "done" and scenario.entries
    if acknowledged and added < scenario.entries and scenario.act is not SCENARIOS["history"].act:
        return "acknowledged, and not there"
    if "没有保存" in said and added == scenario.entries and scenario.entries:
        return "in force, and said to be not saved"
    data = store.dataset()  # which finishes what was left
    if data.progress_problems:
        return f"the reports are broken: {data.progress_problems}"
    if now:
        wanted = store.dataset(revision=len(now))
        edited = store.folder.edited(store.journal(), store.folder.contents())  # type: ignore[attr-defined]
        if not edited and not texts(data).equals(texts(wanted)):
            return "the files are not what the journal says"
        if not edited and not data.tasks.equals(wanted.tasks):
            return "the plan is not what the journal says"
    serious = [str(fault) for fault in check(str(folder))[1] if fault.serious]
    if serious:
        return f"verify: {serious}"
    if scenario.act is _account:
        there = access_to(folder).accounts.any()
        if there != (said == "done") and said != "killed" and "不能确定" not in said:
            return f"an account is there: {there}"
    send(open_store(folder), LINE.format(33))
    left = [
        str(path) for path in folder.rglob("*") if path.name.startswith((".tmp-", "journal.db-"))
    ]
    if left:
        return f"left behind: {left}"
    return ""


def logged(name: str, scratch: Path) -> None:
    """Do an act once and write down every call; the data before it are in ``before``."""
    scenario, folder = SCENARIOS[name], scratch / "data"
    scenario.prepare(folder)
    shutil.copytree(folder, scratch / "before")
    SHIM.arm(str(folder).encode(), ctypes.c_long(0), 0, 0, str(scratch / "calls").encode())
    scenario.act(folder)
    SHIM.disarm()


def say(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def try_calls(name: str, fault: str, calls: Sequence[int], scratch: Path) -> None:
    scenario = SCENARIOS[name]
    template = scratch / "template"
    scenario.prepare(template)
    before = [submission.describe() for submission in open_store(template).submissions]
    for number in calls or itertools.count(1):
        folder = scratch / f"at{number}"
        shutil.copytree(template, folder)
        said, count = in_child(folder, scenario.act, number, fault)
        if said == "done" and count < number:  # there are no more calls
            break
        say({"at": number, "said": said, "wrong": problem(folder, scenario, before, said)})
        shutil.rmtree(folder)


def main() -> None:
    for request in sys.stdin:
        name, fault, calls, scratch = json.loads(request)
        if fault == "log":
            logged(name, Path(scratch))
        else:
            try_calls(name, fault, calls, Path(scratch))
        say({})


if __name__ == "__main__":
    main()
