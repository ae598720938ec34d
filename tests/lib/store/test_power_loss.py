"""What a disk may hold after the power went, put together from the calls that were made.

The calls of one act are written down (``file_faults.c``). For each moment three disks are made of
them: what was not synced is lost; contents are lost but names have changed; names have not changed
but contents are there. Real disks do more than that: a sector half written is met by SQLite's own
checks, not here.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lib.store import open_store
from lib.store.changes import texts
from lib.store.checking import check
from tests.lib.store.sending import LINE, send

KINDS = ("nothing unsynced", "names only", "contents only")


@dataclass(frozen=True)
class Call:
    what: str
    path: str
    other: str
    offset: int
    data: bytes


@dataclass
class File:
    """A file's contents as the program sees them, and as they were when last synced."""

    now: bytearray
    synced: bytes


@dataclass
class Disk:
    """Files by what their names lead to now, and led to when their folder was last synced."""

    names: dict[str, File] = field(default_factory=dict)
    synced_names: dict[str, File] = field(default_factory=dict)

    def apply(self, call: Call) -> None:
        if call.what == "create":
            self.names[call.path] = File(bytearray(), b"")
        elif call.what == "write":
            content = self.names[call.path].now
            content.extend(bytes(max(0, call.offset - len(content))))
            content[call.offset : call.offset + len(call.data)] = call.data
        elif call.what == "truncate":
            content = self.names[call.path].now
            del content[call.offset :]
            content.extend(bytes(call.offset - len(content)))
        elif call.what == "sync" and call.path in self.names:
            self.names[call.path].synced = bytes(self.names[call.path].now)
        elif call.what == "sync":  # a folder
            own = {
                name
                for name in (*self.names, *self.synced_names)
                if name.rpartition("/")[0] == call.path
            }
            for name in own:
                if name in self.names:
                    self.synced_names[name] = self.names[name]
                else:
                    self.synced_names.pop(name, None)
        elif call.what == "rename":
            self.names[call.other] = self.names.pop(call.path)
        elif call.what == "unlink":
            self.names.pop(call.path, None)

    def after_power_loss(self, kind: str) -> dict[str, bytes]:
        names = self.names if kind == "names only" else self.synced_names
        whole = kind == "contents only"
        return {name: bytes(file.now) if whole else file.synced for name, file in names.items()}


def read_calls(path: Path) -> list[Call]:
    content, calls, place = path.read_bytes(), [], 0
    while place < len(content):
        end = content.index(b"\n", place)
        what, name, other, offset, size = content[place:end].decode().split("\t")
        place = end + 1 + int(size)
        calls.append(Call(what, name, other, int(offset), content[end + 1 : place]))
    return calls


@pytest.mark.parametrize(
    "scenario",
    [
        "next",
        *(pytest.param(name, marks=pytest.mark.thorough) for name in ("first", "amend", "revert")),
    ],
)
def test_the_power_goes_at_any_moment(ask, tmp_path, scenario):
    ask(scenario, "log", [], str(tmp_path))
    folder, before = tmp_path / "data", tmp_path / "before"
    history = [entry.describe() for entry in open_store(before).submissions]
    calls = read_calls(tmp_path / "calls")
    assert len([call for call in calls if call.what == "sync"]) >= 6
    disk = Disk()
    for path in before.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            name = str(folder / path.relative_to(before))
            disk.names[name] = disk.synced_names[name] = File(bytearray(content), content)
    seen = set()
    for number, call in enumerate(calls, 1):
        disk.apply(call)
        for kind in KINDS if call.what in ("sync", "unlink", "rename") else ():
            left = disk.after_power_loss(kind)
            if (key := hash(tuple(sorted(left.items())))) in seen:
                continue
            seen.add(key)
            there = tmp_path / f"{number}-{KINDS.index(kind)}"
            for name, content in left.items():
                path = there / Path(name).relative_to(folder)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            look(there, history, acknowledged=number == len(calls))
            shutil.rmtree(there)


def look(folder: Path, history: list[str], *, acknowledged: bool) -> None:
    store = open_store(folder)
    now = [entry.describe() for entry in store.submissions]
    assert now[: len(history)] == history
    assert len(now) - len(history) in ((1,) if acknowledged else (0, 1))
    data = store.dataset()
    assert not data.progress_problems
    assert [entry.kind for entry in store.history()] == [entry.kind for entry in store.submissions]
    assert len(store.submissions) == len(now)  # nothing was taken for an edit by hand
    if now:
        assert texts(data).equals(texts(store.dataset(revision=len(now))))
    assert not [fault for fault in check(str(folder))[1] if fault.serious]
    assert send(open_store(folder), LINE.format(44)).revision == len(now) + 1
