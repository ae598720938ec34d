"""Reports of many units at once: one file with all of them, or a folder of replies.

Each unit's rows of each sheet are a part of their own: checked, previewed, submitted and, where
something did not fit, sent back by itself.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import csv_tables
from lib.intake import columns, headers
from lib.intake.check import check_rows, refused
from lib.intake.findings import Checked, Finding
from lib.intake.marked_copy import corrected_copy, texts_by_row
from lib.intake.preview import preview
from lib.intake.reader import read_sheets
from lib.intake.sheets import Sheet
from lib.intake.submission import Sent, send
from lib.intake.which_sheet import tell_unread
from lib.store import Original, Store

H = schema.PROGRESS.headers
NO_UNIT = "（认不出单位）"
"""Whose part rows are whose unit is not one of the plan's."""


@dataclass(frozen=True, eq=False)
class Part:
    """One unit's rows in one sheet of one file; ``whole``: the file holds nobody else's."""

    unit: str
    file: str
    content: bytes
    sheet: Sheet | None
    month: int
    checked: Checked
    whole: bool

    @property
    def is_good(self) -> bool:
        """Whether all of it is taken without a question."""
        return not (self.checked.errors or self.checked.needs_consent or self.checked.needs_reason)

    def check(self, dataset: Dataset) -> Checked:
        """Return the part checked anew, without the rows that another file reports as well."""
        if self.sheet is None:
            return self.checked
        checked = _checked(self.sheet, dataset, self.file, self.unit, self.month)
        return replace(checked, rows=checked.rows[checked.rows.index.isin(self.checked.rows.index)])


def split(files: Iterable[tuple[str, bytes]], dataset: Dataset, month: int) -> list[Part]:
    """Return the parts of files (name and bytes) for a month, in the plan's order of units.

    A unit is read from the column 填报单位, else from the name of the sheet or the file. A row that
    an earlier file reports as well is an error of the later one.
    """
    parts: list[Part] = []
    for file, content in files:
        try:
            all_sheets = read_sheets(content, file)
        except DataError as error:
            checked = refused(error, file, "")
            parts.append(Part(NO_UNIT, file, content, None, month, checked, whole=True))
            continue
        hidden = [sheet for sheet in all_sheets if sheet.is_hidden]
        visible = [sheet for sheet in all_sheets if not sheet.is_hidden]
        sheets = [sheet for sheet in visible if _is_report(sheet)] or visible[:1]
        for sheet in sheets:
            units = _units(sheet, file, dataset)
            for unit in dict.fromkeys(units):
                own = replace(sheet, cells=sheet.cells[(units == unit).to_numpy()])
                checked = _checked(own, dataset, file, unit, month, hidden)
                whole = len(sheets) == 1 and units.nunique() == 1
                parts.append(Part(unit, file, content, own, month, checked, whole))
    order = {unit: position for position, unit in enumerate(dataset.units)}
    parts.sort(key=lambda part: order.get(part.unit, len(order)))
    return _without_repeats(parts)


def _is_report(sheet: Sheet) -> bool:
    fields = columns.match(sheet).fields
    return "task_id" in fields and any(name in fields for name in headers.ENTRY_FIELDS)


def _units(sheet: Sheet, file: str, dataset: Dataset) -> pd.Series[str]:
    """Return whose each row is, `NO_UNIT` where that cannot be told."""
    header = columns.match(sheet).fields.get("unit")
    written = sheet.cells[header].str.strip() if header else pd.Series("", index=sheet.cells.index)
    by_name = _unit_in(f"{sheet.title} {file}", dataset)
    units = dataset.canonical(written.where(written != "", by_name).astype("str"))
    return units.where(units.isin(dataset.units), NO_UNIT)


def _unit_in(name: str, dataset: Dataset) -> str:
    """Return the unit that a sheet's or file's name holds: the longest one."""
    return max((unit for unit in dataset.units if unit in name), key=len, default="")


def _checked(
    sheet: Sheet, dataset: Dataset, file: str, unit: str, month: int, hidden: Sequence[Sheet] = ()
) -> Checked:
    known = None if unit == NO_UNIT else unit
    unread = tell_unread(hidden, sheet, dataset, known, month)
    return check_rows(sheet, dataset, file=file, unit=known, month=month, findings=unread)


def _without_repeats(parts: Sequence[Part]) -> list[Part]:
    """Return the parts without the rows that an earlier one reports: which is right is unknown."""
    seen: dict[tuple[object, ...], str] = {}
    kept = []
    for part in parts:
        rows, repeats = part.checked.rows, []
        for row, *key in rows[schema.REPORT_KEY].itertuples():
            if tuple(key) in seen:
                repeats.append((int(row), seen[tuple(key)]))
            else:
                where = part.sheet.title if part.sheet is not None else ""
                seen[tuple(key)] = f"{part.file}{f'（{where}）' if where else ''}"
        findings = [
            Finding(row, H["task_id"], "", f"「{other}」也报了这一项", "只留一份")
            for row, other in repeats
        ]
        wrong = {row for row, _ in repeats}
        checked = replace(
            part.checked,
            findings=(*findings, *part.checked.findings),
            rows=rows[~rows.index.isin(wrong)],
            wrong=part.checked.wrong | wrong,
        )
        kept.append(replace(part, checked=checked))
    return kept


def overview(parts: Sequence[Part], dataset: Dataset) -> pd.DataFrame:
    """Return the parts for people: 单位, 文件, 新增, 修改, 不变, 错误, 提醒."""
    lines = []
    for part in parts:
        counts = preview(dataset, part.checked, "").counts if len(part.checked.rows) else {}
        lines.append(
            {
                "单位": part.unit,
                "文件": part.file
                + (f"（{part.sheet.title}）" if part.sheet and part.sheet.title else ""),
                **{word: counts.get(word, 0) for word in ("新增", "修改", "不变")},
                "错误": len(part.checked.errors),
                "提醒": len(part.checked.findings) - len(part.checked.errors),
            }
        )
    return pd.DataFrame(lines)


def send_all(
    store: Store, parts: Sequence[Part], user: str, reason: str
) -> list[tuple[Part, Sent]]:
    """Submit the good rows of each part as a submission of its own; raises what `send` raises.

    What is to be confirmed is confirmed: the page has asked.
    """
    return [
        (
            part,
            send(
                store,
                part.check,
                user,
                original=Original(part.file, part.content),
                reason=reason,
                good_rows=True,
            ),
        )
        for part in parts
        if len(part.checked.rows) and part.unit != NO_UNIT
    ]


def copies(parts: Sequence[Part]) -> bytes:
    """Return a .zip of what did not fit: one marked copy for each unit and file.

    Of a file with many units each unit gets its own rows only.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, part in enumerate(parts, start=1):
            if part.is_good or part.sheet is None:
                continue
            copy = corrected_copy(part.checked, part.content) if part.whole else None
            name, content = copy or (
                f"{part.file.rpartition('.')[0]}_校验结果.csv",
                _rows_copy(part.sheet.cells, part.checked),
            )
            archive.writestr(f"{number:02}_{part.unit}_{name}", content)
    return out.getvalue()


def _rows_copy(cells: pd.DataFrame, checked: Checked) -> bytes:
    marks = pd.Series(texts_by_row(checked), dtype="str").reindex(cells.index).fillna("")
    return csv_tables.to_csv(csv_tables.escape(cells.assign(**{headers.FINDINGS: marks})))
