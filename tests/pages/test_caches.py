"""What sessions share is what a reader without any cache computes, whatever is submitted."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.charts import LIGHT
from lib.charts.curve import s_curve
from lib.core import schema
from lib.core.answers import Answers
from lib.core.figures import Figures, Selection
from lib.core.gantt import gantt
from lib.core.portfolio import summarise
from lib.files import parquet_copy
from lib.html.answers import change_list, due_list, gap_bars, late_list
from lib.html.gantt import gantt_html
from lib.html.lights import task_lights, unit_lights
from lib.html.markup import Links
from lib.report.editions import Edition
from lib.store import Changes, Draft, Kind, StoreError, open_store
from lib.store.changes import keyed
from lib.store.store import PlanStore
from lib.ui.kit import data, deployment
from lib.ui.kit.view import View
from tests.pages.reading import open_app
from tests.shipped import copy_data

H = schema.PROGRESS.headers
ROWS = st.lists(
    st.tuples(st.integers(0, 999), st.integers(0, 11), st.integers(0, 100)), min_size=1, max_size=5
)
STEPS = st.one_of(
    st.tuples(st.just("report"), ROWS),
    st.tuples(st.just("by hand"), ROWS),
    st.tuples(st.just("revert"), st.integers(0, 9)),
    st.tuples(st.just("threshold"), st.sampled_from([5, 10, 20])),
)
VIEWS = st.tuples(st.integers(0, 11), st.integers(0, 30), st.integers(0, 60), st.booleans())


def reported(store, rows):
    """Return report texts with some rows set, added, or (at zero) taken away."""
    dataset = store.dataset()
    pairs, targets = dataset.task_units, dataset.targets.set_index("task_id")
    texts = keyed(schema.PROGRESS.texts(dataset.progress))
    lines = {key: dict(row) for key, row in zip(texts.index, texts.to_dict("records"), strict=True)}
    for pair, month, value in rows:
        task, unit = pairs.iloc[pair % len(pairs)][["task_id", "unit"]]
        counted = task in targets.index
        indicator = targets.loc[[task], "indicator"].iloc[0] if counted else ""
        row = dict.fromkeys(H.values(), "") | {
            H["task_id"]: task,
            H["month"]: f"2018-{month + 1:02d}",
            H["unit"]: unit,
            H["indicator"]: indicator,
            H["quantity" if counted else "cumulative_percent"]: str(value),
        }
        key = tuple(row[H[name]] for name in schema.REPORT_KEY)
        if value:
            lines[key] = row
        else:
            lines.pop(key, None)
    return keyed(pd.DataFrame(list(lines.values()), columns=list(H.values()), dtype="str"))


def take(folder, step):
    """Change the plan's data as users do: submit, edit by hand, take back, change a setting."""
    what, how = step
    store = open_store(str(folder))
    if what == "report":
        before = keyed(schema.PROGRESS.texts(store.dataset().progress))
        changes = Changes.between(before, reported(store, how))
        if len(changes):
            store.submit(Draft("张三", changes))
    elif what == "by hand":
        texts = reported(store, how)
        texts.to_csv(folder / "progress.csv", index=False, encoding="gb18030")
    elif what == "revert":
        done = [one for one in store.submissions if one.revision]
        if done:
            with suppress(StoreError):  # such as one taken back already: nothing changes
                store.revert(done[how % len(done)].revision, "李四", reason="试")
    else:
        text = store.plan_files()["settings.toml"].decode()
        text = re.sub(r"behind_points = \d+", f"behind_points = {how}", text)
        files = {"settings.toml": text.encode()}
        if files["settings.toml"] != store.plan_files()["settings.toml"]:
            store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))


def shown(figures):
    """Return everything that the pages show of figures, as text."""
    by = ("overall", "category", "unit", "month", "task")
    words = [figures.rows(one).to_csv() for one in by]
    words += [
        figures.missing_reports.to_csv(),
        figures.indicators.to_csv(),
        figures.changes.to_csv(),
    ]
    if not figures.tasks.empty:
        chart = s_curve(figures, LIGHT)
        words += [chart.title, chart.figure.to_json(), chart.table.to_csv()]
        answers, links = Answers.of(figures), Links()
        words += [answers.verdict, late_list(answers, links), due_list(answers, links)]
        words += [gap_bars(answers.categories, links, "categories", "focus_category")]
        words += [change_list(answers, links), gantt_html(figures, gantt(figures), links)]
        words += [task_lights(figures, links), unit_lights(figures, links)]
    return words


def selected(dataset, view):
    """Return a selection of the dataset; the first few numbers filter nothing."""
    month, category, unit, narrative = view
    categories = [None, None, *dataset.tasks["category"].unique()]
    units = [None, None, None, *dataset.units]
    return Selection(
        dataset.axis[month % len(dataset.axis)],
        categories[category % len(categories)],
        units[unit % len(units)],
        with_narrative=narrative,
    )


@pytest.fixture
def empty_caches(monkeypatch):
    """Nothing kept from other tests; every file large enough for its columnar copy."""
    monkeypatch.setattr(parquet_copy, "SMALL", 1)
    monkeypatch.delenv("PLAN_DATA_DIR", raising=False)
    yield monkeypatch
    deployment._store.cache_clear()
    deployment._access.cache_clear()


@settings(
    max_examples=settings.default.max_examples // 6,  # each takes a second or two
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(STEPS, VIEWS), min_size=2, max_size=6))
def test_cached_figures_are_those_without_a_cache(empty_caches, steps):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        copy_data(folder)
        empty_caches.setitem(os.environ, "PLAN_DATA_DIR", str(folder))
        seen, known = {}, 0
        for step, view in steps:
            take(folder, step)
            fresh = open_store(str(folder)).dataset()
            # What a reader's figures hold is read from the bytes of the file, not from a copy.
            empty_caches.setattr(parquet_copy, "SMALL", 1 << 40)
            bare = open_store(str(folder)).dataset()
            empty_caches.setattr(parquet_copy, "SMALL", 1)
            assert fresh.progress.equals(bare.progress)
            selection = selected(bare, view)
            expected = shown(Figures(bare, selection))
            for _ in range(2):  # the first fills the caches, the second reads them
                assert shown(data.figures(View("", selection))) == expected
            latest = Selection(bare.latest_month)
            plans = data.PlanSummaries([""], with_narrative=False)
            kept = plans.kept("") or plans.computed("")
            assert kept.to_text() == summarise(Figures(bare, latest)).to_text()
            revision = open_store(str(folder)).revision
            if revision != known:  # an edit by hand gets its number with the next submission
                seen[revision] = (selection, expected)
            known = revision
        for revision, (selection, words) in seen.items():
            edition = Edition(revision, revision, selection.month, "", "")
            assert shown(data.figures(View("", selection, edition))) == words


def test_a_run_asks_once_how_the_plan_stands(monkeypatch):
    app, looks, stamp = open_app(month="2018-09"), [], PlanStore.stamp
    monkeypatch.setattr(PlanStore, "stamp", lambda store: looks.append(store) or stamp(store))
    app.run()
    assert not app.exception
    assert len(looks) == 1
