"""工作进展通报: form of an official document, words and numbers from the figures."""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace
from datetime import date

import pandas as pd
import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from lib.core import wording
from lib.core.figures import Figures
from lib.core.matters import fold
from lib.core.problems import DataError
from lib.core.rollup import COUNTS
from lib.core.settings import Letterhead
from lib.core.status import Status, mark
from lib.report import Material
from lib.report.briefing import briefing, briefing_fields, completion_words, overall_words
from lib.report.briefing_template import FIELDS, Template, default_template, filled
from lib.report.docx_layout import TEXT_FONT, Paper
from lib.report.editions import CORRECTION_COLUMNS
from lib.store import Attachment, Kind, Submission
from tests.lib.store.matters import CREATED
from tests.small_plans import as_of, plan, report, task

DAY = date(2018, 10, 8)
LETTERHEAD = Letterhead(
    "新北区领导小组办公室文件",
    "新办发〔2018〕12号",
    "张三",
    "各有关部门：",
    "新北区领导小组办公室",
    "区委办公室",
    "新北区办公室",
    "2018年10月9日",
)


@pytest.fixture(scope="module")
def paper(material):
    return Document(io.BytesIO(briefing(material)))


def lines(paper):
    return [paragraph.text for paragraph in paper.paragraphs]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def with_letterhead(material, letterhead=LETTERHEAD):
    data = material.figures.dataset
    data = replace(data, settings=replace(data.settings, letterhead=letterhead))
    return replace(material, figures=Figures(data, material.figures.selection))


def test_the_sections_stand_in_order(official):
    heads = [
        line
        for line in lines(Document(io.BytesIO(briefing(official))))
        if re.match(r"[一二三四五]、", line)
    ]
    assert heads == [
        "一、总体情况",
        "二、进展较好的工作",
        "三、逾期和滞后的工作",
        "四、需两地协调的事项",
        "五、下一步要求",
    ]


def test_the_overall_paragraph_has_the_roll_ups_numbers(material, paper):
    total = material.figures.overall.iloc[0]
    text = "".join(lines(paper))
    assert f"共{total['tasks']}项任务" in text
    for status in Status:
        if total[COUNTS[status]]:
            assert f"{status}{total[COUNTS[status]]}项" in text
    done, planned = total["earned_value"], total["planned_value"]
    assert f"总体完成率{wording.percent(done)}，序时进度{wording.percent(planned)}，" in text
    assert wording.against_plan(done, planned) in text


def test_annex_one_has_every_late_task(material, paper):
    head, *rows = cells(paper.tables[0])
    assert head == ["序号", "任务", "责任单位", "期限", "完成情况", "原因", "下一步措施"]
    assert len(rows) == len(material.answers.late)
    for row, late in zip(rows, material.answers.late, strict=True):
        assert row[1:3] == [late.title, "、".join(late.units)]
        assert f"完成{wording.percent(late.completion, 0)}" in row[4]


def test_annex_two_has_the_official_columns_and_every_task(material, paper):
    figures = material.figures
    head, *rows = cells(paper.tables[1])
    assert head == [
        "序号",
        "类型",
        "工作计划主要内容",
        "责任单位",
        "计划完成时间",
        "状态",
        "完成情况",
    ]
    assert len(rows) == len(figures.tasks)
    for row, task_row in zip(rows, figures.tasks.itertuples(), strict=True):
        facts = figures.dataset.tasks.loc[task_row.task_id]
        assert row[2:5] == [facts["content"], "、".join(facts["units"]), facts["window_text"]]
        assert row[5].startswith(mark(str(task_row.status)))
        assert row[6] == completion_words(material, task_row)
        assert f"完成率{wording.percent(task_row.completion)}" in row[6]
        indicators = figures.indicators[figures.indicators["task_id"] == task_row.task_id]
        for indicator in indicators.itertuples():
            assert f"{indicator.indicator}{wording.quantity(indicator.done)}／" in row[6]
            assert indicator.measure in row[6]


def test_the_body_says_what_unit_how_far_why_and_when(official):
    text = "\n".join(lines(Document(io.BytesIO(briefing(official)))))
    assert (
        "1．两地联合组织一次合作对接会（区经发局）：应于8月底前完成，目前0／1次；"
        "原因是对接会因档期再次推迟；下一步10月中旬前举办。"
    ) in text
    assert "请紫阳县协调产品检测报告（区农业局）" in text
    assert "档期未能统一" not in text  # said in August; September's report says otherwise
    assert "逾期的2项任务要逐项明确完成时间" in text
    assert "应报未报的单位有3个：区商务局、妇联、河海街道。" in text
    assert "今年以来各单位按时报送率84.4%。" in text


