"""A plan's settings besides its tables: year, title, parties and the rules that offices choose."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
import tomlkit
from tomlkit.items import Table

from lib.core import months
from lib.core.due_days import parse_due
from lib.core.problems import FileError
from lib.core.status import Status

SETTINGS_FILE = "settings.toml"
_BOM = "\ufeff"
_NEW_FILE = """\
# 本数据目录的设置。改动后刷新网页即生效。

[plan]
year = 0
title = ""
parties = []

[rules]
# 完成率低于序时进度超过多少个百分点算“滞后”
behind_points = 10

[reports]
# 填报是否要经过审核才计入：true 要审核，false 提交即生效
review = false
# 审核之前，要不要先由单位负责人审签（本单位的另一个账号）
sign = false
# 报到100%的任务和指标，要不要由办公室核实（材料、电话、现场）：true 在核实之前写作“已报完成、待核实”
verify = false
# 每月填报的期限：次月5日前、当月25日、当月底 ……
due = "次月5日前"

# 工作进展通报的版头、主送、署名和版记（GB/T 9704）。去掉行首的 # 并改成本单位的；不写的部分整个不出现。
# [document]
# mark = "××市××区对口支援工作领导小组办公室文件"
# number = "×对口办发〔2018〕12号"
# signer = "张三"
# recipients = "各有关镇（街道），区各有关部门："
# issuer = "××市××区对口支援工作领导小组办公室"
# copies = "区委办公室，区政府办公室"
# printer = "××市××区对口支援工作领导小组办公室"
# printed_on = "2018年10月8日"
"""


@dataclass(frozen=True)
class Letterhead:
    """What is fixed about an office's 公文 (GB/T 9704), from ``[document]``; empty: left out whole.

    ``mark`` 发文机关标志, ``number`` 发文字号, ``signer`` 签发人, ``recipients`` 主送, ``issuer`` 署名
    (发文机关), ``copies`` 抄送, ``printer`` 印发机关, ``printed_on`` 印发日期.
    """

    mark: str = ""
    number: str = ""
    signer: str = ""
    recipients: str = ""
    issuer: str = ""
    copies: str = ""
    printer: str = ""
    printed_on: str = ""


@dataclass(frozen=True)
class Settings:
    """What a data folder says of its plan besides the tables.

    ``year`` is the plan's year, ``title`` its name, ``behind_threshold`` the gap to the planned
    value above which a task counts as 滞后 (a fraction of 1). ``review``: a report counts only
    after it has been accepted (审核). ``columns`` are headers of plan documents with what somebody has
    said that they mean. ``report_due``: by when a month is to be reported
    (`lib.core.due_days.parse_due`). ``sign``: before that it is signed for its unit (审签).
    ``verify``: what is reported at 100 % is to be verified (核实, `lib.core.verification`).
    """

    year: int
    title: str = "工作计划"
    parties: tuple[str, ...] = ()
    behind_threshold: float = 0.10
    review: bool = False
    letterhead: Letterhead = Letterhead()
    columns: tuple[tuple[str, str], ...] = ()
    report_due: str = "次月5日前"
    sign: bool = False
    verify: bool = False

    @property
    def states(self) -> tuple[Status, ...]:
        """The states that tasks of this plan may be in."""
        return tuple(status for status in Status if self.verify or status != Status.UNVERIFIED)

    @property
    def points(self) -> int | float:
        """``behind_threshold`` in percentage points, as the file has it."""
        points = float(f"{self.behind_threshold * 100:.10g}")
        return int(points) if points.is_integer() else points

    def differences(self, after: Settings) -> list[tuple[str, str, str]]:
        """Return what ``after`` changes, for people: name of the setting, old and new value."""
        before_words, after_words = self._words(), after._words()
        return [
            (name, before_words[name], after_words[name])
            for name in before_words
            if before_words[name] != after_words[name]
        ]

    def _words(self) -> dict[str, str]:
        return {
            "年度": str(self.year),
            "标题": self.title or "（空）",
            "双方": "、".join(self.parties) or "（空）",
            "滞后界限": f"{self.points}个百分点",
            "审核": "要审核" if self.review else "提交即生效",
            "审签": "先由单位负责人审签" if self.sign else "不用审签",
            "核实": "报完成的要核实" if self.verify else "不用核实",
            "填报期限": self.report_due,
        }


def parse_settings(content: bytes | None, progress: pd.DataFrame) -> Settings:
    """Return a plan's settings (`SETTINGS_FILE`); raise `DataError` naming the key that is wrong."""
    if content is None:
        if progress.empty:
            return Settings(pd.Timestamp.now().year)
        return Settings(months.year_of(int(progress["month"].min())))
    sections = _sections(content)
    plan, rules = sections.get("plan", {}), sections.get("rules", {})
    year = plan.get("year")
    if not isinstance(year, int) or not 1970 <= year <= 9999:
        raise _fault("plan.year", year, "四位数的年份，如 2018")
    points = rules.get("behind_points", 10)
    if not isinstance(points, int | float) or not 0 <= points <= 100:
        raise _fault("rules.behind_points", points, "0到100之间的百分点")
    review = _switch(sections, "review")
    due = sections.get("reports", {}).get("due", Settings.report_due)
    if not isinstance(due, str) or parse_due(due) is None:
        raise _fault("reports.due", due, "每月填报的期限，如 次月5日前、当月25日、当月底")
    return Settings(
        year,
        str(plan.get("title", Settings.title)),
        tuple(str(party) for party in plan.get("parties", ())),
        points / 100,
        review,
        _letterhead(sections.get("document", {})),
        _columns(sections.get("columns", {})),
        due,
        _switch(sections, "sign") and _signed_and_reviewed(review),
        _switch(sections, "verify"),
    )


