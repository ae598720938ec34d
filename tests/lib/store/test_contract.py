"""Any store through its interface: what was sent is there, whole, and can be taken back."""

from __future__ import annotations

import threading

import pytest

from lib import intake
from lib.core.problems import DataError
from lib.store import (
    Changes,
    ConflictError,
    Draft,
    Kind,
    Original,
    RefusedError,
    State,
    StoreError,
    open_store,
)
from lib.store.changes import texts
from tests import postgres
from tests.lib.store.sending import HEAD, LINE, evidence, percent, send


def test_undo_and_undo_of_the_undo(store):
    rows = len(store.progress)
    send(store, LINE.format(80))
    send(store, LINE.format(85))
    back = store.revert(2, "李四", reason="填错了")
    assert back.kind == Kind.REVERT
    assert back.refers_to == 2
    assert percent(store) == "80"
    store.revert(3, "李四")
    assert percent(store) == "85"
    store.revert(4, "李四")
    store.revert(1, "李四")
    assert percent(store) is None
    assert len(store.progress) == rows
    states = [one.state for one in store.submissions]
    assert states[0] == State.REVERTED


def test_an_undo_that_would_lose_a_later_report_is_refused(store):
    send(store, LINE.format(80))
    send(store, LINE.format(85))
    with pytest.raises(RefusedError, match="请先撤销第2号"):
        store.revert(1, "李四")
    assert percent(store) == "85"
    assert store.revision == 2


def test_what_cannot_be_undone_says_so(store):
    send(store, LINE.format(80))
    store.revert(1, "李四")
    with pytest.raises(RefusedError, match="已撤销"):
        store.revert(1, "李四")
    with pytest.raises(RefusedError, match="没有第9号"):
        store.revert(9, "李四")
    with pytest.raises(RefusedError, match="起始数据"):
        store.revert(0, "李四")


def test_the_second_of_two_previews_is_told_what_changed(store):
    data = store.dataset()
    drafts = []
    for value in (80, 85):
        content = (HEAD + LINE.format(value)).encode()
        checked = intake.check(content, "a.csv", data)
        planned = intake.preview(data, checked, "x")
        drafts.append(Draft(f"用户{value}", planned.changes, base=0))
    store.submit(drafts[0])
    with pytest.raises(ConflictError, match=r"用户80.*请重新预览") as caught:
        store.submit(drafts[1])
    assert [one.revision for one in caught.value.since] == [1]
    assert percent(store) == "80"


def test_a_stale_change_is_refused_even_without_a_base(store):
    data = store.dataset()
    checked = intake.check((HEAD + LINE.format(80)).encode(), "a.csv", data)
    planned = intake.preview(data, checked, "x")
    send(store, LINE.format(70))
    with pytest.raises(ConflictError):
        store.submit(Draft("x", planned.changes))
    assert percent(store) == "70"


@pytest.mark.parametrize("sha256", ["../../progress.csv", "0" * 64, "", "a/b" * 22])
def test_a_kept_file_is_found_by_its_hash_only(store, sha256):
    send(store, LINE.format(80))
    with pytest.raises(StoreError, match="找不到"):
        store.content(sha256)


def test_nobody_and_nothing_is_refused(store):
    with pytest.raises(RefusedError, match="填报人"):
        store.submit(Draft(" ", Changes.none()))
    with pytest.raises(RefusedError, match="没有变化"):
        store.submit(Draft("张三", Changes.none()))


def test_names_lose_their_path_and_their_tricks(store):
    content = (HEAD + LINE.format(80)).encode()
    data = store.dataset()
    planned = intake.preview(data, intake.check(content, "a.csv", data), "x")
    name = "../../etc/\u202egnp.<script>" + "长" * 200 + ".csv"
    told = store.submit(Draft("x", planned.changes, original=Original(name, content)))
    assert "/" not in told.file_name
    assert "<" not in told.file_name
    assert "\u202e" not in told.file_name
    assert len(told.file_name) <= 100
    assert told.file_name.endswith(".csv")
    assert store.content(told.file_sha256) == content


def test_a_submission_is_in_force_and_in_the_journal(store, address):
    told = send(store, LINE.format(80))
    assert (told.revision, told.kind, told.user, told.rows) == (1, Kind.REPORT, "张三", 1)
    assert percent(store) == "80"
    (kept,) = store.submissions
    assert kept.state == State.IN_FORCE
    assert kept.time[:4].isdigit()
    original = store.original(1)
    assert original is not None
    assert original.name == "十月.csv"
    assert original.content.decode() == HEAD + LINE.format(80) + "\n"
    again = open_store(address)
    assert percent(again) == "80"
    assert again.submissions == [kept]
    assert again.revision == 1


def test_the_shipped_state_is_kept_as_it_was(store):
    before = texts(store.dataset())
    send(store, LINE.format(80))
    original = store.original(0)
    assert original is not None
    shown = intake.check(original.content, "progress.csv", store.dataset())
    assert len(shown.rows) == len(before)
    assert texts(store.dataset(revision=0)).equals(before)


