"""Problems in words."""

from lib.core.problems import DataError, Problem


def test_many_problems_are_counted():
    problems = [Problem("a.csv", row, "列", "值", "错") for row in range(2, 40)]
    assert "共38处错误" in str(DataError(problems))
