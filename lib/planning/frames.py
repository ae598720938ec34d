"""Sections that say how the work is run instead of what is done: 总体要求, 保障措施, 严格考核奖惩."""

from __future__ import annotations

import re

_LONGEST = 24
"""Characters of such a heading."""
_DOING = r"(?:加强|强化|加大|严格|严肃|健全|完善|建立|压实|压紧|落实|抓好|狠抓|做好|明确|营造|坚持|全面|切实)*"
_FRAME = re.compile(
    r"指导思想|附则|(?:注意|其他)事项|目标要求"
    r"|(?:总体|工作|主要|预期|总)?目标"
    r"|(?:总体|工作|基本|有关|相关|几点|其他|具体|任务|报送|几项|强化|严明)*(?:要求|思路|原则|纪律)"
    r"|(?:实施|方法|工作|时间|推进)*步骤"
    rf"|{_DOING}(?:工作|组织|政策|资金|经费|队伍|要素|实施|服务|支撑|措施|机制)*保障(?:措施|机制|体系|支撑)?"
    rf"|{_DOING}(?:组织|统筹|工作)*(?:领导|实施|协调|协同|推动|推进|调度)(?:机制)?"
    rf"|{_DOING}(?:各方|各级|工作|主体|领导)*责任(?:落实|担当|分工)?"
    rf"|{_DOING}(?:工作|推进|组织|协调|协作|联动|长效|运行)+机制"
    rf"|{_DOING}(?:工作|日常|跟踪|督促)*(?:监督|督查|督导|督办|检查|考核|考评|问责|问效|评价|评估|通报|奖惩|激励|落实)+"
    r"(?:办法|措施|机制)?"
    rf"|{_DOING}(?:(?:宣传|舆论)(?:引导|发动|教育|动员)?|(?:舆论|良好)?氛围|信息报送)"
)


def is_frame(heading: str) -> bool:
    """Whether a heading (强化要求，确保任务落实) is one of a section without tasks."""
    if len(heading) > _LONGEST or re.search(r"\d", heading):
        return False
    first = re.split("[，,：:；;。！!]", heading, maxsplit=1)[0]
    return all(_FRAME.fullmatch(part.strip()) for part in re.split("[和与及、]", first))
