"""全部计划 of a province: thousands of plans in PostgreSQL, from figures kept per plan."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from benchmarks.rollup import timed
from lib.core.figures import Figures, Selection
from lib.core.portfolio import PlanSummary, portfolio, portfolio_table, summarise
from lib.store import KeptFigures, open_store, plan_names, plan_stamps
from lib.store.database import database
from tests import postgres

SIZES = (1_000, 10_000)
QUESTION = "latest month"
TABLES = ("plan", "kept_file", "plan_file", "submission", "change", "report")


def fill(url: str, first: int, last: int) -> None:
    """Copy the shipped plan into plans of their own, numbered from ``first`` to ``last``."""
    with database(url).writing("压测") as connection:
        for table in TABLES:
            columns = [column["name"] for column in sa.inspect(connection).get_columns(table)]
            key = "name" if table == "plan" else "plan"
            cells = ["'county' || number" if name == key else f'"{name}"' for name in columns]
            names = ", ".join(f'"{name}"' for name in columns)
            connection.execute(
                sa.text(
                    f"INSERT INTO {table} ({names}) SELECT {', '.join(cells)} FROM {table}, "  # noqa: S608
                    f"generate_series({first}, {last}) AS number WHERE \"{key}\" = ''"
                )
            )


def look(url: str, names: list[str]) -> int:
    """Make the table of 全部计划 as a server does that was started anew; return how many are missing."""
    stamps = plan_stamps(url, names)
    kept = KeptFigures(url, QUESTION)
    texts = {name: kept.get(name, stamps[name]) for name in names}
    rows = portfolio({name: PlanSummary.from_text(text) for name, text in texts.items() if text})
    portfolio_table(rows)
    return len(names) - len(rows)


def measure(url: str, text: str) -> dict[str, Any]:
    """Return the seconds of names and of the table for all plans at an address; ``text`` is kept."""
    names_s, others = timed(lambda: plan_names(url), 5)
    names = ["", *others]
    kept = KeptFigures(url, QUESTION)
    for name, stamp in plan_stamps(url, names).items():
        kept.put(name, stamp, text)
    started = time.perf_counter()
    kept.save()
    save_s = time.perf_counter() - started
    table_s, missing = timed(lambda: look(url, names), 5)
    one_s, _ = timed(lambda: open_store(url, others[0]).dataset(), 5)
    return {
        "plans": len(names),
        "names_s": names_s,
        "kept_table_s": table_s,
        "missing": missing,
        "save_all_s": save_s,
        "read_one_plan_s": one_s,
    }


def run() -> list[dict[str, Any]]:
    """Return a row per number of plans: what names, table and keeping take, in seconds."""
    rows, filled = [], 0
    with postgres.server() as server:
        url = server.shipped()
        data = open_store(url).dataset()
        text = summarise(Figures(data, Selection(data.latest_month))).to_text()
        for plans in SIZES:
            fill(url, filled + 1, plans - 1)
            filled = plans - 1
            rows.append(measure(url, text))
    return rows
