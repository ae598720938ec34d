"""Files that staff send: any CSV or .xlsx as tables of cell texts, anything else as a clear error."""

from __future__ import annotations

from lib.core.problems import FileError
from lib.files import csv_tables
from lib.files.file_kinds import FileKind, kind_of
from lib.intake import headers, workbooks
from lib.intake.sheets import EXPECTED, HEADER_ROWS, Sheet, sheet_of

_DELIMITERS = (",", "\t", ";")
_SAVE_AS = "在 WPS 或 Excel 中打开，另存为 .xlsx"
_WORD = ("这是 Word 文档，不是填报表", EXPECTED)
_SLIDES = ("这是演示文稿，不是填报表", EXPECTED)
_REFUSED = {
    FileKind.ENCRYPTED: ("文件加了密码，无法读取", "取消密码后另存的 .xlsx"),
    FileKind.OLD_OFFICE: (
        "这是旧版 Office 文件（.xls、.doc）",
        "在 Excel 或 WPS 中另存为 .xlsx",
    ),
    FileKind.OPEN_DOCUMENT: ("这是 .ods（OpenDocument）文件，不能直接读取", _SAVE_AS),
    FileKind.WEB_PAGE: ("这是网页（HTML）文件，不是工作簿，虽然名字像", _SAVE_AS),
    FileKind.PDF: ("这是 PDF 文件，不是填报表", EXPECTED),
    FileKind.WORD: _WORD,
    FileKind.OTHER_WORD: _WORD,
    FileKind.SLIDES: _SLIDES,
    FileKind.OTHER_SLIDES: _SLIDES,
    FileKind.OTHER_WORKBOOK: ("工作簿的格式不受支持或已损坏", "另存为 .xlsx"),
    FileKind.ARCHIVE: ("这是压缩包，不是填报表", f"解压后上传其中的{EXPECTED}"),
    FileKind.PHONE_PICTURE: ("这是图片，不是填报表", EXPECTED),
    FileKind.PICTURE: ("这是图片，不是填报表", EXPECTED),
}
"""What is said of a file that holds no report, and what to send instead."""


def read_sheets(content: bytes, file: str) -> list[Sheet]:
    """Return the tables of a file, of a workbook one per sheet that has one.

    Raises `FileError` saying what the file is instead.
    """
    kind = kind_of(content, file, EXPECTED)
    if kind in _REFUSED:
        raise FileError(file, *_REFUSED[kind])
    if kind is not FileKind.WORKBOOK:
        return [sheet_of("csv", csv_rows(content, file), file)]
    try:
        return workbooks.read_sheets(content, file)
    except FileError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble on
        raise FileError(
            file, "工作簿已损坏，无法读取", "在 Excel 或 WPS 中重新保存的 .xlsx"
        ) from error


def csv_rows(content: bytes, file: str) -> dict[int, list[str]]:
    """Return the rows of a CSV file by number, whatever its encoding and delimiter."""
    text = csv_tables.decode(content, file).lstrip("\ufeff")
    if not text.strip("\ufeff\r\n\t ,;"):
        raise FileError(file, "文件是空的", EXPECTED)
    top_lines = text[:20_000].splitlines()[:HEADER_ROWS]

    def known_headers(delimiter: str) -> int:
        return max(
            sum(headers.known(cell.strip(' "')) for cell in line.split(delimiter))
            for line in top_lines
        )

    delimiter = max(_DELIMITERS, key=known_headers)
    return dict(enumerate(csv_tables.records(text, file, delimiter), start=1))