def test_evidence_goes_with_the_undo(store):
    item, content = evidence()
    draft = Draft("张三", Changes.none(), Kind.ATTACH, "妇联", evidence=[(item, content)])
    told = store.submit(draft)
    ((where, kept),) = store.evidence("八-1")
    assert where.revision == told.revision
    assert store.content(kept.sha256) == content
    store.revert(told.revision, "张三")
    assert store.evidence("八-1") == []


def test_text_that_a_spreadsheet_would_run_comes_back_as_it_was(store):
    nasty = '=HYPERLINK("http://x")'
    send(store, LINE.format(80).replace("走访", '"' + nasty.replace('"', '""') + '"'))
    assert nasty in store.progress["note"].tolist()


def test_reports_keep_their_order_through_changes_and_undo(store):
    first = texts(store.dataset())
    assert first.index[0] == ("一-1", "2018-01", "区党政办", "")
    send(store, "一-1,2018-01,区党政办,,,9,改", LINE.format(80))
    seen = texts(store.dataset()).index
    assert seen[0] == first.index[0]
    assert seen[-1] == ("八-2", "2018-10", "妇联", "")
    send(store, "八-2,2018-10,总工会,,,60,走访")
    store.revert(1, "张三")
    assert texts(store.dataset()).index[:-1].equals(first.index)
    store.revert(3, "张三")
    wanted = texts(store.dataset())
    assert wanted.index[-1] == ("八-2", "2018-10", "妇联", "")
    assert store.rebuild() == 254
    assert texts(store.dataset()).equals(wanted)


def test_rows_are_kept_as_they_are_read_whatever_their_spelling(store):
    data = store.dataset()
    planned = intake.preview(data, intake.check((HEAD + LINE.format(80)).encode(), "a", data), "x")
    after = planned.changes.after.copy()
    after["填报单位"], after["累计完成率"] = "区妇联", "80.0"
    after = after.set_index(["任务编号", "月份", "填报单位", "指标"], drop=False)
    store.submit(Draft("x", Changes(planned.changes.before, after)))
    assert percent(store) == "80"
    assert store.changes(1).after["填报单位"].tolist() == ["妇联"]
    assert texts(store.dataset(revision=1)).equals(texts(store.dataset()))
    store.revert(1, "x")
    assert percent(store) is None


def test_a_report_that_does_not_fit_the_plan_writes_nothing(store):
    data = store.dataset()
    planned = intake.preview(data, intake.check((HEAD + LINE.format(80)).encode(), "a", data), "x")
    after = planned.changes.after.replace("妇联", "区科技局")
    after = after.set_index(["任务编号", "月份", "填报单位", "指标"], drop=False)
    stamp = store.stamp()
    with pytest.raises(DataError, match="不是这个任务的责任单位"):
        store.submit(Draft("x", Changes(planned.changes.before, after)))
    assert store.revision == 0
    assert len(store.progress) == 252
    send(store, LINE.format(80))
    assert store.stamp() != stamp


def test_the_stamp_tells_of_every_write_and_of_nothing_else(store, address):
    other = open_store(address)
    seen = [other.stamp()]
    send(store, LINE.format(80))
    seen.append(other.stamp())
    store.submit(Draft("办", Changes.none(), Kind.NOTICE, details={"a": 1}))
    seen.append(other.stamp())
    store.revert(1, "张三")
    seen.append(other.stamp())
    assert len(set(seen)) == 4
    assert percent(other) is None
    other.submissions, other.history(), other.evidence("八-1")
    assert other.stamp() == seen[-1]
    postgres.close(other)


def test_a_store_without_a_journal_shows_what_there_is(store):
    assert store.revision == 0
    assert len(store.targets) == len(store.dataset().targets) > 0
    assert texts(store.dataset(revision=0)).equals(texts(store.dataset()))
    with pytest.raises(RefusedError, match="没有第1号"):
        store.dataset(revision=1)
    with pytest.raises(RefusedError, match="没有可以重建的内容"):
        store.rebuild()


def test_who_undoes_or_reviews_says_who(reviewed):
    number = send(reviewed, LINE.format(80)).revision
    with pytest.raises(RefusedError, match="填报人"):
        reviewed.revert(number, " ")
    with pytest.raises(RefusedError, match="审核人"):
        reviewed.review(number, "", accept=True)
    back = reviewed.review(number, "区党政办", accept=False, reason="缺材料")
    with pytest.raises(RefusedError, match="审核退回，没有可撤销的数据"):
        reviewed.revert(back.revision, "区党政办")


def test_a_preview_is_told_of_the_undo_that_came_between(store):
    send(store, LINE.format(80))
    store.revert(1, "李四")
    with pytest.raises(ConflictError, match="撤销"):
        store.revert(2, "李四", base=1)


def test_with_review_a_report_counts_only_after_it_is_accepted(reviewed):
    told = send(reviewed, LINE.format(80))
    assert told.state == State.PENDING
    assert percent(reviewed) is None
    pending = reviewed.dataset(with_pending=True).progress
    assert len(pending) == len(reviewed.progress) + 1
    accepted = reviewed.review(told.revision, "区党政办", accept=True)
    assert accepted.kind == Kind.ACCEPT
    assert percent(reviewed) == "80"
    assert reviewed.submissions[1].state == State.IN_FORCE
    with pytest.raises(RefusedError, match="不需要审核"):
        reviewed.review(told.revision, "区党政办", accept=True)


