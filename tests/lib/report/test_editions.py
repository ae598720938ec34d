"""定稿: shown as it was, corrections beside it, evidence of the time behind it."""

from __future__ import annotations

import pytest

from lib.core import months
from lib.core.figures import Figures, Selection
from lib.report import collect
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.editions import as_of, corrections, editions, seal
from lib.report.slides import Part
from lib.store import Attachment, Changes, ConflictError, Draft, Kind, open_store
from lib.store.atomic_files import sha256
from tests.lib.store.sending import send

SEPTEMBER = months.parse("2018-09")
LATE = "二-6,2018-09,区经发局,合作对接会,1,,补报"


@pytest.fixture
def store(folder):
    return open_store(folder)


def figures(store, revision=None):
    return Figures(store.dataset(revision=revision), Selection(SEPTEMBER))


def test_a_sealed_edition_stays_and_the_correction_stands_beside_it(store):
    before = figures(store).overall.iloc[0]["earned_value"]
    store.submit(seal(SEPTEMBER, store.revision, "张三", "第三次联席会议"))
    (edition,) = editions(store.submissions)
    assert (edition.month, edition.user, edition.note) == (SEPTEMBER, "张三", "第三次联席会议")
    assert "2018年9月，张三，" in edition.describe()
    later = send(store, LATE)
    sealed, now = figures(store, edition.revision), figures(store)
    assert sealed.overall.iloc[0]["earned_value"] == pytest.approx(before)
    assert now.overall.iloc[0]["earned_value"] > before
    table = corrections(sealed, now, store, edition.revision)
    assert list(table["任务"]) == ["总体", "二-6 两地联合组织一次合作对接会"]
    row = table.iloc[1]
    assert row["定稿时"] == "× 逾期，完成率0.0%，序时进度100.0%"
    assert row["更正后"] == "√ 已完成，完成率100.0%，序时进度100.0%"
    assert row["依据"] == f"第{later.revision}号填报"


def test_later_months_are_no_correction(store):
    store.submit(seal(SEPTEMBER, store.revision, "张三"))
    (edition,) = editions(store.submissions)
    send(store, "八-2,2018-10,妇联,,,95,走访")
    table = corrections(figures(store, edition.revision), figures(store), store, edition.revision)
    assert table.empty


def test_nothing_is_sealed_that_was_not_seen(store):
    seen = store.revision
    send(store, LATE)
    with pytest.raises(ConflictError):
        store.submit(seal(SEPTEMBER, seen, "张三"))
    assert editions(store.submissions) == []


def test_a_seal_taken_back_is_no_edition(store):
    submission = store.submit(seal(SEPTEMBER, store.revision, "张三"))
    store.revert(submission.revision, "李四")
    assert editions(store.submissions) == []


def attach(store, name):
    content = name.encode()
    item = Attachment(
        name, sha256(content), len(content), "image/png", "二-1", "2018-09", "区农业局"
    )
    draft = Draft("王五", Changes.none(), Kind.ATTACH, "区农业局", evidence=[(item, content)])
    return store.submit(draft)


def test_evidence_behind_a_sealed_figure_is_that_of_the_time(store):
    before = attach(store, "会前.png")
    store.submit(seal(SEPTEMBER, store.revision, "张三"))
    (edition,) = editions(store.submissions)
    attach(store, "会后.png")
    store.revert(before.revision, "王五")
    sealed = collect(store, figures(store, edition.revision), revision=edition.revision)
    assert [item.name for _, item in sealed.evidence] == ["会前.png"]
    assert [item.name for _, item in collect(store, figures(store)).evidence] == ["会后.png"]
    assert len(as_of(store.submissions, None)) == len(store.submissions)


def test_papers_of_an_edition_name_it_and_list_corrections(store):
    store.submit(seal(SEPTEMBER, store.revision, "张三"))
    (edition,) = editions(store.submissions)
    send(store, LATE)
    sealed = figures(store, edition.revision)
    material = collect(
        store,
        sealed,
        revision=edition.revision,
        edition=edition.describe(),
        corrections=corrections(sealed, figures(store), store, edition.revision),
    )
    assert edition.describe() in material.source
    (slide,) = deck(material, Arrangement().only(Part.CORRECTIONS))
    assert slide.title == "定稿后有1项更正"
    assert slide.content.rows[1][0].startswith("二-6")


def amend(store, change):
    """Submit a 计划调整 that rewrites the plan's text."""
    text = store.plan_files()["plan.csv"].decode("utf-8-sig")
    files = {"plan.csv": change(text).encode("utf-8-sig")}
    return store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))


def test_an_amended_plan_is_a_correction_with_its_cause(store):
    store.submit(seal(SEPTEMBER, store.revision, "张三"))
    (edition,) = editions(store.submissions)
    added = "二-8,二,产业帮扶,8．新增任务。,区商务局,全年,1,,,分解表\r\n"
    submission = amend(
        store, lambda text: text.replace("6～8月", "6～10月", 1).rstrip("\r\n") + "\r\n" + added
    )
    table = corrections(figures(store, edition.revision), figures(store), store, edition.revision)
    rows = table.set_index("任务")
    assert rows.at["二-8 新增任务", "定稿时"] == "没有这项任务"
    assert rows.at["总体", "定稿时"].startswith("22项任务")
    assert rows.at["总体", "更正后"].startswith("23项任务")
    moved = rows.loc["二-6 两地联合组织一次合作对接会"]
    assert moved["定稿时"].startswith("× 逾期")
    assert moved["更正后"].startswith("● 正常")
    assert moved["依据"] == f"第{submission.revision}号计划调整"


def test_a_selection_without_tasks_has_nothing_to_correct(store):
    store.submit(seal(SEPTEMBER, store.revision, "张三"))
    (edition,) = editions(store.submissions)
    send(store, LATE)
    sealed, now = (
        Figures(store.dataset(revision=revision), Selection(SEPTEMBER, "人才帮扶", "妇联"))
        for revision in (edition.revision, None)
    )
    assert corrections(sealed, now, store, edition.revision).empty
