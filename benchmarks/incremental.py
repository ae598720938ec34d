"""What one submission costs a server of many plans, against reading and rolling up all of them."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from benchmarks import rollup
from lib.access import Visitor
from lib.core import schema
from lib.core.figures import Figures, Selection
from lib.core.portfolio import PlanSummary, summarise
from lib.store import Changes, Draft, open_store, plan_names
from lib.store.changes import keyed
from lib.ui.kit import data, session

PERCENT = schema.PROGRESS.headers["cumulative_percent"]


def report(folder: Path, plan: str) -> None:
    """Submit one changed 累计完成率 to a plan."""
    store = open_store(str(folder), plan)
    texts = keyed(schema.PROGRESS.texts(store.dataset().progress))
    row = texts[texts[PERCENT] != ""].iloc[[-1]]
    other = "7" if row[PERCENT].iloc[0] != "7" else "8"
    store.submit(Draft("张三", Changes(row, row.assign(**{PERCENT: other}))))


def summaries(names: list[str]) -> tuple[float, list[PlanSummary]]:
    """Return seconds, and how all plans stand, as 全部计划 asks for it."""
    return rollup.timed(lambda: [data.plan_summary(name, name, False) for name in names], 1)


def run(folder: Path) -> dict[str, Any]:
    """Return seconds of all plans and of all plans after one submission, and their ratios.

    ``read`` counts from the files to the portfolio's rows, ``roll_up`` from typed tables in
    memory to the figures by category, unit and month. ``equal``: only the plan of the submission
    was read again, and what the caches give for it is what is computed anew.
    """
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it misses its server here
    os.environ["PLAN_DATA_DIR"] = str(folder)
    session.visitor = lambda: Visitor(bound="127.0.0.1", host="127.0.0.1:8501")  # type: ignore[assignment]
    names = ["", *plan_names(str(folder))]
    full, before = summaries(names)
    datasets = [open_store(str(folder), name).dataset() for name in names]
    rolled, _ = rollup.timed(lambda: [rollup.ours(one) for one in datasets], 3)
    changed = len(names) // 2
    report(folder, names[changed])
    again, after = summaries(names)
    fresh = open_store(str(folder), names[changed]).dataset()
    one, _ = rollup.timed(lambda: rollup.ours(fresh), 5)
    kept = [was is now for was, now in zip(before, after, strict=True)]
    anew = summarise(names[changed], Figures(fresh, Selection(fresh.latest_month)))
    equal = kept.index(False) == changed and kept.count(False) == 1
    equal &= anew.row.equals(after[changed].row)
    return {
        "plans": len(names),
        "reports": sum(len(each.progress) for each in datasets),
        "read_all_s": full,
        "read_after_one_submission_s": again,
        "read_ratio": again / full,
        "roll_up_all_s": rolled,
        "roll_up_after_one_submission_s": one,
        "roll_up_ratio": one / rolled,
        "equal": equal,
    }
