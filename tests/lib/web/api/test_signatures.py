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


def test_a_report_is_signed_or_returned_over_http_at_the_machine(store, api):
    number = api.post("/api/v1/progress", content=GOOD.encode(), headers=CSV).json()
    number = number["submission"]["revision"]
    own = api.post(URL, json={"revision": number, "person": "接口"})
    assert (own.status_code, "单位负责人" in own.json()["message"]) == (409, True)
    back = {"revision": number, "accept": False, "person": "李局长"}
    assert api.post(URL, json=back).status_code == 409
    answer = api.post(URL, json={**back, "reason": "数量不对"})
    assert (answer.status_code, answer.json()["submission"]["kind"]) == (201, "审核退回")
    assert store.submissions[-2].state == State.RETURNED
    assert api.post(URL, json={"revision": number, "person": "李局长"}).status_code == 409
    assert api.post(URL, json={"number": number}).status_code == 422


def test_a_token_signs_nothing(store, as_):
    fulian = as_("fulian")
    number = fulian.post("/api/v1/progress", content=GOOD.encode(), headers=CSV).json()
    refused = as_("admin").post(URL, json={"revision": number["submission"]["revision"]})
    assert (refused.status_code, "令牌的范围" in refused.json()["message"]) == (403, True)


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
