import contextlib
import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.windows import Window, WindowError, WindowKind, from_issue, parse_window, times_in
from tests.timing import is_quick

TABLE = {
    "全年": (1, 12),
    "4～11月": (4, 11),
    "7～11月": (7, 11),
    "6～8月": (6, 8),
    "9～11月": (9, 11),
    "3～9月": (3, 9),
    "3～11月": (3, 11),
    "4月": (4, 4),
    "9月": (9, 9),
    "5月": (5, 5),
    "3～12月": (3, 12),
    "8月前": (1, 7),
}
OTHERS = {
    "４～１１月": (4, 11),
    " 4 ～ 11 月 ": (4, 11),
    "4月至11月": (4, 11),
    "十月": (10, 10),
    "三月至十一月": (3, 11),
    "8月底前": (1, 8),
    "8月末": (1, 8),
    "8月以前": (1, 7),
    "6月30日前": (1, 6),
    "6月1日前": (1, 5),
    "9月中旬前": (1, 9),
    "年底前": (1, 12),
    "2018年底前完成": (1, 12),
    "12月31日前": (1, 12),
    "上半年": (1, 6),
    "下半年": (7, 12),
    "上半年底前": (1, 6),
    "第三季度": (7, 9),
    "一季度": (1, 3),
    "一至三季度": (1, 9),
    "第三季度前": (1, 6),
    "三季度末前": (1, 9),
    "4月起": (4, 12),
    "自4月起": (4, 12),
    "长期坚持": (1, 12),
    "持续推进": (1, 12),
    "9月底前完成": (1, 9),
    "力争10月底前完成。": (1, 10),
    "4月上旬至6月下旬": (4, 6),
    "6月15日—8月20日": (6, 8),
    "4、5月": (4, 5),
    "2018年": (1, 12),
    "二〇一八年四月": (4, 4),
    "2018-04": (4, 4),
    # A day is the last one on which the task may be done.
    "6月30日": (1, 6),
    "2018年6月30日": (1, 6),
    "2018.6.30": (1, 6),
    "2018-06-30": (1, 6),
    "2018/6/30": (1, 6),
    # At once, always, again and again.
    "立行立改": (1, 12),
    "立行立改，长期坚持": (1, 12),
    "全年常态化": (1, 12),
    "随时": (1, 12),
    "每季度末月15日前": (1, 12),
    "10月底前，长期坚持": (1, 10),
    # What is to be done by then, and several deadlines.
    "8月底前基本完成整治": (1, 8),
    "11月投入使用": (11, 11),
    "7月底前开工，11月底前完工": (1, 11),
    "①3月底前完成申请。②5月底前发布": (1, 5),
    "从4月下旬开始，一个月": (4, 5),
    "自3月起至5月底": (3, 5),
    "自4月起至年底": (4, 12),
    "国庆节前": (1, 9),
    "春节前": (1, 2),
    "自发文之日起至10月底": (1, 10),
    "到6月底": (1, 6),
    "6月底前完成60%，10月底前全部完成": (1, 10),
    "到2018年": (1, 12),
    "春节期间": (2, 2),
}


def window(first: int, last: int) -> tuple[pd.Period, pd.Period]:
    return pd.Period(f"2018-{first:02d}", "M"), pd.Period(f"2018-{last:02d}", "M")


@pytest.mark.parametrize(("text", "span"), [*TABLE.items(), *OTHERS.items()])
def test_reads_the_ways_documents_write_time(text, span):
    read = parse_window(text, 2018)
    assert (read.start, read.end) == window(*span)


@pytest.mark.parametrize("dash", [*"～~-－—–―−至到", "——"])
def test_every_dash_means_the_same(dash):
    assert parse_window(f"4{dash}11月", 2018).end == pd.Period("2018-11", "M")


@pytest.mark.parametrize("text", ["2018年11月—2019年2月", "11月—次年2月", "11月至翌年2月"])
def test_a_window_may_pass_the_turn_of_the_year(text):
    read = parse_window(text, 2018)
    assert (str(read.start), str(read.end), read.months) == ("2018-11", "2019-02", 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("13月", "没有13月"),
        ("0月", "没有0月"),
        ("11～4月", "跨年请写明年份"),
        ("", "没有填写"),
        ("　", "没有填写"),
        ("适时", "没有写明月份"),
        ("1月前", "早于计划年度"),
        ("4-11", "缺少「月」字"),
        ("2月30日前", "2月没有30日"),
        ("第五季度", "没有第5季度"),
        ("4、9月", "不连续"),
        ("8月不定", "不是已知的时间写法"),
        ("汛期前", "各地不同"),
        ("5月起草方案", "不是已知的时间写法"),
        (None, "不是文字"),
    ],
)
def test_rejects_with_what_was_seen_and_what_is_understood(text, reason):
    with pytest.raises(WindowError) as fault:
        parse_window(text, 2018)
    message = str(fault.value)
    assert reason in message
    assert f"「{text}」" in message
    assert "4～11月" in message


