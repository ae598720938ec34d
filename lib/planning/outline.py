"""A plan without a table: its running text as an outline of headings and items, each item a task.

Official texts number what they order: 一、 over （一） over 1. over （1）. What has nothing numbered
below it is an item; what stands above items is a heading. Units stand in brackets at an item's
end, in lines with labels below it, or in one bracket for a group of items.

    一、简化办事流程                              heading: the category
    1．公布目录60项。〔责任单位：市数据局〕           item with its units
    2．推行一窗受理。                             item
    牵头单位：市行政审批局                          label of the item above
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from lib.core.units import UNIT_END, parse_units
from lib.core.windows import times_in
from lib.planning.columns import UNIT_COLUMNS, Meaning, meaning_of
from lib.planning.document import Document, Paragraph
from lib.planning.frames import is_frame
from lib.planning.numerals import NUMERALS
from lib.planning.persons import without_persons
from lib.planning.task_tables import UNIT_HEADING, Outcome, RawTask, join_times
from lib.planning.unit_cells import join_lines

_LEVELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[一二三四五六七八九十]{1,3}(?:章|部分|篇)\s*",
        rf"[{NUMERALS}]{{1,3}}\s*[、.．]\s*",
        rf"[（(][{NUMERALS}]{{1,3}}[）)]\s*、?\s*",
        r"(?:\d{1,3}\s*(?:[、．]|\.(?!\d))|第[一二三四五六七八九十\d]{1,3}条|(?:任务|项目|目标)[一二三四五六七八九十\d]{1,3}[：:])\s*",
        r"(?:[（(]\d{1,3}[）)]|\d{1,3}[)）])\s*、?\s*",
        r"[①-⑳]\s*",
        r"[●■▲◆★○□△◇☆▪•·]\s*",
    )
)
_UNIT_WORDS = (
    r"(?:(?:牵头|主要|责任|主办|主责|主体|建设|承建|业主|承办|承担|配合|协办|协助|协同|参与|实施|落实|成员|考核|组织|督导){1,3}"
    r"(?:责任|实施)?(?:单位|部门|科室|处室|股室)|成员|牵头|配合)"
)
_LABEL_WORDS = (
    rf"{_UNIT_WORDS}(?:(?:及|和|与)(?:主要|第一)?(?:责任人|负责人|责任领导))?|[\u4e00-\u9fff]{{2}}领导|(?:项目|第一)?责任人|负责人|联系人|召集人|副?组长"
    r"|(?:完成|整改|办理|时间|工作)?(?:时限|期限)(?:要求)?|(?:完成|开工|开竣工|竣工|完工|开始|启动|结束|截止)(?:时间|日期|节点)|时间(?:节点|安排|要求)|进度安排"
    r"|(?:项目|任务|工程|实事)名称|(?:项目|建设|工作|主要|任务|具体)内容|(?:整改|工作|主要|具体)?(?:措施|举措)"
    r"|(?:[\u4e00-\u9fff]{2})?目标(?:任务)?|(?:工作|具体|目标)?任务|存在问题|问题(?:描述|表现)?"
    r"|[\u4e00-\u9fff]{2}(?:事项|任务)"
    r"|工作专班|领导小组|工作机构|组织机构|备注"
)
_LABEL = re.compile(rf"(?:^|(?<=[；;，,。\s]))({_LABEL_WORDS})\s*[：:]")
_BARE_LABEL = re.compile(rf"({_LABEL_WORDS})\s*[：:]?")
_LASTING = re.compile(
    r"\s*(?:全年|年内|长期|常年|持续|每(?:天|周|旬|月|季度?|半年|学期|年))(?:坚持|推进|开展|实施|完成|落实)?\s*"
)
"""A time in a bracket that names no month: （州人社局负责，全年推进）."""
_TAIL = re.compile(r"(.*[^\s—–])(?:\s*(?:——|—|––)\s*|[ \u3000]{2,}|\t)([^—–\t]{1,120})", re.DOTALL)
"""An item, and what stands behind a dash or a gap at its end."""
_BY = re.compile(r"(?:(?:^|(?<=[。；]))由?|(?<=[，：])由)(?=[^，。；]{2,60}(?:牵头|负责))")
"""Where a sentence begins that names who does it: 由县水利局牵头，各乡镇配合，4月底前完成…."""
_MUST = re.compile(r"(?:^|(?<=[。；]))([^，。；：]{2,40}?)(?:要(?![求素点])|应当?(?!急)|须)")
"""Whose duty a sentence says what follows is: 县住建局要加快…；县财政局要保障…."""
_WHO = re.compile(r"(?<=[。；])\s*由?([^。；]{3,120})。?$")
"""The last sentence of an item: 由市农业农村局牵头，市财政局配合。"""
_GROUP = ("工作专班", "领导小组", "工作机构", "组织机构")
_NEW_BLOCK = re.compile(r"\d{1,3}\s+(?=(?:项目|任务|工程|实事)名称)")
_CLOSING = re.compile(
    r"(?:(?:出席|列席|缺席|参会|参加)(?:会议)?(?:人员|领导)?|记录人?|主送|抄[送报]|报送|发送)\s*[：:]"
)
"""Lines below the last item that belong to the document: 参加会议人员：…, 抄送：…"""
_PAGE = re.compile(r"[—–－\-\s]*\d{1,4}[—–－\-\s]*|第\s*\d{1,4}\s*页.{0,9}")
_MONTH_LEVEL, _MONTH_ITEM, _LED_ITEM = 3, 9, 8.5
_MOST_BRACKETS = 8
"""Brackets at an item's end that are looked at."""
_OPEN, _CLOSE = "（(〔［[【", "）)〕］]】"
_ROLE = re.compile(rf"{_UNIT_WORDS}[：:]|牵头|负责|配合|参与|落实|承办|主办|协办|协助|按职责")
_GENERIC = re.compile(
    r"(?:(?:主要|重点|工作|目标|具体|年度|攻坚|整改)*(?:任务|工作|内容|措施|举措|事项|项目)(?:分工|分解|清单|安排|及分工|和措施)*"
    r"|任务分工|职责分工|责任分工|实施内容)"
)
_MONTHS = re.compile(
    r"((?:\d{1,2}|[一二三四五六七八九十]{1,2})月?份?(?:[—\-~～至到]{1,2}(?:\d{1,2}|[一二三四五六七八九十]{1,2}))?月份?"
    r"|第?[一二三四]季度|[上下]半年)\s*[，,：:、]\s*(.+)"
)
_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_MONTH_HEADING = re.compile(
    rf"(?:{_MONTH}月份?|{_MONTH}月?份?[—\-~～－至到、和]{{1,2}}{_MONTH}月份?|第?[一二三四1-4]季度|[上下]半年|全年)"
    r"(?:主要|重点)?(?:工作|任务|活动|安排|计划|要点)*"
)
_OF_WORK = re.compile(r"(?:主要|重点)?(?:工作|任务|活动|安排|计划|要点)+$")
_UNITS_WORK = re.compile(r"(?:牵头|负责|承担|主办)的?(?:重点|主要)?(?:任务|工作|事项|项目)?$")
"""What may stand behind the unit in a heading: 市科技局牵头任务."""
_FREE_LABEL = re.compile(r"[\u4e00-\u9fff]{2,8}\s*[：:]\s*\S.*", re.DOTALL)
_DATE_LINE = re.compile(r"(?:\d{4}|[二〇○零一三四五六七八九]{4})年.{1,3}月.{1,3}日")
_DOCUMENT_SPAN = re.compile(r"(?:自|从).{2,16}?(?:起|开始)?至.{2,12}?(?=[，。集开进全组]|$)")
_PADDED = re.compile(r"\s*0[1-9]\s+[\u4e00-\u9fff]")
_PADDED_NUMBER = re.compile(r"^\s*(\d\d)\s+(?=[\u4e00-\u9fff])")
_HEADING_LINE = re.compile(r"【[^】]{2,20}】|[^。；;，,：:！!（）()\d]{2,20}")
_NO_HEADING = re.compile(r"年$|^附|(?:通知|方案|计划|清单|要点|分工|分解表?|纪要)$|[前底末]$")
_TITLE_END = "。；;！!"


