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
from lib.ui.frame.server import collect_seldom
from lib.ui.kit import data, session
from lib.ui.portfolio import TOGETHER

PERCENT = schema.PROGRESS.headers["cumulative_percent"]


def report(folder: Path, plan: str) -> None:
    """Submit one changed 累计完成率 to a plan."""
    store = open_store(str(folder), plan)
    texts = keyed(schema.PROGRESS.texts(store.dataset().progress))
    row = texts[texts[PERCENT] != ""].iloc[[-1]]
    other = "7" if row[PERCENT].iloc[0] != "7" else "8"
    store.submit(Draft("张三", Changes(row, row.assign(**{PERCENT: other}))))


def summaries(names: list[str]) -> tuple[float, dict[str, PlanSummary], list[str]]:
    """Return seconds, how all plans stand, and which had to be read, as 全部计划 asks for it."""
    read: list[str] = []

    def ask() -> dict[str, PlanSummary]:
        plans = data.PlanSummaries(names, with_narrative=False)
        missing = [name for name in names if plans.kept(name) is None]
        read.extend(missing)
        for start in range(0, len(missing), TOGETHER):
            plans.compute_together(missing[start : start + TOGETHER])
        summaries = {name: plans.computed(name) for name in names}
        plans.save()
        return summaries

    seconds, result = rollup.timed(ask, 1)
    return seconds, result, read


def run(folder: Path) -> dict[str, Any]:
    """Return seconds of all plans, read for the first time, kept, and after one submission.

    ``kept`` is the first look of a server that was started anew. ``read`` counts from the files to
    the portfolio's rows, ``roll_up`` from typed tables in memory to the figures by category, unit and
    month. ``equal``: only the plan of the submission was read again, and what is kept of the others
    is what is computed.
    """
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it misses its server here
    os.environ["PLAN_DATA_DIR"] = str(folder)
    session.visitor = lambda: Visitor(bound="127.0.0.1", host="127.0.0.1:8501")  # type: ignore[assignment]
    collect_seldom()  # as the server does
    names = ["", *plan_names(str(folder))]
    full, before, _ = summaries(names)
    data._kept_figures.clear()
    restarted, kept, read_of_kept = summaries(names)
    datasets = [open_store(str(folder), name).dataset() for name in names]
    rolled, _ = rollup.timed(lambda: [rollup.ours(one) for one in datasets], 3)
    changed = len(names) // 2
    report(folder, names[changed])
    again, after, read = summaries(names)
    fresh = open_store(str(folder), names[changed]).dataset()
    one, _ = rollup.timed(lambda: rollup.ours(fresh), 5)
    anew = summarise(Figures(fresh, Selection(fresh.latest_month)))
    equal = kept == before and not read_of_kept and read == [names[changed]]
    equal &= anew == after[names[changed]]
    return {
        "plans": len(names),
        "reports": sum(len(each.progress) for each in datasets),
        "read_all_s": full,
        "kept_all_s": restarted,
        "read_after_one_submission_s": again,
        "read_ratio": again / full,
        "roll_up_all_s": rolled,
        "roll_up_after_one_submission_s": one,
        "roll_up_ratio": one / rolled,
        "equal": equal,
    }
