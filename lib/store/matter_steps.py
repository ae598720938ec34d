"""How steps of 督办事项 are written and taken back: decisions only, as in `lib.store.rules`.

All steps of a plan stand in ``matters.csv``, which the journal keeps as it keeps plan files. A step
is written upon the file as it is then, and taken back out of it: others may have gone on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.matters import Act, MatterError, Source, Step, fold, next_number, of_notice
from lib.core.task_steps import completed
from lib.core.units import parse_units
from lib.files import plan_folder
from lib.store.interface import Kind, RefusedError, State, Submission

FILE = schema.MATTERS.file


def all_steps(steps: Sequence[Step], submissions: Iterable[Submission]) -> list[Step]:
    """Return the steps of a file, before them the 立项 of 督办单 in force that it does not hold."""
    known = {step.number for step in steps}
    return [step for step in _of_notices(submissions) if step.number not in known] + list(steps)


def _of_notices(submissions: Iterable[Submission]) -> list[Step]:
    return [
        of_notice(facts, submission.time)
        for submission in submissions
        if submission.kind == Kind.NOTICE and submission.state == State.IN_FORCE
        for facts in submission.details.get("notices", ())
    ]


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what does not follow from a matter's steps into a refusal."""
    try:
        yield
    except MatterError as error:
        expected = f"（应为：{error.expected}）" if error.expected else ""
        raise RefusedError(f"{error.message}{expected}") from error


@_refusing()
def written(
    files: Mapping[str, bytes],
    new: Sequence[Step],
    submissions: Sequence[Submission],
    data: Dataset,
) -> tuple[bytes | None, list[str]]:
    """Return ``matters.csv`` with new steps, and the numbers of their matters.

    Units are spelled as the plan of ``data`` does. Raises `RefusedError` for a step that does not fit.
    """
    steps = plan_folder.matter_steps(files)
    used = {step.number for step in steps}
    used |= {
        str(number)
        for submission in submissions
        for number in submission.details.get("matters", ())
    }
    numbers: list[str] = []
    for step in new:
        if step.task_id and step.task_id not in data.tasks.index:
            raise RefusedError(f"计划中没有任务「{step.task_id}」")
        number = "" if step.of_task else step.number or next_number(data.settings.year, used)
        used.add(number)
        numbers += [number] * bool(number)
        if step.act is not Act.CREATE and number not in {known.number for known in steps}:
            steps += [notice for notice in _of_notices(submissions) if notice.number == number]
        unit, lead, support = (
            "、".join(parse_units(text, data.aliases))
            for text in (step.unit, step.lead, step.support)
        )
        if "、" in lead:
            raise RefusedError(f"牵头单位只能有一个（{lead}），其余写为配合单位")
        step = replace(step, number=number, unit=unit, lead=lead, support=support)
        steps.append(completed(data, step) if step.of_task and step.task_id else step)
    fold(steps)
    return plan_folder.matter_file(steps), list(dict.fromkeys(numbers))


def taken_back(now: bytes | None, before: bytes | None, after: bytes) -> bytes | None:
    """Return ``matters.csv`` as it is ``now`` without the steps that a submission added to it.

    Raises `MatterError` where something follows from them, or where they are not there any more.
    """
    steps, old, new = (
        plan_folder.matter_steps({} if content is None else {FILE: content})
        for content in (now, before, after)
    )
    if new[: len(old)] != old:  # edited by hand: only the whole file can be put back
        raise MatterError("act", "整个文件有改动")
    for step in reversed(new[len(old) :]):
        if step not in steps:
            raise MatterError("act", "这一步已经改动")
        place = len(steps) - 1 - steps[::-1].index(step)
        del steps[place]
    # the first step of a 督办单 of the journal brought its 立项 along, which others may need by now
    added = new[len(old) :]
    left = [
        step
        for step in added
        if step.act is Act.CREATE
        and any(other.act is not Act.CREATE for other in added)
        and step.source == Source.NOTICE
        and any(later.number == step.number for later in steps)
    ]
    fold([*left, *steps])
    return plan_folder.matter_file([*left, *steps])