def test_quantities_have_their_measure_words(official):
    text = "".join(cell for row in cells(_tasks(official)) for cell in row)
    assert "到紫阳县对接的农业企业8／10家" in text
    assert "有组织劳务对接420／500人次" in text
    assert "3／2～3名" in text


def _tasks(material):
    return Document(io.BytesIO(briefing(material))).tables[1]


def test_sentences_an_official_would_not_write_are_not_there(any_material):
    text = "\n".join(lines(Document(io.BytesIO(briefing(any_material)))))
    assert not re.search(r"本月完成\d", text)
    assert "0.0个百分点" not in text
    assert not re.search(r"原因是无|；；|。。|，。|：。", text)
    assert "progress.csv" not in text


def much_to_say(september):
    """Long requests of every unit, eight overdue 督办事项, and units' words: more than two pages hold."""
    data, month = september.dataset, september.selection.month
    asks = "请两地领导小组办公室牵头协调交通、文旅、市场监管等部门尽快确定参会企业名单、场地和检测报告，"
    reports = data.progress.assign(
        coordination=[
            f"{row.task_id}{asks * 2}并明确完成时限。" if row.month == month else ""
            for row in data.progress.itertuples()
        ]
    )
    matters = fold(
        [
            replace(
                CREATED,
                number=f"事项〔2018〕{place}号",
                words=f"第{place}件：{asks}",
                due="2018-09-20",
            )
            for place in range(1, 9)
        ]
    )
    figures = Figures(replace(data, progress=reports), september.selection)
    return Material(figures, 7, made=DAY, matters=tuple(matters))


def body_lines(material):
    """As counted in lines; LibreOffice counts pages in test_converted."""
    made = briefing_fields(with_letterhead(material))
    texts = [
        t for section in made["sections"] for t in [section["heading"], *section["paragraphs"]]
    ]
    return sum(-(-(len(text) + 2) // 28) for text in texts)


def test_the_body_is_kept_to_two_pages(any_material):
    assert body_lines(any_material) <= 34


def test_the_body_is_kept_to_two_pages_with_much_to_ask_and_to_chase(september):
    material = much_to_say(september)
    text = "".join(
        text
        for section in briefing_fields(with_letterhead(material))["sections"]
        for text in section["paragraphs"]
    )
    assert body_lines(material) <= 34
    # What is not worded is counted.
    assert re.search(r"[另共]有\d+项，由相关单位会后对接", text)
    assert re.search(r"；另有\d+件。|其中逾期未办结的有8件。", text)


def test_what_is_not_set_is_left_out_whole(official):
    text = "\n".join(lines(Document(io.BytesIO(briefing(official)))))
    for word in ("文件", "签发人", "抄送", "印发", "号）"):
        assert word not in text.split("附件1")[0].replace("上报记录第7号）", "")
    document = Document(io.BytesIO(briefing(with_letterhead(official))))
    foot = [text for row in cells(document.tables[-1]) for text in row]
    full = "\n".join([*lines(document), *foot])
    assert len(foot) == 2
    for field in fields(Letterhead):
        assert getattr(LETTERHEAD, field.name) in full
    assert "签发人：张三" in full
    assert "抄送：区委办公室。" in full
    assert "2018年10月9日印发" in full
    only = with_letterhead(official, Letterhead(number="新办发〔2018〕1号"))
    text = "\n".join(lines(Document(io.BytesIO(briefing(only)))))
    assert "新办发〔2018〕1号" in text
    assert "签发人" not in text


def test_a_units_own_word_stands_beside_the_computed_state(with_words):
    made = briefing_fields(with_words)
    late = {row["task"]: row["reason"] for row in made["late"]}
    differs = "区经发局称能按期，按填报算逾期：名单已到"
    assert late["两地联合组织一次合作对接会"].endswith(f"；{differs}")
    text = "".join(text for section in made["sections"] for text in section["paragraphs"])
    assert "；单位称能按期。" in text
    tasks = {row["content"]: row for row in made["tasks"]}
    assert sum(differs in row["progress"] for row in tasks.values()) == 1
    assert sum("区商务局研判有风险" in row["progress"] for row in tasks.values()) == 1
    waits = [row for row in tasks.values() if row["status"].startswith("◎\n已报完成、\n待核实")]
    assert waits
    assert all(row["progress"].count("已报完成、待核实") <= 1 for row in waits)  # said once


def test_the_foot_has_the_next_even_page_for_itself(official):
    text, foot = Document(io.BytesIO(briefing(with_letterhead(official)))).sections
    assert foot.start_type == WD_SECTION.EVEN_PAGE
    assert "PAGE" in text.footer._element.xml
    assert "PAGE" not in foot.footer._element.xml + foot.even_page_footer._element.xml
    (only,) = Document(io.BytesIO(briefing(official))).sections  # no 版记, no page for it
    assert only.start_type != WD_SECTION.EVEN_PAGE
    assert "PAGE" in only.footer._element.xml


def test_page_numbers_stand_outside_on_odd_and_even_pages(official):
    document = Document(io.BytesIO(briefing(official)))
    assert document.settings.odd_and_even_pages_header_footer
    (section,) = document.sections
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd.alignment != even.alignment
    assert "PAGE" in odd._p.xml
    assert "PAGE" in even._p.xml


def test_east_asian_text_is_marked_as_such(official):
    document = Document(io.BytesIO(briefing(official)))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs if run.text]
    runs += [
        r
        for t in document.tables
        for row in t.rows
        for c in row.cells
        for p in c.paragraphs
        for r in p.runs
        if r.text
    ]
    for run in runs:
        fonts = run._r.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:hint")) == "eastAsia"
        assert run._r.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
    assert TEXT_FONT in {r._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) for r in runs}