@dataclass
class _Node:
    """A heading or an item: ``level`` 0 is the document, larger ones stand below smaller ones.

    ``divided`` are the levels of its children at which a heading stands over items, or over
    paragraphs that are tasks: there the others of that level are headings as well. ``frame``: it
    says how the work is run instead of what is done.
    """

    level: float
    text: str
    place: str
    parent: _Node | None = None
    children: list[_Node] = field(default_factory=list)
    paragraphs: list[tuple[str, str]] = field(default_factory=list)  # text, place
    labels: dict[Meaning, str] = field(default_factory=dict)
    label_words: dict[Meaning, str] = field(default_factory=dict)
    window: str = ""
    divided: set[float] = field(default_factory=set)
    frame: bool = False

    @property
    def ancestors(self) -> list[_Node]:
        """The headings above, the topmost first, without the document itself."""
        above = [] if self.parent is None or self.parent.level == 0 else [self.parent]
        return [*self.parent.ancestors, *above] if self.parent else []

    @property
    def units_text(self) -> str:
        return self.labels.get(Meaning.UNITS, "")


def text_rows(document: Document) -> Outcome:
    """Return the items of a document's running text as tasks."""
    outcome = Outcome()
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    if any(map(_PADDED.match, texts)):  # 01, 02 … 10 without a point
        texts = [_PADDED_NUMBER.sub(r"\1．", text) for text in texts]
    issuer, end = _issuer(texts)
    root = _tree(texts[:end])
    span = _span(root)
    for node in _walk(root):
        node.divided = {
            child.level for child in node.children if child.children or _tasks_below(child) > 1
        }
        for children in (node.children, reversed(node.children)):  # 总体要求 first, 保障措施 last
            for child in takewhile(lambda child: is_frame(child.text), children):
                child.frame = True
        _read_node(node, span, issuer, outcome)
    return outcome


