"""CSV files in and out: what spreadsheets save is read, what they open is safe."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.core import schema
from lib.files import csv_tables, plan_folder


def test_every_file_is_excel_safe(shipped):
    for table in (schema.PLAN, schema.TARGETS, schema.PROGRESS):
        content = (Path("data") / table.file).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_what_spreadsheets_save(folder, shipped, encoding):
    path = folder / "progress.csv"
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode(encoding))
    assert len(plan_folder.load(folder).progress) == len(shipped.progress)


def test_writing_and_reading_keeps_every_cell(shipped):
    written = csv_tables.to_csv(schema.PROGRESS.texts(shipped.progress))
    read = csv_tables.parse_csv(csv_tables.decode(written, "x"), "x")
    again = schema.PROGRESS.texts(schema.PROGRESS.check(read, "x"))
    assert again.reset_index(drop=True).equals(
        schema.PROGRESS.texts(shipped.progress).reset_index(drop=True)
    )


def csv_text(rows: list[list[str]], quoting: int) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


CELLS = st.text(st.sampled_from("一a1 \t\u3000\xa0\u200b,\n'\x00N"), max_size=3)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
@example([[" ", "\u3000"], ["一-1", "NULL"], ["", ""], ["", "x"]])
@example([["nan", "null"], [" 二 ", "1e5"]])
def test_cells_are_the_same_with_and_without_quotes(rows):
    """Text without quotes is read by the column (`csv_tables._plain_cells`), other text by the row."""
    rows = [["甲", "乙"], *rows]
    plain, quoted = (
        csv_tables.parse_csv(csv_text(rows, quoting), "x")
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
    )
    pd.testing.assert_frame_equal(plain, quoted, check_index_type=False)


def test_files_that_are_no_tables(folder):
    path = folder / "progress.csv"
    for content, told in (
        (b"", "空"),
        (b"\xff\xfe\x00", "编码"),
        ('任务编号,月份\n"一'.encode(), "CSV"),
        ("任务编号,任务编号\n1,2".encode(), "表头重复"),
        ("任务编号\n一,二".encode(), "多出内容"),
    ):
        path.write_bytes(content)
        assert told in "\n".join(map(str, plan_folder.load(folder).progress_problems))
    path.unlink()
    assert "找不到" in str(plan_folder.load(folder).progress_problems[0])
    path.mkdir()
    assert "无法读取" in str(plan_folder.load(folder).progress_problems[0])


def test_formulas_in_data_stay_text():
    cells = pd.DataFrame({"=列": ["=1+1", "+2", "-3", "@x", "正常", 5]})
    safe = csv_tables.neutralise(cells)
    assert list(safe.columns) == ["'=列"]
    assert list(safe["'=列"]) == ["'=1+1", "'+2", "'-3", "'@x", "正常", 5]