def _switch(sections: dict[str, dict[str, Any]], key: str) -> bool:
    value = sections.get("reports", {}).get(key, False)
    if not isinstance(value, bool):
        raise _fault(f"reports.{key}", value, "true 或 false")
    return value


def _signed_and_reviewed(review: bool) -> bool:
    if not review:
        raise _fault("reports.sign", True, "和 review = true 一起用：先审签，后审核")
    return True


def _letterhead(section: dict[str, Any]) -> Letterhead:
    known = [field.name for field in fields(Letterhead)]
    for key, value in section.items():
        if key not in known:
            raise _fault(f"document.{key}", value, f"[document] 里的设置：{'、'.join(known)}")
        if not isinstance(value, str):
            raise _fault(f"document.{key}", value, "引号里的一行文字")
    return Letterhead(**{key: value.strip() for key, value in section.items()})


def _columns(section: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    for header, meaning in section.items():
        if not isinstance(meaning, str):
            raise _fault(f"columns.{header}", meaning, "引号里的含义，如 责任单位")
    return tuple(section.items())


def edited_settings(content: bytes | None, settings: Settings) -> bytes:
    """Return the bytes of a settings file that says ``settings``; ``None``: there is no file yet.

    Only the values that differ are replaced. All else stays as it is, byte by byte: comments,
    order, line ends, a byte order mark, and the sections that this module does not know, such as
    ``[access]``. Raises `DataError` if the file is no TOML: what it says could not be kept.
    """
    content = _NEW_FILE.encode() if content is None else content
    sections = _sections(content)
    defaults = Settings(0)
    columns = [("columns", header, meaning, None) for header, meaning in settings.columns]
    values: list[tuple[str, str, Any, Any]] = [
        ("plan", "year", settings.year, None),
        ("plan", "title", settings.title, defaults.title),
        ("plan", "parties", list(settings.parties), []),
        ("rules", "behind_points", settings.points, defaults.points),
        ("reports", "review", settings.review, defaults.review),
        ("reports", "sign", settings.sign, defaults.sign),
        ("reports", "verify", settings.verify, defaults.verify),
        ("reports", "due", settings.report_due, defaults.report_due),
        *columns,
    ]
    for section, key, value, default in values:
        if sections.get(section, {}).get(key, default) != value:
            content = _with_value(content.decode(), section, key, value).encode()
    return content


def _with_value(text: str, section: str, key: str, value: Any) -> str:
    """Return a settings file's text with one value replaced or added."""
    newline = "\r\n" if "\r\n" in text else "\n"
    bare = text.removeprefix(_BOM)
    document = tomlkit.parse(bare)
    if section not in document:
        line_end = newline if bare and not bare.endswith("\n") else ""
        added = tomlkit.dumps({section: {key: value}}).replace("\n", newline)
        return f"{text}{line_end}{newline if bare else ''}{added}"
    table = document[section]
    if key in table or not isinstance(table, Table):
        table[key] = value
    else:
        # Comments and blank lines behind a section's last key belong to the next section, but
        # tomlkit counts them to this one: a new key goes in front of them.
        body, trailing = table.value.body, []
        while body and body[-1][0] is None:
            trailing.append(body.pop()[1])
        item = tomlkit.item(value)
        item.trivia.trail = newline
        table.append(key, item)
        for blank_or_comment in reversed(trailing):
            table.append(None, blank_or_comment)
    return text[: len(text) - len(bare)] + tomlkit.dumps(document)


def _sections(content: bytes) -> dict[str, dict[str, Any]]:
    try:
        sections = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"不是有效的设置文件（{error}）"
        raise FileError(SETTINGS_FILE, message, "TOML 格式") from error
    for key, section in sections.items():
        if not isinstance(section, dict):
            raise _fault(key, section, f"[{key}] 一节，下面每行一项设置")
    return sections


def _fault(key: str, value: object, expected: str) -> FileError:
    return FileError(SETTINGS_FILE, f"{key} 是「{value}」", expected)
