"""Faults in data: what is wrong, where, what was seen and what was expected, in Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault in one place of one file.

    ``row`` counts as Excel does (the header is row 1); 0 means the file as a whole.
    ``column`` is the Chinese header, ``value`` the text as it stands in the cell, ``message``
    what is wrong with it and ``expected`` what would be right.
    """

    file: str
    row: int
    column: str
    value: str
    message: str
    expected: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f" 第{self.row}行"
        if self.column:
            place += f"「{self.column}」列"
        value = f"：填写的是「{self.value}」，" if self.row and self.column else "："
        expected = f"；应为：{self.expected}" if self.expected else ""
        return f"{place}{value}{self.message}{expected}"


class DataError(Exception):
    """A data file cannot be used; ``problems`` lists every fault found in it."""

    SHOWN = 20

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        lines = [str(problem) for problem in self.problems[: self.SHOWN]]
        if len(self.problems) > self.SHOWN:
            lines.append(f"……共{len(self.problems)}处错误")
        super().__init__("\n".join(lines))


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise `DataError` if there is any problem."""
    listed = tuple(problems)
    if listed:
        raise DataError(listed)


class FileError(DataError):
    """A file as a whole cannot be used: missing, unreadable, no table."""

    def __init__(self, file: str, message: str, expected: str = "") -> None:
        super().__init__([Problem(file, 0, "", "", message, expected)])


def missing_file(file: str) -> FileError:
    """Return the error of a data file that is not there."""
    return FileError(file, "找不到这个文件", f"数据目录中有 {file}")