# -- the tree ---------------------------------------------------------------------------------


def _tree(texts: list[str]) -> _Node:
    """Return the paragraphs as a tree of headings and items."""
    root = _Node(0, "", "")
    current, pending = root, None
    months = sum(bool(_MONTHS.match(text.strip())) for text in texts) > 1
    unnumbered = _unnumbered_headings(texts)
    waiting: list[_Node] = []  # items that a bracket or labels for the group may still give units
    group: list[_Node] = []  # items that the labels right above were for
    for number, raw in enumerate(texts, start=1):
        place = f"第{number}段"
        level: float
        level, text = _level(raw.strip())
        if not text or (not level and _PAGE.fullmatch(text)):
            continue
        following = texts[number].strip() if number < len(texts) else ""
        label = _labels(text, bare=_may_be_bare(level, following))
        block = _NEW_BLOCK.match(text)
        if block:
            text, level = text[block.end() :], 0
            label = _labels(text, bare=True)
        if label:
            first = label[0][0]
            starts = first in (Meaning.NAME, Meaning.CONTENT)
            if starts and (block or (current.labels and first in current.labels)):
                parent = current if not current.labels else (current.parent or root)
                current = _child(parent, parent.level + 1, "", place)
                waiting.append(current)
            elif starts and current is root:
                current = _child(root, 1, "", place)
            if current not in group:
                group = [current, *(n for n in _group(waiting, current) if n is not current)]
            waiting = []
            pending = _set_labels(current, label)
            for node in group[1:]:
                _set_labels(node, _shared(node, label))
            continue
        text, trailing = _trailing_labels(text)
        if not level and _CLOSING.match(text):
            root.paragraphs.append((text, place))
            continue
        if pending is None and number in unnumbered:
            level, text = unnumbered[number], text.strip("【】[]")
        if level:
            pending = None
            parent = current
            while parent.level >= level:
                parent = parent.parent or root
            current = _child(parent, level, text, place)
            waiting.append(current)
            _take_brackets(current)
            pending = _set_labels(current, trailing)
            continue
        if months and (match := _MONTHS.match(text)):
            current = _child(root, _MONTH_ITEM, match[2], place)
            current.window = match[1]
            continue
        if _MONTH_HEADING.fullmatch(text.strip(_TITLE_END)):
            pending, waiting = None, []
            while current.level >= _MONTH_LEVEL:
                current = current.parent or root
            current = _child(current, _MONTH_LEVEL, text, place)
            continue
        if led := _led_item(current, text):
            parent = current.parent if current.level == _LED_ITEM and current.parent else current
            current = _child(parent, _LED_ITEM, led[1], place)
            _set_bracket(current, led[0])
            _take_brackets(current)
            pending = _set_labels(current, trailing)
            continue
        if pending is None and _in_block(current) and _FREE_LABEL.fullmatch(text):
            _set_labels(current, [(Meaning.REMARK, "", text)])
            continue
        bracket = _last_bracket(text)
        if bracket and not text[: bracket[0]].strip() and _is_units(bracket[1]):
            for node in _group(waiting, waiting[-1]) if waiting else []:
                _set_bracket(node, bracket[1])
            waiting, pending = [], None
            continue
        if pending is not None and not bracket:
            together = current in group and pending in UNIT_COLUMNS
            for node in group if together else [current]:
                node.labels[pending] = _joined(node.labels.get(pending, ""), text, pending)
            continue
        pending = None
        if current.level and not _has_units(current) and _only_units(text):
            _set_bracket(current, text)
            continue
        month = current.parent if current.level == _MONTH_ITEM and current.parent else current
        if _is_month(month):
            current = _child(month, _MONTH_ITEM, text, place)
            waiting.append(current)
            _take_brackets(current)
            pending = _set_labels(current, trailing)
            continue
        current.paragraphs.append((text, place))
        if trailing:
            pending = _set_labels(current, trailing)
    return root


