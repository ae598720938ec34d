"""The papers by format: each opens as what it is, under a name that says month and kind."""

from __future__ import annotations

import pytest

from lib.report import Material
from lib.report.export import FORMATS, export, file_name


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("pptx", "汇报PPT_2018-09.pptx"),
        ("docx", "工作进展通报_2018-09.docx"),
        ("xlsx", "台账_2018-09.xlsx"),
        ("html", "离线网页_2018-09.html"),
    ],
)
def test_each_format_has_its_name_and_says_how_far_it_is(september, form, name):
    material, shares = Material(september), []
    content = export(material, form, progress=lambda share, part: shares.append(share))
    assert content.startswith(b"<!DOCTYPE html>" if form == "html" else b"PK")
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert file_name(material, form) == name
    assert set(FORMATS) == {"pptx", "docx", "xlsx", "html"}
