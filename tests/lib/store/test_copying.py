"""Everything from one kind of store to the other and back, through the command line."""

from __future__ import annotations

import json

import pytest

from lib.cli.__main__ import main
from lib.core.dataset import Dataset
from lib.store import Changes, Draft, Kind, State, open_store, plan_names
from lib.store.changes import texts
from lib.store.copying import copy, verify
from lib.store.database import database
from tests.lib.store.sending import LINE, percent, send


def run(capsys, *arguments):
    try:
        code = main([str(one) for one in arguments])
    except SystemExit as stopped:
        code = stopped.code
    seen = capsys.readouterr()
    return code, seen.out, seen.err


def told(address, plan=""):
    """Return all that a store says of a plan."""
    store = open_store(address, plan)
    data = store.dataset()
    assert isinstance(data, Dataset)
    return (
        [(one, one.state) for one in store.submissions],
        texts(data).to_dict("records"),
        texts(store.dataset(with_pending=True)).to_dict("records"),
        store.plan_files(),
        store.matters(),
        [store.original(number) for number in range(store.revision + 1)],
        [store.content(item.sha256) for _, item in store.evidence("八-1")],
        [texts(store.dataset(revision=number)).to_dict("records") for number in range(4)]
        if store.revision > 3
        else [],
    )


def test_there_and_back_again_is_the_same(capsys, filled, server, tmp_path):
    between, back = server.empty(), tmp_path / "back"
    code, out, _ = run(capsys, "copy", filled, between)
    assert code == 0
    assert "不一致" not in out
    assert "核对一致" in out
    code, out, _ = run(capsys, "copy", between, back, "--format", "json")
    assert code == 0
    counts = {(one["plan"], one["what"]): one for one in json.loads(out)}
    assert counts["", "上报记录"]["target"] == 11
    assert counts["镇村_2019", "生效的填报"]["source"] == 1
    assert all(one["same"] for one in counts.values())
    assert plan_names(between) == plan_names(back) == ["镇村_2019"]
    for plan in ("", "镇村_2019"):
        assert told(filled, plan) == told(between, plan) == told(back, plan)
    states = [one.state for one in open_store(back).submissions]
    assert states[3:5] == [State.RETURNED, State.PENDING]
    # life goes on at each end
    for address in (between, back):
        store = open_store(address)
        store.review(5, "区党政办", accept=True)
        assert percent(store, unit="总工会") == "83"
        assert store.history()[-1].revision == 12
    database(between).engine.dispose()


def test_a_folder_without_a_journal_arrives_without_one(capsys, folder, server):
    target = server.empty()
    assert run(capsys, "copy", folder, target)[0] == 0
    store = open_store(target)
    assert store.submissions == []
    assert len(store.progress) == 252
    assert send(store, LINE.format(80)).revision == 1
    database(target).engine.dispose()


def test_an_edit_by_hand_comes_along_as_a_submission(capsys, folder, server, by_hand):
    send(open_store(folder), LINE.format(80))
    by_hand("合作对接会,0,", "合作对接会,1,")
    target = server.empty()
    assert run(capsys, "copy", folder, target)[0] == 0
    assert [one.kind for one in open_store(target).submissions] == [Kind.REPORT, Kind.MANUAL]
    database(target).engine.dispose()


def test_a_target_that_is_not_empty_is_refused_and_kept(capsys, folder, server, tmp_path):
    full = server.shipped()
    code, _, err = run(capsys, "copy", folder, full)
    assert (code, "已经有数据" in err) == (1, True)
    assert open_store(full).revision == 0
    database(full).engine.dispose()
    some = tmp_path / "some"
    some.mkdir()
    (some / "别的.txt").write_text("x")
    code, _, err = run(capsys, "copy", folder, some)
    assert (code, "不是空目录" in err) == (1, True)
    assert [path.name for path in some.iterdir()] == ["别的.txt"]


def test_a_broken_source_leaves_nothing_at_the_target(capsys, filled, server, tmp_path):
    broken = filled / "plans" / "镇村_2019" / "plan.csv"
    broken.write_bytes(b"x")
    target = tmp_path / "there"
    code, _, err = run(capsys, "copy", filled, target)
    assert (code, "缺少这一列" in err) == (1, True)
    assert not list(tmp_path.glob("there*"))
    empty = server.empty()
    assert run(capsys, "copy", filled, empty)[0] == 1
    assert plan_names(empty) == []
    assert open_store(empty).submissions == []
    broken.write_bytes((filled / "plan.csv").read_bytes())
    assert run(capsys, "copy", filled, empty)[0] == 0
    database(empty).engine.dispose()


def test_a_folder_that_is_empty_is_filled_and_a_parent_must_be_there(capsys, folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    code, out, _ = run(capsys, "copy", folder, empty)
    assert (code, "核对一致" in out) == (0, True)
    assert len(open_store(empty).progress) == 252
    code, _, err = run(capsys, "copy", folder, tmp_path / "no" / "where")
    assert (code, "找不到目标所在的目录" in err) == (1, True)


def test_only_another_plan_is_copied_too(capsys, tmp_path, folder, server):
    source, target = tmp_path / "only", server.empty()
    source.mkdir()
    files = open_store(folder).plan_files()
    open_store(source, "二〇一九").submit(Draft("管", Changes.none(), Kind.PLAN, files=files))
    assert run(capsys, "copy", source, target)[0] == 0
    assert plan_names(target) == ["二〇一九"]
    assert told(source, "二〇一九") == told(target, "二〇一九")
    database(target).engine.dispose()


def test_broken_reports_at_the_source_are_told(capsys, folder, tmp_path, by_hand):
    by_hand("合作对接会,0,", "合作对接会,很多,")
    code, _, err = run(capsys, "copy", folder, tmp_path / "there")
    assert (code, "很多" in err) == (1, True)
    assert not list(tmp_path.glob("there*"))


def test_a_difference_is_found(filled, server):
    target = server.empty()
    assert all(one.same for one in copy(str(filled), target))
    name = target.split("@/")[1].split("?")[0]
    server.run("UPDATE report SET note = '改过' WHERE task_id = '一-1' AND month = '2018-02'", name)
    found = {one.what: one.same for one in verify(str(filled), target) if not one.plan}
    assert [what for what, same in found.items() if not same] == ["生效的填报"]
    database(target).engine.dispose()


@pytest.mark.parametrize(
    "arguments",
    [
        ["copy"],
        ["copy", "FOLDER"],
        ["copy", "没有这个目录", "TARGET"],
        ["copy", "mysql://a/b", "TARGET"],
        ["migrate", "--data", "FOLDER"],
        ["history", "--data", "FOLDER", "--plan", "没有"],
        ["figures", "--data", "FOLDER", "--plan", "../x"],
        ["figures", "--data", "mysql://a/b"],
    ],
)
def test_wrong_use_is_exit_code_2(capsys, folder, tmp_path, arguments):
    places = {"FOLDER": folder, "TARGET": tmp_path / "target"}
    code, _, err = run(capsys, *(places.get(one, one) for one in arguments))
    assert code == 2
    assert err
