"""Windows: from the words of 计划完成时间 to the months in which a task is to be done.

Source: the ways in which the 2018 document's task table, and official plans like it, write
time. Everything is read to whole months, because progress is reported by the month.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import pandas as pd
from lunardate import LunarDate

UNDERSTOOD = (
    "全年、4月、4～11月、8月前、8月底前、6月30日前、4月起、上半年、第三季度、2018年3月—2019年2月"
)


class WindowKind(StrEnum):
    """How a window was written."""

    FULL_YEAR = "full_year"
    MONTH = "month"
    RANGE = "range"
    DEADLINE = "deadline"
    FROM = "from"
    HALF = "half"
    QUARTER = "quarter"
    ONGOING = "ongoing"
    RECURRING = "recurring"


_KIND_WORDS = {
    WindowKind.FULL_YEAR: "全年",
    WindowKind.MONTH: "当月完成",
    WindowKind.RANGE: "起止月份",
    WindowKind.DEADLINE: "截止时间，从计划年度1月算起",
    WindowKind.FROM: "起始时间，到计划年度12月为止",
    WindowKind.HALF: "半年",
    WindowKind.QUARTER: "季度",
    WindowKind.ONGOING: "长期工作，按全年",
    WindowKind.RECURRING: "定期工作，按次到期",
}


class WindowError(ValueError):
    """A 计划完成时间 cannot be read: ``seen`` is the text, ``reason`` why, both in the message."""

    def __init__(self, seen: object, reason: str) -> None:
        self.seen, self.reason = seen, reason
        super().__init__(f"看不懂计划完成时间「{seen}」：{reason}。能看懂的写法如 {UNDERSTOOD}")


@dataclass(frozen=True)
class Window:
    """The months of a task, both ends inclusive and never empty.

    ``start`` and ``end`` are monthly periods, ``kind`` says how the text was written, ``text``
    is the text as seen. ``every`` is the number of months after which recurring work is due again
    (每季度: 3), 0 for work that is done once. ``question`` says in Chinese what was taken for
    words that do not name a month themselves (春节前), empty if there is nothing to ask.
    """

    start: pd.Period
    end: pd.Period
    kind: WindowKind
    text: str = ""
    every: int = 0
    question: str = ""

    def __post_init__(self) -> None:
        """Raise `WindowError` for a window without months."""
        if self.start > self.end:
            raise WindowError(self.text, "开始时间晚于结束时间，没有可用的月份")

    @property
    def months(self) -> int:
        """The number of months, at least 1."""
        return int(self.end.ordinal - self.start.ordinal) + 1

    @property
    def is_deadline(self) -> bool:
        """Whether the text names only the time by which the task is to be done."""
        return self.kind is WindowKind.DEADLINE

    def describe(self) -> str:
        """Return how the text was read, in Chinese."""
        span = _words(self.start)
        if self.months > 1:
            span += f"—{_words(self.end)}"
        return f"「{self.text}」理解为{span}（{_KIND_WORDS[self.kind]}）"


def _words(period: pd.Period) -> str:
    return f"{period.year}年{period.month}月"


_DASHES = str.maketrans(dict.fromkeys("~～〜－—–―−‐‑‒⁓至到", "-"))
_ABBREVIATED = {"元月": "1月", "正月": "1月"}
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十廿两]+(?=年|月|日|号|季度|季|个|-|、|,)")
_LEAD = re.compile(
    r"^(?:(?:力争|争取|计划|预计|确保|务必|原则上|拟|应|须|需|请|于|在|自|从|约|截至|截止)+)"
)
_TRAIL = re.compile(
    r"(?:(?:基本|全部|全面|按时|按期|陆续|分批|集中|组织|持续|有序)*"
    r"(?:完成|实施|开展|推进|举办|落实|启动|到位|见效|办理|进行|执行|结束|验收|建成|达标|落地"
    r"|投入使用|投用|使用|动工|开工|完工|竣工|交付|开放|运行|整治|整改|销号|上报|报送|印发|出台)"
    r"|期间|以内|之内|内|份|左右)+$"
)
_LONGEST = 200
"""Characters of a time; a longer text is none."""
_PARTS = re.compile(r"[,;。]|并(?=长期|持续|常)")
_CIRCLED = re.compile(r"[①-⑳]")
_HEAD = re.compile(r"([^,;]{1,20}?(?:[底末](?!月)|前))(?![往期后])[^\d,;]*(?:\d{1,3}%[^\d,;]*)?$")
_TIMELESS = re.compile(r"[^\d年月季日旬周天期前后节底末]{2,}")
"""What is done by a deadline that is written beside it, in words that name no time: 适时启动."""
_PUNCTUATION = " 。.;；,，、()（）「」[]【】:：\t"
_YEAR = r"(?:(?P<{0}y>\d{{4}})年|(?P<{0}n>次年|翌年|明年|来年)|(?P<{0}t>当年|本年|今年))?"
_PART = r"(?:上旬|中旬|下旬|初|中|份)?"
_POINT = _YEAR + r"(?P<{0}m>\d{{1,2}})月(?:(?P<{0}d>\d{{1,2}})[日号]|" + _PART + ")"
_BEFORE = r"(?:以前|之前|前夕?)"
_END = r"(?:底|末|月底|月末)"


@dataclass(frozen=True)
class _Reading:
    """What a pattern matched, with the plan's year to fall back on.

    A pattern names the parts of a point in time by a letter and a part: ``ay`` is the year of
    point ``a`` (``an``: 次年, the year after), ``am`` its month, ``ad`` its day.
    """

    text: str
    match: re.Match[str]
    year: int

    def part(self, name: str) -> str:
        """Return what the pattern's group matched, empty if it has none."""
        return self.match.groupdict().get(name) or ""

    def number(self, name: str) -> int:
        return int(self.match[name])

    def year_of(self, name: str, year: int | None = None) -> int:
        """Return the year of a point, ``year`` (default: the plan's) where it names none."""
        if self.part(f"{name}y"):
            return self.number(f"{name}y")
        named_none = self.year if year is None else year
        return named_none + 1 if self.part(f"{name}n") else named_none

    def month_of_year(self, month: int, year: int | None = None) -> pd.Period:
        """Return a month by its number, in the year of point ``a`` unless another is given."""
        of_year = self.year_of("a") if year is None else year
        if not 1 <= month <= 12:
            raise WindowError(self.text, f"没有{month}月")
        if not 1900 <= of_year <= 2999:
            raise WindowError(self.text, f"{of_year}年超出范围")
        return pd.Period(year=of_year, month=month, freq="M")

    def point(self, name: str, year: int | None = None) -> pd.Period:
        """Return the month of a point; a day that it names must be one of that month."""
        month = self.month_of_year(self.number(f"{name}m"), self.year_of(name, year))
        day = self.part(f"{name}d")
        if day and not 1 <= int(day) <= month.days_in_month:
            raise WindowError(self.text, f"{month.month}月没有{int(day)}日")
        return month

    def window(self, start: pd.Period, end: pd.Period, kind: WindowKind) -> Window:
        return Window(start, end, kind, self.text)

    def months(self, first: int, last: int, kind: WindowKind) -> Window:
        return self.window(self.month_of_year(first), self.month_of_year(last), kind)

    def deadline(self, end: pd.Period) -> Window:
        """Return the window of a deadline: from January of the plan's year."""
        start = self.month_of_year(1, self.year)
        if end < start:
            reason = f"截止时间早于计划年度（{self.year}年）开始，没有可用的月份"
            raise WindowError(self.text, reason)
        return self.window(start, end, WindowKind.DEADLINE)

    def months_or_deadline(self, first: int, last: int, kind: WindowKind) -> Window:
        """Return a part of the year (上半年), or the deadline at its end or before it begins."""
        if self.part("end"):
            return self.deadline(self.month_of_year(last))
        if self.part("before") and first == 1:  # no part of the plan's year lies before it
            until = self.deadline(self.month_of_year(last))
            return replace(until, question=f"按{last}月底前")
        if self.part("before"):
            return self.deadline(self.month_of_year(first) - 1)
        return self.months(first, last, kind)


