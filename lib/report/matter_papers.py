"""What goes out about 督办事项: words to paste into a chat or mail, a calendar file, a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from lib.core.matters import Matter, MatterState, by_urgency, late, origin_words
from lib.report.calendar_file import calendar_file, whole_day


def reminder(unit: str, matters: Iterable[Matter], today: date) -> str:
    """Return a 催办 text to a unit about what it leads and has not answered; empty if nothing."""
    waiting = [
        matter
        for matter in by_urgency(matters, today)
        if matter.lead == unit and matter.state not in (MatterState.TO_VERIFY, MatterState.CLOSED)
    ]
    if not waiting:
        return ""
    lines = [
        f"{place}. {matter.created.words.rstrip('。')}（{matter.number}，{origin_words(matter)}，"
        f"{_urgency(matter, today)}）"
        for place, matter in enumerate(waiting, start=1)
    ]
    asks = "请签收并" if any(m.state is MatterState.UNSIGNED for m in waiting) else "请"
    return "\n".join(
        [
            f"【催办】{unit}：你单位有{len(waiting)}件督办事项需要办理：",
            *lines,
            f"{asks}抓紧办理，在看板“督办事项”中反馈；不能按期完成的，请申请延期并说明原因。",
        ]
    )


def _urgency(matter: Matter, today: date) -> str:
    if days := matter.days_late(today):
        return f"期限{matter.due:%Y-%m-%d}，已逾期{days}天"
    left = (matter.due - today).days
    return f"期限{matter.due:%Y-%m-%d}，{'今天到期' if not left else f'还有{left}天'}"


def calendar(matters: Iterable[Matter]) -> bytes:
    """Return the due dates of open matters as an iCalendar file (RFC 5545), one whole day each."""
    events = []
    for matter in matters:
        if not matter.open:
            continue
        event = whole_day(
            f"{matter.number}@plan-dashboard",
            matter.due,
            datetime.fromisoformat(matter.steps[-1].time).astimezone(),
            f"{matter.lead}：{matter.created.words}",
        )
        support = f"；配合单位：{'、'.join(matter.support)}" if matter.support else ""
        event.add(
            "description",
            f"{matter.number}（{origin_words(matter)}），{matter.state}，期限{matter.due_words()}{support}",
        )
        events.append(event)
    return calendar_file("-//work plan dashboard//matters//ZH", events, "督办事项")


def paragraphs(matters: Sequence[Matter], today: date, listed: int) -> list[str]:
    """Return the 通报's paragraph about 督办事项, ``listed`` overdue ones named; none if there are none."""
    if not matters:
        return []
    states = [matter.state for matter in matters]
    closed = states.count(MatterState.CLOSED)
    counts = [f"共立项督办{len(matters)}件", f"已销号{closed}件"]
    counts += [
        f"{state}{states.count(state)}件"
        for state in MatterState
        if state is not MatterState.CLOSED and state in states
    ]
    text = "，".join(counts) + "。"
    overdue = late(matters, today)
    if overdue:
        named = [
            f"{matter.lead}承办的“{matter.created.words.rstrip('。，')}”逾期{matter.days_late(today)}天"
            for matter in overdue[:listed]
        ]
        if more := len(overdue) - len(named):
            named.append(f"{'另有' if named else ''}{more}件")
        text += f"其中逾期未办结的有{'：' if listed else ''}{'；'.join(named)}。"
    return [text]
