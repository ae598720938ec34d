"""督办事项 over HTTP: read and answer, by the rights of the token."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.store import open_store
from tests.lib.store.matters import CREATED, do
from tests.people import access_to, with_people

NUMBER = "事项〔2018〕1号"
URL = "/api/v1/matters"


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def two(folder):
    store = open_store(folder)
    do(store, CREATED)
    do(store, replace(CREATED, lead="区教育局", support=""))
    return store


def test_a_program_reads_and_answers(two, as_):
    fulian, admin = as_("fulian"), as_("admin")
    (seen,) = fulian.get(URL).json()
    assert (seen["number"], seen["state"], seen["lead"]) == (NUMBER, "待签收", "妇联")
    assert len(admin.get(URL).json()) == 2
    assert len(admin.get(URL, params={"unit": "区教育局", "late": True}).json()) == 1
    assert admin.get(URL, params={"state": "已销号"}).json() == []
    answer = fulian.post(URL, json={"number": NUMBER, "act": "签收", "person": "李四"})
    assert (answer.status_code, answer.json()["state"]) == (201, "办理中")
    assert answer.headers["x-plan-revision"] == "3"
    assert answer.json()["steps"][-1]["person"] == "张三"
    fulian.post(URL, json={"number": NUMBER, "act": "反馈", "words": "已选定"})
    refused = fulian.post(URL, json={"number": NUMBER, "act": "核实销号", "way": "电话"})
    assert refused.status_code == 403
    closed = admin.post(URL, json={"number": NUMBER, "act": "核实销号", "way": "电话"})
    assert closed.json()["state"] == "已销号"
    again = admin.post(URL, json={"number": NUMBER, "act": "签收"})
    assert (again.status_code, "现在是已销号" in again.json()["message"]) == (409, True)


def test_what_is_no_step_is_refused(two, as_):
    fulian = as_("fulian")
    assert fulian.post(URL, json={"number": NUMBER, "act": "立项"}).status_code == 422
    assert (
        fulian.post(URL, content="a=1", headers={"content-type": "text/plain"}).status_code == 415
    )
    assert (
        fulian.post(
            URL, content=b"x" * 70_000, headers={"content-type": "application/json"}
        ).status_code
        == 413
    )
    assert fulian.post(URL, json={"number": "督办〔2018〕9号", "act": "签收"}).status_code == 403
    del fulian.headers["Authorization"]
    assert fulian.post(URL, json={"number": NUMBER, "act": "签收"}).status_code == 401


def test_at_the_machine_the_name_is_what_is_given(two, api):
    answer = api.post(URL, json={"number": NUMBER, "act": "签收", "person": "李四"})
    assert answer.json()["steps"][-1]["person"] == "李四"
    nameless = api.post(URL, json={"number": NUMBER, "act": "反馈", "words": "好"})
    assert nameless.status_code == 409
