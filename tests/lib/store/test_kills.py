"""Real processes that are killed, race, or meet a full or closed disk: nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import io
import itertools
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from lib.access import Config, Mode
from lib.cli.__main__ import main
from lib.core import schema
from lib.core.problems import DataError
from lib.store import (
    Changes,
    ConflictError,
    Draft,
    Kind,
    PlanStore,
    Store,
    StoreError,
    open_store,
)
from lib.store.changes import empty, keyed, texts
from lib.store.database import database
from tests import postgres, serving
from tests.people import access_to
from tests.shipped import copy_data

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
FORK = multiprocessing.get_context("fork")
KEY = ("八-2", "2018-10", "妇联", "")


def draft(store: Store, note: str) -> Draft:
    """Return a draft that writes ``note`` into one row, over whatever stands there."""
    state = keyed(schema.PROGRESS.texts(store.progress))
    row = dict.fromkeys(schema.PROGRESS.headers.values(), "")
    row |= dict(zip(("任务编号", "月份", "填报单位", "指标"), KEY, strict=True))
    row |= {"累计完成率": "80", "进展说明": note}
    new = empty().copy()
    new.loc[KEY] = row
    before = state.loc[[KEY]] if KEY in state.index else empty()
    return Draft("工人", Changes(before, new))


def write(address: str, name: str, count: int, told: Path) -> None:
    """Submit ``count`` times and write down each acknowledged note, in a process of its own."""
    store = open_store(address)
    for number in range(count):
        note = f"{name}-{number}"
        while True:
            try:
                done = store.submit(draft(store, note))
            except ConflictError:
                continue
            break
        with told.open("a", encoding="utf-8") as file:
            file.write(f"{done.revision} {note}\n")
            file.flush()
            os.fsync(file.fileno())


def acknowledged(told: Path) -> dict[int, str]:
    if not told.exists():
        return {}
    lines = told.read_text(encoding="utf-8").split("\n")[:-1]
    return {int(number): note for number, note in (line.split(" ", 1) for line in lines)}


def check_nothing_lost(address: str | Path, told: dict[int, str]) -> None:
    store = open_store(address)
    journal = {one.revision: one for one in store.history()}
    assert sorted(journal) == list(range(1, len(journal) + 1))
    for revision, note in told.items():
        assert store.changes(revision).after["进展说明"].tolist() == [note]
    send = store.submit(draft(store, "最后"))  # the next writer finishes what was left undone
    assert send.revision == len(journal) + 1
    state = texts(store.dataset())
    assert state.at[KEY, "进展说明"] == "最后"
    assert len(state) == 253
    kept = None if store.folder is None else (store.folder.path / "progress.csv").read_bytes()
    store.rebuild()
    assert texts(store.dataset()).equals(state)
    if store.folder is not None:
        assert (store.folder.path / "progress.csv").read_bytes() == kept
        assert not list(store.folder.path.rglob(".tmp-*"))
        assert not list(store.folder.path.glob("journal.db-*"))


@pytest.mark.slow
@pytest.mark.parametrize("kills", [4, pytest.param(130, marks=pytest.mark.thorough)])
def test_kill_at_random_points_during_many_submissions(address, tmp_path, kills):
    told = tmp_path / "told"
    chance = random.Random(2018)  # noqa: S311
    for number in range(kills):
        enough = len(acknowledged(told)) + chance.randrange(4)
        process = FORK.Process(target=write, args=(address, f"轮{number}", 10**6, told))
        process.start()
        while process.is_alive() and len(acknowledged(told)) < enough:
            time.sleep(0.005)
        process.join(chance.uniform(0, 0.2))
        assert process.is_alive()
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    assert len(acknowledged(told)) >= kills
    check_nothing_lost(address, acknowledged(told))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("writers", "each"), [(4, 1), pytest.param(8, 5, marks=pytest.mark.thorough)]
)
def test_writers_of_one_row_at_once(address, tmp_path, writers, each):
    files = [tmp_path / f"told{n}" for n in range(writers)]
    processes = [
        FORK.Process(target=write, args=(address, f"写{n}", each, file))
        for n, file in enumerate(files)
    ]
    for process in processes:
        process.start()
    store = open_store(address)
    while any(process.is_alive() for process in processes):
        assert len(store.progress) in (252, 253)  # a reader never sees half a file
        time.sleep(0.1)
    for process in processes:
        process.join()
        assert process.exitcode == 0
    told = {}
    for file in files:
        told |= acknowledged(file)
    assert len(told) == writers * each
    check_nothing_lost(address, told)


HEADER = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明"


def submit_by_command(address: str, row: str, count: int, scratch: Path) -> None:
    """Send a unit's report ``count`` times by the command line."""
    for number in range(count):
        file = scratch / f"{row.split(',')[0]}.csv"
        file.write_text(f"{HEADER}\n{row},{number},第{number}次\n", encoding="utf-8")
        options = ["--data", address, "--user", f"命令{row}", "--reason", "更正"]
        with contextlib.redirect_stdout(io.StringIO()):
            assert main(["submit", str(file), *options]) == 0