def test_kind_and_words_tell_how_it_was_read():
    read = parse_window("8月前", 2018)
    assert read.kind is WindowKind.DEADLINE
    assert read.is_deadline
    assert read.describe() == "「8月前」理解为2018年1月—2018年7月（截止时间，从计划年度1月算起）"
    assert parse_window("4月", 2018).describe() == "「4月」理解为2018年4月（当月完成）"


def test_a_window_is_never_empty():
    with pytest.raises(WindowError):
        Window(pd.Period("2018-05", "M"), pd.Period("2018-04", "M"), WindowKind.RANGE, "坏")


PIECES = st.sampled_from(
    "0123456789一二三十〇两年月日前底末起至到～—-上下半季度第旬完成全次、，。 "
)


@given(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_gives_months_or_a_reason(text):
    try:
        read = parse_window(text, 2018)
    except WindowError:
        return
    assert read.months >= 1


@given(st.integers(1, 12), st.integers(1, 12))
def test_full_width_digits_read_the_same(first, last):
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    text = f"{min(first, last)}～{max(first, last)}月"
    plain, full = parse_window(text, 2018), parse_window(text.translate(wide), 2018)
    assert (plain.start, plain.end) == (full.start, full.end)


@pytest.mark.parametrize(
    ("text", "every"),
    [("每月一次", 1), ("每周", 1), ("分季度", 3), ("每半年一次", 6), ("每年", 12), ("全年", 0)],
)
def test_recurring_work_says_how_often(text, every):
    assert parse_window(text, 2018).every == every


@pytest.mark.parametrize(
    ("text", "year", "question"),
    [
        ("春节前", 2018, "春节是2018年2月16日，按2月底前"),
        ("国庆节前", 2020, "国庆是2020年10月1日，按9月底前"),
        ("6.30", 2018, "按6月30日理解"),
        ("“五一”前", 2018, "五一是2018年5月1日，按4月底前"),
        ("一季度前", 2018, "按3月底前"),
        ("适时启动，10月底前完成", 2018, "「适时启动」没有写明时间，没有读取"),
        ("自印发之日起", 2018, "发文日期没有写明，从1月算起"),
        ("6月30日前", 2018, ""),
        ("十一前", 2018, "十一是2018年10月1日，按9月底前"),
        ("清明前后", 2018, "清明是2018年4月4日，按4月"),
        ("元旦期间", 2018, "元旦是2018年1月1日，按1月"),
    ],
)
def test_words_without_a_month_are_asked_with_what_they_stand_for(text, year, question):
    assert parse_window(text, year).question == question


def test_a_plan_may_have_several_years():
    for text in ("2019—2021年", "到2021年", "力争到2021年底"):
        read = parse_window(text, 2019)
        assert (str(read.start), str(read.end)) == ("2019-01", "2021-12")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("逐段排查，2023年4月底前建立台账。", ["2023年4月底前"]),
        ("建成市场，9月底前营业，年底前验收", ["9月底前", "年底前"]),
        ("6月举办宣传周", ["6月"]),
        ("每月25日前报送", []),
        ("为期6个月", []),
        ("到2020年，引进企业4家", ["到2020年"]),
        ("比2015年提高，达到2020年水平，降到2020年的八成", []),
        ("清明前后修订预案，主汛期前完工", ["清明前后", "汛期前"]),
        ("封冻前完成", ["封冻前"]),
    ],
)
def test_times_in_a_sentence(text, times):
    assert times_in(text) == times


@pytest.mark.parametrize("text", ["每" * 20_000, "4月" * 10_000, "①" * 20_000, "十" * 20_000])
def test_a_long_text_takes_no_time(text):
    def read():
        with contextlib.suppress(WindowError):
            parse_window(text, 2018)
        times_in(text)

    assert is_quick(read, 1)


FROM_ISSUE = [
    ("自发文之日起3个月内完成", ("2018-03", "2018-06")),
    ("自印发之日起30日内", ("2018-03", "2018-04")),
    ("发文后20个工作日内", ("2018-03", "2018-04")),
    ("自发文之日起至10月底", ("2018-03", "2018-10")),
    ("自方案印发之日起半年内", ("2018-03", "2018-09")),
    ("即日起", ("2018-03", "2018-12")),
    ("9月底前", None),
]


@pytest.mark.parametrize(("text", "span"), FROM_ISSUE)
def test_times_from_the_day_of_issue_are_counted_from_the_documents_date(text, span):
    window = from_issue(text, dt.date(2018, 3, 20))
    assert (window and (str(window.start), str(window.end))) == span
