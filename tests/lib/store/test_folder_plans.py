"""Plan files of the folder store: Excel, killed writers, older journals."""

from __future__ import annotations

import pytest

from lib.core import schema
from lib.core.problems import DataError
from lib.files import csv_tables
from lib.store import Changes, Draft, Kind, PlanStore
from tests.lib.store.amending import amend, window, without
from tests.lib.store.sending import LINE, percent, send


@pytest.fixture
def store(folder):
    return PlanStore(folder)


def test_an_edit_of_the_plan_by_hand_becomes_a_submission(folder, store, by_hand):
    sealed = store.submit(Draft("办", Changes.none(), Kind.SEAL, details={"month": "2018-09"}))
    by_hand(",4月,", ",6月,", "plan.csv")
    (_, hand) = store.history()
    assert hand.kind == Kind.MANUAL
    assert "plan.csv" in hand.user
    assert hand.rows == 0
    assert window(store, revision=sealed.revision) == "4月"
    assert window(store) == "6月"
    store.revert(2, "管理员")
    assert window(store) == "4月"


def test_reports_and_plan_edited_by_hand_are_one_submission(folder, store, by_hand):
    send(store, LINE.format(80))
    by_hand(",4月,", ",6月,", "plan.csv")
    by_hand("合作对接会,0,", "合作对接会,1,", "progress.csv")
    told = send(store, LINE.format(85))
    assert told.revision == 3
    hand = store.submissions[1]
    assert ([one.name for one in hand.changed_files], hand.rows) == (["plan.csv"], 1)
    wanted = (folder / "progress.csv").read_bytes()
    store.rebuild()
    assert (folder / "progress.csv").read_bytes() == wanted


def test_an_amendment_mends_a_plan_that_was_broken_by_hand(folder, store, by_hand):
    send(store, LINE.format(80))
    good = store.plan_files()["plan.csv"]
    by_hand(",4月,", ",择期,", "plan.csv")
    broken = store.plan_files()["plan.csv"]
    with pytest.raises(DataError, match="择期"):
        send(PlanStore(folder), LINE.format(85))
    assert [one.kind for one in store.history()] == [Kind.REPORT]
    told = store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files={"plan.csv": good}))
    assert store.content(told.files[0].before_sha256) == broken
    assert window(store) == "4月"
    assert percent(store) == "80"


def test_reports_edited_by_hand_are_never_lost_to_a_new_plan(folder, store, by_hand):
    send(store, LINE.format(80))
    good = store.plan_files()["plan.csv"]
    by_hand(",4月,", ",择期,", "plan.csv")
    by_hand("合作对接会,0,", "合作对接会,1,", "progress.csv")
    before = (folder / "progress.csv").read_bytes()
    with pytest.raises(DataError, match="择期"):
        store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files={"plan.csv": good}))
    assert (folder / "progress.csv").read_bytes() == before


def test_a_plan_for_a_folder_that_has_only_reports(folder, store):
    files = store.plan_files()
    for name in files:
        (folder / name).unlink()
    told = store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    assert told.revision == 1
    assert len(store.progress) == 252
    assert window(store) == "4月"


@pytest.mark.parametrize("damage", ["gone", "broken"])
def test_rebuild_restores_a_plan_file(folder, store, damage):
    amend(store, ",4月,", ",6月,")
    path = folder / "plan.csv"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\xff\xfe\x00broken")
    assert store.rebuild() == 252
    assert window(store) == "6月"


def killed(folder, store, change):
    """Make ``change``, then put the files back as if its writer had died after the journal."""
    names = ["plan.csv", "progress.csv", "baseline.csv", "journal.mark"]
    before = {n: (folder / n).read_bytes() if (folder / n).exists() else None for n in names}
    change()
    for name, content in before.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_bytes(content)


def test_a_reader_after_a_killed_writer_sees_plan_and_reports_of_one_revision(folder, store):
    send(store, LINE.format(80))
    plan = store.plan
    texts = schema.PLAN.texts(plan[plan["task_id"] != "八-2"])
    files = {
        "plan.csv": csv_tables.to_csv(csv_tables.escape(texts)),
        "baseline.csv": store.plan_files()["plan.csv"],
    }
    gone = without(store, "八-2")
    draft = Draft("管理员", gone, Kind.PLAN, files=files)
    killed(folder, store, lambda: store.submit(draft))
    seen = PlanStore(folder).dataset()
    assert not seen.progress_problems
    assert "八-2" not in seen.tasks.index
    assert "八-2" in seen.baseline_tasks.index
    assert len(seen.progress) == 253 - len(gone)
    assert [one.kind for one in store.history()] == [Kind.REPORT, Kind.PLAN]
    killed(folder, store, lambda: store.revert(2, "管理员"))
    assert PlanStore(folder).dataset().baseline_tasks is None
    assert len(PlanStore(folder).progress) == 253
    assert len(store.history()) == 3


def test_an_edit_by_hand_over_a_killed_amendment_is_kept(folder, store, by_hand):
    send(store, LINE.format(80))
    killed(folder, store, lambda: amend(store, ",4月,", ",6月,"))
    by_hand(",4月,", ",7月,", "plan.csv")
    assert window(PlanStore(folder)) == "7月"
    assert [one.kind for one in store.history()] == [Kind.REPORT, Kind.PLAN, Kind.MANUAL]


def test_a_journal_of_an_older_version_is_read_and_takes_note_of_the_plan(old_folder):
    folder, _ = old_folder("first_release")

    def edit(old, new, name):
        text = (folder / name).read_bytes().decode("utf-8-sig")
        (folder / name).write_bytes(text.replace(old, new, 1).encode())

    old = PlanStore(folder)
    assert old.submissions[0].files == ()
    edit(",4月,", ",5月,", "plan.csv")  # nobody took note of the plan: this is no submission
    assert len(old.history()) == 4
    assert window(old, revision=1) == "5月"
    amend(old, ",5月,", ",6月,")
    assert window(old, revision=1) == "5月"
    assert len(old.submissions) == 5
    edit("review = false", "review = true", "settings.toml")
    assert [entry.kind for entry in old.history()][-2:] == [Kind.PLAN, Kind.MANUAL]
