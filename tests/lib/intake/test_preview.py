"""What a checked report would change."""

from __future__ import annotations

from lib import intake
from lib.core import months, schema
from lib.store import listing, open_store
from tests.lib.intake.reports import GOOD, PERCENT, text, with_cell


def test_the_preview_says_what_changes_and_by_how_much(shipped):
    september = shipped.progress[
        (shipped.progress["task_id"] == "一-1")
        & (shipped.progress["month"] == months.parse("2018-09"))
    ].iloc[0]
    same = ["一-1", "2018-09", "区党政办", "", "", "80", september["note"]]
    rows = [same, PERCENT, with_cell(GOOD, "月份", "2018-09"), with_cell(GOOD, "本月完成", "x")]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped)
    preview = intake.preview(shipped, checked, "张三")
    assert preview.table["变化"].tolist() == ["不变", "新增", "修改", "错误"]
    assert "→ 赴紫阳对接" in preview.table["内容"].iloc[2]
    assert preview.sentence() == "新增1行，修改1行，不变1行，错误1行"
    assert preview.changes.added == 1
    assert preview.changes.changed == 1
    effect = preview.effect("区党政办", months.parse("2018-10")).set_index("范围")
    assert effect.at["区党政办", "原来（%）"] == 80
    assert effect.at["区党政办", "之后（%）"] == 85
    assert effect.at["总体", "变化（百分点）"] > 0
    texts = schema.PROGRESS.texts(preview.after.progress)
    assert (texts["填报人"] == "张三").sum() == 2


def test_a_column_that_the_file_lacks_keeps_its_value(shipped):
    head = ["任务编号", "月份", "填报单位", "累计完成率"]
    row = ["一-1", "2018-09", "区党政办", "81"]
    checked = intake.check(text(row, head=head).encode(), "a.csv", shipped)
    preview = intake.preview(shipped, checked, "张三")
    before, after = preview.changes.before.iloc[0], preview.changes.after.iloc[0]
    assert after["累计完成率"] == "81"
    assert after["进展说明"] == before["进展说明"] != ""


def test_who_reports_is_who_is_signed_in_and_the_file_names_the_handler(shipped, folder):
    head = ["任务编号", "月份", "填报单位", "累计完成率", "填报人"]
    rows = [["一-1", "2018-10", "区党政办", "85", "李四"], ["制表人：王五", "", "", "", ""]]
    checked = intake.check(text(*rows, head=head).encode(), "a.csv", shipped)
    store = open_store(folder)
    sent = intake.send(store, lambda _: checked, "张三", good_rows=True)
    assert sent.submission.handlers == ("李四", "王五")
    assert store.changes(1).after["填报人"].tolist() == ["张三"]
    table = listing.journal_table(open_store(folder).submissions)
    assert table.loc[0, ["填报人", "经手人"]].tolist() == ["张三", "李四、王五"]
