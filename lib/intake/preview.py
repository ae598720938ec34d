"""What a checked file would change: rows 新增, 修改, 不变, 错误, and the completion before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.intake.findings import Checked
from lib.intake.headers import ENTRY, ENTRY_FIELDS, TEXT_FIELDS, H
from lib.store import Changes
from lib.store.changes import HEADERS, KEY, keyed

ADDED, CHANGED, SAME, WRONG, REMOVED = "新增", "修改", "不变", "错误", "删除"

Cells = Mapping[Hashable, str]
"""The texts of a row under the file's headers."""


@dataclass(frozen=True, eq=False)
class Preview:
    """What would happen: ``changes`` to write; ``table`` for people, one line per row of the
    file (行, 变化, 任务编号, 月份, 填报单位, 指标, 内容); ``counts`` by kind of change; ``after`` the
    dataset as it would be.
    """

    changes: Changes
    table: pd.DataFrame
    counts: dict[str, int]
    before: Dataset
    after: Dataset

    def sentence(self) -> str:
        """Return the counts in words."""
        return "，".join(f"{word}{number}行" for word, number in self.counts.items())

    def months(self) -> str:
        """Return the months that are written to: ``2018-09、2018-10``."""
        touched = self.changes.after.index.get_level_values(KEY.index(H["month"])).unique()
        return "、".join(sorted(map(str, touched)))

    def effect(self, unit: str | None, month: int) -> pd.DataFrame:
        """Return completion before and after as of a month: 范围, 原来（%）, 之后（%）, 变化（百分点）.

        The unit's own comes first, then the whole plan's; with the narrative's promises where
        the changes touch one.
        """
        touched = self.changes.after.index.get_level_values(0)
        narrative = bool((self.before.tasks.loc[touched, "source"] == schema.NARRATIVE).any())
        note = "（含正文承诺）" if narrative else ""

        def earned(dataset: Dataset) -> dict[str, float]:
            figures = Figures(dataset, Selection(month, with_narrative=narrative))
            units = figures.by_unit.set_index("key")["earned_value"]
            own = {f"{unit}{note}": float(units[unit])} if unit in units.index else {}
            return {**own, f"总体{note}": float(figures.overall["earned_value"].iloc[0])}

        before, after = earned(self.before), earned(self.after)
        return pd.DataFrame(
            {
                "范围": name,
                "原来（%）": round(value * 100, 1),
                "之后（%）": round(after[name] * 100, 1),
                "变化（百分点）": round((after[name] - value) * 100, 1),
            }
            for name, value in before.items()
        )


def preview(dataset: Dataset, checked: Checked, user: str, now: datetime | None = None) -> Preview:
    """Return what submitting the rows without errors would change.

    A column that the file does not have keeps its value, and so does a text where the cell is
    blank: only 无 clears it. A row whose content (数量, 完成率, 说明 …) is as it was is 不变, whoever
    reports it.
    """
    state = keyed(schema.PROGRESS.texts(dataset.progress))
    new = _new_rows(state, checked, user, now or datetime.now())
    exists = new.index.isin(state.index)
    old = state.loc[new.index[exists]]
    equal = (old[ENTRY].to_numpy() == new.loc[exists, ENTRY].to_numpy()).all(axis=1)
    same = new.index[exists][equal]
    changes = Changes(old[~old.index.isin(same)], new[~new.index.isin(same)])
    after = dataset
    if len(changes):
        texts = changes.apply(state)
        numbered = texts.set_axis(range(2, len(texts) + 2), axis="index")
        after = dataset.with_progress(schema.PROGRESS.check(numbered, schema.PROGRESS.file))
    befores, unchanged = _by_key(old), set(same)
    lines = [
        {"行": int(row), **_line(SAME if key in unchanged else "", cells, befores.get(key))}
        for row, (key, cells) in zip(checked.rows.index, _by_key(new).items(), strict=True)
    ]
    lines += [_wrong_line(checked, row) for row in checked.wrong if row]
    table = pd.DataFrame(lines, columns=["行", "变化", *KEY, "内容"]).sort_values("行")
    counts = {word: int((table["变化"] == word).sum()) for word in (ADDED, CHANGED, SAME, WRONG)}
    return Preview(changes, table.reset_index(drop=True), counts, dataset, after)


def _new_rows(state: pd.DataFrame, checked: Checked, user: str, now: datetime) -> pd.DataFrame:
    texts = keyed(schema.PROGRESS.texts(checked.rows))
    known = texts.index.isin(state.index)
    unwritten = [H[name] for name in ENTRY_FIELDS if name not in checked.fields]
    if known.any() and unwritten:
        texts = texts.copy()
        texts.loc[known, unwritten] = state.loc[texts.index[known], unwritten].to_numpy()
    for name in TEXT_FIELDS if known.any() else ():
        emptied = [(row, name) in checked.emptied for row in checked.rows.index]
        blank = known & (texts[H[name]] == "").to_numpy() & ~np.array(emptied)
        if blank.any():
            texts.loc[blank, H[name]] = state.loc[texts.index[blank], H[name]].to_numpy()
    texts = texts.assign(**{H["reporter"]: user, H["reported_at"]: f"{now:%Y-%m-%d %H:%M:%S}"})
    before = state.loc[texts.index[known], H["reported_at"]]
    earlier = before[before != ""]  # a correction makes no report late; the journal has its time
    texts.loc[earlier.index, H["reported_at"]] = earlier
    return texts[HEADERS].astype("str")


def _by_key(texts: pd.DataFrame) -> dict[Hashable, Cells]:
    rows = (dict(zip(HEADERS, row, strict=True)) for row in texts[HEADERS].to_numpy().tolist())
    return dict(zip(texts.index, rows, strict=True))


def _line(word: str, cells: Cells, before: Cells | None) -> dict[str, object]:
    """Return a row for people; without a word it is 新增 or 修改."""
    if before is None:
        parts = [f"{header}：{cells[header]}" for header in ENTRY if cells[header]]
    else:
        parts = [
            f"{header}：{before[header] or '（空）'} → {cells[header] or '（空）'}"
            for header in ENTRY
            if cells[header] != before[header]
        ]
    word = word or (ADDED if before is None else CHANGED)
    return {"变化": word, **{name: cells[name] for name in KEY}, "内容": "；".join(parts)}


def diff_table(changes: Changes) -> pd.DataFrame:
    """Return changes for people, one line per row: 变化 (新增, 修改, 删除), the key, 内容."""
    befores, afters = _by_key(changes.before), _by_key(changes.after)
    lines = [
        _line("", afters[key], befores.get(key))
        if key in afters
        else _line(REMOVED, befores[key], None)
        for key in {**befores, **afters}
    ]
    return pd.DataFrame(lines, columns=["变化", *KEY, "内容"])


def _wrong_line(checked: Checked, row: int) -> dict[str, object]:
    problems = "；".join(
        f"{finding.column}：{finding.problem}" if finding.column else finding.problem
        for finding in checked.errors
        if finding.row == row
    )
    sheet = checked.sheet
    cells = {} if sheet is None or row not in sheet.cells.index else sheet.cells.loc[row].to_dict()
    key = {name: cells.get(name, "") for name in KEY}
    return {"行": row, "变化": WRONG, **key, "内容": problems}