def _single(reading: _Reading) -> Window:
    """A month is that month; a day is the last one on which the task may be done."""
    month = reading.point("a")
    if reading.part("ad") or reading.part("end"):
        return reading.deadline(month)
    return reading.window(month, month, WindowKind.MONTH)


def _short_date(reading: _Reading) -> Window:
    window = _single(reading)
    return replace(window, question=f"按{window.end.month}月{reading.number('ad')}日理解")


def _recurring(reading: _Reading) -> Window:
    year = reading.months(1, 12, WindowKind.RECURRING)
    return replace(year, every=_EVERY.get(reading.match["every"], 1))


def _lasting(reading: _Reading) -> Window:
    """A number of months from a point on: from the middle of a month they end one month later."""
    start, length = reading.point("a"), reading.number("length")
    if not 1 <= length <= 60:
        raise WindowError(reading.text, f"{length}个月超出范围")
    late = bool(reading.part("late")) or int(reading.part("ad") or 1) > 10
    return reading.window(start, start + length - int(not late), WindowKind.RANGE)


def _from_issue(reading: _Reading) -> Window:
    """From the day on which the document was issued, which the words do not tell."""
    rest = reading.part("rest")
    until = _read(rest, reading.text, reading.year) if rest else None
    end = until.end if until else reading.month_of_year(12)
    return replace(reading.deadline(end), question="发文日期没有写明，从1月算起")


