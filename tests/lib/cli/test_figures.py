"""``python -m lib.cli figures``: the figures of the pages, as JSON and CSV."""

import json

import pytest

from lib.cli.__main__ import main
from lib.core.figures import GROUP_FIELDS, TASK_FIELDS


@pytest.mark.parametrize("by", ["overall", "category", "unit", "month"])
def test_the_command_prints_the_pages_figures(capsys, september, by):
    assert main(["figures", "--data", "data", "--month", "2018-09", "--by", by]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [list(row) for row in rows] == [GROUP_FIELDS] * len(rows)
    expected = september.rows(by)
    assert [row["earned_value"] for row in rows] == pytest.approx(
        list(expected["earned_value"]), abs=1e-6
    )


def test_the_command_prints_tasks_and_null_while_spi_is_undefined(capsys):
    assert main(["figures", "--by", "task", "--with-narrative"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 29
    assert list(rows[0]) == TASK_FIELDS
    assert rows[0]["units"] == ["区党政办"]
    assert main(["figures", "--by", "category", "--month", "2018-02"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["教育帮扶"]["spi"] is None


def test_the_command_writes_csv_for_excel(capfdbinary):
    assert main(["figures", "--by", "task", "--format", "csv"]) == 0
    text = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(TASK_FIELDS)
    assert "区人社局、总工会、团区委、妇联" in text


def test_the_command_refuses_wrong_use_and_broken_data(capsys, folder, rewrite):
    assert main(["figures", "--month", "2031-01"]) == 2
    assert "不在计划的月份之内" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        main(["figures", "--month", "九月"])
    assert wrong.value.code == 2
    assert "应写成 2018-04" in capsys.readouterr().err
    rewrite("progress.csv", "2018-01", "一月")
    assert main(["figures", "--data", str(folder)]) == 1
    assert "progress.csv 第2行「月份」列：填写的是「一月」" in capsys.readouterr().err
    rewrite("plan.csv", "4～11月", "适时")
    assert main(["figures", "--data", str(folder)]) == 1
    assert "plan.csv 第3行" in capsys.readouterr().err
