"""A plan's folder: what is optional in it."""

import pytest

from lib.core import schema
from lib.core.dataset import read_aliases
from lib.core.problems import DataError
from lib.core.units import DEFAULT_ALIASES
from lib.files import csv_tables, plan_folder


def test_without_settings_the_year_is_that_of_the_reports(folder):
    (folder / "settings.toml").unlink()
    (folder / "units.csv").unlink()
    assert plan_folder.load(folder).settings.year == 2018


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("单位\n甲\n", "「别名」"),
        ("单位,别名\n甲,子\n乙,子\n", "第3行「别名」列：填写的是「子」，已经是「甲」的别名"),
        ("单位,别名\n甲,子\n乙,甲\n", "「甲」本身是单位"),
        ("单位,别名\n甲,\n", "不能为空"),
    ],
)
def test_a_broken_alias_table_says_where(folder, content, message):
    (folder / "units.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as fault:
        plan_folder.load(folder)
    assert message in str(fault.value)


def test_the_shipped_table_is_the_default(folder):
    table = csv_tables.read(schema.ALIASES, folder / "units.csv")
    assert read_aliases(table) == DEFAULT_ALIASES
