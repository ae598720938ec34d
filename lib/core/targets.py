"""Targets: the quantities that a sentence of a plan commits to.

Source: the ways in which the 2018 document and plans like it state quantities (10家以上, 不少于1次,
2～3名, 各5名, 一场, 100万元). What only looks like one is left out: names in quotation marks, years
and durations (2018年, 6个月, 半学期), ordinals (第一产业), slogans (四个一), item numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Op = Literal[">=", "<=", "=", "range"]

UNNAMED = "数量"
"""The indicator of a quantity of which the sentence does not say what is counted."""

LONGEST = 20
"""Characters of an indicator's name; a longer noun phrase loses its beginning."""


@dataclass(frozen=True)
class Target:
    """One quantity: ``value`` (and ``upper`` of a range) of ``indicator``, counted in ``unit``.

    Money keeps its 万 or 亿 in the unit (100万元 is 100 万元), as officials add it up; elsewhere
    they multiply (1.2万人次 is 12000 人次).
    """

    indicator: str
    op: Op
    value: float
    upper: float | None
    unit: str

    def amount(self) -> str:
        """Return relation, number and unit in words: 不少于10家, 2～3名, 5所."""
        sign = {">=": "不少于", "<=": "不超过", "=": "", "range": ""}[self.op]
        upper = "" if self.upper is None else f"～{self.upper:.10g}"
        return f"{sign}{self.value:.10g}{upper}{self.unit}"


@dataclass(frozen=True)
class Mention:
    """A target where it stands: characters ``start`` to ``end`` of the text.

    ``doubt`` says in Chinese why the reading should be looked at; empty if there is no reason.
    ``whole`` is the target that this one is a part of (就业500人，其中脱贫200人), if it is one.
    """

    target: Target
    start: int
    end: int
    doubt: str = ""
    whole: Target | None = None


