"""审签 over HTTP and on the command line, by the rights of who signs."""

from __future__ import annotations

import pytest

from lib.cli.__main__ import main
from lib.store import Changes, Draft, Kind, State, open_store
from tests.lib.web.api.submissions import CSV, GOOD
from tests.people import access_to, with_people

URL = "/api/v1/signatures"


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def store(folder):
    """A store whose reports are signed, then reviewed."""
    store = open_store(folder)
    text = store.plan_files()["settings.toml"].decode()
    text = text.replace("review = false", "review = true").replace("sign = false", "sign = true")
    settings = {"settings.toml": text.encode()}
    store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=settings))
    return store


def test_a_report_is_signed_or_returned_over_http(store, as_):
    fulian, admin = as_("fulian"), as_("admin")
    number = fulian.post("/api/v1/progress", content=GOOD.encode(), headers=CSV).json()
    number = number["submission"]["revision"]
    own = fulian.post(URL, json={"revision": number})
    assert (own.status_code, "单位负责人" in own.json()["message"]) == (409, True)
    assert as_("nongye").post(URL, json={"revision": number}).status_code == 403
    assert admin.post(URL, json={"revision": number, "accept": False}).status_code == 409
    back = {"revision": number, "accept": False, "reason": "数量不对"}
    answer = admin.post(URL, json=back)
    assert (answer.status_code, answer.json()["submission"]["kind"]) == (201, "审核退回")
    assert store.submissions[-2].state == State.RETURNED
    assert admin.post(URL, json={"revision": number}).status_code == 409
    assert admin.post(URL, json={"number": number}).status_code == 422


def test_a_report_is_signed_on_the_command_line(store, folder, tmp_path, capsys):
    file = tmp_path / "十月.csv"
    file.write_text(GOOD, encoding="utf-8")
    where = ["--data", str(folder)]
    assert main(["submit", str(file), *where, "--user", "张三"]) == 0
    number = str(store.submissions[-1].revision)
    assert main(["sign", number, *where, "--user", "张三"]) == 1
    assert "单位负责人" in capsys.readouterr().err
    assert main(["sign", number, *where, "--user", "李局长"]) == 0
    assert store.submissions[-2].state == State.PENDING
    assert main(["sign", number, *where, "--user", "李局长", "--return"]) == 1
