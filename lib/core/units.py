"""Units: from the words of 责任单位 to canonical unit names, the lead unit first.

Source: the task table's own spelling (区人社局, 总工会, 团区委, 妇联, 春江镇 …) is canonical; the
other ways to write a unit are data (``units.csv`` of the plan).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

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

_SEPARATORS = re.compile(r"[、,;/|\n\r]+")
_LABEL = re.compile(
    r"(牵头|主办|主责|责任|主要责任|配合|协办|协同|协助|参与|参加)(?:责任)?(?:单位|部门)?[:：]|"
    r"(牵头|主办|责任|配合|协办|参与)(?:单位|部门)[:：]?"
)
_ROLE = re.compile(r"[(](牵头|主办|主责|配合|协办|参与)(?:单位|部门)?[)]")
_LEADING = ("牵头", "主办", "主责")
_STRAY_DISTRICT = re.compile(r"^(?:\w{1,4}区|区)(\w{2,}(?:镇|乡|街道))$")


def parse_units(text: str, aliases: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the canonical units of a 责任单位 text, lead units first, each once.

    Separators are 、，,；; / | and line breaks; trailing ones are ignored. Labels such as
    牵头单位：…；配合单位：… and marks such as （牵头） put lead units first. ``aliases`` maps other
    spellings to canonical names (default: `DEFAULT_ALIASES`). A town or street does not
    carry the district's 区 (区春江镇 is 春江镇). An empty text gives an empty tuple.
    """
    names = DEFAULT_ALIASES if aliases is None else aliases
    plain = unicodedata.normalize("NFKC", text)
    units: dict[str, bool] = {}
    for leads, part in _by_role(plain):
        for piece in _SEPARATORS.split(part):
            role = _ROLE.search(piece)
            lead = leads or bool(role and role[1] in _LEADING)
            for unit in _names(_ROLE.sub("", piece), names):
                units[unit] = units.get(unit, False) or lead
    return tuple(sorted(units, key=lambda unit: not units[unit]))


def _by_role(text: str) -> list[tuple[bool, str]]:
    """Return the parts of a text between role labels, with whether each names lead units."""
    parts, start, leads = [], 0, False
    for label in _LABEL.finditer(text):
        parts.append((leads, text[start : label.start()]))
        leads, start = (label[1] or label[2]) in _LEADING, label.end()
    parts.append((leads, text[start:]))
    return parts


def _names(piece: str, aliases: Mapping[str, str]) -> list[str]:
    words = piece.split()
    whole = "".join(words).strip("。.:")
    if not whole:
        return []
    known = set(aliases) | set(aliases.values())
    if len(words) > 1 and whole not in known and all(word in known for word in words):
        return [_canonical(word, aliases) for word in words]
    return [_canonical(whole, aliases)]


def _canonical(name: str, aliases: Mapping[str, str]) -> str:
    if name in aliases:
        return aliases[name]
    town = _STRAY_DISTRICT.match(name)
    return aliases.get(town[1], town[1]) if town else name