_UNITS = (
    "微克/立方米|毫克/立方米|毫克/升|吨标准煤|吨标煤|平方公里|平方千米|立方米|平方米|个百分点|百分点|兆瓦时|千瓦时|公里|千米|公顷|公斤|个点|"
    "千克|兆瓦|千瓦|延米|平米|立方|台套|人天|人次|场次|批次|户次|车次|班次|台次|件次|课时|学时|标箱|美元|欧元|元|"
    "km2|km|kWh|kW|MW|kg|家|名|次|场|所|人|户|个|项|件|种|批|期|篇|条|座|处|台|套|辆|亩|米|吨|斤|册|本|份|例|"
    "对|组|支|间|栋|幢|头|只|羽|株|棵|盏|张|幅|块|眼|口|门|位|部|款|宗|笔|艘|架|村|镇|乡|"
    "县|社区|街道|‰|%|㎡|天|起|页|节|箱|枚|卷|届|轮"
)
MEASURES = frozenset(
    f"{scale}{unit}" for unit in _UNITS.split("|") for scale in ("", "万", "亿", "千", "百")
)
"""What quantities are counted in: 家, 万元, 亩."""
_MONEY = ("元", "美元", "欧元")
_PLACES = ("社区", "街道", "镇", "乡", "村", "县")
_DIGITS = "零〇一二两三四五六七八九十百千万亿"
_WRITTEN = rf"(?<![{_DIGITS}])[{_DIGITS}]{{1,12}}(?:点[{_DIGITS}]{{1,6}})?"
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,15}})(?:\.\d{{1,6}})?[百千]?[万亿]{{0,2}}|{_WRITTEN}"
)
_END = r"(?=(?:及|或)?以[上下内]|左右|[，。；、,;()）]|$)"
_MEASURE = "|".join(
    f"个点{_END}" if unit == "个点" else unit  # 提高2个点, but 新增2个点位
    for unit in sorted(_UNITS.split("|"), key=len, reverse=True)
)
_RARE = rf"(?<=\d)[^\W\da-zA-Z_年月日号时点分秒周旬岁届级期版轮度代线年以]{_END}"
"""A counting word that is not among the known ones, at the end of a clause: 算力3000核."""
_BARE_SUM = r"(?<=[万亿])(?=及?以[上下内]|或以上|之内|左右|[，。；、,;)）]|$)"
"""The place of 元 where a sum leaves it out: 2600万以上."""
_AT_LEAST = r"≥|>=|[>＞]|不得?少于|不得?低于|不小于|至少|最少|超过|突破|多于|高于|大于"
_AT_MOST = (
    r"≤|<=|[<＜]|不得?超过|不多于|不得?高于|不得?大于|最多|至多|控制在"
    r"|(?<!不)(?<!得)(?:少于|低于|小于)|降至|降到"
)
_QUANTITY = re.compile(
    rf"(?P<each>各|分别)?(?P<before>{_AT_MOST}|{_AT_LEAST})?(?P<about>约|近|共|各)?(?:百分之(?P<percent>{_NUMBER})"
    rf"|(?<![\dA-Za-z./])(?P<first>{_NUMBER})(?P<over>余|多)?"
    rf"(?:(?:{_MEASURE})?[-~—–−至到](?P<second>{_NUMBER}))?\s?(?P<unit>{_MEASURE}|{_BARE_SUM}|{_RARE}))"
    r"(?P<after>及?以上|或以上|以下|以内|之内)?"
)
_NOT_BEFORE = re.compile(r"[第每前]$")
_NOT_BEFORE_WRITTEN = re.compile(r"[第每这那某同再又上下前后另逐之唯任]$|任何$")
_SLOGAN = "一|全面|意识|自信|维护|确保|代表|坚持|转变|统筹|必须|结合|到位|覆盖|精准|百年|确立|务必|不|[“\"‘'「]"
_COURSES = "培训|班|讲座|讲堂|课|活动|简报|专刊|刊|节目|栏目|学员"
_COURSE = re.compile(_COURSES)
_NOT_AFTER = {
    "个": re.compile(
        rf"{_SLOGAN}|\d+%|百分|[万亿百千]|月|季度|工作日|小时|星期|学期|学年|周|年|昼夜|自然月|交易日|阶段|方面|层面"
    ),
    "次": re.compile(r"产业|性|方|[提办告申上受]|全会|党代会|大会精神"),
    "位": re.compile(r"一体"),
    "项": re.compile(r"规定|项"),
    "家": re.compile(r"人(?![才员])|亲|家"),
    "期": re.compile(rf"(?!{_COURSES}|[，。；、,;()（）\s]|$)"),
    "天": re.compile(r"[然津]|内|之内|以内|后|前"),
    "起": re.compile(r"[草步点源来]"),
    "节": re.compile(r"[能约假点]|水(?!站)"),
    "条": re.compile(r"龙|心"),
    "件": re.compile(r"事一"),
    "部": re.compile(r"分|门"),
    "本": re.compile(r"通|账|级|年|月|县|区|市"),
    "门": re.compile(r"式"),
    "对": re.compile(r"一|口|接"),
    "口": re.compile(r"之|气"),
    "只": re.compile(r"有|要|能|是"),
    "人": re.compile(r"均"),
    "所": re.compile(r"有|在"),
    **dict.fromkeys(("村", "镇", "县"), re.compile(r"一")),
    "元": re.compile(r"旦|化"),
    "米": re.compile(r"粮"),
    "块": re.compile(r"地"),
}
_VAGUE = ("批", "种", "块", "位", "部", "款", "口", "门", "对", "头", "只")
"""Measures after which 一 is an article: 一批, 一种 state no quantity."""
_LOOSE = ("个", "项", "套", "支", "条", "份", "座", "件")
"""Measures after which 一 may be an article: 建立一套制度."""
_COUNTED_IF_SAID = ("天", "起", "届", "轮")
"""Measures that count only behind a word that says so; all but 天 also behind digits: 案例2起."""
_FEW = re.compile(r"\d{1,3}[起届轮]")
_RISES = re.compile(r"[增提上下降回压缩收扩][长高升降低落减窄大少]")
"""Words before 6.5个点 that make percentage points of it."""
_REACHES = re.compile(r"(?:达到?|天数|保持在|稳定在|增加|减少|为|压减|下降|缩短|压缩|提前)(?:到)?$")
"""Words before 天 and 起 that make a quantity of what is else a duration or no measure."""
_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』|《[^《》]*》|\"[^\"\n]*\"")
_ITEM = re.compile(
    rf"(?:^|(?<=\n))[^\S\n]*(?:[(（]?(?:\d{{1,2}}|[{_DIGITS}]{{1,3}})[)）]|(?:\d{{1,2}}|[{_DIGITS}]{{1,3}})(?:[．、]|\.(?!\d)))"
)
_PLACE = re.compile(
    rf"({'|'.join(_PLACES)})(?=[\d{_DIGITS}]|$|[与和及同、,，。；;]|参与|参加|结对|开展|完成|实现)"
)
_EVERY = re.compile(r"每(?:个|半)?(?:年|月|季度?|周|学期|村|镇|乡|县|户|人|校|所|名|家|批|次)")
_BREAK = re.compile(r"[，。；：,;:!！?？()（）\n]")
_PAIR = re.compile(r"[、,，。；：;:!！?？()（）\n]")
_STOP = re.compile(
    r"赴|前往|到(?!位)|与|进行|开展|参加|参与|建立|实现|完成|用于|投入|落户|签订|签约|挂职|跟岗|入驻|"
    r"以上|以内|左右|给予|来(?=[^自源宾])|在|以?形成|带动|的?(?:方式|形式)"
)
_LEAD_IN = re.compile(r"^(?:与|和|同|向|为|由|从|对(?!口|接))[^的]*的")
_PREPOSITION = re.compile(r"^(?:与|和|同|向|为|由|从|在|于|并|及|至|对(?!口|接))")
_VERB = (
    r"(?:全年|年内|力争|确保|计划|共计?|累计|联合|共建|合建|组织|举办|承办|召开|开展|建立|"
    r"建成|新建|改建|扩建|新增|增加|完成|实现|引进|引导|签订|选派|派出|派遣|安排|发放|"
    r"落实|打造|培育|培养|扶持|推进|推动|创建|提供|投入|争取|吸纳|改造|建设|招收|招录|"
    r"动员|帮助|参与|采购|销售|援建|实施|编制|制定|确定|接收|邀请|协调|拨付|筹集|募集|"
    r"资助"
    r")(?![额率值量数度])"
)
_SUBJECT = r"(?:.{0,14}?(?:[省市县区镇乡村局委办部校院方地]|单位|部门|中心|街道|社区))?"
_WHEN = re.compile(r"^(?:\d{1,2}月(?:底|末|中旬)?[前内]?|年底前|上半年|下半年)")
_TO_NOUN = re.compile(rf"^{_SUBJECT}(?<!有)(?:{_VERB})+(?:了|的|好)?")
_TAIL = re.compile(
    r"(?:达到?|保持在|稳定在|提高到|提升到|增长到|为|约|近|共计?|合计|总计|累计|总数|均|各|分别|至|到|在)+$"
)
_BESIDE = 20
"""Characters on either side of a quantity by which it is told from what only looks like one."""
_LONGEST_CLAUSE = 200
"""Characters in front of a quantity in which its clause begins."""
_MOST_PARTS, _FARTHEST = 40, 400
"""Parts of a whole, and characters from it to them, that are looked at."""
_AMONG = re.compile("其中|[(,、](?:含|包括)")
_AMONG_BEHIND = re.compile(r"[^,，。；;(]{0,10}\(")
_SENTENCE_END = re.compile(r"[。；;!！?？\n]")
_SHARES = ("%", "‰", "个百分点", "百分点")
_CHAIN = re.compile(r"[、和与及]|以及")


