"""The HTTP interface gives the same figures as the pages and the command line."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from lib.cli.__main__ import main
from lib.store import (
    Changes,
    Draft,
    Kind,
    open_store,
)
from tests.lib.web.api.submissions import XLSX


@pytest.mark.parametrize("by", ["overall", "category", "unit", "month", "task"])
def test_completion_is_what_the_command_line_prints(api, folder, capsys, by):
    main(["figures", "--data", str(folder), "--month", "2018-09", "--by", by])
    printed = json.loads(capsys.readouterr().out)
    answer = api.get("/api/v1/completion", params={"month": "2018-09", "by": by})
    assert answer.json() == printed
    assert answer.headers["x-plan-revision"] == "0"


def test_without_parameters_it_is_the_latest_month_in_all(api):
    (row,) = api.get("/api/v1/completion").json()
    assert (row["tasks"], round(row["earned_value"], 3)) == (22, 0.659)
    (row,) = api.get("/api/v1/completion?with_narrative=true").json()
    assert row["tasks"] == 29


def test_figures_of_a_category_or_a_unit(api):
    (row,) = api.get("/api/v1/completion?category=产业帮扶").json()
    assert row["tasks"] == 7
    rows = api.get("/api/v1/completion?unit=区农业局&by=task").json()
    assert [row["task_id"] for row in rows] == ["二-1", "二-2"]


@pytest.mark.parametrize("how", ["parameter", "header"])
def test_csv_by_parameter_or_accept(api, how):
    if how == "parameter":
        answer = api.get("/api/v1/completion?by=category&format=csv")
    else:
        answer = api.get("/api/v1/completion?by=category", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    table = pd.read_csv(io.BytesIO(answer.content), encoding="utf-8-sig")
    assert len(table) == 9


def test_tasks_have_their_texts_and_figures(api):
    rows = api.get("/api/v1/tasks?month=2018-09").json()
    assert len(rows) == 22
    first = rows[0]
    assert (first["task_id"], first["units"], first["window"]) == ("一-1", ["区党政办"], "全年")
    assert first["completion"] == pytest.approx(0.8)
    table = pd.read_csv(
        io.BytesIO(api.get("/api/v1/tasks?format=csv").content), encoding="utf-8-sig"
    )
    assert len(table) == 22


def test_progress_can_be_narrowed(api, shipped):
    assert len(api.get("/api/v1/progress").json()) == len(shipped.progress)
    rows = api.get("/api/v1/progress?month=2018-09&unit=区党政办&task_id=一-1").json()
    assert [(row["month"], row["unit"], row["task_id"]) for row in rows] == [
        ("2018-09", "区党政办", "一-1")
    ]
    table = pd.read_csv(
        io.BytesIO(api.get("/api/v1/progress?format=csv").content), encoding="utf-8-sig"
    )
    assert list(table.columns[:3]) == ["任务编号", "月份", "填报单位"]


def test_another_plan_by_its_name(api, folder):
    files = {name: (folder / name).read_bytes() for name in ("plan.csv", "targets.csv")}
    files["settings.toml"] = b"[plan]\nyear = 2019\n"
    open_store(folder, "2019年").submit(Draft("王", Changes.none(), Kind.PLAN, files=files))
    (row,) = api.get("/api/v1/completion?plan=2019年&month=2019-03").json()
    assert row["earned_value"] == 0
    assert api.get("/api/v1/completion?month=2019-03").status_code == 422


def test_the_description_names_every_route_and_its_refusals(api):
    document = api.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api/v1"}]
    assert {(path, method) for path, item in document["paths"].items() for method in item} == {
        ("/completion", "get"),
        ("/tasks", "get"),
        ("/progress", "get"),
        ("/progress", "post"),
        ("/matters", "get"),
        ("/matters", "post"),
        ("/task-steps", "get"),
        ("/task-steps", "post"),
        ("/signatures", "post"),
    }
    post = document["paths"]["/progress"]["post"]
    assert set(post["requestBody"]["content"]) == {
        "text/csv",
        "application/json",
        XLSX["Content-Type"],
    }
    assert {"200", "201", "401", "403", "409", "413", "415", "422", "429", "503"} <= set(
        post["responses"]
    )
