"""Files that staff send: any CSV or .xlsx as a frame of cell texts, anything else as a clear error."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import Any, Literal

import openpyxl
import pandas as pd
from PIL import Image, UnidentifiedImageError

from lib.core.problems import FileError
from lib.files import csv_tables, office_files
from lib.files.office_files import MAX_BYTES
from lib.intake import headers

MAX_ROWS, MAX_COLUMNS = 200_000, 200
HEADER_ROWS = 10
"""The header is looked for in the first rows: a title may stand above it."""

EXPECTED = "填报模板（.xlsx 或 .csv）"
_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it stands in a file.

    ``cells``: texts (str) under the file's own headers; the index is the row number a
    spreadsheet shows. ``header_row`` is the row of the headers. ``overlong``: rows with text
    beyond the last header. ``title`` names the sheet of a workbook.
    """

    kind: Literal["csv", "xlsx"]
    cells: pd.DataFrame
    header_row: int
    overlong: dict[int, str]
    title: str = ""


def read_sheet(content: bytes, file: str) -> Sheet:
    """Return the report table of a file; raise `FileError` saying what the file is instead."""
    if not content:
        raise FileError(file, "文件是空的", EXPECTED)
    if len(content) > MAX_BYTES:
        size = len(content) / 1024 / 1024
        raise FileError(
            file, f"文件太大（{size:.0f} MB）", f"不超过{MAX_BYTES // 1024 // 1024} MB的{EXPECTED}"
        )
    if content.startswith(office_files.OLE):
        if office_files.is_encrypted(content):
            raise FileError(file, "文件加了密码，无法读取", "取消密码后另存的 .xlsx")
        raise FileError(
            file, "这是旧版 Office 文件（.xls、.doc）", "在 Excel 或 WPS 中另存为 .xlsx"
        )
    if content.startswith(office_files.PDF):
        raise FileError(file, "这是 PDF 文件，不是填报表", EXPECTED)
    if content.startswith(office_files.ZIP):
        return _read_workbook(content, file)
    picture = _picture(content)
    if picture:
        raise FileError(file, f"这是图片（{picture}），不是填报表", EXPECTED)
    return _read_text(content, file)


def _picture(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.format or "图片"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return ""
    except Exception:  # noqa: BLE001 - a decoder met bytes that are no picture of its kind
        return ""


def _read_text(content: bytes, file: str) -> Sheet:
    text = csv_tables.decode(content, file)
    if not text.strip("\ufeff\r\n\t ,;"):
        raise FileError(file, "文件是空的", EXPECTED)
    head = text.lstrip("\ufeff")[:20_000].splitlines()[:HEADER_ROWS]

    def headers_found(delimiter: str) -> int:
        return max(
            (
                sum(headers.known(cell.strip(' "')) for cell in line.split(delimiter))
                for line in head
            ),
            default=0,
        )

    delimiter = max(_DELIMITERS, key=headers_found)
    try:
        rows = list(
            csv.reader(
                io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True
            )
        )
    except csv.Error as error:
        raise FileError(file, f"不是完整的 CSV（{error}）", "引号成对的 CSV 文件") from error
    return _table("csv", rows, file)


def _read_workbook(content: bytes, file: str) -> Sheet:
    archive = office_files.opened(content, file, EXPECTED)
    names = set(archive.namelist())
    if any(name.startswith("word/") for name in names):
        raise FileError(file, "这是 Word 文档，不是填报表", EXPECTED)
    if any(name.startswith("ppt/") for name in names):
        raise FileError(file, "这是演示文稿，不是填报表", EXPECTED)
    if "xl/workbook.xml" not in names:
        if any(name.startswith("xl/") for name in names):
            raise FileError(file, "工作簿的格式不受支持或已损坏", "另存为 .xlsx")
        raise FileError(file, "这是压缩包，不是填报表", f"解压后上传其中的{EXPECTED}")
    try:
        return _sheet_of_workbook(content, archive, file)
    except FileError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble on
        raise FileError(
            file, "工作簿已损坏，无法读取", "在 Excel 或 WPS 中重新保存的 .xlsx"
        ) from error


def _sheet_of_workbook(content: bytes, archive: zipfile.ZipFile, file: str) -> Sheet:
    formulas = False
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            formulas |= b"<f" in archive.read(name)
    values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    written = openpyxl.load_workbook(io.BytesIO(content), read_only=True) if formulas else None
    best: Sheet | None = None
    fault: FileError | None = None
    for worksheet in values.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        other = written[worksheet.title] if written is not None else None
        try:
            found = _table("xlsx", _worksheet_rows(worksheet, other, file), file, worksheet.title)
        except FileError as error:
            fault = fault or error
            continue
        if any(headers.known(header) for header in found.cells.columns):
            return found
        best = best or found
    if best is None:
        raise fault or FileError(file, "工作簿里没有表格", EXPECTED)
    return best


def _worksheet_rows(worksheet: Any, formulas: Any, file: str) -> list[list[str]]:
    rows: list[list[str]] = []
    numbers: list[int] = []
    twins = formulas.iter_rows(max_col=MAX_COLUMNS) if formulas is not None else None
    for cells in worksheet.iter_rows(max_col=MAX_COLUMNS):
        twin = next(twins, ()) if twins is not None else ()
        texts = [_cell(cell) for cell in cells]
        for position, cell in enumerate(twin):
            if position < len(texts) and not texts[position] and cell.value is not None:
                texts[position] = str(cell.value)  # a formula that was never calculated
        rows.append(texts)
        numbers.append(len(rows))
        if len(rows) > MAX_ROWS:
            raise FileError(file, f"超过{MAX_ROWS}行", f"不超过{MAX_ROWS}行的{EXPECTED}")
    return rows


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat(sep=" ")[:16] if isinstance(value, dt.datetime) else str(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if "%" in str(cell.number_format or ""):
            return f"{value * 100:.10g}%"
        return f"{value:.15g}"
    return str(value).strip()


def _table(
    kind: Literal["csv", "xlsx"], rows: list[list[str]], file: str, title: str = ""
) -> Sheet:
    """Return the rows under the header: the first of the top rows with two known headers."""
    if len(rows) > MAX_ROWS + HEADER_ROWS:
        raise FileError(file, f"超过{MAX_ROWS}行", f"不超过{MAX_ROWS}行的{EXPECTED}")
    filled = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        raise FileError(file, "文件是空的", EXPECTED)
    top = next(
        (n for n in filled[:HEADER_ROWS] if sum(map(headers.known, rows[n])) >= 2), filled[0]
    )
    header = [cell.strip() for cell in rows[top]]
    while header and not header[-1]:
        header.pop()
    width = min(len(header), MAX_COLUMNS)
    header = _distinct(header[:width])
    body = [n for n in filled if n > top]
    overlong = {
        n + 1: "，".join(filter(None, rows[n][width:])) for n in body if any(rows[n][width:])
    }
    cells = [(rows[n] + [""] * width)[:width] for n in body]
    frame = pd.DataFrame(cells, columns=header, index=[n + 1 for n in body], dtype="str")
    return Sheet(kind, frame, top + 1, overlong, title)


def _distinct(header: list[str]) -> list[str]:
    """Return headers of which none repeats: the second 备注 becomes 备注#2."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names