def extract_targets(text: str) -> list[Target]:
    """Return the targets of a sentence in the order in which they stand there, each once."""
    return list(dict.fromkeys(mention.target for mention in find_targets(text)))


def find_targets(text: str) -> list[Mention]:
    """Return the targets with their places; the same quantity of the same thing twice is kept.

    各5名 after a list gives one target for each of its items, all at the same place.
    """
    plain = _plain(text)
    masked = _mask(plain)
    matches = [match for match in _QUANTITY.finditer(masked) if _is_target(match, masked)]
    matches = [match for match in matches if not _is_attribute(match, matches, masked)]
    mentions: list[Mention] = []
    for number, match in enumerate(matches):
        floor = matches[number - 1].end() if number else 0
        ceiling = matches[number + 1].start() if number + 1 < len(matches) else len(plain)
        mentions += _read(match, plain, floor, ceiling)
    return _with_wholes(mentions, plain)


def _with_wholes(mentions: list[Mention], plain: str) -> list[Mention]:
    """Return the mentions with what they are a part of.

    Parts stand behind their whole in its sentence, in its measure, and are no more than it:
    behind 其中, or in a bracket, or several that add up to it (A镇10个、B镇20个).
    """
    result: list[Mention] = []
    place = 0
    while place < len(mentions):
        whole = mentions[place]
        stop, end = place + 1, _end_of_parts(whole, plain)
        last = min(len(mentions), stop + _MOST_PARTS)
        while stop < last and _may_be_part(mentions[stop], whole, end):
            stop += 1
        parts = mentions[place + 1 : stop]
        if parts and not _are_parts(parts, whole, plain):
            parts, stop = [], place + 1
        result += [whole, *(replace(part, whole=whole.target) for part in parts)]
        place = stop
    return result


