"""Units: from the words of 责任单位 to canonical unit names, the lead unit first.

Source: the task table's own spelling (区人社局, 总工会, 团区委, 妇联, 春江镇 …) is canonical; the
other ways to write a unit are data (``units.csv`` of the plan).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest

_SPELLINGS = {
    "区党政办": "党政办、区党政办公室、党政办公室、新北区党政办、新北区党政办公室",
    "区农业局": "农业局、新北区农业局、区农业农村局、区农业局（水利局）",
    "区商务局": "商务局、新北区商务局",
    "区经发局": "经发局、区经济发展局、经济发展局、新北区经发局、新北区经济发展局",
    "区科技局": "科技局、区科学技术局、科学技术局、新北区科技局、新北区科学技术局",
    "区社会事业局": "社会事业局、新北区社会事业局、区社事局",
    "区委组织部": "组织部、新北区委组织部、中共新北区委组织部",
    "区人社局": "人社局、新北区人社局、区人力资源和社会保障局、人力资源和社会保障局、"
    "新北区人力资源和社会保障局、区人力资源社会保障局",
    "总工会": "区总工会、新北区总工会",
    "团区委": "共青团区委、共青团新北区委、新北团区委、新北区团委、区团委",
    "妇联": "区妇联、新北区妇联、区妇女联合会、新北区妇女联合会",
    "春江镇": "区春江镇、新北区春江镇、春江镇人民政府、春江镇政府",
    "西夏墅镇": "区西夏墅镇、新北区西夏墅镇、西夏墅镇人民政府、西夏墅镇政府",
    "奔牛镇": "区奔牛镇、新北区奔牛镇、奔牛镇人民政府、奔牛镇政府",
    "河海街道": "区河海街道、新北区河海街道、河海街道办事处、河海街道办",
}
"""The units of the 2018 plan and their other spellings, as ``data/units.csv`` has them."""
DEFAULT_ALIASES: Mapping[str, str] = {
    alias: unit for unit, aliases in _SPELLINGS.items() for alias in aliases.split("、")
}
"""Canonical unit by alias, where a plan brings no table of its own."""

UNIT_END = re.compile(
    r"(?:局|委|委员会|办|办公室|部|会|院|中心|镇|乡|村|街道|社区|县|区|市|校|学校|学院|大学|医院|司|处|站|所|"
    r"室|科|股|公司|政府|集团|银行|支行|分行|妇联|工会|团委|团区委|团县委|团市委|残联|科协|侨联|文联|工商联|法院|检察院|"
    r"队|园|馆|社|厂|场|(?:公路|工务|养护)段|电视台|气象台|中学|小学|支部|部门|单位|机关|企业|镇街|乡镇|街镇|专班|领导小组|指挥部)(?:[(（][^()（）]*[)）])?$"
)
"""How the name of a unit ends."""
_SEPARATORS = "、,;/|。\n\r"
_SUBJECT = (
    r"牵头|主办|主责|责任|主要责任|主体|承办|承担|实施|落实|成员|考核|配合|协办|协同|协助|参与|参加"
)
_LABEL = re.compile(
    rf"((?:{_SUBJECT}){{1,4}})(?:责任|实施)?(?:(?:单位|部门|科室|处室|股室)[:：]?|[:：])"
    r"|(成员|(?:责任|牵头|包抓|包联|分管|联系|主管)?领导|(?:项目|第一)?责任人|负责人|联系人|副?组长)[:：]"
)
_ROLE = re.compile(r"[(](牵头|主办|主责|配合|协办|参与)(?:单位|部门)?[)]")
_LEADING = ("牵头", "主办", "主责")
_DUTY = re.compile(
    r"(?:(?:按照?|依照?|根据)?(?:各自)?(?:职责|职能)(?:分工)?|分别|共同|具体|牵头|主办|主责|负责|负责抓好|落实|承办|参与|参加|"
    r"配合|协助|协办|协同|督导|组织实施|实施|推进)+$"
)
_GENERIC = re.compile(r"(?:各|其他)?(?:相关|有关)(?:职能|责任|成员)*(?:部门|单位|部门单位)")
_AND_OTHERS = re.compile(r"(?<=.)等(?:\d*个?(?:相关|有关)?(?:部门|单位|部门和单位))?$")
_NOTE = re.compile(r"[(][^()]{0,40}(?:下同|首位|第一位|不再列|排名第一)[^()]{0,40}[)]")
_TIME = re.compile(r"\d月|年底|季度|半年|完成$|[底前]$|下同|不再列")
_JOINED = re.compile(r"会同|以及|及其|[及和与]")
_STRAY_DISTRICT = re.compile(r"^(?:\w{1,4}区|区)(\w{2,}(?:镇|乡|街道))$")
_FULL_WIDTH = str.maketrans("()", "（）")


def parse_units(text: str, aliases: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the canonical units of a 责任单位 text, lead units first, each once.

    Separators are 、，,；; / | and line breaks, and 和, 及, 会同 or a space between two names;
    brackets inside a name stay (各县（市、区）is one unit). Labels such as 牵头单位：…；配合单位：…,
    marks such as （牵头） and words such as A牵头，B配合 put lead units first. 按职责分工负责, 等部门,
    下同, leaders (责任领导：…) and times are no units; 有关部门 is one only where nothing else stands.
    ``aliases`` maps other spellings to canonical names (default: `DEFAULT_ALIASES`). A town or
    street does not carry the district's 区 (区春江镇 is 春江镇). An empty text gives an empty tuple.
    """
    names = DEFAULT_ALIASES if aliases is None else aliases
    known = {*names, *names.values()}
    plain = _NOTE.sub("", unicodedata.normalize("NFKC", text))
    units: dict[str, bool] = {}
    generic: dict[str, bool] = {}
    for leads, part in _by_role(plain):
        for clause in _split(part, ",;。\n\r"):
            pieces = _split(clause, _SEPARATORS)
            duty = _without_duty(pieces[-1])[1] if pieces else ""
            together = any(word in duty for word in _LEADING)
            for piece in pieces:
                role = _ROLE.search(piece)
                lead = leads or together or bool(role and role[1] in _LEADING)
                for unit in _names(_ROLE.sub("", piece), names, known):
                    into = generic if _GENERIC.fullmatch(unit) else units
                    into[unit] = into.get(unit, False) or lead
    units = units or generic
    return tuple(sorted(units, key=lambda unit: not units[unit]))