def _holiday(reading: _Reading) -> Window:
    """Around a holiday: its month. Before it: that counts unless it is the month's first day."""
    name, year = reading.match["holiday"], reading.year_of("a")
    around = bool(reading.part("around"))
    month, day = _HOLIDAYS[name]
    if name in _LUNAR:
        try:
            date = LunarDate(year, month, day).toSolarDate()
        except ValueError as error:
            raise WindowError(reading.text, f"{year}年超出范围") from error
        month, day = date.month, date.day
    elif name == "元旦" and not around:  # of the year that follows
        year += 1
    end = reading.month_of_year(month, year) - int(day == 1 and not around)
    window = reading.window(end, end, WindowKind.MONTH) if around else reading.deadline(end)
    question = f"{name}是{year}年{month}月{day}日，按{end.month}月{'' if around else '底前'}"
    return replace(window, question=question)


def _years(reading: _Reading) -> Window:
    first, last = reading.number("ay"), reading.number("by")
    start, end = reading.month_of_year(1, first), reading.month_of_year(12, last)
    return reading.window(start, end, WindowKind.RANGE)


def _range(reading: _Reading) -> Window:
    start = reading.point("a")
    end = reading.point("b", start.year)
    if end < start:
        reason = f"{_words(start)}晚于{_words(end)}；跨年请写明年份，如 11月—次年4月"
        raise WindowError(reading.text, reason)
    return reading.window(start, end, WindowKind.RANGE)


def _listed(reading: _Reading) -> Window:
    numbers = [int(number) for number in re.findall(r"\d+", reading.match["list"])]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise WindowError(reading.text, "列出的月份不连续，请分成几项任务或写成起止月份")
    return reading.months(numbers[0], numbers[-1], WindowKind.RANGE)


def _before(reading: _Reading) -> Window:
    """Before a month begins; before a day, unless it is the first, that month counts."""
    month, day = reading.point("a"), reading.part("ad")
    inside = (day and int(day) > 1) or reading.part("part")
    return reading.deadline(month if inside else month - 1)


def _from(reading: _Reading) -> Window:
    start = reading.point("a")
    return reading.window(start, reading.month_of_year(12), WindowKind.FROM)


def _half(reading: _Reading) -> Window:
    first = 1 if reading.match["half"] == "上" else 7
    return reading.months_or_deadline(first, first + 5, WindowKind.HALF)


def _quarter(reading: _Reading) -> Window:
    first = reading.number("q")
    last = int(reading.part("r") or first)
    for quarter in (first, last):
        if not 1 <= quarter <= 4:
            raise WindowError(reading.text, f"没有第{quarter}季度")
    return reading.months_or_deadline(first * 3 - 2, last * 3, WindowKind.QUARTER)