def _end_of_parts(whole: Mention, plain: str) -> int:
    """Return where a whole's parts end: with the sentence, or the bracket that they stand in."""
    end = min(len(plain), whole.end + _FARTHEST)
    if ends := _SENTENCE_END.search(plain, whole.end, end):
        end = ends.start()
    if _AMONG_BEHIND.match(plain, whole.end):
        closing = plain.find(")", whole.end, end)
        end = closing if closing > 0 else end
    return end


def _may_be_part(mention: Mention, whole: Mention, end: int) -> bool:
    same = mention.target.unit == whole.target.unit and mention.target.unit not in _SHARES
    less = mention.target.value <= whole.target.value and whole.target.op != "<="
    return same and less and whole.start < mention.start < end


def _are_parts(parts: list[Mention], whole: Mention, plain: str) -> bool:
    between = plain[whole.end : parts[0].start]
    if _AMONG.search(between) or _AMONG_BEHIND.match(between):
        return True
    names = {part.target.indicator for part in parts}
    adds_up = sum(part.target.value for part in parts) == whole.target.value
    return adds_up and len(names) > 1 and whole.target.indicator not in names


def number_of(text: str) -> float | None:
    """Return the number that digits or Chinese numerals say (1,200, 1.2万, 二百三十), else None."""
    import cn2an  # 30 ms to import

    digits = text.replace(",", "").replace("〇", "零")
    try:
        value = float(digits) if re.fullmatch(r"[\d.]+", digits) else cn2an.cn2an(digits, "smart")
    except (ValueError, KeyError, IndexError):
        return None
    return float(value)


def _plain(text: str) -> str:
    """Return half-width forms, character by character: places in the text stay as they are."""
    forms = [unicodedata.normalize("NFKC", character) for character in text]
    return "".join(
        form
        if len(form) == 1 and unicodedata.category(character) != "No" and character != "．"
        else character
        for form, character in zip(forms, text, strict=True)
    )


def _mask(plain: str) -> str:
    def hide(match: re.Match[str]) -> str:
        return "\0" * len(match[0])

    return _ITEM.sub(hide, _QUOTED.sub(hide, plain))