def _is_month(node: _Node) -> bool:
    """Whether a node is a heading that only names months."""
    return bool(_MONTH_HEADING.fullmatch(node.text.strip(_TITLE_END)))


def _led_item(above: _Node, text: str) -> tuple[str, str] | None:
    """Return units and task of a paragraph that begins with who does it: 县水利局：检修水闸56座。"""
    units, colon, task = text[:60].partition("：")
    below = above.level == _LED_ITEM or not _has_units(above)
    if not (colon and task.strip() and below and _only_units(units)) or meaning_of(units):
        return None
    return units, text[len(units) + 1 :].strip()


def _in_block(node: _Node) -> bool:
    """Whether a node is made of labels: 项目名称：…, 建设内容：…."""
    return not node.text and bool({Meaning.NAME, Meaning.CONTENT} & {*node.labels})


def _unnumbered_headings(texts: list[str]) -> dict[int, float]:
    """Return the paragraphs, by number, that are headings without a number, and their levels.

    They are short lines right above something numbered, or above a paragraph that ends in units or
    has labels below it. One alone may be a title or a stray line; two of them order the text.
    """
    headings: dict[int, float] = {}
    lines = [*map(str.strip, texts), ""]
    for number, (line, below, after) in enumerate(
        zip(lines, lines[1:], lines[2:], strict=False), start=1
    ):
        below_level = _level(below)[0]
        labelled = _labels(after, bare=False) and not _labels(below, bare=False)
        if (
            number > 1
            and (below_level or labelled or _ends_in_units(below))
            and not _level(line)[0]
            and _HEADING_LINE.fullmatch(line)
            and not (_NO_HEADING.search(line) or _BARE_LABEL.match(line) or _only_units(line))
        ):
            headings[number] = (below_level or len(_LEVELS) + 1) - 0.5
    return headings if len(headings) > 1 else {}


def _level(text: str) -> tuple[int, str]:
    """Return the level of a paragraph's number (0: none) and the text without it."""
    for level, pattern in enumerate(_LEVELS, start=1):
        if match := pattern.match(text):
            return level, text[match.end() :].strip()
    return 0, text


def _child(parent: _Node, level: float, text: str, place: str) -> _Node:
    node = _Node(level, text, place, parent)
    parent.children.append(node)
    return node


