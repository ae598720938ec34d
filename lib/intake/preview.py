"""What a checked file would change: rows 新增, 修改, 不变, 错误, and the completion before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.intake.check import Checked
from lib.store import Changes
from lib.store.changes import HEADERS as COLUMNS
from lib.store.changes import KEY, keyed

ADDED, CHANGED, SAME, WRONG, REMOVED = "新增", "修改", "不变", "错误", "删除"
H = schema.PROGRESS.headers
CONTENT = [
    H[name]
    for name in ("quantity", "cumulative_percent", "note", "issues", "next_steps", "coordination")
]


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

    def effect(self, unit: str | None, month: int) -> pd.DataFrame:
        """Return completion before and after as of a month: 范围, 原来（%）, 之后（%）, 变化（百分点）."""
        tasks = self.before.tasks
        touched = self.changes.after.index.get_level_values(0)
        narrative = bool((tasks.loc[touched, "source"] == schema.NARRATIVE).any())
        note = "（含正文承诺）" if narrative else ""
        lines: dict[str, dict[str, float]] = {}
        for label, data in (("before", self.before), ("after", self.after)):
            figures = Figures(data, Selection(month, with_narrative=narrative))
            lines[label] = {f"总体{note}": float(figures.overall["earned_value"].iloc[0])}
            own = figures.by_unit.set_index("key")["earned_value"]
            if unit in own.index:
                lines[label][f"{unit}{note}"] = float(own[unit])
        rows = [
            {
                "范围": name,
                "原来（%）": round(before * 100, 1),
                "之后（%）": round(lines["after"][name] * 100, 1),
                "变化（百分点）": round((lines["after"][name] - before) * 100, 1),
            }
            for name, before in sorted(
                lines["before"].items(), key=lambda item: item[0].startswith("总体")
            )
        ]
        return pd.DataFrame(rows)


def preview(dataset: Dataset, checked: Checked, user: str, now: datetime | None = None) -> Preview:
    """Return what submitting the rows without errors would change.

    A column that the file does not have keeps its value. A row whose content (数量, 完成率, 说明
    …) is as it was is 不变, whoever reports it.
    """
    state = keyed(schema.PROGRESS.texts(dataset.progress))
    new = _new_rows(state, checked, user, now or datetime.now())
    exists = new.index.isin(state.index)
    old = state.loc[new.index[exists]]
    same_here = (old[CONTENT].to_numpy() == new.loc[exists, CONTENT].to_numpy()).all(axis=1)
    same = new.index[exists][same_here]
    moves = ~new.index.isin(same)
    changes = Changes(old[~old.index.isin(same)], new[moves])
    after = dataset
    if len(changes):
        texts = changes.apply(state)
        numbered = texts.set_axis(range(2, len(texts) + 2), axis="index")
        after = dataset.with_progress(schema.PROGRESS.check(numbered, schema.PROGRESS.file))
    lines, unmoved = [], set(same)
    olds = dict(zip(old.index, old.to_dict("records"), strict=True))
    news = zip(checked.rows.index, new.index, new.to_dict("records"), strict=True)
    for row, key, cells in news:
        word = ADDED if key not in olds else (SAME if key in unmoved else CHANGED)
        lines.append(_line(int(row), word, cells, olds.get(key)))
    lines += [_wrong_line(checked, row) for row in checked.wrong if row]
    lines.sort(key=lambda line: int(str(line["行"])))
    table = pd.DataFrame(lines, columns=["行", "变化", *KEY, "内容"])
    counts = {word: int((table["变化"] == word).sum()) for word in (ADDED, CHANGED, SAME, WRONG)}
    return Preview(changes, table, counts, dataset, after)


def _new_rows(state: pd.DataFrame, checked: Checked, user: str, now: datetime) -> pd.DataFrame:
    texts = keyed(schema.PROGRESS.texts(checked.rows))
    inside = texts.index.isin(state.index)
    kept = [H[name] for name in schema.PROGRESS.columns if name not in checked.given]
    kept = [header for header in kept if header in CONTENT]
    if inside.any() and kept:
        texts = texts.copy()
        texts.loc[inside, kept] = state.loc[texts.index[inside], kept].to_numpy()
    reporter = texts[H["reporter"]].where(texts[H["reporter"]] != "", user)
    return texts.assign(
        **{
            H["reporter"]: reporter,
            H["reported_at"]: now.strftime("%Y-%m-%d %H:%M:%S"),
        }
    )[COLUMNS].astype("str")


def _line(
    row: int, word: str, new: Mapping[Hashable, str], before: Mapping[Hashable, str] | None
) -> dict[str, object]:
    parts = []
    for header in CONTENT:
        value, old = new[header], "" if before is None else before[header]
        if before is not None and value != old:
            parts.append(f"{header}：{old or '（空）'} → {value or '（空）'}")
        elif value and before is None:
            parts.append(f"{header}：{value}")
    return {"行": row, "变化": word, **{name: new[name] for name in KEY}, "内容": "；".join(parts)}


def diff_table(changes: Changes) -> pd.DataFrame:
    """Return changes for people, one line per row: 变化 (新增, 修改, 删除), the key, 内容."""
    lines = []
    befores, afters = (
        dict(zip(side.index, side.to_dict("records"), strict=True))
        for side in (changes.before, changes.after)
    )
    for number, key in enumerate({**befores, **afters}):
        if key not in afters:
            lines.append(_line(number, REMOVED, befores[key], None))
            continue
        word = CHANGED if key in befores else ADDED
        lines.append(_line(number, word, afters[key], befores.get(key)))
    return pd.DataFrame(lines, columns=["变化", *KEY, "内容"])


def _wrong_line(checked: Checked, row: int) -> dict[str, object]:
    told = "；".join(
        f"{one.column}：{one.problem}" if one.column else one.problem
        for one in checked.errors
        if one.row == row
    )
    cells = (
        {}
        if checked.sheet is None or row not in checked.sheet.cells.index
        else dict(checked.sheet.cells.loc[row])
    )
    return {"行": row, "变化": WRONG, **{name: cells.get(name, "") for name in KEY}, "内容": told}
