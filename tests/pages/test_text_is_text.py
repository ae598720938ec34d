"""Names and texts of data are text: no widget of any page takes them for Markdown or HTML."""

from __future__ import annotations

import json
import re

import pytest
from google.protobuf.message import Message

from lib import intake
from lib.access import Scope, open_access
from lib.core import months
from lib.core.matters import Act, Step
from lib.files import csv_tables
from lib.report.briefing_template import default_template
from lib.report.editions import editions, seal
from lib.store import Draft, Original, open_store
from lib.ui.kit import deployment
from lib.ui.kit.navigation import PAGES
from tests.conftest import ROOT
from tests.lib.report.upper_forms import blank_form
from tests.lib.store.matters import CREATED, do, step
from tests.pages.reading import open_app
from tests.people import BOSS, PASSWORD, PEOPLE, QUICK
from tests.shipped import copy_data

HOSTILE = "*妇*![x](//e)$y$:cat:www.e<u>"
# The same where no backslash, joiner or entity takes the meaning away.
ACTING = re.compile(r"(?<!\\)(?:\*妇|!\[x|\]\(//e|\$y|<u>)|:cat|www\.e")
TAG = "<u>"
FILE = HOSTILE.replace("/", "")

LITERAL = ("code", "text", "json", "bidi_component")
"""Kinds that show what they are given as it is."""
LITERAL_FIELDS = {
    "placeholder", "alt", "options", "default", "value", "set_value", "raw_value", "raw_values",
    "id", "key", "url", "page", "page_script_hash", "query_string", "columns", "spec", "config",
    "form_id", "deferred_file_id", "format", "min", "max", "type", "name", "user_key",
}  # fmt: skip
MARKDOWN_OPTIONS = ("radio", "button_group", "metric")
"""Kinds whose options or value are Markdown as well."""


def markdown_of(kind, message):
    """Every text of an element that a browser reads as Markdown."""
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for item in values:
            if isinstance(item, Message):
                yield from markdown_of(kind, item)
            elif isinstance(item, str) and (
                field.name not in LITERAL_FIELDS or kind in MARKDOWN_OPTIONS
            ):
                yield item
            elif field.name == "columns" and isinstance(item, str):
                yield from (str(column.get("help")) for column in json.loads(item or "{}").values())


def acting(app):
    """What of a page acts, with the kind of its element."""
    waiting = [app._tree]
    while waiting:
        block = waiting.pop()
        for child in block.children.values():
            message = child.proto
            if hasattr(child, "children"):
                waiting.append(child)
            if not isinstance(message, Message) or child.type in LITERAL:
                continue
            if child.type == "table":
                cells = [str(cell) for cell in child.value.to_numpy().ravel()]
                yield from ((child.type, cell) for cell in cells if ACTING.search(cell))
                continue
            if child.type in ("html", "plotly_chart"):
                text = str(getattr(message, "body", "") or getattr(message, "spec", ""))
                yield from [(child.type, text)] if TAG in text else []
                continue
            for text in markdown_of(child.type, message):
                if ACTING.search(text):
                    yield child.type, text


def hostile_folder(folder):
    """A plan whose names, texts and files all try to be more than that."""
    files = {"plan.csv": ("类型", "工作计划主要内容", "责任单位"), "units.csv": ("单位",)}
    files |= {"targets.csv": ("指标", "计量单位"), "progress.csv": ("填报单位", "指标", "进展说明")}
    for name, columns in files.items():
        table = csv_tables.parse_csv((folder / name).read_text(encoding="utf-8-sig"), name)
        for column in columns:
            texts = table[column].str.replace("妇联", HOSTILE)
            mark = column not in ("责任单位", "单位", "填报单位")
            table[column] = (HOSTILE + texts).where(texts != "", "") if mark else texts
        if name == "progress.csv":
            for column in ("存在问题", "下一步措施", "需协调事项", "填报人"):
                table[column] = HOSTILE
        (folder / name).write_bytes(csv_tables.to_csv(table))
    settings = (folder / "settings.toml").read_text(encoding="utf-8")
    settings = settings.replace("verify = false", "verify = true")
    settings = settings.replace("2018年扶贫", f"{HOSTILE}2018年扶贫")
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    store = open_store(folder)
    picture = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    content = f"任务编号,月份,填报单位,累计完成率,进展说明,存在问题\n八-2,2018-10,{HOSTILE},100,{HOSTILE},{HOSTILE}\n"
    file = f"{FILE}.csv"
    dataset = store.dataset()
    checked = intake.check(content.encode(), file, dataset)
    assert not checked.errors, checked.table().to_string()
    attachment = intake.attachment(
        f"{HOSTILE}.png", picture, task_id="八-2", month=585, unit=HOSTILE
    )
    changes = intake.preview(dataset, checked, HOSTILE).changes
    draft = Draft(
        HOSTILE, changes, unit=HOSTILE, reason=HOSTILE,
        original=Original(file, content.encode()), evidence=[(attachment, picture)],
    )  # fmt: skip
    store.revert(store.submit(draft).revision, HOSTILE, reason=HOSTILE)
    store.submit(draft)
    matter = {"words": HOSTILE, "origin": HOSTILE, "lead": HOSTILE, "person": HOSTILE}
    do(store, Step(**{**vars(CREATED), **matter}))
    do(store, step(Act.SIGN, person=HOSTILE))
    do(store, step(Act.ANSWER, person=HOSTILE, words=HOSTILE))
    late = {
        "task_id": "八-2",
        "unit": HOSTILE,
        "due": "2019-03-01",
        "person": HOSTILE,
        "words": HOSTILE,
    }
    do(store, step(Act.ASK, "", **late))
    store.submit(seal(months.parse("2018-09"), store.revision, HOSTILE, HOSTILE))
    return folder


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return hostile_folder(copy_data(tmp_path_factory.mktemp("hostile") / "data"))


