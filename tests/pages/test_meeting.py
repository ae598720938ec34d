"""汇报材料 and 汇报模式 through Streamlit's own test runner."""

from __future__ import annotations

import io
import json
import re

import pytest
from docx import Document
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from lib.core import months
from lib.core.status import Status
from lib.report import upper_form
from lib.report.editions import editions, seal
from lib.report.export import FORMATS
from lib.report.notices import issued
from lib.report.slides import Part
from lib.report.upper_form import Pointer, What
from lib.store import Changes, Draft, Kind, Original, open_store
from tests.lib.report.upper_forms import blank_form, opened
from tests.lib.store.sending import send
from tests.pages import reading
from tests.pages.reading import downloads, read, words

LATE = "二-6,2018-09,区经发局,合作对接会,1,,补报"


@pytest.fixture
def store(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return open_store(folder)


def open_app(page: str = "papers", **query: str) -> AppTest:
    return reading.open_app(page, **query)


def shown(app: AppTest) -> dict:
    """What full-screen mode has been given: slides with title, picture and notes."""
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)


def titles(app: AppTest) -> list[str]:
    """What the slides are called."""
    return [slide["title"] for slide in shown(app)["slides"]]


def notes(app: AppTest) -> str:
    return "\n".join(slide["notes"] for slide in shown(app)["slides"])


def part_labels(app: AppTest) -> list[str]:
    return [re.match(r"\*\*(.+?)\*\*", box.label)[1] for box in app.checkbox]


# -- papers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "name"),
    [("pptx", "汇报PPT"), ("docx", "工作进展通报"), ("xlsx", "台账"), ("html", "离线网页")],
)
def test_a_paper_is_made_and_offered(store, form, name):
    app = open_app(month="2018-09")
    app.button(f"make-{form}").click().run()
    assert not app.exception
    assert f"下载 {name}_2018-09.{form}" in downloads(app)
    assert any("已生成" in str(bar.proto.text) for bar in app.get("progress"))


def test_a_paper_that_cannot_be_made_says_why_and_the_others_are_made(store):
    broken = Original("本局.docx", b"no document")
    details = {"template": "本局.docx"}
    store.submit(Draft("张三", Changes.none(), Kind.TEMPLATE, original=broken, details=details))
    app = open_app(month="2018-09")
    app.button("make-docx").click().run()
    assert "工作进展通报_2018-09.docx 没有生成：" in read(app.error[0].value)
    assert "本局" in app.error[0].value
    app.button("make-xlsx").click().run()
    assert "下载 台账_2018-09.xlsx" in downloads(app)


def test_the_chosen_pages_become_a_pdf_where_an_office_program_is(store, monkeypatch):
    monkeypatch.setattr("lib.ui.papers.papers.office", lambda: "soffice")
    monkeypatch.setattr("lib.report.export.pdf", lambda *_: b"%PDF")
    app = open_app(month="2018-09")
    app.button_group("pdf-pages").set_value(["总览", "单位"]).run()
    app.button("make-pages-pdf").click().run()
    assert "下载 各页_2018-09.pdf" in downloads(app)
    monkeypatch.setattr("lib.ui.papers.papers.office", lambda: None)
    assert "可以直接打印" in words(open_app(month="2018-09"))


def keep_template(text):
    """Upload a template that is one paragraph, and keep it in 张三's name."""
    own = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(own)
    app = open_app(month="2018-09")
    upload = app.get("file_uploader")[0]
    upload.set_value(("本局.docx", own.getvalue(), "application/msword")).run()
    app.text_input("template-user").set_value("张三")
    return app.button("save-template").click().run()


def test_the_offices_template_is_kept_for_everyone(store):
    app = keep_template("本局 {{ mark }}{{ title }}")
    assert "通报模板已记为第1号" in app.success[0].value
    other = open_app(month="2018-09")
    assert "通报的红头模板：本局" in other.expander[0].label
    other.button("make-docx").click().run()
    made = other.session_state["_papers"]["docx"][1]
    assert len(Document(io.BytesIO(made)).paragraphs) == 1
    other.text_input("template-user").set_value("张三")
    other.button("remove-template").click().run()
    assert "改回通用模板" in other.success[0].value


