"""What the documents say is what the code does."""

from __future__ import annotations

import re
import tomllib

from lib.access import Actor, Config, Permission, Role
from lib.access.config import AccessSection, PersonSection, parse
from lib.access.throttle import PER_ACCOUNT, PER_ADDRESS, WINDOW
from tests.conftest import ROOT

ACCESS = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
ROWS = {
    "figures, tasks, reports, journal": [Permission.READ],
    "evidence (佐证材料)": [Permission.EVIDENCE],
    "uploaded originals": [Permission.ORIGINAL],
    "report, take back": [Permission.REPORT, Permission.REVERT],
    "review, plan, 定稿, 督办单, accounts, audit": [
        Permission.REVIEW,
        Permission.PLAN,
        Permission.SEAL,
        Permission.NOTICE,
        Permission.ACCOUNTS,
        Permission.AUDIT,
    ],
}


def test_the_table_of_rights_is_the_policy():
    for name, permissions in ROWS.items():
        row = next(line for line in ACCESS.splitlines() if line.startswith(f"| {name} |"))
        cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
        for role, cell in zip(Role, cells, strict=True):
            actor = Actor(role, units=("妇联",))
            for permission in permissions:
                assert actor.may(permission) == bool(cell), (role, permission)
                elsewhere = actor.may(permission, {"区农业局"})
                assert elsewhere == (bool(cell) and cell != "own units"), (role, permission)


def test_every_setting_is_explained():
    section = ACCESS.partition("```toml")[2].partition("```")[0]
    written = set(re.findall(r"^(\w+) =", section, flags=re.M))
    keys = AccessSection.model_fields.keys() | PersonSection.model_fields.keys()
    assert written == keys - {"people"}


def test_every_route_is_listed(folder):
    from tests import serving
    from tests.people import access_to

    document = serving.local(folder, access_to(folder)).get("/api/v1/openapi.json").json()
    for path, item in document["paths"].items():
        for method in item:
            assert f"`{method.upper()} /api/v1{path}`" in ACCESS


def test_the_limits_in_the_threat_model_are_the_codes():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    told = f"per account ({PER_ACCOUNT} in {WINDOW / 60:.0f} min) and address ({PER_ADDRESS})"
    assert told in text


def test_the_settings_shown_are_the_defaults():
    section = tomllib.loads(ACCESS.partition("```toml")[2].partition("```")[0])["access"]
    shown = {key: value for key, value in section.items() if key != "people"}
    assert parse(shown, "docs", {}) == Config()
    assert shown.keys() == AccessSection.model_fields.keys() - {"people"}
