"""Settings: what the file says, what an edit keeps, what a change is called."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.core import schema
from lib.core.problems import DataError
from lib.core.settings import Letterhead, Settings, edited_settings, parse_settings

FILE = """\
# 值班室的设置
[access] # 要登录
mode = "oidc"   # 统一身份认证
  read = true

[[access.people]]
email = "a@example.org"

[plan]
year = 2018    # 计划年度
title = '原来的标题' # 标题
parties = [
  "甲", # 牵头
  "乙",
]
note = "不认识的键"

# 规则
[rules]
behind_points = 10.0

# 别的程序的一节
[other]
x = {a = 1, b = [1, 2]}
"""


def read(content):
    return parse_settings(content, schema.PROGRESS.empty())


@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=2))
def test_a_new_file_reads_as_the_settings_it_was_made_of(title, parties):
    settings = Settings(2020, title, tuple(parties), 0.15, True)
    content = edited_settings(None, settings)
    assert read(content) == settings
    assert content.decode().startswith("# 本数据目录的设置")
    assert "# 填报是否要经过审核才计入" in content.decode()


def test_a_new_file_of_the_shipped_settings_is_the_shipped_file(folder):
    content = (folder / "settings.toml").read_bytes()
    assert edited_settings(None, read(content)) == content


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_value_that_changed_is_replaced(newline, mark):
    content = (mark + FILE.replace("\n", newline)).encode()
    settings = read(content)
    assert edited_settings(content, settings) == content
    for after, old, new in (
        (replace(settings, title="新标题"), "'原来的标题'", '"新标题"'),
        (replace(settings, year=2019), "year = 2018", "year = 2019"),
        (replace(settings, behind_threshold=0.125), "= 10.0", "= 12.5"),
    ):
        edited = edited_settings(content, after)
        assert edited.decode() == content.decode().replace(old, new)
        assert read(edited) == after


def test_a_key_and_a_section_that_were_not_there_are_added():
    content = FILE.replace("title = '原来的标题' # 标题\n", "").replace("\n", "\r\n").encode()
    after = replace(read(content), title="新标题", review=True)
    expected = FILE.replace("title = '原来的标题' # 标题\n", "").replace(
        'note = "不认识的键"\n', 'note = "不认识的键"\ntitle = "新标题"\n'
    )
    expected += "\n[reports]\nreview = true\n"
    assert edited_settings(content, after).decode() == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "plan.year = 2018\n[access]\nmode = 1",
        "plan = {year = 2018, title = 'a'}\n[access]\nmode = 1",
        "[plan.more]\na = 1\n[access]\nmode = 1\n[plan]\nyear = 2018",
        "[plan]\nyear = 2018\n[access]\nmode = 1\n[plan.more]\na = 1\n",
        "[access]\nmode = 1\n[plan]\nyear = 2018\nreview = 1",
    ],
)
def test_other_ways_of_writing_a_section_are_edited_as_well(text):
    after = Settings(2019, "标题", ("甲",), 0.2, True)
    content = edited_settings(text.encode(), after)
    assert read(content) == after
    before, now = tomllib.loads(text), tomllib.loads(content.decode())
    assert now["access"] == before["access"]
    for key in set(before["plan"]) - {"year", "title", "parties"}:
        assert now["plan"][key] == before["plan"][key]


@st.composite
def files(draw):
    """A settings file of known and unknown sections with comments and odd spacing."""
    names = draw(st.permutations(["access", "other", "plan", "rules", "reports"]))
    values = {
        "plan": ["year = 2018", "title='a'", 'parties = [ "甲","乙" ]'],
        "rules": ["behind_points=10"],
        "reports": ["review =  false"],
    }
    blank = st.lists(st.sampled_from(["", "  ", "# 注释", "\t# 缩进的注释"]), max_size=3)
    lines = draw(blank)
    for name in names:
        lines.append(f"[{name}]")
        own = [f"{key} = 'x' # 说明" for key in draw(st.sets(st.sampled_from(["u", "v"])))]
        for line in draw(st.permutations(own + values.get(name, []))):
            lines += [line, *draw(blank)]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    end = draw(st.sampled_from(["", newline]))
    return draw(st.sampled_from(["", "\ufeff"])) + newline.join(lines) + end


@given(files(), st.integers(1970, 2999), st.sampled_from(["a", "新标题"]), st.booleans())
@example("[plan]\nyear = 2018", 2019, "a", False)
def test_every_byte_that_was_not_changed_stays(text, year, title, review):
    content = text.encode()
    after = replace(read(content), year=year, title=title, review=review)
    if "title" not in text:
        after = replace(after, title=Settings.title)
    expected = text.replace("year = 2018", f"year = {year}")
    expected = expected if title == "a" else expected.replace("title='a'", f'title="{title}"')
    expected = expected.replace("review =  false", f"review =  {str(review).lower()}")
    assert edited_settings(content, after) == expected.encode()


def test_a_file_that_is_no_toml_is_not_overwritten():
    with pytest.raises(DataError, match="不是有效的设置文件"):
        edited_settings(b"[access\nmode = 1", Settings(2018))
    with pytest.raises(DataError, match="plan 是「5」"):
        edited_settings(b"plan = 5", Settings(2018))


def test_differences_are_told_in_words():
    before = Settings(2018, "旧", ("甲", "乙"))
    after = Settings(2018, "新", (), 0.125, True)
    assert before.differences(before) == []
    assert before.differences(after) == [
        ("标题", "旧", "新"),
        ("双方", "甲、乙", "（空）"),
        ("滞后界限", "10个百分点", "12.5个百分点"),
        ("审核", "提交即生效", "要审核"),
    ]


def test_what_is_fixed_about_an_offices_papers_is_read_and_a_wrong_key_named(folder):
    content = (folder / "settings.toml").read_text(encoding="utf-8")
    own = content + '\n[document]\nnumber = "新办发〔2018〕12号"\n'
    assert read(own.encode()).letterhead == Letterhead(number="新办发〔2018〕12号")
    assert read(content.encode()).letterhead == Letterhead()
    for line, said in (('nummer = "1"', "document.nummer"), ("copies = 3", "document.copies")):
        with pytest.raises(DataError) as caught:
            read(f"{content}\n[document]\n{line}\n".encode())
        assert said in str(caught.value)


def test_every_example_in_the_shipped_settings_is_a_setting(folder):
    content = (folder / "settings.toml").read_text(encoding="utf-8")
    head = content.index("# [document]")
    examples = content[:head] + content[head:].replace("# ", "")
    assert all(asdict(read(examples.encode()).letterhead).values())