@pytest.fixture
def hostile(prepared, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(prepared))
    return prepared


@pytest.mark.parametrize("page", list(PAGES))
def test_no_name_acts(hostile, page):
    app = open_app(page, month="2018-10")
    assert not list(acting(app))


CHOSEN = [
    ("categories", {"focus_category": f"{HOSTILE}产业帮扶"}),
    ("units", {"focus_unit": HOSTILE}),
    ("task", {"task": "八-2"}),
    ("explain", {"task": "八-2"}),
    ("explain", {"focus_category": f"{HOSTILE}产业帮扶"}),
    ("search", {"q": "妇"}),
]


@pytest.mark.parametrize(("page", "chosen"), CHOSEN)
def test_no_name_that_is_chosen_acts(hostile, page, chosen):
    """What the address chooses stands in headings, beside evidence and in the story of a task."""
    app = open_app(page, month="2018-10", **chosen)
    assert not list(acting(app))


def walk(page, key, parts):
    """Open each part of a page; nothing of it acts."""
    for part in parts:
        app = open_app(page, month="2018-10")
        app.session_state[key] = part
        app.run()
        assert not app.exception
        assert not list(acting(app)), part
        yield app


@pytest.mark.parametrize(
    ("page", "key", "parts"),
    [
        (
            "matters",
            "matters-part",
            ("清单", "立项", "各单位", "催办", "任务核实和延期", "单位研判"),
        ),
        ("plan", "plan-task", ("导入计划", "调整计划")),
        ("history", "journal-kind", ("填报", "撤销", "督办事项")),
    ],
)
def test_no_name_acts_in_another_part_of_a_page(hostile, page, key, parts):
    assert list(walk(page, key, parts))


def test_no_name_of_an_edition_acts(hostile):
    (edition,) = editions(open_store(hostile).submissions)
    app = open_app(month="2018-09", edition=str(edition.number))
    assert "定稿" in app.info[0].value
    assert not list(acting(app))


@pytest.mark.parametrize("unit", ["", HOSTILE])
def test_no_file_that_is_uploaded_acts(hostile, unit):
    """A report with an error and a warning, evidence, and each field of the form."""
    table = f"任务编号,月份,填报单位,累计完成率,进展说明\n八-2,10月,{HOSTILE},190,{HOSTILE}\n"
    table += f"八-1,9月,{HOSTILE},,{HOSTILE}\n{HOSTILE},10月,{HOSTILE},1,{HOSTILE}\n"
    files = {"上传文件": (f"{FILE}.csv", table.encode(), "text/csv")}
    files["佐证材料"] = (f"{FILE}.exe", b"MZ", "")
    for way in ("上传文件", "佐证材料", "在线填写"):
        app = open_app("report")
        app.session_state["report_unit"] = unit or None
        app.session_state["report_user"] = HOSTILE
        app.session_state["way"] = way
        app.run()
        if uploaders := app.get("file_uploader"):
            uploaders[0].set_value(files[way] if unit else [files["上传文件"]]).run()
        tasks = [box for box in app.selectbox if box.key.startswith("form-")]
        for row in range(1, len(tasks[0].options) + 1) if tasks else ():
            tasks[0].set_value(row).run()
            assert not list(acting(app)), row
        assert not app.exception
        assert not list(acting(app)), way


def test_no_name_of_a_paper_acts(hostile, shipped):
    """A template, a form of the upper office and what is made of them."""
    store = open_store(hostile)
    app = open_app("papers", month="2018-09")
    for number, (name, content) in enumerate(
        ((f"{FILE}.docx", default_template()), (f"{FILE}.xlsx", blank_form(shipped)))
    ):
        app.get("file_uploader")[number].set_value((name, content, "")).run()
        assert not list(acting(app))
    for key, user in (("save-template", "template-user"), ("save-form", "form-user")):
        app.text_input(user).set_value(HOSTILE).run()
        app.button(key).click().run()
        assert not app.exception
        assert not list(acting(app)), key
    app.button(f"make-form-{store.revision}").click().run()
    assert not list(acting(app))


@pytest.mark.parametrize("login", list(PEOPLE))
def test_no_name_of_an_account_acts(hostile, visitor, monkeypatch, login):
    """The corner, 我的账号 and each part of 账号管理, by role."""
    access = open_access(hostile, passwords=QUICK)
    if not access.accounts.list(BOSS):
        for name, (_, role, units) in PEOPLE.items():
            access.accounts.add(BOSS, name, HOSTILE, role, units and [HOSTILE], PASSWORD)
        access.tokens.add(BOSS, "admin", HOSTILE, scope=Scope.READ)
    monkeypatch.setattr(deployment, "access", lambda: access)
    visitor.update(peer="10.0.0.7", host="plan.example.cn", bound="0.0.0.0")  # noqa: S104
    visitor["cookie"] = access.sign_in(login, PASSWORD, "10.0.0.7")[0]
    assert not list(acting(open_app("account")))
    parts = ("账号清单", "新增账号", "修改账号", "令牌", "审计记录")
    assert list(walk("accounts", "accounts-part", parts if login == "admin" else parts[:1]))
