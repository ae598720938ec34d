"""Kept figures of whole plans: never those of another state, another question or other rules."""

from __future__ import annotations

import pytest

from lib.core.figures import Figures, Selection
from lib.core.portfolio import PlanSummary, summarise
from lib.files import plans_together
from lib.store import (
    Changes,
    Draft,
    KeptFigures,
    Kind,
    files_at,
    open_store,
    plan_names,
    plan_stamps,
)
from lib.store import kept_figures as module

QUESTION = "latest month"


def summary_of(address: str) -> PlanSummary:
    data = open_store(address).dataset()
    return summarise(Figures(data, Selection(data.latest_month)))


def kept(address: str) -> KeptFigures:
    """Keep the plan's figures as another server, or this one before its restart, has."""
    figures = KeptFigures(address, QUESTION)
    figures.put("", plan_stamps(address, [""])[""], summary_of(address).to_text())
    figures.save()
    return KeptFigures(address, QUESTION)


def amend(address: str) -> None:
    """Change the settings, which makes a revision."""
    store = open_store(address)
    settings = store.plan_files()["settings.toml"] + b"\n# amended\n"
    store.submit(
        Draft("管理员", Changes.none(), Kind.PLAN, files={"settings.toml": settings}, reason="试")
    )


def test_stamps_of_many_plans_are_those_of_each(address):
    for _ in range(2):
        names = ["", *plan_names(address), "没有的计划"]
        assert plan_stamps(address, names) == {
            name: open_store(address, name).stamp() for name in names
        }
        amend(address)


def test_a_plan_that_stands_still_is_found_by_the_next_server(address):
    text = kept(address).get("", open_store(address).stamp())
    assert text is not None
    assert PlanSummary.from_text(text) == summary_of(address)


def test_files_are_those_of_plans_that_stand_at_their_stamps(address):
    stamps = plan_stamps(address, [""])
    files = files_at(address, {**stamps, "没有的计划": None})
    assert files.keys() == {""}
    (summary,) = plans_together.summaries(files, with_narrative=False).values()
    assert summary == summary_of(address)
    amend(address)
    assert files_at(address, stamps) == {}
    assert files_at(address, plan_stamps(address, [""]))[""]["settings.toml"].endswith(b"amended\n")


def test_a_plan_whose_writer_was_killed_is_left_to_a_reader_that_finishes(folder):
    amend(str(folder))
    (folder / "journal.mark").unlink()
    assert files_at(folder, plan_stamps(folder, [""])) == {}


def test_kept_figures_never_stand_for_another_revision(address):
    figures = kept(address)
    before = open_store(address).stamp()
    amend(address)
    after = plan_stamps(address, [""])[""]
    assert after != before
    for reader in (figures, KeptFigures(address, QUESTION)):
        assert reader.get("", after) is None
    figures.put("", after, "{}")
    figures.save()  # takes the place of the old row
    assert KeptFigures(address, QUESTION).get("", before) is None
    assert KeptFigures(address, QUESTION).get("", after) == "{}"


def test_kept_figures_answer_their_own_question_by_their_own_rules(address, monkeypatch):
    kept(address)
    stamp = open_store(address).stamp()
    assert KeptFigures(address, "as of 2018-08").get("", stamp) is None
    monkeypatch.setattr(module, "rules", lambda: "those of the next version")
    assert KeptFigures(address, QUESTION).get("", stamp) is None


def test_an_edit_by_hand_makes_kept_figures_old(folder):
    figures = kept(str(folder))
    path = folder / "progress.csv"
    path.write_bytes(path.read_bytes().rstrip() + b"\n")
    assert figures.get("", plan_stamps(folder, [""])[""]) is None


def test_damage_costs_time_alone(folder, caplog):
    kept(str(folder))
    (folder / ".cache" / "figures.db").write_bytes(b"no database " * 100)
    figures = KeptFigures(str(folder), QUESTION)
    stamp = open_store(folder).stamp()
    assert figures.get("", stamp) is None
    figures.put("", stamp, "{}")
    figures.save()
    assert figures.get("", stamp) == "{}"
    assert "figures.db" in caplog.text


@pytest.mark.parametrize("number", [0.1 + 0.2, float("inf"), 1e-300])
def test_a_summary_comes_back_exactly(number):
    summary = PlanSummary(
        {"earned_value": number, "title": "甲、乙“双方”"}, demo=True, reported=False
    )
    assert PlanSummary.from_text(summary.to_text()) == summary
