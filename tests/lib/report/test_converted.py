"""The papers opened by an office program: pages, words and numbers as they come out on paper.

LibreOffice converts them; poppler's tools read the PDF. Without LibreOffice the tests skip,
except in CI, where they fail.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from PIL import Image

from lib.core import wording
from lib.core.settings import Letterhead
from lib.core.status import Status
from lib.report import Material
from lib.report import export as export_module
from lib.report.briefing import briefing, briefing_fields
from lib.report.briefing_template import Template, default_template, filled
from lib.report.deck import deck
from lib.report.export import export, pages_pdf
from lib.report.notices import document, notices, numbered
from lib.report.pdf import BLANKS_TOO
from lib.report.slides import Part, Table
from lib.report.xlsx_layout import HEAD_ROW
from tests.lib.report.conftest import DAY
from tests.lib.report.test_briefing import LETTERHEAD, much_to_say, with_letterhead
from tests.small_plans import as_of, large

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]
SECONDS = 120
FORMS = ("pptx", "docx", "xlsx")
WORD = "{http://www.w3.org/1999/xhtml}word"
PAGE = "{http://www.w3.org/1999/xhtml}page"


@pytest.fixture(scope="session")
def office():
    path = shutil.which("soffice")
    if path is None or shutil.which("pdftotext") is None:
        reason = "libreoffice or poppler-utils is not installed (see docs/dependencies.md)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def convert(office, tmp_path_factory):
    """Return a function that converts files (name → content) in one go; gives name → path."""
    profile = tmp_path_factory.mktemp("office")

    def converted(files, to="pdf", how="pdf"):
        folder = tmp_path_factory.mktemp("papers")
        for name, content in files.items():
            (folder / name).write_bytes(content)
        command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--convert-to", how, "--outdir", str(folder / "out")]
        command += [str(folder / name) for name in files]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS * len(files))
        return {name: (folder / "out" / name).with_suffix(f".{to}") for name in files}

    return converted


@pytest.fixture(
    scope="session", params=[22, 60, pytest.param(120, marks=pytest.mark.thorough)], ids=str
)
def material(request, official):
    """The shipped plan; one of sixty tasks, which already takes several pages of each kind."""
    tasks = request.param
    return official if tasks == 22 else Material(as_of(large(tasks), 9), 7, made=DAY)


@pytest.fixture(scope="session")
def papers(material, convert):
    """Every paper of a plan as PDF, by what it is."""
    files = {f"{form}.{form}": export(material, form) for form in FORMS}
    files["notice.docx"] = document(longest_notice(material))
    return {Path(name).stem: path for name, path in convert(files).items()}


@pytest.fixture(params=FORMS)
def paper(request, papers):
    """The format and the PDF of one paper."""
    return request.param, papers[request.param]


@pytest.fixture(scope="session")
def letters(official, september, convert):
    """通报 with a letterhead as PDF, with a blank page before an even one, as they are printed."""
    head = replace(LETTERHEAD, mark="常州市新北区对口支援工作领导小组办公室文件")
    files = {
        "two lines": briefing(with_letterhead(official, head)),
        "much to say": briefing(with_letterhead(much_to_say(september))),
    }
    for lines in (4, 22):
        fields = briefing_fields(official) | {"late": [], "tasks": [], "annexes": []}
        fields |= asdict(
            Letterhead("文件", "", "", "", "办公室", "区委", "办公室", "2018年10月9日")
        )
        fields["sections"] = [{"heading": "一、总体情况", "paragraphs": ["工作正常推进。"] * lines}]
        files[f"{lines} lines"] = filled(Template("通报模板.docx", default_template()), fields)
    named = {f"{name}.docx": content for name, content in files.items()}
    return {Path(name).stem: path for name, path in convert(named, how=BLANKS_TOO).items()}


def longest_notice(material):
    batch = numbered(
        notices(material),
        [],
        issuer="李四",
        day=date(2018, 10, 8),
        answer_by=date(2018, 10, 15),
        year=2018,
    )
    return max(
        batch,
        key=lambda notice: len(notice.content) + len(notice.progress_text) + len(notice.problem),
    )


@cache
def words(pdf):
    """Pages of a PDF with their size and words (text and box), as on paper."""
    done = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=SECONDS
    )
    # Control characters that a font maps to nothing are not XML.
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", done.stdout.decode())
    return list(ElementTree.fromstring(text).iter(PAGE))  # noqa: S314


def text_of(pdf):
    return "".join(word.text for page in words(pdf) for word in page.iter(WORD))


def test_nothing_runs_over_the_edge_of_the_paper(paper):
    _, pdf = paper
    for page in words(pdf):
        wide, high = float(page.get("width")), float(page.get("height"))
        for word in page.iter(WORD):
            assert float(word.get("xMin")) >= -0.5, word.text
            assert float(word.get("xMax")) <= wide + 0.5, word.text
            assert float(word.get("yMax")) <= high + 0.5, word.text


def test_every_page_has_something_on_it(paper):
    _, pdf = paper
    assert all(len(list(page.iter(WORD))) > 1 for page in words(pdf))


def test_slides_stay_slides_and_paper_is_a4(material, paper):
    form, pdf = paper
    pages = words(pdf)
    size = float(pages[0].get("width")), float(pages[0].get("height"))
    if form == "pptx":
        assert len(pages) == len(deck(material))
        assert size[0] / size[1] == pytest.approx(16 / 9, rel=0.01)
    else:
        expected = (595, 842) if form == "docx" else (842, 595)
        assert size == pytest.approx(expected, abs=2)


def test_the_figures_come_out_on_paper(material, paper):
    form, pdf = paper
    text = text_of(pdf)
    total = material.figures.overall.iloc[0]
    assert wording.percent(total["earned_value"]) in text
    assert wording.percent(total["planned_value"]) in text
    if form != "pptx":  # a slide's row shows the beginning of a long text
        for content in material.figures.dataset.tasks.loc[
            material.figures.tasks["task_id"], "content"
        ]:
            assert content[:6] in text
    assert "progress.csv" not in text


def test_tables_on_slides_leave_the_last_line_free(material, papers):
    """Rows as high as another program's fonts make them must not reach the source line."""
    slides = deck(material)
    tables = {slide.part for slide in slides if isinstance(slide.content, Table)}
    assert tables >= {Part.INDICATORS, Part.LATE, Part.CHANGES}
    for slide, page in zip(slides, words(papers["pptx"]), strict=True):
        if not isinstance(slide.content, Table):
            continue
        sources = [word for word in page.iter(WORD) if (word.text or "").startswith("截至")]
        assert sources, "the source line is covered"
        source = min(float(word.get("yMin")) for word in sources)
        above = [
            float(word.get("yMax"))
            for word in page.iter(WORD)
            if float(word.get("yMin")) < source - 2
        ]
        assert max(above) <= source + 2


