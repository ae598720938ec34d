"""Names of persons among units: 县水利局 周某, 县教育局（责任人：王某）."""

from __future__ import annotations

import re

from lib.core.units import UNIT_END
from lib.planning.unit_cells import join_lines

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安"
    "齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛"
)
_PERSON = re.compile(rf"[{_SURNAMES}](?:某{{1,2}}|[\u4e00-\u9fff]{{1,2}})")
_LABEL = re.compile(r"(?:第一|主要)?(?:责任人|负责人|联系人|责任领导)[：:]")
_WORD = re.compile(r"[\u4e00-\u9fff]+")
_BRACKETED = re.compile(r"(?:(?<=、)|^)[（(]([^（）()]+)[）)](?=、|$)")
_EMPTY = re.compile(r"[（(][\s、，；]*[)）]")


def is_person(text: str) -> bool:
    """Whether a short text is a person's name rather than a unit's."""
    return bool(_PERSON.fullmatch(text)) and not UNIT_END.search(text)


def without_persons(text: str) -> tuple[str, str]:
    """Return the units of a cell and the persons in it, each joined with 、."""
    plain = _LABEL.sub("、", text)
    persons = [word for word in _WORD.findall(plain) if is_person(word)]
    plain = _WORD.sub(lambda word: "、" if is_person(word[0]) else word[0], plain)
    units = re.sub(r"[、：:\s]+", "、", join_lines(_EMPTY.sub("、", plain))).strip("、")
    units = _BRACKETED.sub(r"\1", units)
    return units, "、".join(dict.fromkeys(persons))