def test_a_template_with_an_unknown_field_is_refused_with_its_name(store):
    app = keep_template("{{ 落款 }}")
    assert "落款" in app.error[0].value
    assert store.revision == 0


# -- the upper office's forms ----------------------------------------------------------------------


@pytest.fixture
def pointing(store, shipped):
    """The page with a blank form uploaded: its cells are pointed at what headers say."""
    app = open_app(month="2018-09")
    upload = app.get("file_uploader")[1]
    upload.set_value(("上级表.xlsx", blank_form(shipped), FORMATS["xlsx"].media_type)).run()
    return app


def test_an_upper_form_is_pointed_kept_and_filled_each_month(pointing, store):
    app = pointing
    assert "没有指明内容、保持空白的有12格" in words(app)
    app.text_input("form-cell").set_value("C3").run()
    app.selectbox("form-what").set_value(What.STATUS).run()
    assert app.button("form-point").disabled
    app.selectbox("form-scope").set_value("二-6").run()
    app.button("form-point").click().run()
    assert "没有指明内容、保持空白的有11格" in words(app)
    app.text_input("form-user").set_value("张三")
    app.button("save-form").click().run()
    assert "上级表.xlsx已保存，填13格" in app.success[0].value

    other = open_app(month="2018-06")
    assert "上级表格：1张" in words(other)
    other.button("make-form-1").click().run()
    assert "下载 上级表_2018-06.xlsx" in downloads(other)
    made = opened(other.session_state["_papers"]["form-1"][1])
    assert made["C3"].value in list(Status)
    assert made["F6"].value == "=SUM(F3:F5)"


def test_a_kept_form_is_changed_and_taken_out_of_use(pointing, store):
    pointing.text_input("form-user").set_value("张三")
    pointing.button("save-form").click().run()
    app = open_app(month="2018-09")
    app.selectbox("form-kept").set_value("上级表.xlsx").run()
    app.text_input("form-cell").set_value("G3").run()
    app.button("form-clear").click().run()
    app.text_input("form-cell").set_value("F6").run()
    app.selectbox("form-what").set_value(What.MONTH).run()
    app.button("form-point").click().run()
    assert "是公式" in app.error[0].value
    app.text_input("form-cell").set_value("A1").run()
    app.button("form-point").click().run()
    app.text_input("form-user").set_value("张三")
    app.button("save-form").click().run()
    (form,) = upper_form.load(store)
    assert ("进度表", "G3") not in form.cells
    assert form.cells["进度表", "A1"] == Pointer(What.MONTH)
    app = open_app(month="2018-09")
    app.selectbox("form-kept").set_value("上级表.xlsx").run()
    app.text_input("form-user").set_value("张三")
    app.button("remove-form").click().run()
    assert "上级表格：还没有" in words(app)


def test_a_file_that_is_no_form_is_refused(store):
    app = open_app(month="2018-09")
    app.get("file_uploader")[1].set_value(("坏的.xlsx", b"x", "application/zip")).run()
    assert "坏的.xlsx" in app.error[0].value.replace("\\", "")


def test_a_paper_of_other_figures_is_not_offered(store):
    app = open_app(month="2018-09")
    app.button("make-xlsx").click().run()
    app.selectbox("month").set_value("2018-08").run()
    assert not [one for one in app.get("download_button") if "台账" in one.proto.label]


def test_an_empty_selection_says_what_to_do(store):
    assert "清除" in open_app(category="人才帮扶", unit="妇联").info[0].value


# -- slides --------------------------------------------------------------------------------------


