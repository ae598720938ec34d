"""A unit's report from the template to the chart and back, in a real browser."""

from __future__ import annotations

import io
import shutil

import openpyxl
import pytest

from tests.browser import harness
from tests.browser.harness import ROOT

pytestmark = pytest.mark.browser


def choose(visit, label, option):
    box = visit.page.get_by_role("combobox", name=label)
    box.click()
    visit.page.get_by_role("option", name=option, exact=True).click()
    visit.settle()


def begin(visit, unit, user="张三"):
    choose(visit, "填报单位", unit)
    choose(visit, "填报月份", "2018-10")
    name = visit.page.get_by_role("textbox", name="填报人")
    name.fill(user)
    name.press("Enter")
    visit.settle()


def upload(visit, path):
    visit.page.locator("input[type=file]").first.set_input_files(path)
    visit.page.get_by_text("可以提交").or_(
        visit.page.get_by_text("没有可以提交的行")
    ).first.wait_for()
    visit.settle()


def headline(visit):
    return visit.page.get_by_role("heading", level=1).inner_text()


def fill(source, target, cells):
    """Fill cells of a template: {(task, header): value}."""
    book = openpyxl.load_workbook(io.BytesIO(source.read_bytes()))
    sheet = book["填报"]
    header = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        task = sheet.cell(row, header["任务编号"]).value
        for (wanted, name), value in cells.items():
            if task == wanted:
                sheet.cell(row, header[name]).value = value
    book.save(target)


def test_template_upload_error_fix_confirm_and_undo(open_page, own_data, tmp_path):
    watcher = open_page("/?month=2018-10")  # a leader's browser, open all the while
    before = headline(watcher)
    kept = (own_data / "progress.csv").read_bytes()

    visit = open_page("/report")
    begin(visit, "区经发局")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载模板（Excel）").click()
    assert download.value.suggested_filename == "填报_区经发局_2018-10.xlsx"
    template = download.value.path()

    wrong = tmp_path / "wrong.xlsx"
    cells = {("二-6", "本月完成"): "一次", ("二-7", "本月完成"): 1}
    fill(template, wrong, cells)
    upload(visit, wrong)
    assert "有1处错误" in visit.page.get_by_test_id("stMain").inner_text()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载标出错误的文件").click()
    marked = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))["填报"]
    told = [str(cell.value) for row in marked.iter_rows() for cell in row if cell.value]
    assert any("「本月完成」不是数字" in text for text in told)
    visit.page.get_by_role("button", name="确认提交").click()
    missing = visit.page.get_by_text("没有提交：有错误")
    missing.wait_for()
    button = visit.page.get_by_role("button", name="确认提交")
    assert missing.bounding_box()["y"] < button.bounding_box()["y"]
    assert (own_data / "progress.csv").read_bytes() == kept

    right = tmp_path / "right.xlsx"
    fill(template, right, {**cells, ("二-6", "本月完成"): 1})
    upload(visit, right)
    assert "没有错误" in visit.page.get_by_test_id("stMain").inner_text()
    visit.page.get_by_role("button", name="确认提交").click()
    visit.page.get_by_text("已提交为第1号").wait_for()

    watcher.page.bring_to_front()
    watcher.page.wait_for_function(
        "before => document.querySelector('h1')?.innerText !== before", arg=before
    )
    watcher.settle()
    moved = headline(watcher)
    assert moved != before

    visit.page.bring_to_front()
    visit.page.get_by_role("button", name="撤销这次提交").click()
    watcher.page.bring_to_front()
    watcher.page.wait_for_function(
        "before => document.querySelector('h1')?.innerText === before", arg=before
    )
    visit.settle()
    harness.go_to(visit.page, "上报记录")
    visit.page.get_by_role("heading", name="上报记录：共2次").wait_for()
    visit.settle()
    text = visit.page.get_by_test_id("stMain").inner_text()
    assert "第2号 撤销" in text
    choose(visit, "类别", "填报")
    assert "已撤销" in visit.page.get_by_test_id("stMain").inner_text()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载原件").click()
    assert harness.Path(download.value.path()).read_bytes() == right.read_bytes()