def _may_be_bare(level: int, following: str) -> bool:
    """Whether a label may stand without a colon: not where something numbered lies below it."""
    return level in (0, 4, 5, 6) and not 0 < _level(following)[0] <= level + 1 + (level == 0)


def _labels(text: str, *, bare: bool) -> list[tuple[Meaning, str, str]]:
    """Return meaning, word and value of the labels that a paragraph consists of, if it does."""
    matches = list(_LABEL.finditer(text))
    if matches and matches[0].start() == 0:
        ends = [*(match.start() for match in matches[1:]), len(text)]
        return [
            (_meaning(match[1]), match[1], text[match.end() : end].strip(" ；;，,\t"))
            for match, end in zip(matches, ends, strict=True)
        ]
    match = _BARE_LABEL.fullmatch(text)
    if match and (bare or text.endswith(("：", ":"))):
        return [(_meaning(match[1]), match[1], "")]
    return []


def _trailing_labels(text: str) -> tuple[str, list[tuple[Meaning, str, str]]]:
    """Return a paragraph without the labels that follow its sentence, and these."""
    first = next(
        (m for m in _LABEL.finditer(text) if m.start() and not _inside_bracket(text, m.start())),
        None,
    )
    if first is None:
        return text, []
    return text[: first.start()].strip(" \t，,；;"), _labels(text[first.start() :], bare=False)


def _inside_bracket(text: str, place: int) -> bool:
    return any(start < place < end for start, end in _brackets(text))


def _meaning(word: str) -> Meaning:
    if word in _GROUP:
        return Meaning.IGNORED
    if word in ("牵头", "配合"):
        return Meaning.LEAD if word == "牵头" else Meaning.HELPERS
    if meaning_of(word) is Meaning.PERSONS:
        return Meaning.PERSONS
    if word.endswith(("组长", "领导", "责任人", "负责人", "联系人", "召集人")):
        return Meaning.LEADER
    if word in ("任务", "工作任务", "具体任务", "目标任务"):
        return Meaning.CONTENT
    if word.startswith(("问题", "存在问题")):
        return Meaning.NAME
    return meaning_of(word) or Meaning.REMARK


def _set_labels(node: _Node, labels: list[tuple[Meaning, str, str]]) -> Meaning | None:
    """Add labels to a node; return the one whose value is still to come."""
    pending = None
    for meaning, word, value in labels:
        if meaning is Meaning.IGNORED:  # who steers the work: 领导小组：…
            meaning, value = Meaning.REMARK, value and f"{word}：{value}"
        if meaning is Meaning.PERSONS:
            value, persons = without_persons(value)
            node.labels[Meaning.LEADER] = "、".join(
                filter(None, (node.labels.get(Meaning.LEADER, ""), persons))
            )
            meaning = Meaning.LEAD if word.startswith(("牵头", "主")) else Meaning.UNITS
        node.label_words.setdefault(meaning, word)
        value = value if meaning is Meaning.CONTENT else value.strip("。")
        node.labels[meaning] = _joined(node.labels.get(meaning, ""), value, meaning)
        pending = meaning if not value else None
    return pending


def _joined(text: str, more: str, meaning: Meaning) -> str:
    if meaning in UNIT_COLUMNS:
        return "、".join(filter(None, (text, join_lines(more))))
    listed = meaning in (Meaning.LEADER, Meaning.REMARK)
    return "；".join(filter(None, (text, more))) if listed else text + more


def _group(waiting: list[_Node], last: _Node) -> list[_Node]:
    """Return the items that belong together with the last one, and have no units yet."""
    return [
        node
        for node in waiting
        if node.parent is last.parent
        and not (node.children or _has_units(node) or _units_of(node.text) or is_frame(node.text))
    ]


def _shared(node: _Node, labels: list[tuple[Meaning, str, str]]) -> list[tuple[Meaning, str, str]]:
    """Return those of the labels below a group that are for an item which is not its last one."""
    own_time = bool(times_in(node.text))
    shared = [*UNIT_COLUMNS, Meaning.LEADER, *([] if own_time else [Meaning.WINDOW])]
    return [label for label in labels if label[0] in shared]