def _is_target(match: re.Match[str], masked: str) -> bool:
    if match["percent"]:
        return bool(number_of(match["percent"]))
    unit, number = match["unit"], match["first"]
    start, end = match.start(), match.end("unit")
    before, after = masked[max(0, start - _BESIDE) : start], masked[end : end + _BESIDE]
    written = number[0] in _DIGITS
    ordinal = _NOT_BEFORE_WRITTEN if written else _NOT_BEFORE
    if ordinal.search(before) and not match["before"]:
        return False
    bounded = unit == "天" and match["before"]  # 住院日控制在7天以内
    if unit in _NOT_AFTER and _NOT_AFTER[unit].match(after) and not bounded:
        return False
    if unit and unit not in MEASURES and (len(number) < 2 or not before.strip("，。；、 ")[-2:]):
        return False
    counted = match["before"] or _REACHES.search(before[-8:]) or _FEW.match(match[0])
    if unit in _COUNTED_IF_SAID and not counted:
        return False
    if written and unit == "期" and not _COURSE.match(after):
        return False  # 平台二期: a phase of a project
    if not unit and (not number[0].isdigit() or ("." not in number and len(number) < 2)):
        return False
    if number == "二" and unit == "次":  # 二次创业: counting says 两次
        return False
    if number == "两" and unit in _PLACES:  # 两县领导: both, counting says 两个县
        return False
    if number == "一" and (unit in _VAGUE or after.startswith("一")):
        return False
    if written and re.fullmatch(r"[百千万亿]+", number):
        return False  # 百家争鸣, 千人计划: a figure of speech
    if _neighbours(number) is None and not number_of(number):
        return False
    second = match["second"]
    return second is None or (number_of(second) or 0) >= (number_of(number) or 0)


def _is_attribute(match: re.Match[str], matches: list[re.Match[str]], masked: str) -> bool:
    """Whether a sum only says which things are counted: 50亿元以上项目1个."""
    if match["unit"] not in _MONEY or not match["after"]:
        return False
    later = next((other for other in matches if other.start() >= match.end()), None)
    between = masked[match.end() : later.start()] if later else ""
    return 2 <= len(between) <= 10 and not _PAIR.search(between)


def _neighbours(number: str) -> tuple[float, float] | None:
    """Return 两三 as 2 and 3."""
    order = "一二三四五六七八九"
    pair = number.replace("两", "二")
    if len(pair) == 2 and pair in order:
        first = float(order.index(pair[0]) + 1)
        return first, first + 1
    return None


def _read(match: re.Match[str], plain: str, floor: int, ceiling: int) -> list[Mention]:
    op, value, upper, unit = _amount(match)
    if unit == "个":
        place = _PLACE.match(plain, match.end())
        unit = place[1] if place else unit
    names, doubt, end, at_least = _names(match, plain, floor, ceiling, unit)
    if at_least and op == "=":
        op = ">="
    if match["first"] == "一" and unit in _LOOSE:
        doubt = f"「{match[0]}」可能只是泛指，请核对是否为目标"
    if match["unit"] and match["unit"] not in MEASURES:
        doubt = f"「{match['unit']}」不是常见的计量单位，请核对「{match[0]}」是否为目标"
    if every := _EVERY.search(_clause(plain, match.start())):
        doubt = f"「{every[0]}」的数量，请核对全年应为多少"
    return [
        Mention(Target(name, op, value, upper, unit), match.start(), end, doubt) for name in names
    ]


