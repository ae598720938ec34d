"""Files that ask for more work than a report is worth; `benchmarks.limits` measures them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.lib.intake.reports import GOOD, HEAD, PERCENT, book, text, with_cell


def changed(workbook: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose first sheet's XML is changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)
    return out.getvalue()


def same_key(rows: int = 199_000) -> bytes:
    """Rows of which each repeats every other."""
    return text(*[PERCENT] * rows).encode()


def many_errors(rows: int = 20_000) -> bytes:
    """A task that is not in the plan, a month that is none and no number, in each row."""
    return text(
        *([f"子{n}", f"2018-9{n}", "妇联", "", "", f"约{n}", ""] for n in range(rows))
    ).encode()


def newlines(length: int = 16_000) -> bytes:
    """Many line breaks in one cell, once in each column."""
    gap = "走" + "\n" * length + "访"
    return text(*(with_cell(GOOD, header, f'"{gap}"') for header in HEAD)).encode()


def merged_everything() -> bytes:
    """One merged range over all cells that a sheet can have."""
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    content = book(with_cell(GOOD, "本月完成", "x"))
    return changed(content, lambda part: part.replace(b"</sheetData>", merged))


def last_row() -> bytes:
    """Two rows, the second with the highest number that a sheet can have."""

    def move(part: bytes) -> bytes:
        part = part.replace(b'<row r="3"', b'<row r="1048576"')
        for column in b"ABCDEFG":
            part = part.replace(b'r="%c3"' % column, b'r="%c1048576"' % column)
        return part

    return changed(book(PERCENT, PERCENT), move)


def zip_bomb(megabytes: int = 300) -> bytes:
    """A small file whose sheet is spaces when it is unpacked."""
    spaces = b" " * (megabytes * 1_000_000)
    return changed(book(), lambda part: part.replace(b"</sheetData>", spaces + b"</sheetData>"))


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "same_key": ("a.csv", same_key),
    "many_errors": ("a.csv", many_errors),
    "newlines": ("a.csv", newlines),
    "merged_everything": ("a.xlsx", merged_everything),
    "last_row": ("a.xlsx", last_row),
    "zip_bomb": ("a.xlsx", zip_bomb),
}
