"""Who may use the HTTP interface, and how often."""

from __future__ import annotations

from lib.access import Config, ConfigError
from tests import serving
from tests.lib.web.api.submissions import CSV, GOOD
from tests.people import BOSS, people_in


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
    access = people_in(folder, Config(read_needs_sign_in=False))
    client = serving.client(folder, access)
    assert client.get("/api/v1/completion").status_code == 200
    assert client.post("/api/v1/progress", content=GOOD, headers=CSV).status_code == 401
    wrong = client.get("/api/v1/completion", headers={"Authorization": "Bearer plan_x"})
    assert wrong.status_code == 401


def test_too_many_requests_are_told_when_to_come_back(folder):
    access = people_in(folder, Config(requests_per_minute=3))
    client = serving.client(folder, access)
    answers = [client.get("/api/v1/completion").status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]
    client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, 'fulian')}"
    answers = [client.get("/api/v1/completion") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_access_settings_that_cannot_be_used_open_nothing(folder):
    def wrong():
        raise ConfigError("settings.toml", "access.mode", "open", "auto")

    client = serving.client(folder, wrong, host="localhost")
    assert client.get("/api/v1/completion").status_code == 503
    assert client.get("/").status_code == 503
    assert client.get("/_stcore/health").status_code == 200
