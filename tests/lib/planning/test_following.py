"""Next year's plan over this year's."""

from __future__ import annotations

from lib.planning import laid_over, propose, read_text, understand


def proposal(year, *rows):
    lines = [f"产业\t{text}\t{units}\t{window}" for text, units, window in rows]
    header = f"{year}年工作计划\n类型\t工作任务\t责任单位\t完成时限\n"
    return propose(understand(read_text(header + "\n".join(lines) + "\n")))


THIS = proposal(
    2019,
    ("1．2019年引导10家企业到青川县考察。", "区发改局", "2019年6月底前"),
    ("2．共建产业园1个。", "区商务局", "全年"),
    ("3．选派教师到青川县跟岗。", "区教育局", "9月"),
)


def lines(following):
    table = laid_over(THIS.plan, THIS.targets, following.plan, following.targets)
    return [tuple(line) for line in table.itertuples(index=False)]


def test_new_gone_and_changed_whatever_the_numbers():
    following = proposal(
        2020,
        ("1．开展消费扶贫专场活动。", "区工会", "全年"),
        ("2．2020年引导12家企业到青川县考察。", "区发改局", "2020年6月底前"),
        ("3．选派教师到青川县跟岗。", "区教育局", "9月"),
    )
    new, changed, gone = lines(following)
    assert new == ("新增", "一-1", "开展消费扶贫专场活动。（区工会，全年）")
    assert changed[:2] == ("调整", "一-2")
    assert "引导10家企业到青川县考察。 → 引导12家企业到青川县考察。" in changed[2]
    assert gone == ("取消", "一-2", "共建产业园1个。")


def test_the_same_plan_a_year_later_is_unchanged():
    following = proposal(
        2020,
        ("1．选派教师到青川县跟岗。", "区教育局", "9月"),
        ("2．共建产业园1个。", "区商务局", "全年"),
        ("3．2020年引导10家企业到青川县考察。", "区发改局", "2020年6月底前"),
    )
    assert lines(following) == []