def test_with_review_a_returned_report_carries_the_reason(reviewed):
    number = send(reviewed, LINE.format(80)).revision
    with pytest.raises(RefusedError, match="理由"):
        reviewed.review(number, "区党政办", accept=False)
    back = reviewed.review(number, "区党政办", accept=False, reason="缺少佐证材料")
    assert back.reason == "缺少佐证材料"
    assert percent(reviewed) is None
    assert reviewed.submissions[1].state == State.RETURNED
    assert len(reviewed.dataset(with_pending=True).progress) == 252


BOTH = (LINE, "八-1,2018-10,妇联,爱心捐赠活动,{},,走访")


@pytest.mark.parametrize("first", ["report", "correction"])
def test_with_review_a_corrected_number_never_counts_whatever_is_reviewed_first(reviewed, first):
    report = send(reviewed, LINE.format(80), BOTH[1].format(1)).revision
    correction = send(reviewed, LINE.format(85)).revision
    for number in (report, correction) if first == "report" else (correction, report):
        reviewed.review(number, "区党政办", accept=True)
        assert percent(reviewed) in (None, "85")
    assert percent(reviewed) == "85"
    rows = reviewed.progress
    assert rows[(rows["task_id"] == "八-1") & (rows["month"] == 585)]["quantity"].tolist() == [1]


def test_with_review_a_whole_correction_replaces_what_waits_until_it_is_taken_back(reviewed):
    report = send(reviewed, LINE.format(80)).revision
    correction = send(reviewed, LINE.format(85), BOTH[1].format(1)).revision
    states = {one.revision: one.state for one in reviewed.submissions}
    assert (states[report], states[correction]) == (State.REPLACED, State.PENDING)
    with pytest.raises(RefusedError, match="已被更正，不需要审核"):
        reviewed.review(report, "区党政办", accept=True)
    with pytest.raises(RefusedError, match="已被更正，不能再撤销"):
        reviewed.revert(report, "张三")
    pending = reviewed.dataset(with_pending=True).progress
    assert len(pending) == len(reviewed.progress) + 2
    reviewed.revert(correction, "张三")
    reviewed.review(report, "区党政办", accept=True)
    assert percent(reviewed) == "80"


def test_where_settings_ask_a_report_is_signed_by_another_before_it_is_reviewed(reviewed):
    text = reviewed.plan_files()["settings.toml"].decode().replace("sign = false", "sign = true")
    files = {"settings.toml": text.encode()}
    reviewed.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    number = send(reviewed, LINE.format(80)).revision
    assert reviewed.submissions[-1].state == State.UNSIGNED
    assert len(reviewed.dataset(with_pending=True).progress) == 253
    with pytest.raises(RefusedError, match="还没有审签"):
        reviewed.review(number, "区党政办", accept=True)
    with pytest.raises(RefusedError, match="要由单位负责人审签"):
        reviewed.sign(number, "张三", accept=True)
    with pytest.raises(RefusedError, match="理由"):
        reviewed.sign(number, "李局长", accept=False)
    signature = reviewed.sign(number, "李局长", accept=True)
    assert (signature.kind, signature.refers_to) == (Kind.SIGN, number)
    assert percent(reviewed) is None
    with pytest.raises(RefusedError, match="不需要审签"):
        reviewed.sign(number, "李局长", accept=True)
    with pytest.raises(RefusedError, match="没有可撤销的数据"):
        reviewed.revert(signature.revision, "李局长")
    reviewed.review(number, "区党政办", accept=True)
    assert percent(reviewed) == "80"
    back = send(reviewed, LINE.format(90)).revision
    reviewed.sign(back, "李局长", accept=False, reason="数量不对")
    assert {one.revision: one.state for one in reviewed.submissions}[back] == State.RETURNED


def test_with_review_a_pending_report_can_be_withdrawn(reviewed):
    number = send(reviewed, LINE.format(80)).revision
    reviewed.revert(number, "张三")
    assert reviewed.submissions[1].state == State.REVERTED
    assert percent(reviewed) is None


def test_eight_threads_on_one_store_lose_nothing(store):
    task_units = store.dataset().task_units
    quantified = set(store.targets["task_id"])
    plain = task_units[~task_units["task_id"].isin(quantified)].drop_duplicates("unit")
    pairs = list(plain[["task_id", "unit"]].itertuples(index=False, name=None))[:8]
    faults = []

    def work(task, unit):
        try:
            while True:
                base = store.revision
                try:
                    send(store, f"{task},2018-10,{unit},,,99,甲", user=unit, base=base)
                except ConflictError:
                    continue
                break
        except Exception as error:  # noqa: BLE001 - the main thread is to see it
            faults.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert store.revision == len(pairs) == 8
    assert [one.revision for one in store.submissions] == list(range(1, 9))
    assert len(store.progress) == 252 + 8
    wanted = texts(store.dataset())
    store.rebuild()
    assert texts(store.dataset()).equals(wanted)