_EVERY = {"季": 3, "季度": 3, "半年": 6, "学期": 6, "年": 12}
_HOLIDAYS = {
    "元旦": (1, 1),
    "春节": (1, 1),
    "元宵": (1, 15),
    "清明": (4, 4),
    "五一": (5, 1),
    "端午": (5, 5),
    "七一": (7, 1),
    "八一": (8, 1),
    "中秋": (8, 15),
    "国庆": (10, 1),
    "十一": (10, 1),
}
"""Month and day of holidays; of those in `_LUNAR` in the lunar calendar."""
_LUNAR = ("春节", "元宵", "端午", "中秋")
_SEASONS = r"汛期|入冬|供暖|采暖|开学|农忙|春耕|秋收|高考|雨季|封冻|两会|暑[假期]|寒假|旅游旺季"
_VARYING = re.compile(_SEASONS)
_AT_ONCE = r"立行立改|即知即改|即行即改|立查立改|边查边改|立即整改|立即|马上就办"
_ISSUE = re.compile(
    r"(?:即日|(?:本|文件|方案|通知)*(?:发文|印发|发布|下发)(?:之日)?)(?:起|后|以后)?,?-*(?P<rest>.*)"
)
_YEAR_A = _YEAR.format("a")
_A, _B = _POINT.format("a"), _POINT.format("b")
_ISO_A, _ISO_B = (rf"(?P<{name}y>\d{{4}})[-/.](?P<{name}m>\d{{1,2}})" for name in "ab")
_END_OR_BEFORE = rf"(?P<end>(?:底|末)(?:{_BEFORE})?)?(?P<before>{_BEFORE})?"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[_Reading], Window]], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (
            rf"{_YEAR_A}(?:贯穿)?(?:全年度?|年内|年度内?|一年|年初-+年[底末])",
            lambda reading: reading.months(1, 12, WindowKind.FULL_YEAR),
        ),
        (
            r"(?P<ay>\d{4})年度?",
            lambda reading: reading.months(1, 12, WindowKind.FULL_YEAR),
        ),
        (r"-(?P<ay>\d{4})年", lambda reading: reading.deadline(reading.month_of_year(12))),
        (
            rf"(?:{_AT_ONCE}|(?:全年)?(?:长期|常年|持续|经常|常态化?|日常|随时|不定期)"
            r"(?:坚持|推进|开展|实施|进行|整改|保持|管理|性?工作)?(?:推进|开展)?)",
            lambda reading: reading.months(1, 12, WindowKind.ONGOING),
        ),
        (
            r"(?:每|逐|分|按)(?:个)?(?P<every>日|天|周|旬|半个?月|月|季度?|半年|学期|年)[^,;]{0,20}",
            _recurring,
        ),
        (
            rf"{_YEAR_A}(?P<holiday>{'|'.join(_HOLIDAYS)})(?:国际)?(?:劳动)?(?:节|假期)*"
            rf"(?:{_BEFORE}|(?P<around>前后|期间))",
            _holiday,
        ),
        (_ISSUE.pattern, _from_issue),
        (
            rf"{_YEAR_A}(?P<am>\d{{1,2}})月"
            r"(?:(?P<ad>\d{1,2})[日号]|(?P<late>中旬|下旬|底)|上旬|初|份)?"
            r"(?:起|开始),?(?:为期|历时|用时|持续)?(?P<length>\d{1,2})个月",
            _lasting,
        ),
        (r"(?P<am>\d{1,2})\.(?P<ad>\d{1,2})前?", _short_date),
        (r"(?P<ay>\d{4})年?-+(?P<by>\d{4})年", _years),
        (_A, _single),
        (
            rf"{_YEAR_A}(?P<am>\d{{1,2}})(?:月(?:(?P<ad>\d{{1,2}})[日号]|{_PART}))?"
            rf"起?-+{_B}(?:底|末)?(?:{_BEFORE}|止)?",
            _range,
        ),
        (rf"{_YEAR_A}(?P<list>\d{{1,2}}月?(?:[、,和及]\d{{1,2}}月?)+)", _listed),
        (
            rf"{_YEAR_A}(?P<am>\d{{1,2}})月份?(?:(?P<ad>\d{{1,2}})[日号]|(?P<part>上旬|中旬|下旬))?"
            rf"(?:{_BEFORE})",
            _before,
        ),
        (
            rf"{_YEAR_A}(?P<am>\d{{1,2}})月份?{_END}(?:{_BEFORE})?",
            lambda reading: reading.deadline(reading.point("a")),
        ),
        (
            rf"{_YEAR_A}年?(?:年底|年末|年终|底|末)(?:{_BEFORE})?",
            lambda reading: reading.deadline(reading.month_of_year(12)),
        ),
        (rf"{_A}(?:起|开始|以后|之后|后|以来|起始)(?:-+年[底末])?", _from),
        (rf"{_YEAR_A}(?P<half>[上下])半年{_END_OR_BEFORE}", _half),
        (
            rf"{_YEAR_A}第?(?P<q>\d)(?:季度?)?(?:[-、]+第?(?P<r>\d))?季度?{_END_OR_BEFORE}",
            _quarter,
        ),
        (rf"{_ISO_A}(?:[-/.](?P<ad>\d{{1,2}})(?:00:00:00)?)?(?P<end>底前)?(?:前|止)?", _single),
        (rf"{_ISO_A}(?:[-/.]\d{{1,2}})?-+{_ISO_B}(?:[-/.]\d{{1,2}})?(?:前|止)?", _range),
    )
)


