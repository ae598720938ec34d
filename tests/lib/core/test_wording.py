"""Wording: numbers, distances to plan and titles in Chinese."""

from lib.core import wording


def test_wording():
    assert wording.signed_points(0.021) == "+2.1个百分点"
    assert wording.signed_points(0.0) == "持平"
    assert wording.against_plan(0.5, 0.5) == "与序时进度持平"
    assert wording.percent(float("nan")) == "—"
    assert wording.short_title("3．举办10场次专场招聘会，开展") == "举办10场次专场招聘会"
    # A number that counts or dates is no number of an item.
    assert wording.short_title("9月底前举办一次签约") == "9月底前举办一次签约"
    assert wording.short_title("3.5万元补助到户") == "3.5万元补助到户"
    lead_in = "1．围绕紫阳县重点产业发展方向，支持科技推广活动。"
    assert wording.short_title(lead_in) == "支持科技推广活动"
    assert wording.short_title("围绕重点产业方向") == "围绕重点产业方向"
    assert wording.listing(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等4项"
    assert wording.listing(["甲"]) == "甲"
    assert wording.listing([]) == ""
    long = "新北区文化广电体育旅游委员会办公室"
    assert wording.listing([long, "乙", "丙"], counted="个单位", room=18) == f"{long}等3个单位"
    assert wording.listing([long, "乙"], room=8) == "新北区文化广电…等2项"