def _has_units(node: _Node) -> bool:
    return any(node.labels.get(meaning) for meaning in UNIT_COLUMNS)


# -- brackets ---------------------------------------------------------------------------------


def _brackets(text: str) -> list[tuple[int, int]]:
    """Return where the outermost brackets of a text open and close, in order."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        if character in _OPEN:
            opened.append(place)
        elif character in _CLOSE and opened:
            start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, place))
    return pairs


def _last_bracket(text: str) -> tuple[int, str] | None:
    """Return where the bracket that ends a text begins, and what stands in it."""
    bare = text.rstrip("。；;，, ")
    if not bare or bare[-1] not in _CLOSE:
        return None
    pairs = _brackets(bare)
    if not pairs or pairs[-1][1] != len(bare) - 1:
        return None
    start, end = pairs[-1]
    return start, bare[start + 1 : end]


def _ends_in_units(text: str) -> bool:
    bracket = _last_bracket(text)
    return bracket is not None and bracket[0] > 0 and _is_units(bracket[1])


def _is_units(inside: str) -> bool:
    """Whether a bracket holds units: a label or a word for their part, or nothing but units."""
    if len(inside) > 400:
        return False
    inside = "；".join(part for part in _bracket_parts(inside) if not _times(part))
    names = [name for name in parse_units(inside, {}) if len(name) > 1]  # 各县（市、区）
    known = [name for name in names if UNIT_END.search(name)]
    return bool(names) and (bool(_ROLE.search(inside)) or len(known) == len(names))


def _only_units(text: str) -> bool:
    """Whether a line is nothing but units: 区商务局牵头，区财政局配合."""
    if len(text) > 120 or text.endswith("。"):
        return False
    names = parse_units(text, {})
    return bool(names) and all(UNIT_END.search(name) for name in names)


def _take_brackets(node: _Node) -> None:
    """Move the brackets that end an item's text into its units and its time."""
    if (tail := _TAIL.fullmatch(node.text)) and _is_tail(tail[2]):
        node.text = tail[1]
        _set_bracket(node, tail[2])
    if (who := _WHO.search(node.text)) and _is_tail(who[1]) and _ROLE.search(who[1]):
        node.text = node.text[: who.start()]
        _set_bracket(node, who[1])
    for _ in range(_MOST_BRACKETS):
        bracket = _last_bracket(node.text)
        if bracket is None:
            return
        start, inside = bracket
        is_time = len(inside) <= 20 and bool(times_in(inside))
        if not start or not (_is_units(inside) or is_time or _is_time_or_leader(inside)):
            return
        node.text = node.text[:start].strip()
        _set_bracket(node, inside)


def _times(part: str) -> list[str]:
    """Return the times of a part of a bracket; alone, a month is one as well."""
    if times := times_in(part):
        return times
    alone = _LASTING.fullmatch(part) or _MONTH_HEADING.fullmatch(part.strip())
    return [part.strip()] if alone else []


def _is_tail(text: str) -> bool:
    """Whether what stands behind a dash or a gap is units and a time."""
    parts = [part for part in re.split(r"[；;]", text) if part.strip()]
    rest = [part for part in parts if not _times(part)]
    return bool(rest) and len(text) <= 120 and all(map(_only_units, rest))


def _set_bracket(node: _Node, inside: str) -> None:
    """Add what a bracket says to a node: units, in the words of the document, and a time."""
    parts = _bracket_parts(inside)
    labelled = _labels(inside, bare=False) or _trailing_labels(inside)[1]
    for meaning, _word, value in labelled:
        if meaning in (Meaning.WINDOW, Meaning.LEADER) and value:
            node.labels[meaning] = _joined(node.labels.get(meaning, ""), value, meaning)
    parts = [part for part in parts if not _is_time_or_leader(part)]
    times = times_in(inside) or [part for part in parts if _times(part)]
    node.window = node.window or (times[-1] if times else "")
    units = "；".join(part for part in parts if not _times(part))
    units = re.sub(r"^责任(?:单位|部门)[：:]", "", units) if units.count("：") < 2 else units
    if units and parse_units(units, {}):
        node.labels[Meaning.UNITS] = "；".join(filter(None, (node.units_text, units)))


