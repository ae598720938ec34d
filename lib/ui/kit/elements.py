"""Small elements of a page: title, notes, empty states, faults, badges, tables of text."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterable, Sequence

import pandas as pd
import streamlit as st

from lib.charts import DARK, LIGHT, Palette
from lib.core import findings
from lib.core.dataset import Dataset
from lib.core.figures import Figures
from lib.core.problems import Problem
from lib.core.status import look, mark
from lib.ui.kit.streamlit_private import made_for_page

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:&=-]|(?<=[0-9])\.(?=\s))")
# What a browser looks for once more, where a backslash no longer helps: addresses (of mail as well),
# icons and signs made of two, such as --.
_LOOKED_FOR = re.compile(
    r"(?<=:)(?=[a-z/])|(?<=@)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE
)
_WORD_JOINER = "\u2060"
"""Nothing to see, and no place to break a line."""


def plain(text: str) -> str:
    """Return text that Markdown shows as it is: data never becomes markup."""
    return _MARKDOWN.sub(r"\\\1", _LOOKED_FOR.sub(_WORD_JOINER, text))


def page_title(text: str) -> None:
    """Draw the page's title; like every heading it is text, whatever names stand in it."""
    st.title(plain(text), anchor=False)


def heading(text: str) -> None:
    """Draw the heading of a part of the page."""
    st.header(plain(text), anchor=False)


def subheading(text: str) -> None:
    """Draw the heading of a part of a part."""
    st.subheader(plain(text), anchor=False)


def head(figures: Figures, finding: str) -> None:
    """Draw the page's title, a finding in words, with the plan and the selection beneath."""
    page_title(finding)
    settings = figures.dataset.settings
    plan = f"{'·'.join(settings.parties)}{settings.title}　" if settings.title else ""
    with st.container(key="head-note"):
        note(f"{plain(plan)}{findings.selection_words(figures.selection)}")


def say_error(error: Exception, where: str) -> None:
    """Say that a page or a part of it broke, with a number that stands in the log with the traceback."""
    number = secrets.token_hex(3)
    logging.getLogger(__name__).error("编号 %s", number, exc_info=error)
    st.error(
        f"{where}出错了（编号 {number}）。请刷新网页再试；还不行，请把编号告诉管理员：日志里有它的详情。",
        icon=":material/error:",
    )


def note(text: str) -> None:
    """Draw small text; Streamlit's own caption is too pale to read (WCAG AA asks 4.5:1)."""
    st.markdown(f":small[{text}]")


def empty(message: str) -> None:
    """Draw an empty state that says what to do."""
    st.info(message, icon=":material/info:")


def download_file(
    label: str,
    content: bytes | Callable[[], bytes],
    name: str,
    media_type: str = "application/octet-stream",
    *,
    key: str,
    icon: str = ":material/download:",
    primary: bool = False,
) -> None:
    """Draw a button that downloads a file, or what makes it; the page does not run again."""
    st.download_button(
        plain(label),
        made_for_page(content, name, media_type) if callable(content) else content,
        file_name=name,
        mime=media_type,
        icon=icon,
        key=key,
        type="primary" if primary else "secondary",
        on_click="ignore",
    )


def nothing_selected(figures: Figures) -> bool:
    """Return whether the filters leave no task; then say so in the page's place."""
    if len(figures.tasks):
        return False
    empty("没有符合筛选条件的任务。请在右上角的筛选里清除类型或责任单位。")
    return True


def problems(message: str, faults: Sequence[Problem]) -> None:
    """Draw faults of data as a table."""
    st.error(message, icon=":material/error:")
    st.dataframe(
        [
            {
                "文件": problem.file,
                "行": problem.row or None,
                "列": problem.column,
                "填写的是": problem.value,
                "问题": problem.message,
                "应为": problem.expected,
            }
            for problem in faults
        ],
        hide_index=True,
        alt="数据错误清单",
    )


def step_problems(dataset: Dataset) -> None:
    """Draw what of ``matters.csv`` cannot be read; the other rows count, and the figures stand."""
    if dataset.step_problems:
        problems(
            "督办事项有错误，下列各行没有计入；数字照常显示。请改正后刷新网页",
            dataset.step_problems,
        )


def part_problems(dataset: Dataset) -> None:
    """Draw which parts are more than their whole; a report is refused for it, a file is not."""
    if dataset.part_problems:
        problems(
            "其中的数超过了总数，完成率可能不对；数字照常显示。请有关单位补报或更正",
            dataset.part_problems,
        )


def palette() -> Palette:
    """Return the chart colours of the viewer's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def badges(states: Iterable[str]) -> str:
    """Return states and flags as badges in Markdown, the same everywhere."""
    return " ".join(f":{look(state).badge}-badge[{mark(state)}]" for state in states)


def lines(texts: Iterable[str]) -> None:
    """Draw lines of Markdown as one element, a paragraph each."""
    text = "\n\n".join(texts)
    if text:
        st.markdown(text)


def text_table(table: pd.DataFrame, name: str) -> None:
    """Draw a small table of texts as text: its cells wrap, it prints whole, it needs no script."""
    rows = [[plain(cell) for cell in row] for row in table.itertuples(index=False)]
    cells = [[" ".join(cell.split()) for cell in row] for row in (list(table.columns), *rows)]
    with st.container(key=f"words-{name}"):
        st.markdown(markdown_table(cells))


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Return cells of Markdown as a table; the first row is its head."""
    header, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *body))