def test_slides_are_left_out_moved_and_noted_and_kept_for_everyone(store):
    app = open_app(month="2018-09")
    assert part_labels(app)[:3] == ["封面", "总体情况", "分类进展"]
    app.checkbox("part-HEADLINE").uncheck().run()
    app.button("move-CATEGORIES--1").click().run()
    assert part_labels(app)[:3] == ["封面", "分类进展", "总体情况"]
    app.text_area("note-COVER-584").set_value("欢迎各位")
    app.text_input("deck-user").set_value("张三")
    app.button("save-deck").click().run()
    assert "已保存" in app.success[0].value
    assert store.submissions[-1].kind == Kind.DECK

    other = open_app("present", month="2018-09")
    assert [title.split("：")[0] for title in titles(other)[:2]] == ["封面", "分类进展"]
    assert notes(other).strip() == ""
    assert "欢迎各位" in notes(open_app("present", month="2018-09", presenter="true"))


def test_an_arrangement_needs_a_name(store):
    app = open_app()
    app.button("save-deck").click().run()
    assert "请写明" in app.error[0].value
    assert store.revision == 0


def test_presenting_shows_the_months_slides(store):
    app = open_app("present", month="2018-06", unit="妇联")
    assert titles(app)[1].startswith("总体情况：")
    assert all(slide["image"].startswith("data:image/svg") for slide in shown(app)["slides"])
    assert shown(app)["presenter"] is False


def test_both_windows_follow_each_other_on_one_channel(store):
    channels = {
        shown(open_app("present", month=month, presenter=presenter))["channel"]
        for month, presenter in (("2018-09", "false"), ("2018-09", "true"), ("2018-08", "false"))
    }
    assert len(channels) == 2


def test_with_nothing_selected_the_slides_say_so(store):
    app = open_app("present", category="人才帮扶", unit="妇联")
    assert [title.split("：")[0] for title in titles(app)] == ["封面"]


# -- notices -------------------------------------------------------------------------------------


def test_notices_are_issued_once_and_then_offered(store):
    app = open_app(month="2018-09")
    assert "督办单：6项需要督办" in words(app)
    app.button("issue").click().run()
    assert "请写明签发人" in app.error[0].value
    app.text_input("notice-user").set_value("李四")
    app.button("issue").click().run()
    assert "已签发督办〔2018〕1号等6份督办单" in app.success[0].value
    assert [one.number for one in issued(store.submissions)][-1] == "督办〔2018〕6号"
    assert "督办〔2018〕1号" in list(app.dataframe[0].value["督办单号"])
    assert not [button for button in app.button if button.key == "issue"]
    app.button("make-notices").click().run()
    assert "下载 督办单_2018-09.zip" in downloads(app)


def test_the_journal_has_the_notices_as_they_went_out(store):
    app = open_app(month="2018-09")
    app.text_input("notice-user").set_value("李四")
    app.button("issue").click().run()
    journal = open_app("history")
    assert journal.dataframe[1].value["督办单号"].iloc[0] == "督办〔2018〕1号"
    assert "下载6份督办单" in downloads(journal)


def test_the_reminders_stand_beside(store):
    assert "催报清单：区商务局、妇联、河海街道3个单位" in words(open_app(month="2018-09"))


# -- sealing -------------------------------------------------------------------------------------


@pytest.fixture
def sealed(store):
    """A store whose September was sealed and then corrected."""
    store.submit(seal(months.parse("2018-09"), store.revision, "张三", "第三次联席会议"))
    send(store, LATE)
    return store


def test_a_month_is_sealed(store):
    app = open_app(month="2018-09")
    app.text_input("seal-user").set_value("张三")
    app.text_input("seal-note").set_value("第三次联席会议")
    app.button("seal").click().run()
    assert "已定稿" in app.success[0].value
    (submission,) = store.submissions
    assert (submission.kind, submission.user, submission.reason) == (
        Kind.SEAL,
        "张三",
        "第三次联席会议",
    )
    (edition,) = editions(store.submissions)
    assert edition.month == months.parse("2018-09")