def test_synthetic_data_source_and_date_are_stated(official):
    text = lines(Document(io.BytesIO(briefing(official))))
    assert "（演示数据：进展为虚构示例，不是两地的真实进展）" in text
    assert any("2018年10月8日" in line for line in text)
    assert any("第7号" in line for line in text)


def test_a_plan_without_problems_says_so():
    data = plan([task("1", "全年")], reports=[report("1", 1, percent=50)])
    text = "\n".join(
        lines(Document(io.BytesIO(briefing(Material(as_of(data, 1), made=date(2018, 2, 1))))))
    )
    assert "没有逾期或滞后的任务" in text
    assert "需两地协调" not in text
    assert "附件：1．工作任务完成情况表" in text


def test_an_empty_selection_is_said():
    data = plan([task("1", "全年")])
    material = Material(as_of(data, 1, category="没有"))
    assert overall_words(material) == ["截至2018年1月末，没有符合条件的任务。"]
    document = Document(io.BytesIO(briefing(material)))
    assert "附件" not in "".join(lines(document))
    assert document.tables == []


def test_an_edition_its_corrections_and_the_evidence_are_annexed(september):
    item = Attachment("现场照片.jpg", "a" * 64, 2048, "image/jpeg", "二-1", "2018-09", "区农业局")
    sent = Submission(3, Kind.ATTACH, "张三", "区农业局", "2018-10-01T09:00", 0, 0, 0)
    table = pd.DataFrame(
        [("总体", "65.9%", "70.4%", ""), ("二-6 对接会", "× 逾期", "√ 已完成", "第5号填报")],
        columns=CORRECTION_COLUMNS,
    )
    material = Material(september, 3, ((sent, item),), DAY, "定稿第4号（2018年9月，张三）", table)
    text = lines(Document(io.BytesIO(briefing(material))))
    assert any("定稿第4号（2018年9月，张三）" in line for line in text)
    assert [line for line in text if re.fullmatch(r"附件\d", line)] == [
        f"附件{number}" for number in range(1, 5)
    ]
    assert "任务：二-6 对接会；定稿时：× 逾期；更正后：√ 已完成；依据：第5号填报" in text
    assert any("现场照片.jpg" in line for line in text)


# -- the office's own template -----------------------------------------------------------------------


def own_template(*texts):
    paper = Paper("范本", "")
    for text in texts:
        paper.paragraph(text)
    return paper.content()


def test_an_office_puts_its_own_letterhead_in_place_of_ours(official):
    own = own_template(
        "本局文件", "{{ date }}", "{%p for s in sections %}", "{{ s.heading }}", "{%p endfor %}"
    )
    text = lines(Document(io.BytesIO(briefing(official, template=Template("模板.docx", own)))))
    assert text[:3] == ["本局文件", "2018年10月8日", "一、总体情况"]


@pytest.mark.parametrize(
    ("template", "cause"),
    [
        (own_template("{{ 落款 }}"), "落款"),
        (own_template("{{ date "), "成对的"),
        (b"not a document", "模板.docx"),
    ],
)
def test_a_template_that_cannot_be_filled_names_the_cause(official, template, cause):
    with pytest.raises(DataError) as caught:
        briefing(official, template=Template("模板.docx", template))
    assert cause in str(caught.value)
    assert "模板.docx" in str(caught.value)


def test_a_template_cannot_run_code(official):
    attack = own_template("{{ ''.__class__.__mro__ }}")
    with pytest.raises(DataError):
        briefing(official, template=Template("模板.docx", attack))


def test_text_of_data_is_text_in_the_document(official):
    made = briefing_fields(official) | {"title": ["<w:p/> & {{ date }}"]}
    assert "<w:p/> & {{ date }}" in lines(
        Document(io.BytesIO(filled(Template("模板.docx", default_template()), made)))
    )


def test_every_field_of_the_template_is_documented(official):
    numbers = {"late_number", "tasks_number"}
    assert set(briefing_fields(official)) == set(FIELDS) | numbers