def _bracket_parts(inside: str) -> list[str]:
    """Return what commas divide in a bracket; a space divides a time from units (教育股  10月底前)."""
    parts: list[str] = []
    for part in re.split(r"[；;，,](?![^（(]*[)）])", inside):
        words = part.rsplit(None, 1)
        parts += words if len(words) > 1 and _times(words[1]) else [part]
    return [part for part in parts if part.strip()]


def _is_time_or_leader(part: str) -> bool:
    labels = _labels(part, bare=False)
    return bool(labels) and labels[0][0] in (Meaning.WINDOW, Meaning.LEADER)


# -- items ------------------------------------------------------------------------------------


def _walk(node: _Node) -> Iterator[_Node]:
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(node.children)


def _read_node(node: _Node, span: str, issuer: str, outcome: Outcome) -> None:
    """Add a node's task, its paragraphs that are tasks, or what of it gives nothing."""
    over_paragraphs = node.parent is not None and node.level in node.parent.divided
    with_units = over_paragraphs and bool(_tasks_below(node))
    heading = bool(node.children) or (with_units and not _has_units(node))
    if node.level == 0 or heading:
        for text, place in node.paragraphs:
            for part, where, units in _parts(text, place):
                if units:
                    child = _Node(8, part, where, node)
                    _set_bracket(child, units)
                    _add(child, span, issuer, outcome)
                else:
                    outcome.leave(where, part, "没有编号，也没有责任单位")
        return
    family = (*node.ancestors, node)
    if any(each.frame for each in family) and not any(map(_has_units, family)):
        text = node.text + "".join(text for text, _ in node.paragraphs)
        outcome.leave(node.place, text, "是工作要求等，不是任务")
        return
    _add(node, span, issuer, outcome)


def _tasks_below(node: _Node) -> int:
    """Return how many pieces of a node's paragraphs end in units of their own."""
    return sum(bool(units) for text, place in node.paragraphs for *_, units in _parts(text, place))