def parse_window(text: str, year: int) -> Window:
    """Return the months that a 计划完成时间 means in the plan of ``year``.

    - 全年, 年内, 长期坚持, 持续推进, 立行立改: January to December. 每月, 每季度, 每半年: the same,
      due each time.
    - 4月, 十月, 4月上旬: that month. 4～11月, 三月至十一月, 2018年3月—2019年2月, 11月—次年2月: both
      ends count. 上半年, 第三季度: their months. 4月起: to December. 2018—2020年: all of them.
    - A deadline's window starts in January of the plan's year. 8月前: before August begins, so
      it ends in July. 8月底前, 8月底, 8月中旬前, 6月30日前: within that month; 6月1日前 ends in May.
      A day alone (6月30日, 2018.6.30) is a deadline. 年底前: December. 春节前: before the holiday.
      到2020年: to its December. 清明前后, 春节期间: the month of the holiday.
    - Leading and trailing words such as 力争 and 完成 are passed over. Of several times (7月底前
      开工，11月底前完工; 10月底前，长期坚持) the last deadline counts.

    Raises `WindowError` with the reason for anything else: 13月, 11～4月 without a year, an
    empty text, 适时.
    """
    if not isinstance(text, str):
        raise WindowError(text, "不是文字")
    return _parse(text, year)


@lru_cache(maxsize=4096)
def _parse(text: str, year: int) -> Window:
    seen = text.strip()
    plain = _normalise(text) if len(text) <= _LONGEST else ""
    if not plain:
        raise WindowError(text[:_LONGEST], "太长，不是时间" if seen[_LONGEST:] else "没有填写")
    if window := _read(plain, seen, year):
        return window
    parts = {part: _read_part(part, seen, year) for part in _PARTS.split(plain) if part}
    windows = [window for window in parts.values() if window]
    unread = [part for part, window in parts.items() if not window]
    if windows and not unread:
        return _joined(windows, seen)
    if any(window.is_deadline for window in windows) and all(map(_TIMELESS.fullmatch, unread)):
        passed = f"「{'，'.join(unread)}」没有写明时间，没有读取"
        return replace(_joined(windows, seen), question=passed)
    raise WindowError(seen, _why(plain))


_NUMBER = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_FULL_YEAR = r"(?:\d{4}|[二〇○零一三四五六七八九]{4})年"
_IN_TEXT = re.compile(
    rf"(?<![每\d一二三四五六七八九十末])(?:\d{{4}}年?[—\-~～至到]{{1,2}}\d{{4}}年|{_FULL_YEAR}[底末](?:以前|之前|前)?"
    rf"|(?:{_FULL_YEAR}|次年|今年|当年)?(?:{_NUMBER}月(?:份?[底末]|[上中下]旬|\d{{1,2}}[日号])?(?:以前|之前|前(?!往|期|后))"
    rf"|{_NUMBER}月份?[底末]|年[底末](?:以前|之前|前)?"
    rf"|(?:[上下]半年|第?[一二三四1-4]季度)"
    rf"(?:[底末]?(?:以前|之前|前)|[底末]|(?=[，,]|完成|建成|启动|开工|实现|举办|召开))"
    rf"|{_NUMBER}月?(?:份|底|\d{{1,2}}[日号])?起?[—\-~～至到]{{1,2}}(?:{_FULL_YEAR}|次年)?{_NUMBER}月(?:份|底|\d{{1,2}}[日号])?"
    rf"|[“‘]?(?:{'|'.join(_HOLIDAYS)})[”’]?(?:国际)?(?:劳动)?节?(?:之?前后?|期间)|(?:{_SEASONS})(?:前后?|期间))"
    rf"|(?<![达高升降恢复])到{_FULL_YEAR}(?![底末初\d的]|{_NUMBER}月|上半|下半|水平))"
)
_MONTH_FIRST = re.compile(
    rf"(?:(?<=[，。；：、（\n])|^)(?:{_NUMBER}月份?|[上下]半年|第?[一二三四1-4]季度)(?=[\u4e00-\u9fff，])(?![底末前上中下起至到])"
)


_AFTER = re.compile(r"(?:(?P<number>\d{1,3})(?P<what>个月|个?工作日|[日天周年])|半(?P<half>年))")


