"""The running text of a plan in passages."""

from __future__ import annotations

from lib.planning.narrative import passages_of


def test_units_of_a_section():
    text = [
        "前言：举办活动3次。",
        "一、产业合作",
        "举办活动3次。",
        "牵头单位：区发改局",
        "配合单位：区财政局",
        "（二）人才交流",
        "选派2人，（责任单位：区人社局）组织考察1次。",
        "三、教育。建立结对学校5所",
    ]
    passages = passages_of(text, [])
    assert [(passage.category, passage.text, passage.units_text) for passage in passages] == [
        ("产业合作", "举办活动3次。", "牵头单位：区发改局；配合单位：区财政局"),
        ("人才交流", "选派2人。", "区人社局"),
        ("人才交流", "组织考察1次。", "区人社局"),
        ("教育", "建立结对学校5所。", ""),
    ]
