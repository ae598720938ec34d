"""What the documents say is what the code does."""

from __future__ import annotations

import importlib
import re
import tomllib

import pytest

from lib.access import Actor, Config, Permission, Role
from lib.access.config import AccessSection, PersonSection, parse
from lib.access.throttle import PER_ACCOUNT, PER_ADDRESS, WINDOW
from tests.conftest import ROOT

ACCESS = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
ROWS = {
    "figures, tasks, reports, journal": [Permission.READ],
    "evidence (佐证材料)": [Permission.EVIDENCE],
    "uploaded originals": [Permission.ORIGINAL],
    "report, take back, sign (审签)": [Permission.REPORT, Permission.REVERT, Permission.SIGN],
    "督办事项: see": [Permission.MATTERS],
    "督办事项: 签收, 反馈, 申请延期": [Permission.ANSWER],
    "批示, 立项 of 领导批示": [Permission.INSTRUCT],
    "督办事项: 立项, 核实销号, 退回, 延期 decided, 催办": [Permission.MATTER],
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


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something that one holds, a dataclass's field included."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            holder = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if part in getattr(holder, "__dataclass_fields__", ()):
                return part == parts[-1]
            if not hasattr(holder, part):
                return False
            holder = getattr(holder, part)
        return True
    return False


DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_name_and_file_that_a_document_tells_of_exists(document):
    text = document.read_text(encoding="utf-8")
    names = re.findall(r"`(lib\.[\w.]+)(?:\(\))?`", text)
    assert [name for name in names if not exists(name)] == []
    files = re.findall(r"`((?:lib|pages|tests|docs|deploy|scripts|benchmarks)/[\w./-]+)[`:]", text)
    assert [file for file in files if not (ROOT / file).exists()] == []
    links = re.findall(r"\]\(([^):#]+)\)", text)
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_row_of_the_glossary_names_something_in_code():
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    terms = [row for row in rows if row[0] != "Chinese" and set(row[0]) != {"-"}]
    assert len(terms) > 50
    for chinese, english, names in terms:
        assert chinese
        assert english
        assert re.fullmatch(r"(`lib\.[\w.]+`(, )?)+", names), chinese


def test_the_architecture_walks_from_a_cell_to_a_bar_and_from_a_file_to_the_journal():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    cell, file = (text.index(f"## {title}") for title in ("A cell of", "An uploaded file"))
    assert text.index("```mermaid") < cell < file
    walks = [text[cell:file], text[file:].partition("\n## Three")[0]]
    for walk, steps in zip(walks, (6, 7), strict=True):
        numbered = re.split(r"^\d\. ", walk, flags=re.M)[1:]
        assert len(numbered) == steps
        assert all("`lib." in step for step in numbered)


def test_every_make_target_that_is_told_of_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, flags=re.M))
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z-]+)`", contributing)) == targets - {"help"}
