"""The 工作进展通报's template: a .docx with fields, which an office replaces by its own letterhead.

`default_template` writes ours; `filled` fills it or the office's. A template is a docxtpl document:
``{{ field }}`` stands for a text, ``{%p if field %}`` … ``{%p endif %}`` for paragraphs that are left
out whole where it is empty, ``{%tr for … %}`` for rows of a table. `FIELDS` lists all fields.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import docx.opc.exceptions
import jinja2
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError

from lib.core.problems import DataError, Problem
from lib.files.office_files import opened
from lib.report.colours import WARNING
from lib.report.docx_layout import (
    FOOT_ROW,
    HEAD_FONT,
    TEXT_HEIGHT,
    TITLE_FONT,
    Paper,
    rule_below,
    tab_at_the_right,
)
from lib.store import Changes, Draft, Kind, Original, State, Store

FIELDS = {
    "mark": "发文机关标志",
    "number": "发文字号",
    "signer": "签发人",
    "title": "标题",
    "recipients": "主送机关",
    "remark": "标题下的说明：演示数据、定稿；一般为空",
    "sections": "正文各部分，每个有 heading（标题）和 paragraphs（段落）",
    "annexes": "附件名称，如“附件：1．逾期和滞后任务表”，逐行",
    "issuer": "署名（发文机关）",
    "date": "成文日期",
    "copies": "抄送",
    "printer": "印发机关",
    "printed_on": "印发日期",
    "late": "附件1的行：number、task、units、due、progress、reason、next_step、fill",
    "tasks": "附件2的行：number、category、content、units、window、status、progress、fill",
    "late_number": "逾期和滞后任务表是附件几",
    "tasks_number": "全部任务表是附件几",
    "others": "其余附件，每个有 heading（附件几）、name（名称）和 rows（逐行的文字）",
    "source": "数据来源",
}
"""The fields of a template with their meaning."""
RED = "#E60012"
_LATE_COLUMNS = (
    ("序号", "number", 9),
    ("任务", "task", 30),
    ("责任单位", "units", 19),
    ("期限", "due", 15),
    ("完成情况", "progress", 31),
    ("原因", "reason", 30),
    ("下一步措施", "next_step", 22),
)
_TASK_COLUMNS = (
    ("序号", "number", 9),
    ("类型", "category", 14),
    ("工作计划主要内容", "content", 41),
    ("责任单位", "units", 19),
    ("计划完成时间", "window", 17),
    ("状态", "status", 22),
    ("完成情况", "progress", 34),
)


@dataclass(frozen=True)
class Template:
    """A template's file: its name in messages, and its bytes."""

    name: str
    content: bytes


@cache
def default_template() -> bytes:
    """Return our template: 版头, body, 附件说明, 署名, annexes and 版记 as GB/T 9704 sets them."""
    paper = Paper("工作进展通报", "")
    _only_if(paper, "mark", lambda: _mark(paper))
    _tag(paper, "if mark or number or signer")
    line = paper.paragraph(
        "{{ number }}{% if signer %}\t签发人：{{ signer }}{% endif %}", indent=False, align="left"
    )
    tab_at_the_right(line)
    rule_below(line, RED)
    paper.blank()
    _tag(paper, "endif")
    _tag(paper, "for line in title")
    paper.title("{{ line }}")
    _tag(paper, "endfor")
    _only_if(
        paper,
        "remark",
        lambda: paper.paragraph("（{{ remark }}）", align="centre", indent=False, colour=WARNING),
    )
    paper.blank()
    _only_if(paper, "recipients", lambda: paper.paragraph("{{ recipients }}", indent=False))
    _tag(paper, "for section in sections")
    paper.heading("{{ section.heading }}")
    _tag(paper, "for text in section.paragraphs")
    paper.paragraph("{{ text }}")
    _tag(paper, "endfor")
    _tag(paper, "endfor")
    _tag(paper, "if annexes")
    paper.paragraph("", indent=False, keep=True)
    _tag(paper, "for line in annexes")
    paper.paragraph("{{ line }}", align="left", keep=True)
    _tag(paper, "endfor")
    _tag(paper, "endif")
    _only_if(
        paper,
        "issuer",
        lambda: paper.paragraph("{{ issuer }}", align="right", indent=False, keep=True),
    )
    paper.paragraph("{{ date }}　　", align="right", indent=False)
    _annexes(paper)
    _foot(paper)
    return paper.content()


def _tag(paper: Paper, tag: str) -> None:
    paper.paragraph(f"{{%p {tag} %}}", indent=False)


def _only_if(paper: Paper, field: str, write: Any) -> None:
    _tag(paper, f"if {field}")
    write()
    _tag(paper, "endif")


def _mark(paper: Paper) -> None:
    paper.paragraph(
        "{{ mark }}",
        font=TITLE_FONT,
        size=Pt(36),
        align="centre",
        indent=False,
        colour=RED,
        step=Pt(50),
    )
    paper.blank()