def test_chinese_is_drawn_not_boxed(paper, tmp_path):
    """The first page is not empty paper and holds Chinese words in its text layer."""
    _, pdf = paper
    subprocess.run(
        ["pdftoppm", "-r", "40", "-f", "1", "-l", "1", "-png", str(pdf), str(tmp_path / "page")],
        check=True,
        timeout=SECONDS,
    )
    (picture,) = tmp_path.glob("*.png")
    dark = Image.open(picture).convert("L").point(lambda value: 255 if value < 140 else 0)
    assert sum(dark.histogram()[255:]) > 200
    assert re.search("[\u4e00-\u9fff]{4}", text_of(pdf))


def test_another_program_computes_the_same_values(official, convert):
    """Formulas without the values stored beside them, computed by LibreOffice: the roll-ups."""
    bare = io.BytesIO()
    load_workbook(io.BytesIO(export(official, "xlsx"))).save(bare)  # openpyxl keeps formulas only
    computed = convert({"bare.xlsx": bare.getvalue()}, "xlsx", "xlsx")["bare.xlsx"]
    book = load_workbook(computed, data_only=True)
    roll_up = official.answers.categories
    for place, group in enumerate(roll_up.itertuples(), start=HEAD_ROW + 2):
        row = [cell.value for cell in book["分类"][place]]
        assert row[0] == group.key
        assert row[1] == group.tasks
        assert row[7:9] == pytest.approx([group.earned_value, group.planned_value])
    total = official.figures.overall.iloc[0]
    last = book["台账"].max_row
    assert book["台账"].cell(last, 8).value == pytest.approx(total["earned_value"])
    overdue = [cell.value for cell in book["分类"][HEAD_ROW + 2 + len(roll_up)]][
        2 + list(Status).index(Status.OVERDUE)
    ]
    assert overdue == total["overdue"]


def test_the_signature_stands_on_the_second_page(letters):
    """However long the letterhead: it takes two lines here."""
    second = {word.text for word in words(letters["two lines"])[1].iter(WORD)}
    assert LETTERHEAD.issuer in second


def test_much_to_ask_and_to_chase_takes_no_third_page(letters):
    second, third = words(letters["much to say"])[1:3]
    assert LETTERHEAD.issuer in {word.text for word in second.iter(WORD)}
    assert "附件" in {word.text for word in third.iter(WORD)}


@pytest.mark.parametrize("lines", [4, 22])
def test_the_foot_stands_on_the_last_even_page(lines, letters):
    pages = words(letters[f"{lines} lines"])
    assert len(pages) == (2 if lines == 4 else 4)  # a blank page comes before an even one
    (foot,) = (word for word in pages[-1].iter(WORD) if "抄送" in (word.text or ""))
    assert float(foot.get("yMin")) > 690  # of 842, above a margin of 35 mm


def test_every_page_of_the_month_is_a_page_of_paper(official, convert, monkeypatch):
    monkeypatch.setattr(export_module, "pdf", lambda content, *_: content)
    pages = words(convert({"pages.pptx": pages_pdf(official)})["pages.pptx"])
    wide = float(pages[0].get("width"))
    text = {word.text for page in pages for word in page.iter(WORD)}
    assert {"区经发局", "逾期"} <= text
    for page in pages:
        assert len(list(page.iter(WORD))) > 5
        for word in page.iter(WORD):
            assert float(word.get("xMax")) <= wide, word.text
            high = (float(word.get("yMax")) - float(word.get("yMin"))) * 842 / wide
            assert high >= 8, word.text  # points on A4


def test_a_notice_is_one_page(papers):
    assert len(words(papers["notice"])) == 1
