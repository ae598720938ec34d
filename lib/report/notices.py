"""督办单: a one-page notice per unit for what is late, from figures to Word, and their numbers.

Lights as in 督查督办 practice: red 逾期, yellow 滞后, blue 临期. A notice is issued by a
submission of the journal that holds its words, so it can be printed again as it was.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm, Pt

from lib.core import findings, months, schema, wording
from lib.core.gap import TOLERANCE
from lib.core.indicators import done_of_target
from lib.core.matters import of_notice, step_time
from lib.core.status import REPORTED_DONE, Flag, Status, look, mark
from lib.report.colours import WARNING
from lib.report.docx_layout import HEAD_FONT, SIZE_4, TITLE_FONT, Paper
from lib.report.material import DEMO_SENTENCE, Material, Progress, date_words, unheard
from lib.store import Changes, Draft, Kind, Submission

P, R = schema.PLAN.headers, schema.PROGRESS.headers


@dataclass(frozen=True)
class Notice:
    """One notice, all in words; ``number`` is empty until it is issued.

    ``light`` is the word of a `Status` or `Flag`; ``month`` as files write it; ``day`` the date
    of issue and ``answer_by`` the date by which the unit answers, as documents write them.
    """

    task_id: str
    unit: str
    light: str
    month: str
    content: str
    demand: str
    deadline: str
    progress_text: str
    problem: str
    plan: str
    number: str = ""
    day: str = ""
    answer_by: str = ""
    issuer: str = ""
    demo: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: task, unit and month."""
        return self.task_id, self.unit, self.month

    @property
    def file_name(self) -> str:
        """Name of its file: 督办单_2018-1_区经发局_二-6.docx."""
        number = self.number.replace("〔", "").replace("〕", "-").replace("号", "")
        return f"{number or '督办单'}_{self.unit}_{self.task_id}.docx".replace("/", "-")


def notices(material: Material) -> list[Notice]:
    """Return the notices that the month calls for, the most urgent first; none is numbered.

    One per task that is 逾期 or 滞后, or 临期 (due next month), and responsible unit that has not
    done its part. A unit whose own part of a qualitative joint task is late gets one also while
    the task as a whole is not. A late part decides the light, else the task.
    """
    figures = material.figures
    whole = figures.assessment.tasks
    whole = whole[whole["month"] == figures.selection.month].set_index("task_id")
    called_for = []
    for part in figures.unit_tasks.itertuples():
        if part.status in REPORTED_DONE:
            continue
        task = whole.loc[part.task_id]
        lights = [_light(grain.status, grain.due_next) for grain in (part, task)]
        late = next((light for light in lights if light in _LATE), "")
        light = late or lights[0] or lights[1]
        if light:
            called_for.append(_notice(material, part, task, light))
    return sorted(called_for, key=lambda notice: _URGENCY.index(notice.light))


_LATE = [Status.OVERDUE.value, Status.BEHIND.value]
_URGENCY = [*_LATE, Flag.DUE_NEXT.value]


def _light(status: object, due_next: bool) -> str:
    return str(status) if str(status) in _LATE else (Flag.DUE_NEXT.value if due_next else "")


def _notice(material: Material, part: Any, task: pd.Series, light: str) -> Notice:
    figures = material.figures
    task_id, unit = str(part.task_id), str(part.unit)
    facts = figures.dataset.tasks.loc[task_id]
    end = months.label(int(part.end))
    done, planned = part.completion, part.planned_value
    demands = {
        Status.OVERDUE.value: f"此事项应于{end}底前完成，现已逾期。请说明原因，明确完成时间，抓紧办结。",
        Status.BEHIND.value: "此事项未达序时进度。请分析原因，采取措施，限期赶上序时进度。",
        Flag.DUE_NEXT.value: f"此事项将于{end}到期。请倒排时间，确保按期完成。",
    }
    indicators = material.indicators.get(task_id, ())
    sentences = [f"{row.indicator}{done_of_target(row)}" for row in indicators]
    joint = abs(float(task["completion"]) - float(done)) > TOLERANCE
    sentences.append(
        f"截至{material.month}末{'本单位' if joint else ''}完成率{wording.percent(done)}，"
        f"序时进度{wording.percent(planned)}，{wording.against_plan(done, planned)}"
    )
    if joint:
        sentences.append(f"各责任单位合计完成率{wording.percent(task['completion'])}")
    reports = material.latest_reports
    own = reports[(reports["task_id"] == task_id) & (reports["unit"] == unit)]

    def words(column: str) -> str:
        return "；".join(text.rstrip("。；") for text in own[column].unique() if text)

    return Notice(
        task_id,
        unit,
        light,
        months.text(figures.selection.month),
        f"{facts['content']}（{P['task_id']}：{task_id}）",
        demands[light],
        f"{P['window_text']}：{facts['window_text']}（截至{end}底）",
        "；".join(sentences),
        words("issues") or f"{findings.month_word(figures)}前没有填报存在问题",
        "；".join(text for text in (words("next_steps"), words("coordination")) if text)
        or "没有填报下一步措施",
        demo=material.demo,
    )


