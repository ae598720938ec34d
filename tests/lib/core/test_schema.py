"""The checks of a table's model: asked one by one, they refuse what pandera's ``validate`` refuses."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from lib.core import schema
from lib.core.problems import DataError

CELLS = {
    "text": ["", "有 空格", "不在名单"],
    "number": ["", "-1", "0", "101"],
    "month": ["", "2018-04"],
    "time": [""],
}


@pytest.mark.parametrize(
    "table",
    [schema.PLAN, schema.TARGETS, schema.PROGRESS, schema.ALIASES, schema.MATTERS],
    ids=lambda table: table.name,
)
def test_the_same_cells_are_refused(table: schema.Table) -> None:
    rows = range(2, 14)
    texts = pd.DataFrame(
        {
            name: [CELLS[column.cell_type][row % len(CELLS[column.cell_type])] for row in rows]
            for name, column in table.columns.items()
        },
        index=rows,
        dtype="str",
    )
    typed, unread = schema._typed(table, texts)
    assert not unread
    with pytest.raises(SchemaErrors) as refused:
        table.model.to_schema().validate(typed, lazy=True)
    cases = refused.value.failure_cases
    # without a key: rows with the same one are `_repeats`' matter
    problems = dataclasses.replace(table, key=())._failures(typed, texts, table.file)
    assert {(problem.row, problem.column) for problem in problems} == {
        (row, table.headers[name])
        for row, name in zip(cases["index"], cases["column"], strict=True)
    }


def test_cells_that_were_checked_once_are_nobodys_to_change():
    """The latest cells are remembered: whoever writes to their own frame must not reach them."""
    headers = schema.ALIASES.headers
    raw = pd.DataFrame({headers["unit"]: ["妇联"], headers["alias"]: ["区妇联"]}, dtype="str")
    first = schema.ALIASES.check(raw, "units.csv")
    first.loc[0, "unit"] = "别的"
    assert schema.ALIASES.check(raw, "units.csv")["unit"].tolist() == ["妇联"]
    raw.loc[0, headers["unit"]] = ""
    with pytest.raises(DataError, match="不能为空"):
        schema.ALIASES.check(raw, "units.csv")
