"""Many plans read as one: each stands exactly as it does when it is read by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.figures import Figures, Selection
from lib.core.portfolio import summarise
from lib.core.problems import DataError
from lib.files import plan_folder, plans_together
from tests.small_plans import large, plan, report, target, task, write

Files = Mapping[str, bytes]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def plans(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """Sound plans: shipped, large, with a joint task and an indicator, without a report."""
    home = tmp_path_factory.mktemp("plans")
    joint = plan(
        [
            task("一-1", "4～11月", "区人社局、妇联", weight=2),
            task("一-2", "8月前", source="正文"),
            task("二-1", "2018年11月-2019年2月"),
        ],
        [target("一-2", 3.3)],
        [
            report("一-1", 5, percent=30),
            report("一-1", 6, unit="妇联", percent=100),
            report("一-2", 4, quantity=1.1),
            report("一-2", 7, quantity=2.2),
        ],
    )
    for name, data in {"大": large(), "小": joint, "空": plan([task("一-1", "全年")])}.items():
        write(data, home / name)
    return {
        "示例": files_of(Path("data")),
        **{path.name: files_of(path) for path in sorted(home.iterdir())},
    }


def by_itself(files: Files, *, with_narrative: bool = True) -> str | None:
    """Return how a plan stands when it is read by itself; ``None`` if it is broken."""
    try:
        data = plan_folder.load(Path("nowhere"), files)
    except DataError:
        return None
    if data.progress_problems:
        return None
    selection = Selection(data.latest_month, with_narrative=with_narrative)
    return summarise(Figures(data, selection)).to_text()


def assert_as_by_themselves(
    plans: Mapping[str, Files], *, read: Iterable[str], with_narrative: bool = True
) -> None:
    """Check which plans are read as one, and the row of each."""
    together = plans_together.summaries(plans, with_narrative=with_narrative)
    assert {name: row.to_text() for name, row in together.items()} == {
        name: by_itself(plans[name], with_narrative=with_narrative) for name in read
    }


def edited(files: Files, file: str, old: str, new: str) -> Files:
    text = files[file].decode()
    assert old in text
    return {**files, file: text.replace(old, new).encode()}


@pytest.mark.parametrize("with_narrative", [False, True])
def test_sound_plans_stand_as_they_do_by_themselves(plans, with_narrative):
    plans = {**plans, "又一个": plans["小"]}
    assert_as_by_themselves(plans, read=plans, with_narrative=with_narrative)


def test_broken_plans_are_left_out_and_break_no_other(plans):
    small = plans["小"]
    edits = [
        ("progress.csv", "一-1,2018-05", "九-9,2018-05"),
        ("progress.csv", "一-1,2018-05", ",2018-05"),
        ("progress.csv", "一-1,2018-05", "\u200b,2018-05"),
        ("progress.csv", "一-1,2018-05", "一 1,2018-05"),
        ("progress.csv", "一-1,2018-05", "一-1,2018-13"),
        ("progress.csv", "一-1,2018-05,区人社局", "一-1,2018-05,商务局"),
        ("progress.csv", "填报单位", "单位名称"),
        ("progress.csv", "一-1,2018-06,妇联", "一-1,2018-05,区人社局"),
        ("progress.csv", ",30,", ",130,"),
        ("plan.csv", "一-2,", "一-1,"),
        ("plan.csv", "8月前", "等到有空"),
        ("plan.csv", "妇联", "、"),
        ("targets.csv", "一-2,", "二-2,"),
        ("settings.toml", "2018", "去年"),
    ]
    broken = {f"坏{edit}": edited(small, *edit) for edit in edits}
    assert [by_itself(files) for files in broken.values()] == [None] * len(edits)
    assert_as_by_themselves({"空": plans["空"], **broken, "小": small}, read=["空", "小"])


def test_what_is_odd_and_sound_stands_as_it_does_by_itself(plans):
    small = plans["小"]
    edits = [
        ("progress.csv", "2018-05", "2017-12"),  # before the axis begins
        ("progress.csv", "2018-05", "2021-01"),  # after it ends: no task has a row
        ("progress.csv", "\r\n", "\n"),
        ("progress.csv", "\ufeff", ""),
        ("progress.csv", "妇联", "区妇联 "),
        ("settings.toml", "[plan]", "[rules]\nbehind_points = 50\n[plan]"),
        ("settings.toml", "[plan]", '[plan]\ntitle = "甲县"\nparties = ["甲", "乙"]'),
        ("settings.toml", "[plan]", "[reports]\nverify = true\n[plan]"),
    ]
    odd = {f"怪{edit}": edited(small, *edit) for edit in edits}
    odd["别名"] = {**small, "units.csv": "单位,别名\n区妇联,妇联\n".encode()}
    assert_as_by_themselves({**odd, "小": small}, read=[*odd, "小"])


def test_plans_that_need_more_than_their_tables_are_left_to_be_read_by_themselves(plans):
    small = plans["小"]
    verified = small["settings.toml"] + b"[reports]\nverify = true\n"
    more = {
        "基线": {**small, "baseline.csv": small["plan.csv"]},
        "核实": {**small, "settings.toml": verified, "matters.csv": b""},
        "引号": edited(small, "progress.csv", "区人社局", '"区人社局"'),
        "空行": edited(small, "progress.csv", "\r\n", "\r\n\r\n"),
        "空格": edited(small, "progress.csv", "一-1", " 一-1"),
        "无设置": {name: content for name, content in small.items() if name != "settings.toml"},
    }
    assert_as_by_themselves({**more, "小": small}, read=["小"])


CELLS = [
    *(
        "",
        " ",
        "x",
        "一-1",
        "0:一-1",
        "2018-04",
        "2018-4",
        "-1",
        "1e2",
        "100",
        "nan",
        "'=1",
        "\u3000",
    ),
    *(
        "区人社局",
        "妇联、区人社局",
        "4月",
        "全年",
        '"',
        "\n",
        ",",
        "\x00",
        "演示",
        "2018-05-03 10:20",
    ),
]


@given(
    st.sampled_from(["plan.csv", "targets.csv", "progress.csv"]), st.sampled_from(CELLS), st.data()
)
@settings(max_examples=settings.default.max_examples // 2)
def test_any_cell_may_be_anything(plans, file, cell, data):
    lines = [line.split(",") for line in plans["小"][file].decode().split("\r\n")[:-1]]
    row = data.draw(st.integers(0, len(lines) - 1))
    lines[row][data.draw(st.integers(0, len(lines[row]) - 1))] = cell
    content = "\r\n".join(map(",".join, lines)).encode()
    both = {"改": {**plans["小"], file: content}, "小": plans["小"]}
    together = plans_together.summaries(both, with_narrative=True)
    assert "小" in together
    if "改" in together:
        assert together["改"].to_text() == by_itself(both["改"])