def issued(journal: Sequence[Submission]) -> list[Notice]:
    """Return all notices that have been issued, the oldest first, also those taken back."""
    return [
        Notice(**{_FIELDS.get(key, key): value for key, value in details.items()})
        for submission in journal
        if submission.kind == Kind.NOTICE
        for details in submission.details["notices"]
    ]


_KEYS = {"progress_text": "standing"}
_FIELDS = {key: field for field, key in _KEYS.items()}
"""What the journal has always called a field, where its name here says more."""


def numbered(
    batch: Sequence[Notice],
    journal: Sequence[Submission],
    *,
    issuer: str,
    day: date,
    answer_by: date,
    year: int,
) -> list[Notice]:
    """Return notices with the next numbers of the plan's year: 督办〔2018〕1号, never used twice."""
    prefix = f"督办〔{year}〕"
    used = [
        int(notice.number.removeprefix(prefix).removesuffix("号"))
        for notice in issued(journal)
        if notice.number.startswith(prefix)
    ]
    common = {"issuer": issuer, "day": date_words(day), "answer_by": date_words(answer_by)}
    return [
        Notice(**asdict(notice) | common | {"number": f"{prefix}{number}号"})
        for number, notice in enumerate(batch, start=max(used, default=0) + 1)
    ]


def issue(batch: Sequence[Notice], user: str, revision: int) -> Draft:
    """Return the draft that records numbered notices, each a 督办事项; refused if the journal moved on."""
    units = "、".join(dict.fromkeys(notice.unit for notice in batch))
    facts = [
        {_KEYS.get(field, field): value for field, value in asdict(notice).items()}
        for notice in batch
    ]
    details = {"month": batch[0].month, "notices": facts}
    time = step_time(datetime.now())
    return Draft(
        user,
        Changes.none(),
        Kind.NOTICE,
        units,
        base=revision,
        details=details,
        steps=[of_notice(notice, time) for notice in facts],
    )


_FEEDBACK = "（办理情况、原因、下一步措施和完成时间）"
_ROW, _TALL = Mm(12), Mm(62)


def document(notice: Notice) -> bytes:
    """Return a notice as a one-page Word document."""
    state = Flag(notice.light) if notice.light in set(Flag) else Status(notice.light)
    paper = Paper(f"督办单 {notice.number}", notice.issuer, page_numbers=False)
    section = paper.document.sections[0]
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    paper.paragraph(
        "督　办　单", font=TITLE_FONT, size=Pt(22), align="centre", indent=False, step=Pt(35)
    )
    head = f"{notice.number or '（未编号）'}　　{notice.day}"
    paper.paragraph(head, size=SIZE_4, align="centre", indent=False)
    if notice.demo:
        paper.paragraph(DEMO_SENTENCE, size=Pt(10.5), align="centre", indent=False, colour=WARNING)
    colours = {Status.OVERDUE: "红灯", Status.BEHIND: "黄灯", Flag.DUE_NEXT: "蓝灯"}
    rows = [
        ("警　　示", f"{mark(state)}（{colours[state]}）"),
        (P["units_text"], notice.unit),
        ("督办事项", notice.content),
        ("要　　求", notice.demand),
        ("时　　限", notice.deadline),
        ("序时进度\n与实际", notice.progress_text),
        (R["issues"], notice.problem),
        ("已报措施", notice.plan),
        ("反　　馈", f"请于{notice.answer_by or '收到后5日'}前反馈{_FEEDBACK}："),
        ("签　　章", "单位负责人：　　　　　　　　　　　　年　　月　　日"),
    ]
    table = paper.document.add_table(rows=len(rows), cols=2, style="Table Grid")
    table.autofit = False
    widths = (Mm(30), Mm(126))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, (row, (name, text)) in enumerate(zip(table.rows, rows, strict=True)):
        row.height = _TALL if name.startswith("反") else _ROW
        row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
        paper.fill_cell(row.cells[0], name, SIZE_4, header=True, middle=True)
        light = look(state) if place == 0 else None
        paper.fill_cell(row.cells[1], text, Pt(12), look=light, top=name.startswith("反"))
    paper.paragraph(
        f"签发人：{notice.issuer}", size=SIZE_4, align="right", indent=False, font=HEAD_FONT
    )
    return paper.content()


def archive(batch: Sequence[Notice], progress: Progress = unheard) -> bytes:
    """Return the notices' documents in one .zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, notice in enumerate(batch, start=1):
            packed.writestr(notice.file_name, document(notice))
            progress(number / len(batch), notice.file_name)
    return out.getvalue()