def test_a_gbk_file_from_excel_is_read_and_a_picture_is_refused(open_page, own_data, tmp_path):
    visit = open_page("/report")
    begin(visit, "妇联")
    gbk = tmp_path / "妇联10月.csv"
    gbk.write_bytes("任务编号,月份,累计完成率,进展说明\r\n八-2,10月,80,走访\r\n".encode("gbk"))
    upload(visit, gbk)
    assert "没有错误，1行可以提交" in visit.page.get_by_test_id("stMain").inner_text()
    assert visit.page.get_by_role("button", name="确认提交").is_enabled()
    picture = tmp_path / "照片.xlsx"
    shutil.copy(ROOT / "lib" / "ui" / "frame" / "icon.png", picture)
    upload(visit, picture)
    assert "没有可以提交的行" in visit.page.get_by_test_id("stMain").inner_text()
    assert visit.page.get_by_role("button", name="确认提交").count() == 0


def test_two_people_who_previewed_the_same_state(open_page, own_data, tmp_path):
    first, second = open_page("/report"), open_page("/report")
    path = tmp_path / "a.csv"
    for visit, percent in ((first, 81), (second, 82)):
        visit.page.bring_to_front()
        begin(visit, "妇联")
        path.write_text(f"任务编号,月份,累计完成率\n八-2,10月,{percent}\n", encoding="utf-8")
        upload(visit, path)
    first.page.bring_to_front()
    first.page.get_by_role("button", name="确认提交").click()
    first.page.get_by_text("已提交为第1号").wait_for()
    second.page.bring_to_front()
    second.page.get_by_text("您预览之后数据有了变化").wait_for()
    second.page.get_by_role("button", name="重新预览").click()
    second.page.get_by_text("修改1行").wait_for()
    second.settle()
    second.page.get_by_role("button", name="确认提交").click()
    second.page.get_by_text("已提交为第2号").wait_for()


def test_evidence_stands_on_the_task_page(open_page, own_data, tmp_path):
    visit = open_page("/report")
    begin(visit, "妇联")
    visit.page.get_by_role("radio", name="佐证材料").click()
    visit.settle()
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(b"%PDF" * 5_500_000)
    visit.page.locator("input[type=file]").first.set_input_files(scan)
    refused = visit.page.get_by_text("没有收下：超过20.0MB")
    refused.wait_for()
    assert refused.bounding_box()["height"] > 10  # seen, not only heard
    visit.page.locator("input[type=file]").first.set_input_files(ROOT / "lib/ui/frame/icon.png")
    visit.page.get_by_role("button", name="提交1份材料").click()
    visit.page.get_by_text("已提交为第1号").wait_for()
    task = open_page("/task?task=八-1")
    assert "icon.png" in task.page.get_by_test_id("stMain").inner_text()


def test_the_form_is_typed_in_the_page_and_moves_the_chart(open_page, own_data):
    before = headline(open_page("/?month=2018-10"))
    visit = open_page("/report")
    begin(visit, "区经发局")
    visit.page.get_by_role("radio", name="在线填写").click()
    visit.settle()
    visit.page.get_by_role("combobox", name="任务", exact=True).click()
    visit.page.get_by_role("option").filter(has_text="合作对接会").click()
    visit.page.get_by_text("合作对接会：").wait_for()
    visit.settle()
    field = visit.page.get_by_role("textbox", name="本月完成")
    field.press_sequentially("1")
    field.press("Enter")
    visit.page.get_by_text("预览：新增1行").wait_for()
    visit.settle()
    visit.page.get_by_role("button", name="确认提交").click()
    visit.page.get_by_text("已提交为第1号").wait_for()
    assert "二-6,2018-10,区经发局,合作对接会,1," in (own_data / "progress.csv").read_text(
        "utf-8-sig"
    )
    assert headline(open_page("/?month=2018-10")) != before