def _amount(match: re.Match[str]) -> tuple[Op, float, float | None, str]:
    """Return the relation, the value, the upper bound and the unit of a match."""
    if match["percent"]:
        number, unit = match["percent"], "%"
    else:
        number, unit = match["first"], match["unit"]
    second = match["second"]
    unit = unit or _MONEY[0]
    if unit == "个点":
        rises = _RISES.search(match.string, max(0, match.start() - _BESIDE), match.start())
        unit = "个百分点" if rises else "个"
    if unit in _MONEY:
        factor = re.search(r"[万亿]+$", second or number)
        if factor and number not in ("万", "亿"):
            unit = factor[0] + unit
            number = re.sub(r"[万亿]+$", "", number)
            second = re.sub(r"[万亿]+$", "", second) if second else second
    elif second and re.search(r"[万亿]$", second) and not re.search(r"[万亿]$", number):
        number += second[-1]  # 1～2万人次
    pair = _neighbours(number)
    value = pair[0] if pair else number_of(number) or 0.0
    high = pair[1] if pair else (number_of(second) if second else None)
    before, after = match["before"] or "", match["after"] or ""
    if high is not None and high > value:
        return "range", value, high, unit
    if after in ("以下", "以内", "之内", "及以下") or re.fullmatch(_AT_MOST, before):
        return "<=", value, None, unit
    if after or re.fullmatch(_AT_LEAST, before) or match["over"]:
        return ">=", value, None, unit
    return "=", value, None, unit


def _clause(plain: str, place: int) -> str:
    return _BREAK.split(plain[max(0, place - _LONGEST_CLAUSE) : place])[-1]


def _names(
    match: re.Match[str], plain: str, floor: int, ceiling: int, unit: str
) -> tuple[list[str], str, int, bool]:
    """Return the indicators' names, a doubt, where the mention ends, and whether 以上 follows."""
    follows = plain[match.end() : ceiling]
    follows = _PAIR.split(follows)[0]
    noun = _noun_after(follows)
    at_least = bool(noun) and plain[match.end() :].lstrip().find(noun + "以上") == 0
    if match["each"] or match["about"] == "各":
        return [*_chain(_lead(plain, match, floor))] or [UNNAMED], "", match.end(), at_least
    if unit in _PLACES and match["unit"] != unit and noun.startswith(unit):
        name = noun.removeprefix(unit)
        if not name:
            end = match.end() + len(unit)
            return [unit], f"「{match[0]}{unit}」指标的名称是推断的", end, False
    if len(noun) >= 2:
        return [_short(noun)], _too_long(noun), match.end(), at_least
    lead = _lead(plain, match, floor)
    if len(lead) >= 2 and not _TO_NOUN.fullmatch(lead):
        return [_short(lead)], _too_long(lead), match.end(), False
    word = noun or lead
    name = word or UNNAMED
    return [name], f"「{match[0]}」指标的名称是推断的", match.end(), False


def _noun_after(follows: str) -> str:
    """Return what a quantity counts, as the words behind it say."""
    words = re.sub(r"^(?:左右|以上|及以上|\s|的)+", "", follows)
    led = _LEAD_IN.match(words)
    if led:
        words = words[led.end() :]
    elif _PREPOSITION.match(words):
        return ""
    stop = _STOP.search(words)
    return (words[: stop.start()] if stop else words).strip().rstrip("和及与、")


def _lead(plain: str, match: re.Match[str], floor: int) -> str:
    """Return what a quantity counts, as the words in front of it say."""
    words = _BREAK.split(plain[floor : match.start()])[-1]
    words = _TAIL.sub("", _ITEM.sub("", words).strip())
    listed = re.search(r"等(?=.{2,}$)", words)
    if listed:
        words = words[listed.end() :]
    words = _without_verb(words)
    if (later := _WHEN.sub("", words)) != words:  # 确保12月底前完成投资
        words = _without_verb(later)
    return re.sub(r"^(?:“[^”]*”|、|的|及|和|其中|含)+", "", words).strip("、 ")


def _without_verb(words: str) -> str:
    """Return a clause without who does it and the verb; a clause that is all verb stays."""
    bare = _TO_NOUN.sub("", words)
    return bare if len(bare) >= 2 else words


def _chain(words: str) -> Iterator[str]:
    for item in _CHAIN.split(words):
        if item.strip():
            yield _short(item.strip())


def _short(noun: str) -> str:
    return noun if len(noun) <= LONGEST else noun[-LONGEST:]


def _too_long(noun: str) -> str:
    return f"指标「{_short(noun)}」的名称是推断的" if len(noun) > LONGEST else ""
