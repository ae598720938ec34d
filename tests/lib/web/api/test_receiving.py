"""Reports over HTTP: what is taken, what is refused, what is written."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from lib.access import Config
from lib.cli.__main__ import main
from lib.store import (
    ConflictError,
    PlanStore,
    open_store,
)
from tests import serving
from tests.lib.web.api.submissions import CSV, GOOD, OTHERS, ROW, XLSX
from tests.people import BOSS, access_to, people_in, with_people


def test_a_csv_is_checked_and_written_in_the_tokens_name(as_, folder):
    answer = as_("fulian").post("/api/v1/progress", content=GOOD, headers=CSV)
    assert answer.status_code == 201
    submission = answer.json()["submission"]
    written = [submission[name] for name in ("revision", "user", "unit", "rows")]
    assert tuple(written) == (1, "张三", "妇联", 1)
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
    assert rebound.post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 403


def test_a_body_that_is_too_large_is_not_read(folder):
    access = people_in(folder, Config(upload_bytes=2000))
    client = serving.client(folder, access)
    client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, 'fulian')}"
    pulled = []

    def endless():
        for number in range(1000):
            pulled.append(number)
            yield b"x" * 1000

    answer = client.post("/api/v1/progress", content=endless(), headers=CSV)
    assert (answer.status_code, "内容太大" in answer.json()["message"]) == (413, True)


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


def test_a_report_is_checked_again_when_somebody_else_was_quicker(as_, folder, monkeypatch):
    real, refused = PlanStore.submit, []

    def late(self, draft):
        if len(refused) < 2:
            refused.append(draft)
            raise ConflictError([])
        return real(self, draft)

    monkeypatch.setattr(PlanStore, "submit", late)
    assert as_("fulian").post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 201
    assert open_store(folder).revision == 1


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


@pytest.mark.parametrize("note", ["送教\\u0000上门", "送教\\ud83d上门", "送教\\uffff上门"])
def test_text_that_cannot_be_kept_is_mended_at_the_door(as_, folder, note):
    body = json.dumps({"rows": [{**ROW, "note": "?"}]}).replace('"?"', f'"{note}"')
    headers = {"content-type": "application/json"}
    answer = as_("fulian").post("/api/v1/progress", content=body.encode(), headers=headers)
    assert answer.status_code == 201, answer.json()
    assert open_store(folder).changes(1).after["进展说明"].tolist() == ["送教上门"]


def test_what_is_left_out_of_a_file_must_be_confirmed(as_):
    content = GOOD.replace("进展说明", "工作情况").encode()
    refused = as_("fulian").post("/api/v1/progress", content=content, headers=CSV)
    assert (refused.status_code, "需要确认" in refused.text) == (422, True)
    sent = as_("fulian").post("/api/v1/progress?good_rows=true", content=content, headers=CSV)
    assert sent.status_code == 201
