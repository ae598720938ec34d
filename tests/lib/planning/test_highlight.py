"""Where a source text was understood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lib.core.units import parse_units
from lib.planning import highlight


@given(st.text(max_size=60))
def test_highlighted_spans_never_overlap(text):
    known = frozenset(parse_units("区人社局、妇联"))
    end = 0
    for span in highlight.spans(text, 2018, known):
        assert end <= span.start < span.end <= len(text)
        end = span.end


def test_highlights():
    def marks(text):
        return [(text[s.start : s.end], str(s.what)) for s in highlight.spans(text, 2018, known)]

    known = frozenset({"区人社局", "妇联"})
    assert marks(" 4～11月 ") == [("4～11月", "时间")]
    assert marks("区人社局、妇联") == [("区人社局、妇联", "单位")]
    assert marks("组织10家以上企业") == [("10家以上", "数量")]
    assert marks("甲局") == []
