"""The HTTP interface: the same figures as elsewhere, and refusals in Chinese."""

from __future__ import annotations

import io
import json

import openpyxl
import pandas as pd
import pytest

from lib.access import Config, ConfigError
from lib.cli.__main__ import main
from lib.store import ConflictError, FolderStore, RefusedError, StoreError, open_store
from tests import serving
from tests.people import BOSS, access_to, with_people

CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
GOOD = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n八-2,2018-10,妇联,,,90,走访\n"
OTHERS = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n二-1,2018-10,区农业局,到紫阳县对接的农业企业,2,,\n"
ROW = {"task_id": "八-2", "month": "2018-10", "unit": "妇联", "cumulative_percent": 90}


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def api(folder):
    """Somebody at the machine, before there are accounts."""
    return serving.local(folder, access_to(folder))


@pytest.fixture
def as_(folder, access):
    """``as_("fulian")`` is a program with a token of that account."""

    def made(login, access=access, **more):
        client = serving.client(folder, access, **more)
        client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, login)}"
        return client

    return made


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
    assert [one["task_id"] for one in rows] == ["二-1", "二-2"]


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


@pytest.mark.parametrize(
    ("path", "told"),
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
def test_a_wrong_parameter_is_told_by_name_and_value(api, path, told):
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 422
    assert told in answer.json()["details"][0]


def test_an_address_or_method_that_does_not_exist(api):
    assert api.get("/api/v1/nothing").json()["message"] == "没有这个地址"
    answer = api.delete("/api/v1/progress")
    assert (answer.status_code, answer.json()["message"]) == (405, "这个地址不支持这种请求方法")
    assert answer.headers["allow"] == "GET, POST"


# -- reports ---------------------------------------------------------------------------------


def test_a_csv_is_checked_and_written_in_the_tokens_name(as_, folder):
    answer = as_("fulian").post("/api/v1/progress", content=GOOD, headers=CSV)
    assert answer.status_code == 201
    told = answer.json()["submission"]
    assert (told["revision"], told["user"], told["unit"], told["rows"]) == (1, "张三", "妇联", 1)
    store = open_store(folder)
    assert store.original(1).content == GOOD.encode()
    assert store.submissions[0].file_name == "接口填报.csv"


def test_a_workbook_and_json_say_the_same(as_, folder):
    book = openpyxl.Workbook()
    for line in GOOD.splitlines():
        book.active.append([cell or None for cell in line.split(",")])
    content = io.BytesIO()
    book.save(content)
    client = as_("fulian")
    first = client.post("/api/v1/progress", content=content.getvalue(), headers=XLSX)
    assert first.status_code == 201, first.json()
    same = client.post("/api/v1/progress", json={"rows": [{**ROW, "note": "走访"}]})
    assert (same.status_code, same.json()["message"]) == (200, "没有变化，没有写入")
    other = client.post("/api/v1/progress", json={"rows": [{**ROW, "cumulative_percent": 95.5}]})
    assert other.status_code == 201
    assert open_store(folder).submissions[1].file_name == "接口填报.json"


def test_errors_come_as_the_check_command_lists_them(as_, folder, tmp_path, capsys):
    bad = GOOD.replace("八-2", "八-9")
    (tmp_path / "bad.csv").write_text(bad, encoding="utf-8")
    main(["check", str(tmp_path / "bad.csv"), "--data", str(folder), "--format", "json"])
    printed = json.loads(capsys.readouterr().out)
    answer = as_("admin").post("/api/v1/progress", content=bad, headers=CSV)
    assert answer.status_code == 422
    assert answer.json()["findings"] == printed
    assert open_store(folder).revision == 0


def test_a_dry_run_writes_nothing(as_, folder):
    client = as_("fulian")
    answer = client.post("/api/v1/progress?dry_run=true", content=GOOD, headers=CSV)
    assert (answer.status_code, answer.json()["submission"]) == (200, None)
    bad = client.post(
        "/api/v1/progress?dry_run=true", content=GOOD.replace("90", "很多"), headers=CSV
    )
    assert bad.status_code == 422
    assert open_store(folder).revision == 0


def test_good_rows_and_reasons_as_on_the_page(as_):
    client = as_("admin")
    mixed = GOOD + "八-9,2018-10,妇联,,,90,\n"
    assert client.post("/api/v1/progress", content=mixed, headers=CSV).status_code == 422
    answer = client.post("/api/v1/progress?good_rows=true", content=mixed, headers=CSV)
    assert answer.status_code == 201
    down = {
        "rows": [
            {"task_id": "一-1", "month": "2018-10", "unit": "区党政办", "cumulative_percent": 10}
        ]
    }
    refused = client.post("/api/v1/progress", json=down)
    assert (refused.status_code, "理由" in refused.json()["message"]) == (422, True)
    assert client.post("/api/v1/progress?reason=上月有误", json=down).status_code == 201


def test_a_reporter_of_one_unit_need_not_name_it(as_):
    row = {key: value for key, value in ROW.items() if key != "unit"}
    assert as_("fulian").post("/api/v1/progress", json={"rows": [row]}).status_code == 201
    assert as_("admin").post("/api/v1/progress", json={"rows": [row]}).status_code == 422


@pytest.mark.parametrize("query", ["", "?unit=区农业局"])
def test_a_reporter_cannot_report_for_another_unit(as_, folder, query):
    answer = as_("fulian").post(f"/api/v1/progress{query}", content=OTHERS, headers=CSV)
    assert answer.status_code in (403, 422)
    assert open_store(folder).revision == 0
    both = as_("nongye").post(
        f"/api/v1/progress{query}", content=OTHERS + GOOD.splitlines()[1], headers=CSV
    )
    assert both.status_code in (403, 422)
    assert open_store(folder).revision == 0


def test_a_leader_reads_and_does_not_report(as_, access):
    client = as_("leader")
    assert client.get("/api/v1/completion").status_code == 200
    answer = client.post("/api/v1/progress", content=GOOD, headers=CSV)
    assert (answer.status_code, answer.json()["message"]) == (403, "没有权限填报（接口）")
    entry = access.trail.entries()[0]
    assert (entry.account, entry.action, entry.allowed) == ("leader", "填报", False)


def test_without_a_token_nothing_is_given(folder, access):
    client = serving.client(folder, access)
    for answer in (
        client.get("/api/v1/completion"),
        client.get("/api/v1/progress"),
        client.post("/api/v1/progress", content=GOOD, headers=CSV),
        client.get("/api/v1/tasks", headers={"Authorization": "Bearer plan_forged"}),
        client.get("/api/v1/tasks", headers={"Authorization": "Basic YTpi"}),
        serving.local(folder, access).get("/api/v1/tasks"),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_cookie_reads_but_does_not_write(folder, access):
    cookie, _ = access.sign_in("fulian", "long-enough-7", "10.0.0.7")
    client = serving.client(folder, access)
    client.cookies.set("plan_session", cookie)
    assert client.get("/api/v1/completion").status_code == 200
    assert client.post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 401


def test_open_reading_is_open_here_too_but_not_for_a_wrong_token(folder):
    access = with_people(access_to(folder, Config(read_needs_sign_in=False)))
    client = serving.client(folder, access)
    assert client.get("/api/v1/completion").status_code == 200
    assert client.post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 401
    wrong = client.get("/api/v1/completion", headers={"Authorization": "Bearer plan_x"})
    assert wrong.status_code == 401


def test_the_local_user_needs_no_token_but_a_strangers_page_cannot_use_that(api, folder):
    for headers in (
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
    ):
        assert api.post("/api/v1/progress", content=GOOD, headers=headers).status_code == 415
    cross = {**CSV, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert api.post("/api/v1/progress", content=GOOD, headers=cross).status_code == 403
    preflight = api.options(
        "/api/v1/progress",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert "access-control-allow-origin" not in preflight.headers
    assert open_store(folder).revision == 0
    assert api.post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 201
    rebound = serving.client(
        folder, access_to(folder), peer="127.0.0.1", host="evil.example", bound="127.0.0.1"
    )
    assert rebound.post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 401


def test_a_body_that_is_too_large_is_not_read(folder):
    access = with_people(access_to(folder, Config(upload_bytes=2000)))
    client = serving.client(folder, access)
    client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, 'fulian')}"
    pulled = []

    def endless():
        for number in range(1000):
            pulled.append(number)
            yield b"x" * 1000

    answer = client.post("/api/v1/progress", content=endless(), headers=CSV)
    assert (answer.status_code, "内容太大" in answer.json()["message"]) == (413, True)


def test_too_many_requests_are_told_when_to_come_back(folder):
    access = with_people(access_to(folder, Config(requests_per_minute=3)))
    client = serving.client(folder, access)
    answers = [client.get("/api/v1/completion").status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]
    client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, 'fulian')}"
    answers = [client.get("/api/v1/completion") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"rows": []}',
        b'{"rows": [{}]}',
        b'{"rows": [{"task_id": "x", "month": "y", "extra": 1}]}',
        b'{"rows": [{"task_id": "x", "month": "y", "quantity": "many"}]}',
        b'{"rows": [{"task_id": "x", "month": "y", "quantity": NaN}]}',
        b'{"rows": [{"task_id": "x", "month": "y", "quantity": 1e999}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_json_that_is_no_report_is_told(as_, body):
    answer = as_("fulian").post(
        "/api/v1/progress", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["details"] or answer.json()["findings"]


def test_formulas_markup_and_paths_stay_text(as_, folder):
    client = as_("fulian")
    nasty = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'
    answer = client.post(
        "/api/v1/progress?file_name=..%2F..%2Fetc%2Fpasswd.json",
        json={"rows": [{**ROW, "note": nasty}]},
    )
    assert answer.status_code == 201
    assert answer.json()["submission"]["file"] == "passwd.json"
    (row,) = client.get("/api/v1/progress?month=2018-10&task_id=八-2&unit=妇联").json()
    assert row["note"] == nasty
    text = client.get("/api/v1/progress?month=2018-10&format=csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert '"=HYPERLINK' not in text
    assert "'=HYPERLINK" in (folder / "progress.csv").read_text(encoding="utf-8-sig")


def test_a_broken_plan_is_told_not_computed(api, rewrite):
    rewrite("plan.csv", "4～11月", "很久")
    answer = api.get("/api/v1/completion")
    assert answer.status_code == 503
    assert "plan.csv" in answer.json()["details"][0]


def test_another_plan_by_its_name(api, folder):
    files = {name: (folder / name).read_bytes() for name in ("plan.csv", "targets.csv")}
    from lib.store import Changes, Draft, Kind

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


@pytest.mark.parametrize(
    ("error", "status"),
    [(ConflictError([]), 409), (RefusedError("不行"), 409), (StoreError("写不了"), 503)],
)
def test_what_the_store_refuses_is_told(as_, monkeypatch, error, status):
    def refuse(*_):
        raise error

    monkeypatch.setattr(FolderStore, "submit", refuse)
    answer = as_("fulian").post("/api/v1/progress", content=GOOD, headers=CSV)
    assert (answer.status_code, answer.json()["message"]) == (status, str(error))


def test_a_report_is_checked_again_when_somebody_else_was_quicker(as_, folder, monkeypatch):
    real, refused = FolderStore.submit, []

    def late(self, draft):
        if len(refused) < 2:
            refused.append(draft)
            raise ConflictError([])
        return real(self, draft)

    monkeypatch.setattr(FolderStore, "submit", late)
    assert as_("fulian").post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 201
    assert open_store(folder).revision == 1


def test_access_settings_that_cannot_be_used_open_nothing(folder):
    def wrong():
        raise ConfigError("settings.toml", "access.mode", "open", "auto")

    client = serving.client(folder, wrong)
    assert client.get("/api/v1/completion").status_code == 503
    assert client.get("/").status_code == 503
    assert client.get("/_stcore/health").status_code == 200


def test_the_same_over_postgresql(server, shipped):
    url = server.shipped()
    access = with_people(access_to(url))
    client = serving.client(url, access)
    client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, 'fulian')}"
    assert len(client.get("/api/v1/progress").json()) == len(shipped.progress)
    answer = client.post("/api/v1/progress", content=GOOD, headers=CSV)
    assert (answer.status_code, answer.json()["submission"]["user"]) == (201, "张三")
    assert client.post("/api/v1/progress", content=OTHERS, headers=CSV).status_code == 422
    assert client.get("/healthz").json()["revision"] == answer.json()["submission"]["revision"]
    access.database.close()