def from_issue(text: str, issued: dt.date) -> Window | None:
    """Return what 自发文之日起… means in a document of a date, ``None`` for any other time.

    自发文之日起3个月内, 30日内, 20个工作日内, 至10月底: from the month of the document to that of the
    last day; without an end to December.
    """
    plain = _normalise(text) if len(text) <= _LONGEST else ""
    match = next(filter(None, map(_ISSUE.fullmatch, _candidates(plain))), None)
    if match is None:
        return None
    last = dt.date(issued.year, 12, 31)
    if after := _AFTER.search(match["rest"]):
        number, what = int(after["number"] or 6), after["what"] or "个月"
        if what in ("个月", "年"):
            months = number * (12 if what == "年" else 1)
            last = (pd.Timestamp(issued) + pd.DateOffset(months=months)).date()
        else:
            days = number * 7 if what == "周" else number if what in "日天" else number * 7 // 5
            last = issued + dt.timedelta(days)
    elif match["rest"] and (until := _read(match["rest"], text, issued.year)):
        last = until.end.end_time.date()
    start, end = (pd.Period(day, freq="M") for day in (issued, max(last, issued)))
    return Window(start, end, WindowKind.RANGE, text.strip())


def times_in(text: str) -> list[str]:
    """Return the times that a sentence names in words that leave no doubt: 9月底前, 上半年.

    Times of recurring work (每月25日前), durations and months that say since when are left out.
    """
    matches = [*_IN_TEXT.finditer(text), *_MONTH_FIRST.finditer(text)]
    return [match[0] for match in sorted(matches, key=lambda match: match.start())]


def _read_part(plain: str, seen: str, year: int) -> Window | None:
    """Return what one of several times means; what is to be done by a deadline may follow it."""
    head = _HEAD.match(plain)
    return _read(plain, seen, year) or (_read(head[1], seen, year) if head else None)


def _read(plain: str, seen: str, year: int) -> Window | None:
    """Return what a normalised text means, ``None`` if it is no known way to write a time."""
    for candidate in _candidates(plain):
        for pattern, build in _PATTERNS:
            match = pattern.fullmatch(candidate)
            if match:
                return build(_Reading(seen, match, year))
    return None


def _joined(windows: list[Window], seen: str) -> Window:
    """Return several times as one: from the first begin to the last end of those that end."""
    lasting = (WindowKind.ONGOING, WindowKind.RECURRING)
    dated = [window for window in windows if window.kind not in lasting] or windows
    ending = [window for window in dated if window.kind is not WindowKind.FROM] or dated
    beginning = [window for window in dated if not window.is_deadline] or dated
    if not {*map(id, ending)} < {*map(id, dated)}:  # 3月起，9月底前完成
        beginning = dated
    start, end = min(window.start for window in beginning), max(window.end for window in ending)
    last = max(dated, key=lambda window: window.end.ordinal)
    return replace(last, start=start, end=end, text=seen)


def _candidates(plain: str) -> list[str]:
    """Return the text, then without leading and trailing words: 长期推进 must not lose its own.

    The dash that a leading 到 or 至 has become is the last to go: 到2020年 is not 2020年.
    """
    bare = _LEAD.sub("", plain)
    texts = [plain, bare, _TRAIL.sub("", plain), _TRAIL.sub("", bare)]
    return texts + [text[1:] for text in texts if text.startswith("-")]


def _normalise(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _CIRCLED.sub(";", text))
    plain = re.sub(r"[\s“”‘’\"]+", "", plain).translate(_DASHES).strip(_PUNCTUATION)
    for old, new in _ABBREVIATED.items():
        plain = plain.replace(old, new)
    return _NUMERAL.sub(_digits, plain)


def _digits(match: re.Match[str]) -> str:
    import cn2an  # 30 ms to import, needed only for Chinese numerals

    try:
        return str(int(cn2an.cn2an(match[0], "smart")))
    except (ValueError, KeyError, IndexError):  # it indexes what it does not know
        return match[0]


def _why(plain: str) -> str:
    if varying := _VARYING.search(plain):
        return f"「{varying[0]}」各地不同，请写明月份，如 5月底前"
    if re.fullmatch(r"\d{1,2}(-+\d{1,2})?", plain):
        return "缺少「月」字"
    if not re.search(r"\d|年|月|季", plain):
        return "没有写明月份"
    return "不是已知的时间写法"
