"""Whatever goes wrong is said in Chinese, in one shape."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from lib.store import (
    ConflictError,
    PlanStore,
    RefusedError,
    StoreError,
)
from lib.web.api.service import Call
from tests import serving
from tests.lib.web.api.submissions import CSV, GOOD
from tests.people import BOSS, people_in


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("completion?by=catgory", "by：填写的是「catgory」，应为"),
        ("completion?month=2018-13", "month：填写的是「2018-13」，应写成 2018-04"),
        ("completion?month=1999-01", "month：填写的是「1999-01」，应在 2018-01 至"),
        ("completion?category=没有", "category：填写的是「没有」，应为：组织领导"),
        ("completion?unit=没有", "unit：填写的是「没有」，应为"),
        ("completion?monht=2018-09", "monht：填写的是「2018-09」，没有这个参数"),
        ("completion?with_narrative=maybe", "应为 true 或 false"),
        ("completion?format=xml", "format：填写的是「xml」"),
        ("completion?plan=没有", "plan：填写的是「没有」"),
        ("tasks?by=unit", "没有这个参数"),
        ("progress?task_id=九-9", "task_id：填写的是「九-9」"),
    ],
)
def test_a_wrong_parameter_is_named_by_name_and_value(api, path, expected):
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 422
    assert expected in answer.json()["details"][0]


def test_an_address_or_method_that_does_not_exist(api):
    assert api.get("/api/v1/nothing").json()["message"] == "没有这个地址"
    answer = api.delete("/api/v1/progress")
    assert (answer.status_code, answer.json()["message"]) == (405, "这个地址不支持这种请求方法")
    assert answer.headers["allow"] == "GET, POST"


def test_a_broken_plan_is_reported_not_computed(api, rewrite):
    rewrite("plan.csv", "4～11月", "很久")
    answer = api.get("/api/v1/completion")
    assert answer.status_code == 503
    assert "plan.csv" in answer.json()["details"][0]


@pytest.mark.parametrize(
    ("error", "status"),
    [(ConflictError([]), 409), (RefusedError("不行"), 409), (StoreError("写不了"), 503)],
)
def test_what_the_store_refuses_is_answered(as_, monkeypatch, error, status):
    def refuse(*_):
        raise error

    monkeypatch.setattr(PlanStore, "submit", refuse)
    monkeypatch.setattr("lib.intake.submission.PATIENCE", 0)
    answer = as_("fulian").post("/api/v1/progress", content=GOOD, headers=CSV)
    assert (answer.status_code, answer.json()["message"]) == (status, str(error))


def test_what_nobody_expected_is_an_answer_in_chinese(folder, monkeypatch):
    access = people_in(folder)
    client = serving.client(folder, access)
    client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, 'admin')}"
    quiet = TestClient(client.app, base_url="http://plan.example.cn", raise_server_exceptions=False)
    quiet.headers.update(client.headers)

    def broken(*_):
        raise KeyError("oops")

    monkeypatch.setattr(Call, "figures", broken)
    answer = quiet.get("/api/v1/completion")
    assert (answer.status_code, answer.json()["message"]) == (500, "服务器出错了，请联系管理员")