def _split(text: str, separators: str) -> list[str]:
    """Split a text at separators, but not within brackets; empty pieces are left out."""
    pieces, depth, start = [], 0, 0
    closing = text.count(")")
    for place, character in enumerate(text):
        if character == ")":
            closing -= 1
            depth = max(depth - 1, 0)
        elif character == "(" and closing > depth:
            depth += 1
        elif character in separators and not depth:
            pieces.append(text[start:place])
            start = place + 1
    return [piece for piece in [*pieces, text[start:]] if piece.strip()]


def _by_role(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a text under their labels and whether these are lead units.

    What stands under a leader's label is left out, up to the end of its clause.
    """
    labels = list(_LABEL.finditer(text))
    yield False, text[: labels[0].start()] if labels else text
    for label, following in zip_longest(labels, labels[1:]):
        part = text[label.end() : following.start() if following else len(text)]
        if label[2] and label[2] != "成员":
            part = part.partition(";")[2] or part.partition("\n")[2]
        yield bool(label[1] and any(word in label[1] for word in _LEADING)), part


def _names(piece: str, aliases: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return the canonical names in a piece between separators.

    Spaces belong to a name (妇  联) unless each of the words between them is a unit by itself;
    so do 和 and 及 unless a whole name stands in front of them. ``known`` are all spellings.
    """
    words = piece.split()
    whole = _without_duty("".join(words).strip("· -:"))[0]
    whole = _AND_OTHERS.sub("", whole.strip(":")).removeprefix("由")
    if whole in ("", "等", "各") or (_TIME.search(whole) and not UNIT_END.search(whole)):
        return []
    if whole in known:
        return [_canonical(whole, aliases)]
    if len(words) > 1 and all(word in known or UNIT_END.search(word) for word in words):
        return [name for word in words for name in _names(word, aliases, known)]
    return [_canonical(name.translate(_FULL_WIDTH), aliases) for name in _joined(whole, known)]


def _without_duty(name: str) -> tuple[str, str]:
    """Return a name without the words of its part in the work (牵头负责), and these words."""
    duty = _DUTY.search(name[-40:])
    place = len(name) - len(duty[0]) if duty else len(name)
    return (name[:place], name[place:]) if place else (name, "")


def _joined(whole: str, known: Collection[str]) -> Iterator[str]:
    """Yield the names that 和, 及, 会同 join; a joint in the middle of a name is part of it."""
    start = 0
    for joint in _JOINED.finditer(whole):
        before = whole[max(start, joint.start() - 60) : joint.start()]
        if (
            len(before) < 2
            or len(whole) < joint.end() + 2
            or before.count("(") != before.count(")")
        ):
            continue
        if before in known or UNIT_END.search(before):
            yield whole[start : joint.start()]
            start = joint.end()
    yield _AND_OTHERS.sub("", whole[start:])


def _canonical(name: str, aliases: Mapping[str, str]) -> str:
    if name in aliases:
        return aliases[name]
    town = _STRAY_DISTRICT.match(name)
    return aliases.get(town[1], town[1]) if town else name
