import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.windows import Window, WindowError, WindowKind, parse_window

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
