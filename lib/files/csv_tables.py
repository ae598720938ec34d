"""Tables as files: Excel-safe CSV in and out (UTF-8 with BOM on write).

Reading accepts what spreadsheets save: UTF-8 with or without BOM, UTF-16 and GBK/GB18030.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
from charset_normalizer import from_bytes

from lib.core import texts
from lib.core.problems import DataError, FileError, Problem, missing_file
from lib.core.schema import Table

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet (OWASP: CSV injection)."""

_BLANK_ROW = re.compile(r"\n[\s,]*(?:\n|$)")
_RUNS = re.compile(r"^'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"^'('*[=+\-@\t\r])")


def decode(content: bytes, file: str) -> str:
    """Return the text of a CSV file's bytes; raise `FileError` if it is in no known encoding.

    A byte order mark decides, or zero bytes in every second place (UTF-16); then UTF-8 if the
    bytes are valid UTF-8; else charset-normalizer chooses among GB18030 (which includes GBK) and
    UTF-16 without a mark. Lines in two encodings are refused: read as one, half would be mojibake.
    """
    encodings = ["utf-16"] if content.startswith(_UTF16_BOMS) else _utf16_order(content)
    for encoding in encodings or ["utf-8-sig"]:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    if not encodings:
        with suppress(UnicodeDecodeError):  # half of a character is left out, not refused
            return content.decode("utf-8-sig", "surrogatepass")
        _refuse_two_encodings(content, file)
        isolated = ["gb18030"] if b"\0" in content else ["gb18030", "utf_16_le", "utf_16_be"]
        best = from_bytes(content, cp_isolation=isolated).best()
        with suppress(UnicodeDecodeError):
            return content.decode(best.encoding if best else "gb18030")
    raise FileError(file, "不是文本文件，或编码无法识别", "UTF-8 或 GBK 编码的 CSV 文件")


def _utf16_order(content: bytes) -> list[str]:
    """Return the UTF-16 that zero bytes speak for: they stand in every second place only."""
    first, second = content[0::2].count(0), content[1::2].count(0)
    if (first + second) * 50 < len(content) or min(first, second) * 9 > max(first, second):
        return []
    return ["utf-16-le" if second > first else "utf-16-be"]


def _refuse_two_encodings(content: bytes, file: str) -> None:
    """Raise `FileError` where some lines are UTF-8 and others are not (two files in one)."""
    utf8, others = 0, []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            others.append(number)
        else:  # three characters that are UTF-8 by chance in GBK: hardly ever
            utf8 += len(line) - len(line.decode()) >= 6
    if utf8 and others:
        lines = "、".join(map(str, others[:3])) + (f"等{len(others)}" if len(others) > 3 else "")
        raise FileError(
            file,
            f"编码前后不一致，第{lines}行会变成乱码",
            "用一种编码（UTF-8 或 GBK）重新保存的文件，或 .xlsx",
        )


