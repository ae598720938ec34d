"""``[access]``: what it may hold, and what a mistake in it is answered with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lib.access import Config, ConfigError, Mode, Role
from lib.access.config import Grant, load, parse

PEOPLE = """
[access]
mode = "oidc"
read = "anyone"
session_hours = 8
requests_per_minute = 10
upload_mb = 1

[[access.people]]
email = "wang@example.cn"
role = "管理员"

[[access.people]]
claim = "groups"
value = "fulian"
role = "经办人"
units = ["妇联"]
"""


@pytest.fixture
def settings(tmp_path):
    def write(text):
        (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_without_a_section_or_a_file_the_defaults_hold(settings, tmp_path):
    assert load(tmp_path, {}) == Config()
    assert load(settings("[plan]\nyear = 2018\n"), {}) == Config()
    assert load(None, {}) == Config()
    assert Config().read_needs_sign_in


def test_everything_that_can_be_set(settings):
    config = load(settings(PEOPLE), {})
    assert config.mode is Mode.OIDC
    assert not config.read_needs_sign_in
    assert config.session == timedelta(hours=8)
    assert (config.requests_per_minute, config.upload_bytes) == (10, 1024 * 1024)
    assert config.grants == (
        Grant("email", "wang@example.cn", Role.ADMIN),
        Grant("groups", "fulian", Role.REPORTER, ("妇联",)),
    )


def test_the_environment_overrules_the_file(settings, tmp_path):
    folder = settings(PEOPLE)
    config = load(folder, {"PLAN_ACCESS": "accounts", "PLAN_ACCESS_READ": "signed-in"})
    assert (config.mode, config.read_needs_sign_in) == (Mode.ACCOUNTS, True)
    other = tmp_path / "access.toml"
    other.write_text('[access]\nmode = "single"\n', encoding="utf-8")
    assert load(folder, {"PLAN_ACCESS_FILE": str(other)}).mode is Mode.SINGLE
    assert load(None, {"PLAN_ACCESS_FILE": str(other)}).mode is Mode.SINGLE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[access]\nmode = "open"', "「access.mode」：填写的是「open」"),
        ("[access]\nmode = 1", "「access.mode」"),
        ('[access]\nread = "all"', "「access.read」：填写的是「all」"),
        ("[access]\nmdoe = 1", "「access.mdoe」"),
        ("access = 3", "「access」"),
        ("[access]\nsession_hours = 0", "「access.session_hours」：填写的是「0」"),
        ("[access]\nidle_hours = true", "「access.idle_hours」"),
        ("[access]\nupload_mb = 'x'", "「access.upload_mb」"),
        ("[access]\npeople = 3", "「access.people」"),
        ("[[access.people]]\nrole = '管理员'", "「access.people[1].email」"),
        (
            "[[access.people]]\nemail='a@b'\nrole='访客'",
            "「access.people[1].role」：填写的是「访客」",
        ),
        ("[[access.people]]\nemail='a@b'\nrole='经办人'", "至少有一个单位"),
        ("[[access.people]]\nemail='a@b'\nrole='经办人'\nunits='妇联'", "单位名称的列表"),
        ("[[access.people]]\nemail='a@b'\nrole='领导'\nrule=1", "「access.people[1].rule」"),
        ("[access", "TOML"),
    ],
)
def test_a_mistake_names_file_key_value_and_what_is_right(settings, text, message):
    with pytest.raises(ConfigError) as error:
        load(settings(text), {})
    assert "settings.toml" in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "environ",
    [{"PLAN_ACCESS": "open"}, {"PLAN_ACCESS_READ": "all"}, {"PLAN_ACCESS_FILE": "没有.toml"}],
)
def test_a_mistake_in_the_environment_is_told_too(tmp_path, environ):
    with pytest.raises(ConfigError, match="环境变量"):
        load(tmp_path, environ)


def test_hosts_and_trusted_addresses(monkeypatch):
    section = {"hosts": ["plan.example.cn", "10.1.2.3:8501", "[fd00::1]"], "trusted": ["10.1.2.9"]}
    config = parse(section, "settings.toml", {})
    assert config.hosts == ("plan.example.cn", "10.1.2.3:8501", "[fd00::1]")
    assert config.trusted == ("10.1.2.9",)
    environ = {"PLAN_ACCESS_HOSTS": "a.cn, b.cn:81", "PLAN_ACCESS_TRUSTED": "10.0.0.1"}
    config = parse(section, "settings.toml", environ)
    assert (config.hosts, config.trusted) == (("a.cn", "b.cn:81"), ("10.0.0.1",))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("hosts", ["*"], "主机名或IP的列表"),
        ("hosts", ["http://a"], "主机名或IP的列表"),
        ("trusted", ["office.lan"], "IP地址的列表"),
        ("trusted", 1, "IP地址的列表"),
    ],
)
def test_what_is_no_host_or_address_is_refused(key, value, expected):
    with pytest.raises(ConfigError, match=expected):
        parse({key: value}, "settings.toml", {})