def test_a_sealed_edition_is_shown_as_it_was_on_every_page(sealed):
    (edition,) = editions(sealed.submissions)
    now = open_app("overview", month="2018-09")
    assert "完成70.4%" in now.title[0].value
    for page in ("overview", "categories", "units", "months", "gantt", "papers"):
        app = open_app(page, edition=str(edition.number))
        assert app.selectbox("month").value == "2018-09"
        assert app.selectbox("sealed").value == edition.number
        assert "第三次联席会议" in app.info[0].value
        assert "定稿后有1项更正" in app.info[0].value
        assert "二-6 两地联合组织一次合作对接会" in list(app.dataframe[0].value["任务"])
    assert "完成65.9%" in open_app("overview", edition=str(edition.number)).title[0].value


def test_slides_and_papers_of_an_edition_are_as_it_was(sealed):
    (edition,) = editions(sealed.submissions)
    app = open_app("present", edition=str(edition.number), slide="2")
    assert "完成65.9%" in titles(app)[1]
    assert "更正：附　定稿后有1项更正" in titles(app)
    papers = open_app(edition=str(edition.number))
    papers.button("make-pptx").click().run()
    made = papers.session_state["_papers"]["pptx"][1]
    notes = Presentation(io.BytesIO(made)).slides[1].notes_slide.notes_text_frame.text
    assert edition.describe() in notes
    assert not [button for button in papers.button if button.key in ("seal", "issue")]


def test_a_sealed_task_has_the_reports_of_then(sealed):
    (edition,) = editions(sealed.submissions)
    shown = [
        open_app("task", task="二-6", month="2018-09", **more)
        for more in ({}, {"edition": str(edition.number)})
    ]
    assert "完成100.0%" in shown[0].title[0].value
    assert "完成0.0%" in shown[1].title[0].value
    assert "补报" in words(shown[0])
    assert "补报" not in words(shown[1])


def test_choosing_an_edition_turns_to_its_month(sealed):
    (edition,) = editions(sealed.submissions)
    app = open_app("overview", month="2018-06")
    app.selectbox("sealed").set_value(edition.number).run()
    assert app.selectbox("month").value == "2018-09"
    assert "2018-10" not in app.selectbox("month").options
    app.selectbox("sealed").set_value(None).run()
    assert "完成70.4%" in app.title[0].value


def test_an_edition_that_does_not_exist_is_said(sealed):
    app = open_app("overview", edition="99")
    assert "网址中的定稿不存在" in app.error[0].value


def test_the_journal_leads_to_the_sealed_figures(sealed):
    app = open_app("history")
    (edition,) = editions(sealed.submissions)
    app.selectbox("journal-revision").set_value(edition.number).run()
    assert "定稿月份 2018-09，数字截至上报记录第0号" in words(app)
    (link,) = [one.proto for one in app.get("page_link") if "定稿" in one.proto.label]
    assert f"edition={edition.number}" in link.query_string


def test_sealing_needs_a_name(store):
    app = open_app()
    app.button("seal").click().run()
    assert "请写明" in app.error[0].value
    assert editions(store.submissions) == []


def test_the_first_slide_is_left_if_all_are_left_out(store):
    app = open_app(month="2018-09")
    for part in Part:
        app.checkbox(f"part-{part.name}").uncheck()
    app.run()
    app.switch_page("pages/present.py").run()
    assert titles(app)[0].startswith("封面")


def test_broken_reports_are_told_over_the_slides(store, rewrite):
    rewrite("progress.csv", "2018-01", "一月")
    app = open_app("present", month="2018-09")
    assert "未计入任何上报" in app.error[0].value


def test_pending_reports_are_told_on_the_slides(store, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    send(store, LATE)
    app = open_app("present", month="2018-09", pending="true", presenter="true")
    assert "完成70.4%" in titles(app)[1]
    assert "含待审核的填报" in notes(app)


def test_a_plan_without_review_has_no_pending_reports_on_its_papers(store):
    """Whatever the address still says from another plan."""
    app = open_app("present", month="2018-09", pending="true", presenter="true")
    assert "含待审核的填报" not in notes(app)