def records(text: str, file: str, delimiter: str = ",") -> list[list[str]]:
    """Return the rows of CSV text as lists of cells; raise `FileError` for an open quote."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError(file, f"不是完整的 CSV（{error}）", "引号成对的 CSV 文件") from error


def parse_csv(content: str, file: str) -> pd.DataFrame:
    """Return CSV text as a frame of cell texts.

    Columns are the headers (stripped), values are str, the index is the row number that a
    spreadsheet shows (the first data row is 2). Rows without any text are left out. Raises
    `FileError` for a file without a header, `DataError` for rows with too many cells.
    """
    plain = _plain_cells(content)
    if plain is not None:
        return plain
    lines = records(content, file)
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise FileError(file, "文件是空的", "第1行是表头")
    header = [cell.strip() for cell in lines[0]]
    width = len(header)
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    problems = [Problem(file, 1, name, name, "表头重复", "每个表头只出现一次") for name in repeated]
    rows, numbers = [], []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(map(str.strip, cells)):
            continue
        if any(map(str.strip, cells[width:])):
            extra = "，".join(cells[width:])
            problems.append(Problem(file, number, "", extra, f"多出内容「{extra}」", f"{width}列"))
        rows.append(cells if len(cells) == width else (cells + [""] * width)[:width])
        numbers.append(number)
    if problems:
        raise DataError(problems)
    if not texts.is_clean(content):
        rows = [list(map(texts.clean, cells)) for cells in rows]
    return pd.DataFrame(rows, columns=header, index=numbers, dtype="str")


def is_plain(text: str) -> bool:
    """Whether each line of CSV text is a row with content, and each comma parts two cells."""
    breaks = text.count("\r") == text.count("\r\n")
    return breaks and '"' not in text and not _BLANK_ROW.search(text) and texts.is_clean(text)


def _plain_cells(text: str) -> pd.DataFrame | None:
    """Return what `parse_csv` does of a plain text without uneven rows; else ``None``.

    Arrow reads such a text in a tenth of the time: by the column, making no object of a cell.
    """
    text = text.rstrip("\r\n")
    header = [cell.strip() for cell in text.partition("\n")[0].split(",")]
    if not all(header) or len(set(header)) < len(header) or not is_plain(text):
        return None
    names = arrow_csv.ReadOptions(column_names=header, skip_rows=1)
    no_quotes = arrow_csv.ParseOptions(quote_char=False)
    as_text = arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.large_string()))
    try:
        cells = arrow_csv.read_csv(pa.BufferReader(text.encode()), names, no_quotes, as_text)
    except pa.ArrowInvalid:  # uneven rows, or none
        return None
    return cells.to_pandas().set_index(pd.RangeIndex(2, len(cells) + 2))


_MAYBE_DIRTY = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")


def is_dirty(content: bytes, file: str) -> bool:
    """Whether a file holds control characters, which are left out when it is read."""
    # a look at the bytes is quick; the other encodings have such bytes in good characters too
    return bool(_MAYBE_DIRTY.search(content)) and not texts.is_clean(decode(content, file))


def cleaned(content: bytes, file: str) -> bytes:
    """Return a file without the characters that are left out when it is read."""
    rows = csv.reader(io.StringIO(decode(content, file).removeprefix("\ufeff"), newline=""))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(map(texts.clean, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def read_bytes(path: Path) -> bytes:
    """Return a data file's bytes; raise `FileError` if it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise missing_file(path.name) from error
    except OSError as error:
        raise FileError(path.name, f"无法读取（{error.strerror}）", "可读取的文件") from error


def parse(table: Table, content: bytes, file: str) -> pd.DataFrame:
    """Return the typed frame of a file's bytes; raise `DataError` saying what is wrong where."""
    text = decode(content, file)
    cells = parse_csv(text, file)
    return table.check(unescape(cells) if "'" in text else cells, file)


def read(table: Table, path: Path) -> pd.DataFrame:
    """Return the typed frame of a table's file; raise `DataError` saying what is wrong where."""
    return parse(table, read_bytes(path), path.name)


def to_csv(cells: pd.DataFrame, *, header: bool = True) -> bytes:
    """Return a frame of texts as the bytes of a CSV file: UTF-8 with BOM, CRLF line ends."""
    content: str = cells.to_csv(index=False, header=header, lineterminator="\r\n")
    return _BOM + content.encode()


def escape(cells: pd.DataFrame) -> pd.DataFrame:
    """Return text cells so that a spreadsheet runs none as a formula; `unescape` undoes it."""
    return _replaced(cells, ("'", *FORMULA_STARTS), _RUNS, r"'\g<0>")


def unescape(cells: pd.DataFrame) -> pd.DataFrame:
    """Return text cells as they were before `escape`; other cells are as they are."""
    return _replaced(cells, ("'",), _ESCAPED, r"\1")


def _replaced(
    cells: pd.DataFrame, starts: tuple[str, ...], pattern: re.Pattern[str], text: str
) -> pd.DataFrame:
    """Return cells with a pattern replaced; a column where no cell begins so is left alone."""
    if not any(column.str.startswith(starts).any() for _, column in cells.items()):
        return cells
    return cells.apply(
        lambda column: (
            column.str.replace(pattern, text, regex=True)
            if column.str.startswith(starts).any()
            else column
        )
    )


def neutralise(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells with text that a spreadsheet would run as a formula made plain.

    A leading apostrophe is what OWASP advises; numbers stay numbers.
    """

    def plain(value: object) -> object:
        if isinstance(value, str) and value.startswith(FORMULA_STARTS):
            return "'" + value
        return value

    named = cells.rename(columns=plain)
    return named.map(plain)