def submit_by_http(address: str, row: str, count: int, scratch: Path) -> None:
    """Send a unit's report ``count`` times by the HTTP interface, in a server of its own."""
    access = access_to(address, Config(mode=Mode.SINGLE, requests_per_minute=10_000))
    client = serving.local(address, access)
    for number in range(count):
        content = f"{HEADER}\n{row},{number},第{number}次\n".encode()
        answer = client.post(
            "/api/v1/progress?reason=更正", content=content, headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 201, answer.text


@pytest.mark.slow
@pytest.mark.parametrize("each", [1, pytest.param(40, marks=pytest.mark.thorough)])
def test_submissions_of_eight_writers_are_neither_lost_nor_doubled_nor_refused(
    address, tmp_path, each
):
    store = open_store(address)
    pairs = store.dataset().task_units
    plain = pairs[~pairs["task_id"].isin(set(store.targets["task_id"]))].drop_duplicates("unit")
    rows = [
        f"{task},2018-10,{unit},,"
        for task, unit in zip(plain["task_id"], plain["unit"], strict=True)
    ][:8]
    before = len(store.progress)
    postgres.close(store)
    Image.init()  # once, instead of in each child: it loads Pillow's fifty formats
    processes = []
    for number, row in enumerate(rows):
        scratch = tmp_path / f"writer{number}"
        scratch.mkdir()
        act = submit_by_command if number % 2 else submit_by_http
        processes.append(FORK.Process(target=act, args=(address, row, each, scratch)))
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 8
    store = open_store(address)
    journal = store.submissions
    assert [entry.revision for entry in journal] == list(range(1, 8 * each + 1))
    notes = [store.changes(entry.revision).after["进展说明"].tolist() for entry in journal]
    units = [entry.unit for entry in journal]
    for unit in set(units):
        own = [note for note, of in zip(notes, units, strict=True) if of == unit]
        assert own == [[f"第{number}次"] for number in range(each)]
    assert len(store.progress) == before + 8
    assert texts(store.dataset()).equals(texts(store.dataset(revision=8 * each)))


def in_child(function, *arguments):
    """Run a function in a process of its own and return what it puts into the queue."""
    queue = FORK.Queue()
    process = FORK.Process(target=function, args=(*arguments, queue))
    process.start()
    result = queue.get(timeout=60)
    process.join()
    return result


def submit_until_refused(folder, limit, uid, queue):
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if uid:
        os.setgid(uid)
        os.setuid(uid)
    store = PlanStore(folder)
    done = 0
    try:
        for _ in range(500):
            store.submit(draft(store, "很长的说明" * 400 + str(done)))
            done += 1
    except StoreError as error:
        queue.put((done, str(error)))
    except BaseException as error:  # noqa: BLE001 - the parent is to see it
        queue.put((done, repr(error)))
    else:
        queue.put((done, ""))


def submit_one(folder, note):
    store = PlanStore(folder)
    return store.submit(draft(store, note))


@pytest.fixture(scope="module")
def reported_once(tmp_path_factory):
    folder = copy_data(tmp_path_factory.mktemp("reported") / "data")
    submit_one(folder, "之前")
    return folder


@pytest.fixture
def reported(folder, reported_once):
    """A folder with one submission."""
    return shutil.copytree(reported_once, folder, dirs_exist_ok=True)


def test_a_file_size_quota_refuses_and_keeps_the_old_state(reported):
    folder = reported
    kept = (folder / "progress.csv").read_bytes()
    done, message = in_child(submit_until_refused, folder, 20_000, 0)
    assert done == 0
    assert "超出文件大小限制" in message
    assert "没有保存" in message
    assert (folder / "progress.csv").read_bytes() == kept
    assert PlanStore(folder).revision == 1
    check_nothing_lost(folder, {1: "之前"})


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(folder, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small tmpfs cannot be mounted here; the quota test stands in")
    try:
        small = disk / "data"
        subprocess.run(["cp", "-r", folder, small], check=True)
        done, message = in_child(submit_until_refused, small, 0, 0)
        assert done > 0
        assert "磁盘已满" in message
        store = open_store(small)
        assert store.revision == done
        assert store.progress["note"].iloc[-1].endswith(str(done - 1))
        (disk / "data" / "units.csv").write_bytes((folder / "units.csv").read_bytes())
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        check_nothing_lost(small, {})
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize(
    ("mode", "words"), [(0o644, "没有写入数据目录的权限"), (0o600, "journal.db 打不开这个文件")]
)
def test_a_read_only_folder_says_so_and_still_shows_everything(reported, mode, words):
    folder = reported
    for path in [Path("/"), *folder.parents][1:-1]:
        path.chmod(path.stat().st_mode | 0o005)  # another user may come this far
    folder.chmod(0o555)
    (folder / "journal.db").chmod(mode)
    try:
        done, message = in_child(submit_until_refused, folder, 0, NOBODY)
        assert done == 0
        assert words in message.replace("没有保存：打不开", "journal.db 打不开")
        assert len(PlanStore(folder).history()) == 1
        assert len(PlanStore(folder).progress) == 253
        assert in_child(look, folder, NOBODY)[0] == 253
    finally:
        folder.chmod(0o755)
    check_nothing_lost(folder, {1: "之前"})


NOBODY = 65534 if os.name == "posix" and os.geteuid() == 0 else 0


def look(folder, uid, queue):
    """Tell what another user sees: rows, the journal's fault, and how a submission ends."""
    if uid:
        os.setgid(uid)
        os.setuid(uid)
    store = open_store(folder)
    try:
        rows, ending = len(store.progress), ""
    except (StoreError, DataError) as error:
        rows, ending = -1, str(error)
    fault = store.fault()
    try:
        store.submit(Draft("工人", Changes.none(), Kind.NOTICE, details={"a": 1}))
    except (StoreError, DataError) as error:
        ending = str(error)
    queue.put((rows, fault, ending))


@pytest.mark.skipif(not NOBODY, reason="needs root, to become somebody else")
@pytest.mark.parametrize(
    "name",
    ["plan.csv", "targets.csv", "settings.toml", "progress.csv", "journal.db", "journal.mark"],
)
def test_a_file_that_may_not_be_read_is_named(reported, name):
    folder = reported
    for path in folder.parents:
        if path.stat().st_uid == 0 and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o005)
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    (folder / name).chmod(0)
    rows, fault, ending = in_child(look, folder, NOBODY)
    if name == "journal.mark":  # it is written anew
        assert (rows, fault, ending) == (253, "", "")
    elif name == "journal.db":
        assert rows == 253
        assert name in fault
        assert name in ending
    else:
        assert (rows, fault) == (-1, "")
        assert name in ending
    (folder / name).chmod(0o644)
    assert len(open_store(folder).progress) == 253
    assert open_store(folder).submissions[0].user == "工人"


def test_a_lock_left_by_a_killed_process_holds_nobody_up(reported):
    folder = reported

    def hold(queue):
        with database(folder).writing("占用"):
            queue.put(os.getpid())
            time.sleep(60)

    queue = FORK.Queue()
    process = FORK.Process(target=hold, args=(queue,))
    process.start()
    os.kill(queue.get(timeout=60), signal.SIGKILL)
    process.join()
    assert submit_one(folder, "之后").revision == 2


def die_at_a_statement(address: str, number: int, told: Path) -> None:
    """Submit, and die right before the ``number``-th statement, or write down that it was done."""
    store = open_store(address)
    engine, count = store.database.engine, itertools.count(1)
    new = draft(store, f"语句{number}")

    def at(*_: object) -> None:
        if next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(engine, event, at)
    done = store.submit(new)
    told.write_text(f"{done.revision} 语句{number}\n", encoding="utf-8")


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.thorough)])
def test_a_kill_at_each_statement_leaves_all_or_nothing(address, tmp_path, step):
    store = open_store(address)
    store.submit(draft(store, "之前"))
    postgres.close(store)
    for number in range(1, 100, step):
        told = tmp_path / f"told{number}"
        before = open_store(address).revision
        process = FORK.Process(target=die_at_a_statement, args=(address, number, told))
        process.start()
        process.join()
        store = open_store(address)
        after = store.revision
        assert after - before in ((1,) if told.exists() else (0, 1))
        assert store.changes(after).after["进展说明"].tolist() == [store.progress["note"].iloc[-1]]
        postgres.close(store)
        if told.exists():
            break
    assert number > 8
    check_nothing_lost(address, {1: "之前", **acknowledged(told)})