def _annexes(paper: Paper) -> None:
    for rows, number, name, columns in (
        ("late", "{{ late_number }}", "逾期和滞后任务表", _LATE_COLUMNS),
        ("tasks", "{{ tasks_number }}", "工作任务完成情况表", _TASK_COLUMNS),
    ):
        _tag(paper, f"if {rows}")
        _annex_heading(paper, f"附件{number}", name)
        paper.loop_table(
            [header for header, _, _ in columns],
            f"row in {rows}",
            [f"{{{{ row.{field} }}}}" for _, field, _ in columns],
            [width for _, _, width in columns],
            fill="row.fill",
        )
        _tag(paper, "endif")
    _tag(paper, "for annex in others")
    _annex_heading(paper, "{{ annex.heading }}", "{{ annex.name }}")
    _tag(paper, "for line in annex.rows")
    paper.paragraph("{{ line }}", align="left")
    _tag(paper, "endfor")
    _tag(paper, "endfor")
    paper.paragraph("{{ source }}", indent=False, size=Pt(10.5), align="left")


def _annex_heading(paper: Paper, heading: str, name: str) -> None:
    paper.paragraph(heading, font=HEAD_FONT, indent=False, new_page=True)
    paper.paragraph(name, align="centre", indent=False, font=TITLE_FONT, level=1)
    paper.blank()


def _foot(paper: Paper) -> None:
    """版记: 抄送, 印发机关 and 印发日期 between lines at the foot of the last, even page."""
    paper.last_even_page()
    _tag(paper, "if copies or printer or printed_on")
    paper.paragraph("", indent=False, step=Mm(TEXT_HEIGHT - 2 * FOOT_ROW - 1))
    _tag(paper, "if not (copies and (printer or printed_on))")
    paper.paragraph("", indent=False, step=Mm(FOOT_ROW))  # in place of the row that is left out
    _tag(paper, "endif")
    paper.foot_table(
        [
            "{%tr if copies %}",
            "抄送：{{ copies }}。",
            "{%tr endif %}",
            "{%tr if printer or printed_on %}",
            "{{ printer }}{% if printed_on %}\t{{ printed_on }}印发{% endif %}",
            "{%tr endif %}",
        ]
    )
    _tag(paper, "endif")
    paper.paragraph("", indent=False, step=Pt(1))  # a document ends with a paragraph


def _without_empty_end(body: Any) -> None:
    """Take out a last section that says nothing: the page of a 版记 that is not set."""
    breaks = body.xpath("./w:p[w:pPr/w:sectPr]")
    if not breaks:
        return
    end = [*breaks[-1].itersiblings()]
    if any("".join(element.itertext()).strip() for element in end):
        return
    before = breaks[-1].pPr.find(qn("w:sectPr"))
    body.replace(body.find(qn("w:sectPr")), before)
    for element in (breaks[-1], *end):
        if element.getparent() is not None and element is not before:
            body.remove(element)


def filled(template: Template, fields: Mapping[str, Any]) -> bytes:
    """Return a template filled with texts.

    Raises `lib.core.problems.DataError` naming the field or mark
    that cannot be filled. Nothing in a template can run: expressions are sandboxed.
    """
    file = template.name
    try:
        opened(template.content, file, "Word 文件（.docx）").close()
        document = DocxTemplate(io.BytesIO(template.content))
        environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined)
        document.render(dict(fields), environment, autoescape=True)
        _without_empty_end(document.docx.element.body)
        out = io.BytesIO()
        document.save(out)
    except jinja2.UndefinedError as error:
        raise _fault(file, str(error), f"可用的字段：{'、'.join(FIELDS)}") from error
    except jinja2.TemplateError as error:
        raise _fault(file, str(error), "成对的 {{ }}、{%p if %}……{%p endif %}") from error
    except (
        KeyError,
        ValueError,
        LxmlError,
        zipfile.BadZipFile,
        docx.opc.exceptions.PackageNotFoundError,
    ) as error:
        raise _fault(file, type(error).__name__, "Word 保存的 .docx 模板") from error
    return out.getvalue()


# -- in the journal --------------------------------------------------------------------------------


def save(template: Template, fields: Mapping[str, Any], user: str) -> Draft:
    """Return the draft that keeps an office's own template.

    It is filled once before: a field that does not exist is told now, not at the meeting.
    Raises `DataError`.
    """
    filled(template, fields)
    original = Original(template.name, template.content)
    details = {"template": template.name}
    return Draft(user, Changes.none(), Kind.TEMPLATE, original=original, details=details)


def remove(user: str) -> Draft:
    """Return the draft after which the 通报 is written by our template again."""
    return Draft(user, Changes.none(), Kind.TEMPLATE, details={"template": ""})


def load(store: Store) -> Template | None:
    """Return the office's own template; ``None`` where there is none."""
    kept = [
        submission
        for submission in store.submissions
        if submission.kind == Kind.TEMPLATE and submission.state == State.IN_FORCE
    ]
    original = store.original(kept[-1].revision) if kept else None
    return None if original is None else Template(original.name, original.content)


def _fault(file: str, message: str, expected: str) -> DataError:
    return DataError([Problem(file, 0, "", "", f"通报模板不能填写（{message}）", expected)])
