"""The deck as .pptx: every number is the roll-up's, charts are native, texts are Chinese-ready."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from lib.core import wording
from lib.core.status import LOOKS, Status
from lib.report import Material
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.pptx_deck import pptx
from lib.report.pptx_slide import FONT
from lib.report.slides import DEFAULT_PARTS, Part
from lib.store import Attachment, Kind, Submission
from tests.small_plans import as_of, plan, report, task

DAY = date(2018, 10, 8)
PICTURE = MSO_SHAPE_TYPE.PICTURE


@pytest.fixture(scope="module")
def slides(material):
    return deck(material)


@pytest.fixture(scope="module")
def drawn(material, slides):
    """The deck as PowerPoint reads it, and what was heard of its progress."""
    heard = []
    content = pptx(material, slides, lambda share, part: heard.append((share, part)))
    return Presentation(io.BytesIO(content)), heard


@pytest.fixture(scope="module")
def file(drawn):
    return drawn[0]


def of(part, slides, file):
    return [page for page, slide in zip(file.slides, slides, strict=True) if slide.part == part]


def texts(page):
    return [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]


def charts(pages):
    return [shape.chart for page in pages for shape in page.shapes if shape.has_chart]


def rows(pages):
    return [
        [cell.text for cell in row.cells]
        for page in pages
        for shape in page.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]


def test_a_slide_for_each_part_in_the_usual_order(slides, file):
    assert len(file.slides) == len(slides)
    seen = list(dict.fromkeys(slide.part for slide in slides))
    assert set(seen) <= set(DEFAULT_PARTS)
    assert [page.shapes.title.text_frame.text for page in file.slides][1:] == [
        slide.heading for slide in slides
    ][1:]  # the cover's title stands on two lines


def test_the_tiles_hold_the_overall_figures(material, slides, file):
    total = material.figures.overall.iloc[0]
    written = texts(of(Part.HEADLINE, slides, file)[0])
    for value in (
        wording.percent(total["earned_value"]),
        wording.percent(total["planned_value"]),
        f"{total['behind'] + total['overdue']}项",
    ):
        assert value in written


@pytest.mark.parametrize(
    ("part", "by"), [(Part.CATEGORIES, "by_category"), (Part.UNITS, "by_unit")]
)
def test_bars_are_native_charts_of_the_roll_up(part, by, material, slides, file):
    roll_up = getattr(material.figures, by).set_index("key")
    shown = {}
    for chart in charts(of(part, slides, file)):
        (plot,) = chart.plots
        values = {series.name: list(series.values) for series in plot.series}
        for place, name in enumerate(plot.categories):
            key = name.split("\u3000")[1]  # after its place
            shown[key] = (values["完成率"][place], values["序时进度"][place])
            longer = max(plot.series, key=lambda series: series.values[place])
            label = longer.points[place].data_label.text_frame.text
            assert label.startswith(f"{wording.percent(shown[key][0])}，")
    assert shown
    for key, (earned, planned) in shown.items():
        assert earned == pytest.approx(roll_up.at[key, "earned_value"])
        assert planned == pytest.approx(roll_up.at[key, "planned_value"])


def test_the_curve_is_native_and_ends_with_the_month(material, slides, file):
    (chart,) = charts(of(Part.CURVE, slides, file))
    months = material.figures.by_month
    planned, earned = chart.plots[0].series
    assert list(planned.values) == pytest.approx(list(months["planned_value"]))
    past = months["month"] <= material.figures.selection.month
    known = [value for value in earned.values if value is not None]
    assert known == pytest.approx(list(months.loc[past, "earned_value"]))


def test_the_gantt_draws_each_window_and_its_completed_share(material, slides, file):
    tasks = material.figures.tasks.set_index("task_id")
    axis = material.figures.dataset.axis
    shapes = {s.name: s for page in of(Part.GANTT, slides, file) for s in page.shapes}
    widest = tasks["end"] - tasks["start"] + 1
    unit = {shapes[f"计划 {task_id}"].width / widest[task_id] for task_id in tasks.index}
    assert max(unit) - min(unit) < 2000  # a month is as wide on every row, but for rounding
    first = min(shapes[f"计划 {task_id}"].left for task_id in tasks.index)
    for task_id, row in tasks.iterrows():
        window = shapes[f"计划 {task_id}"]
        months_in = (window.left - first) / max(unit) + tasks["start"].min() - axis.start
        assert months_in == pytest.approx(row["start"] - axis.start, abs=0.05)
        if row["completion"] > 0:
            done = shapes[f"完成 {task_id}"]
            assert done.width / window.width == pytest.approx(row["completion"], abs=0.01)
            if row["status"] == Status.OVERDUE:
                assert str(done.fill.fore_color.rgb) == LOOKS[Status.OVERDUE].colour.lstrip("#")
        else:
            assert f"完成 {task_id}" not in shapes
        late = row["status"] == Status.OVERDUE and row["end"] < material.figures.selection.month
        assert (f"逾期 {task_id}" in shapes) == late


def test_tables_hold_every_indicator(material, slides, file):
    shown = rows(of(Part.INDICATORS, slides, file))
    expected = sorted(
        (row.indicator, wording.percent(row.completion), wording.percent(row.planned_value))
        for row in material.figures.indicators.itertuples()
    )
    assert sorted((row[1], row[3], row[4]) for row in shown) == expected


def test_everything_lies_on_the_slide_and_no_text_is_small(file):
    for page in file.slides:
        appendix = page.shapes.title.text_frame.text.startswith("附")
        for shape in page.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= file.slide_width, shape.name
            assert shape.top + shape.height <= file.slide_height, shape.name
        for size in page._element.iter(qn("a:rPr")):
            assert int(size.get("sz")) >= (1200 if appendix else 1800)
        for chart in charts([page]):
            sizes = chart._chartSpace.xpath(".//a:defRPr/@sz | .//a:rPr/@sz")
            assert min(map(int, sizes)) >= 1800
    assert file.slide_width / file.slide_height == pytest.approx(16 / 9)


def test_no_placeholder_is_left_empty(file):
    for page in file.slides:
        assert all(shape.text_frame.text for shape in page.placeholders)


def test_a_text_box_added_by_hand_has_the_same_font(file):
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()
    for fonts in re.findall(r"<a:m(?:ajor|inor)Font>.*?</a:m(?:ajor|inor)Font>", theme, re.DOTALL):
        assert f'<a:ea typeface="{FONT}"' in fonts
        assert f'<a:latin typeface="{FONT}"' in fonts


def test_the_workbooks_within_charts_hold_the_charts_numbers(slides, file):
    for chart in charts(file.slides):
        book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        (sheet,) = book.worksheets
        heads = [cell.value for cell in sheet[1]][1:]
        for place, series in enumerate(chart.plots[0].series):
            assert heads[place] == series.name
            held = [sheet.cell(row, place + 2).value for row in range(2, sheet.max_row + 1)]
            assert [value or 0 for value in held] == pytest.approx(
                [value or 0 for value in series.values]
            )


def test_text_names_its_east_asian_font(file):
    for page in file.slides:
        for run in page._element.iter(qn("a:rPr")):
            assert run.find(qn("a:ea")).get("typeface") == FONT
            assert run.find(qn("a:latin")).get("typeface") == FONT


def test_notes_name_source_revision_and_month(file):
    for page in file.slides:
        notes = page.notes_slide.notes_text_frame.text
        assert "各责任单位填报" in notes
        assert "第7号" in notes
        assert "2018年9月末" in notes


def test_synthetic_data_is_marked_on_every_slide(size, file):
    for page in file.slides:
        assert ("演示数据" in texts(page)) == (size == "22 tasks")


def test_progress_runs_to_the_end(drawn):
    shares = [share for share, _ in drawn[1]]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_nothing_selected_gives_a_cover():
    data = plan([task("1", "全年")])
    material = Material(as_of(data, 3, category="没有"), made=DAY)
    assert len(Presentation(io.BytesIO(pptx(material, deck(material)))).slides) == 1


def test_the_first_month_has_nothing_to_compare_with():
    data = plan([task("1", "全年")], reports=[report("1", 1, percent=5)])
    material = Material(as_of(data, 1), made=DAY)
    file = Presentation(
        io.BytesIO(pptx(material, deck(material, Arrangement().only(Part.HEADLINE, Part.CURVE))))
    )
    assert "+" not in "".join(texts(file.slides[0]))
    assert file.slides[0].shapes[0].height > Pt(20) > Emu(0)


def test_evidence_is_shown_and_listed(september):
    picture = io.BytesIO()
    Image.new("RGB", (3000, 2000), "green").save(picture, "JPEG")
    items = [
        Attachment(f"照片{n}.jpg", str(n) * 64, 2048, "image/jpeg", "二-1", "2018-09", "区农业局")
        for n in range(5)
    ]
    sent = Submission(3, Kind.ATTACH, "张三", "区农业局", "2018-10-01T09:00", 0, 0, 0)
    contents = {item.sha256: picture.getvalue() for item in items[:4]} | {"4" * 64: b"broken"}
    material = Material(
        september, 3, tuple((sent, item) for item in items), DAY, read_file=contents.__getitem__
    )
    chosen = deck(material, Arrangement().only(Part.EVIDENCE))
    pages = list(Presentation(io.BytesIO(pptx(material, chosen))).slides)
    assert "附　佐证材料5份（1／3）" in texts(pages[0])
    shown = [shape for page in pages for shape in page.shapes if shape.shape_type == PICTURE]
    assert len(shown) == 4
    assert all(len(shape.image.blob) < 100_000 for shape in shown)
    assert any("图片打不开" in text for page in pages for text in texts(page))
    assert rows(pages)[0] == ["二-1", "2018-09", "区农业局", "照片0.jpg", "第3号"]