def _parts(text: str, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield the pieces of a paragraph that end in a bracket of units, and what is left over."""
    start = 0
    for opens, closes in _brackets(text):
        inside = text[opens + 1 : closes]
        before = text[start:opens].strip("。；; ")
        if before and _is_units(inside):
            yield before, place, inside
            start = closes + 1
    if rest := text[start:].strip("。；; "):
        yield rest, place, ""


def _add(node: _Node, span: str, issuer: str, outcome: Outcome) -> None:
    in_text: tuple[Meaning, ...] = (Meaning.NAME, Meaning.CONTENT, Meaning.GOAL)
    content = _content(node)  # brackets in it add labels
    cells = {meaning: text for meaning, text in node.labels.items() if meaning not in in_text}
    if not content:
        outcome.leave(node.place, node.text, "没有写明任务")
        return
    headings = [each.text.strip(_TITLE_END) for each in node.ancestors]
    named = [heading for heading in headings if not _GENERIC.fullmatch(heading)]
    if not headings and node.paragraphs and node.parent and node.level in node.parent.divided:
        headings = named = [node.text.strip(_TITLE_END)]  # one sentence below, items below others
    cells[Meaning.CATEGORY] = (named or headings or [""])[0]
    if more := named[1:]:
        cells[Meaning.REMARK] = "；".join(filter(None, (cells.get(Meaning.REMARK, ""), *more)))
    cells[Meaning.CONTENT] = content
    task = RawTask(cells, node.place)
    join_times(task)
    window = cells.get(Meaning.WINDOW) or node.window or _time_of(content)
    above = next(filter(None, (each.window for each in reversed(node.ancestors))), "")
    task.cells[Meaning.WINDOW] = window or _month_above(headings) or above
    if not task.get(Meaning.WINDOW) and span:
        task.cells[Meaning.WINDOW] = span
        task.doubts.append((Meaning.WINDOW, span, "没有写明这一项的时间", "取全文写明的起止时间"))
    if not task.get(Meaning.LEADER):
        leaders = (each.labels.get(Meaning.LEADER, "") for each in reversed(node.ancestors))
        task.cells[Meaning.LEADER] = next(filter(None, leaders), "")
    if not any(task.get(meaning) for meaning in UNIT_COLUMNS):
        task.cells[Meaning.UNITS] = _units_of(content)
    if not (task.get(Meaning.UNITS) or task.get(Meaning.LEAD)):  # helpers of its own may stay
        inherited = next(filter(None, (_own_units(each) for each in reversed(node.ancestors))), {})
        task.cells = inherited | {key: text for key, text in task.cells.items() if text}
        alone = not any(task.get(meaning) for meaning in UNIT_COLUMNS)
        if alone and issuer:
            task.cells[Meaning.UNITS] = issuer
            task.doubts.append((Meaning.UNITS, issuer, "没有写明责任单位", "取文件落款的单位"))
    outcome.tasks.append(task)


def _units_of(content: str) -> str:
    """Return the units that a sentence names: 由县水利局牵头，各乡镇配合，4月底前完成…."""
    for by in _BY.finditer(content):
        clauses = content[by.end() : by.end() + 200].split("，")
        led = takewhile(lambda clause: _ROLE.search(clause) and _only_units(clause), clauses)
        if units := "，".join(led):
            return units
    return "、".join(must[1] for must in _MUST.finditer(content) if _only_units(must[1]))


def _own_units(node: _Node) -> dict[Meaning, str]:
    labels = {meaning: text for meaning in UNIT_COLUMNS if (text := node.labels.get(meaning))}
    name = _UNITS_WORK.sub("", node.text.strip(_TITLE_END))
    if labels or node.parent is None or not UNIT_HEADING.fullmatch(name):
        return labels
    # 一、办公室 over the tasks of each office: all headings beside it are units too.
    beside = [child for child in node.parent.children if child.level == node.level]
    names = (_UNITS_WORK.sub("", child.text.strip(_TITLE_END)) for child in beside)
    named = list(map(UNIT_HEADING.fullmatch, names))
    return {Meaning.UNITS: name} if len(beside) > 1 and all(named) else {}


def _month_above(headings: list[str]) -> str:
    """Return the months that a heading names: 三月份 over what is to be done in March."""
    months = [heading for heading in headings if _MONTH_HEADING.fullmatch(heading)]
    return _OF_WORK.sub("", months[-1]) if months else ""


def _content(node: _Node) -> str:
    """Return an item's text: its own words, the paragraphs below it, what its labels add."""
    name, content = node.labels.get(Meaning.NAME, ""), node.labels.get(Meaning.CONTENT, "")
    text = node.text or name
    for paragraph, _ in node.paragraphs:
        for part, _place, units in _parts(paragraph, ""):
            if units:
                _set_bracket(node, units)
            joint = "" if not text or text[-1] in "。；;：:！" else "。"
            text += joint + part
    if content:
        word = node.label_words.get(Meaning.CONTENT, "")
        title = text[:-1] if text.endswith("。") and len(text) <= 24 else text
        if not text:
            text = content
        elif text.endswith("。") and len(text) > 24:
            text = f"{text}{word}：{content}"
        else:
            text = f"{title}：{content}"
    if goal := node.labels.get(Meaning.GOAL, ""):
        text = f"{text}。{goal}" if text else goal
    return text.strip()


def _time_of(content: str) -> str:
    """Return the time that a sentence names; of several the last one ends the task."""
    times = times_in(content)
    return times[-1] if times else ""


def _span(root: _Node) -> str:
    """Return the time that the text before the first heading sets for everything."""
    for text, _ in root.paragraphs:
        if (match := _DOCUMENT_SPAN.search(text)) and times_in(match[0]):
            return times_in(match[0])[-1]
    return ""


def _issuer(texts: list[str]) -> tuple[str, int]:
    """Return who signed the document, above its date at the end, and where the signature begins."""
    for number in range(len(texts) - 1, max(len(texts) - 5, 0), -1):
        above, line = texts[number - 1].strip(), texts[number].strip()
        if _DATE_LINE.fullmatch(line) and len(above) <= 24 and UNIT_END.search(above):
            return above, number - 1
    return "", len(texts)
