"""What a check says of a report: 级别, 行, 列, 您填写的, 问题, 如何改."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from lib.core import schema, wording
from lib.intake.sheets import Sheet
from lib.store import HANDLERS

TABLE_COLUMNS = ["级别", "行", "列", "您填写的", "问题", "如何改"]


LONGEST_VALUE = 120
"""Characters of a cell that a finding repeats."""
SHOWN = 100
"""Findings that are listed one by one; the marked copy holds all."""
GROUPS = 20
"""Kinds of further findings that are counted."""


class Severity(StrEnum):
    """How much a finding weighs: an error keeps its row out, a warning asks, a note tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}


@dataclass(frozen=True)
class Finding:
    """One finding in one cell; ``row`` 0 is the file as a whole.

    ``column`` is the Chinese header. ``needs_reason``: the row may be submitted only with a reason.
    ``needs_consent``: something that was filled in is left out, or lands where it may not have been
    meant; the rest is submitted only when that is confirmed.
    """

    row: int
    column: str
    value: str
    problem: str
    fix: str
    severity: Severity = Severity.ERROR
    needs_reason: bool = False
    needs_consent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", wording.clip(self.value, LONGEST_VALUE))

    def __str__(self) -> str:
        place = f"第{self.row}行" if self.row else "整个文件"
        place += f"「{self.column}」" if self.column else ""
        seen = f"填写的是「{self.value}」，" if self.value else ""
        fix = f"；如何改：{self.fix}" if self.fix else ""
        return f"{SEVERITY_WORDS[self.severity]}　{place}：{seen}{self.problem}{fix}"


@dataclass(frozen=True, eq=False)
class Checked:
    """A checked file.

    ``rows``: the rows without errors, typed (`lib.core.schema.ProgressModel`), canonical units; the
    index is the row number in the file. ``wrong``: numbers of the rows with errors. ``fields``:
    the fields that the file has a column for. ``sheet``: the cells as read, if it was a table.
    ``emptied``: the cells (row, field) that say that there is nothing (无), and so clear a text that
    was reported before; a cell that is only blank leaves it.
    """

    file: str
    sha256: str
    findings: tuple[Finding, ...]
    rows: pd.DataFrame
    wrong: frozenset[int]
    fields: frozenset[str]
    sheet: Sheet | None = None
    emptied: frozenset[tuple[int, str]] = frozenset()

    @classmethod
    def refused(
        cls, file: str, sha256: str, findings: list[Finding], sheet: Sheet | None = None
    ) -> Checked:
        """Return a file of which no row can be read."""
        rows = schema.PROGRESS.empty()
        return cls(file, sha256, tuple(findings), rows, frozenset(), frozenset(), sheet)

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep rows, or the file, out."""
        return self.of(Severity.ERROR)

    @property
    def unusable(self) -> bool:
        """Whether nothing of the file can be submitted."""
        return not len(self.rows)

    @property
    def needs_reason(self) -> bool:
        """Whether a row without errors may be submitted only with a reason."""
        return any(finding.needs_reason for finding in self.findings)

    @property
    def needs_consent(self) -> bool:
        """Whether something is left out, or may land where it was not meant."""
        return any(finding.needs_consent for finding in self.findings)

    @property
    def handlers(self) -> list[str]:
        """Who filled the file in by its own word (经手人): of the column 填报人, of its last lines.

        Who reports is who is signed in, whatever the file says.
        """
        signed = () if self.sheet is None else self.sheet.signed
        return list(filter(None, dict.fromkeys([*map(str, self.rows["reporter"]), *signed])))

    @property
    def details(self) -> dict[str, list[str]]:
        """What the journal keeps of the file besides its rows."""
        return {HANDLERS: self.handlers} if self.handlers else {}

    @property
    def months(self) -> tuple[int, ...]:
        """The months (ordinals) that the rows without errors are about."""
        return tuple(sorted(map(int, self.rows["month"].unique())))

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The first `SHOWN` findings; behind them, how many more there are of which kind."""
        rest = self.findings[SHOWN:]
        if not rest:
            return self.findings
        kinds = Counter(
            (each.severity, each.column, wording.clip(each.problem, 24)) for each in rest
        )
        groups = [
            Finding(
                0, column, "", f"还有{number}处：{problem}", "下载标出错误的文件逐行查看", severity
            )
            for (severity, column, problem), number in kinds.most_common(GROUPS)
        ]
        left = sum(number for _, number in kinds.most_common()[GROUPS:])
        if left:
            groups.append(Finding(0, "", "", f"还有其他{left}处", "", Severity.NOTE))
        return (*self.findings[:SHOWN], *groups)

    def table(self) -> pd.DataFrame:
        """Return the findings that are `shown` as a table for people, under `TABLE_COLUMNS`."""
        fields = ["severity", "row", "column", "value", "problem", "fix"]
        table = pd.DataFrame([vars(finding) for finding in self.shown], columns=fields)
        table["severity"] = table["severity"].map(SEVERITY_WORDS)
        table["row"] = table["row"].map(lambda row: f"第{row}行" if row else "整个文件")
        return table.set_axis(TABLE_COLUMNS, axis="columns").astype("str")

    def summary(self) -> str:
        """Return the outcome in one sentence."""
        errors, warnings = len(self.errors), len(self.of(Severity.WARNING))
        good = f"{len(self.rows)}行可以提交"
        if not errors:
            return f"没有错误，{good}" + (f"，有{warnings}处提醒请核对" if warnings else "")
        if self.unusable:
            return f"有{errors}处错误，没有可以提交的行"
        return f"有{errors}处错误（{len(self.wrong)}行），{good}"
