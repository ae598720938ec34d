"""工作进展通报: the month's briefing as an official document (.docx), worded from the figures.

The body takes two pages; annex 1 has all late tasks, annex 2 all tasks. `lib.report.briefing_template`
has the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from lib.core import findings, schema, wording
from lib.core.answers import LATE, LateTask
from lib.core.figures import flag_lists
from lib.core.indicators import done_of_target
from lib.core.punctuality import reporting_calendar
from lib.core.rollup import COUNTS
from lib.core.status import REPORTED_DONE, Flag, Status, mark
from lib.report import measure
from lib.report.briefing_template import Template, default_template, filled
from lib.report.material import DEMO_SENTENCE, EVIDENCE_HEADERS, Material, Progress, unheard
from lib.report.matter_papers import paragraphs

P, R = schema.PLAN.headers, schema.PROGRESS.headers
LINE_CHARACTERS, PAGE_LINES = 27.5, 22
"""What a page of 版心 holds in 3号 type: 28 by GB/T 9704, where signs are set a little closer."""
LISTED = 5
"""Requests and overdue 督办事项 that the body words at most; more are counted."""
_FILLS = {Status.OVERDUE: "F8D7D7", Status.BEHIND: "FFF0C2", Status.COMPLETED: "DDEFE7"}


def briefing(
    material: Material,
    progress: Progress = unheard,
    template: Template | None = None,
) -> bytes:
    """Return the briefing; ``progress`` hears the share done and what was written.

    ``template``: the office's own instead of ours. Raises `lib.core.problems.DataError` where it
    cannot be filled.
    """
    fields = briefing_fields(material)
    progress(0.5, "正文")
    content = filled(template or Template("通报模板.docx", default_template()), fields)
    progress(1.0, "附件")
    return content


def briefing_fields(material: Material) -> dict[str, Any]:
    """Return what fills a template: `lib.report.briefing_template.FIELDS`."""
    figures = material.figures
    settings = figures.dataset.settings
    head = asdict(settings.letterhead)
    title = ["与".join(settings.parties), settings.title, f"{material.month}进展情况通报"]
    remark = "；".join(filter(None, (DEMO_SENTENCE.rstrip("。") * material.demo, material.edition)))
    annexes = _annexes(material)
    names = [name for name, _, _ in annexes]
    listed = [
        f"{'附件：' if number == 1 else '　　　'}{number}．{name}"
        for number, name in enumerate(names, start=1)
    ]
    rows = {field: rows for _, field, rows in annexes if field}
    numbers = {field: number for number, (_, field, _) in enumerate(annexes, start=1)}
    title = [line for line in title if line]
    # Title lines are higher; blank lines stand under the title and above the annexes.
    used = 1.25 * len(title) + 3 + bool(remark) + len(listed)
    used += 1 + 1.8 * -(-len(head["mark"]) // 12) if head["mark"] else 0
    used += 2 * bool(head["mark"] or head["number"] or head["signer"])
    used += bool(head["recipients"]) + bool(head["issuer"])
    return head | {
        "title": title,
        "remark": remark,
        "sections": _sections(material, int(2 * PAGE_LINES - used)),
        "annexes": listed,
        "date": material.date_words,
        "late": rows.get("late", []),
        "tasks": rows.get("tasks", []),
        "late_number": numbers.get("late", ""),
        "tasks_number": numbers.get("tasks", ""),
        "others": [
            {"heading": f"附件{number}", "name": name, "rows": lines}
            for number, (name, field, lines) in enumerate(annexes, start=1)
            if not field
        ],
        "source": f"{material.source}。" if len(figures.tasks) else "",
    }


def _sections(material: Material, room: int) -> list[dict[str, Any]]:
    """Return the body within ``room`` lines; what is empty is left out with its heading.

    Where it is too long, what went well is shortened for a second late task, then fewer requests
    and 督办事项 are worded, as many as leave room for the worst late task.
    """
    import cn2an  # 30 ms to import, needed only for the headings' numerals

    if material.figures.tasks.empty:
        parts = [("总体情况", overall_words(material))]
    else:
        overall, good_words = overall_words(material), _good_words(material)
        demands = [_demand_words(material)]
        late_lines = [_lines(_late_sentence(material, task)) for task in material.answers.late[:2]]
        for listed, good, least in (
            (LISTED, 2, 2),
            *((most, 1, 1) for most in range(LISTED, -1, -1)),
        ):
            others = [
                ("总体情况", overall),
                ("进展较好的工作", good_words[:good]),
                ("需两地协调的事项", _request_words(material, listed)),
                ("督办事项办理情况", paragraphs(material.matters, material.today, listed)),
                ("下一步要求", demands),
            ]
            taken = sum(1 + sum(map(_lines, texts)) for _, texts in others if texts)
            if taken + sum(late_lines[:least]) + 3 <= room:
                break
        late = ("逾期和滞后的工作", _late_words(material, room - taken - 3))
        parts = [*others[:2], late, *others[2:]]
    kept = [(heading, texts) for heading, texts in parts if texts]
    return [
        {"heading": f"{cn2an.an2cn(number)}、{heading}", "paragraphs": texts}
        for number, (heading, texts) in enumerate(kept, start=1)
    ]


def _lines(text: str) -> int:
    """Return how many lines a paragraph takes, with its indent of two characters."""
    return len(measure.wrap(f"　　{text}", 1, LINE_CHARACTERS))


def overall_words(material: Material) -> list[str]:
    """Return the paragraphs of 总体情况."""
    figures = material.figures
    if figures.overall.empty:
        return [f"截至{material.month}末，{findings.NOTHING}。"]
    answers = material.answers
    total, before = answers.total, answers.before
    spread = "、".join(
        f"{status.value}{int(total[COUNTS[status]])}项"
        for status in figures.dataset.settings.states
        if total[COUNTS[status]]
    )
    scope = "" if material.scope == "分解表任务" else f"（{material.scope}）"
    text = (
        f"截至{material.month}末，{figures.dataset.settings.title}{scope}共{int(total['tasks'])}项任务，"
        f"其中{spread}。"
    )
    if not material.reported:
        return [
            f"{text}各责任单位尚未填报进展，按计划应完成{wording.percent(total['planned_value'])}。"
        ]
    text += (
        f"总体完成率{wording.percent(total['earned_value'])}，"
        f"序时进度{wording.percent(total['planned_value'])}，"
        f"{wording.against_plan(total['earned_value'], total['planned_value'])}"
    )
    if before is not None:
        gain = round((total["earned_value"] - before["earned_value"]) * 100, 1)
        text += (
            f"；完成率较上月{'提高' if gain > 0 else '下降'}{abs(gain):.1f}个百分点"
            if gain
            else "；完成率与上月持平"
        )
    silent = list(dict.fromkeys(figures.missing_reports["unit"]))
    text += "。"
    if silent:
        text += (
            f"{answers.month_word()}应报未报的单位有{len(silent)}个：{'、'.join(silent[:6])}"
            f"{'等' if len(silent) > 6 else ''}。"
        )
    rate = reporting_calendar(figures, material.made or date.today()).rate
    if rate is not None:
        text += f"今年以来各单位按时报送率{wording.percent(rate)}。"
    return [text]


def _good_words(material: Material) -> list[str]:
    """Return what has been completed this month, and which categories and units lead their plan."""
    answers = material.answers
    texts = []
    done = [
        f"{change.title}（{'、'.join(change.units)}）"
        for change in answers.changes
        if change.status in REPORTED_DONE and change.status_before not in REPORTED_DONE
    ]
    if done:
        more = f"等{len(done)}项" if len(done) > 3 else ""
        texts.append(f"{answers.month_word()}新完成{len(done)}项：{'；'.join(done[:3])}{more}。")
    ahead_words = []
    for rows, kind in ((answers.categories, "类型"), (answers.units, "单位")):
        ahead = rows[(rows["gap"].round(3) < 0) & (rows["overdue"] + rows["behind"] == 0)]
        ahead = ahead.sort_values("gap", kind="stable").head(3)
        if len(rows) > 1 and len(ahead):
            ahead_words.append(f"{kind}有{'、'.join(ahead['key'])}")
    if ahead_words:
        texts.append(f"完成率高于序时进度较多的{'，'.join(ahead_words)}。")
    return texts


def _late_words(material: Material, room: int) -> list[str]:
    """Return a paragraph per late task, the worst first, as far as the lines go; one at least."""
    answers = material.answers
    late = answers.late
    if not late:
        return [f"截至{material.month}末，没有逾期或滞后的任务。"]
    counts = "、".join(
        f"{status}{count}项"
        for status in LATE
        if (count := sum(task.status == status for task in late))
    )
    texts = [f"{counts}，详见附件1。"]
    used = 0
    for number, task in enumerate(late, start=1):
        text = f"{number}．{_late_sentence(material, task)}"
        used += _lines(text)
        if number > 1 and used > room:
            texts.append(f"其余{len(late) - number + 1}项见附件1。")
            break
        texts.append(text)
    return texts


def _late_sentence(material: Material, task: LateTask) -> str:
    """Return what is late, whose it is, how far, why and until when."""
    answers = material.answers
    facts = [f"{task.title}（{'、'.join(task.units)}）：{_far(material, task)}"]
    reason, step = material.stated(task.reason), material.stated(task.next_step)
    if reason:
        facts.append(f"原因是{reason.rstrip('。；;')}")
    elif task.unreported:
        facts.append(f"{'、'.join(task.unreported)}未报{answers.month_word()}进展")
    if step:
        facts.append(f"下一步{step.rstrip('。；;')}")
    if task.sign:
        facts.append(task.sign.replace("研判", "单位研判"))
    return "；".join(facts) + "。"


def _far(material: Material, task: LateTask) -> str:
    end = material.answers.month_word(task.end)
    done = (
        _quantities(material, task.task_id, task.title)
        or f"完成{wording.percent(task.completion, 0)}"
    )
    if task.status == Status.OVERDUE:
        return f"应于{end}底前完成，目前{done}"
    return f"{end}底到期，目前{done}，应完成{wording.percent(task.planned_value, 0)}"


def _quantities(material: Material, task_id: str, title: str = "", between: str = "、") -> str:
    """Return a task's indicators with their quantities: 合作对接会0／1次.

    An indicator that the task's ``title`` names already is not named again.
    """
    return between.join(
        f"{'' if row.indicator in title else row.indicator}{done_of_target(row)}"
        for row in material.indicators.get(task_id, ())
    )


def _request_words(material: Material, listed: int) -> list[str]:
    requests = [item for item in material.answers.requests if material.stated(item.text)]
    texts = [
        f"{number}．{item.text.rstrip('。；;')}（{item.unit}）。"
        for number, item in enumerate(requests[:listed], start=1)
    ]
    if len(requests) > listed:
        more = f"{'另' if listed else '共'}有{len(requests) - listed}项"
        texts.append(f"{more}，由相关单位会后对接。")
    return texts


def _demand_words(material: Material) -> str:
    """Return what the units have to do next: every number is of the figures."""
    answers, missing = material.answers, material.figures.missing_reports
    demands = []
    for status, words in (
        (Status.OVERDUE, "要逐项明确完成时间，抓紧办结"),
        (Status.BEHIND, "要尽快赶上序时进度"),
    ):
        if count := sum(task.status == status for task in answers.late):
            demands.append(f"{status}的{count}项任务{words}")
    if due := answers.due_next:
        demands.append(
            f"{answers.month_word(due[0].end)}底到期的{len(due)}项要倒排时间，确保按期完成"
        )
    if len(missing):
        demands.append(f"未报的单位要尽快补报{answers.month_word()}进展")
    return f"{'；'.join(demands)}。" if demands else "各责任单位要保持进度，按月如实填报进展。"


def completion_words(material: Material, task: Any) -> str:
    """Return a task's 完成情况: its indicators with their measure words, its percentage, remarks.

    The state is not among it: a table has it in a column of its own.

    ``task`` is a row of `lib.core.figures.Figures.tasks`.
    """
    status = Status(task.status)
    done, planned = task.completion, task.planned_value
    parts = [text] if (text := _quantities(material, str(task.task_id), between="，")) else []
    parts.append(f"完成率{wording.percent(done)}")
    if status not in (*REPORTED_DONE, Status.NOT_DUE):
        parts.append(wording.against_plan(done, planned))
    remarks = material.answers.remarks.of(str(task.task_id), status)
    return "；".join(["，".join(parts), *remarks])


def _annexes(material: Material) -> list[tuple[str, str, list[Any]]]:
    """Return the annexes there are: name, field of the template (or none) and rows."""
    annexes: list[tuple[str, str, list[Any]]] = []
    if material.answers.late:
        annexes.append(("逾期和滞后任务表", "late", list(_late_rows(material))))
    if len(material.figures.tasks):
        annexes.append(("工作任务完成情况表", "tasks", list(_task_rows(material))))
    table = material.corrections
    if table is not None and len(table):
        lines = [_joined(list(table.columns), row) for row in table.itertuples(index=False)]
        annexes.append(("定稿后的更正", "", lines))
    if material.evidence:
        lines = [_joined(list(EVIDENCE_HEADERS), row) for row in material.evidence_rows]
        annexes.append(("佐证材料目录", "", lines))
    return annexes


def _joined(headers: list[str], row: Any) -> str:
    return "；".join(
        f"{header}：{text}" for header, text in zip(headers, row, strict=True) if str(text)
    )


def _late_rows(material: Material) -> Iterator[dict[str, str]]:
    answers = material.answers
    for number, task in enumerate(answers.late, start=1):
        silent = "、".join(task.unreported)
        facts = (
            _quantities(material, task.task_id),
            f"完成{wording.percent(task.completion, 0)}",
            f"应完成{wording.percent(task.planned_value, 0)}",
        )
        reason = material.stated(task.reason) or (f"{silent}未报" if silent else "没有填报")
        yield {
            "number": str(number),
            "task": task.title,
            "units": "、".join(task.units),
            "due": f"{answers.month_word(task.end)}底",
            "progress": "，".join(filter(None, facts)),
            "reason": "；".join([reason.rstrip("。"), *task.remarks]),
            "next_step": material.stated(task.next_step) or "没有填报",
            "fill": _FILLS[task.status],
        }


def _task_rows(material: Material) -> Iterator[dict[str, str]]:
    facts, rows = material.figures.dataset.tasks, material.figures.tasks
    for count, (row, flags) in enumerate(
        zip(rows.itertuples(), flag_lists(rows), strict=True), start=1
    ):
        states = [str(row.status), *(flag for flag in flags if flag != Flag.UNREPORTED)]
        yield {
            "number": facts.at[row.task_id, "number"] or str(count),
            "category": str(row.category),
            "content": facts.at[row.task_id, "content"],
            "units": material.units_of(row.task_id),
            "window": facts.at[row.task_id, "window_text"],
            # 已报完成、待核实 takes three lines, no more.
            "status": "\n".join(mark(state) for state in states)
            .replace(mark(Status.UNVERIFIED), mark(Status.UNVERIFIED).replace(" ", "\n"))
            .replace("、", "、\n"),
            "progress": completion_words(material, row),
            "fill": _FILLS.get(Status(row.status), "FFFFFF"),
        }
