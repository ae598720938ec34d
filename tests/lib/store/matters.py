"""Steps of 督办事项 as a page sends them."""

from __future__ import annotations

from lib.core.matters import Act, Step
from lib.store import Changes, Draft, Kind, Store, Submission

CREATED = Step(
    "",
    Act.CREATE,
    "2018-09-03 10:20",
    "李主任",
    words="9月底前完成劳务协作站选址",
    due="2018-09-30",
    source="会议",
    origin="联席会议第三次会议",
    task_id="八-2",
    lead="妇联",
    support="区农业局",
)


def do(store: Store, *steps: Step) -> Submission:
    """Submit steps as the person of the first one."""
    draft = Draft(steps[0].person, Changes.none(), Kind.MATTER, steps=steps)
    return store.submit(draft)


def step(act: Act, number: str = "事项〔2018〕1号", **more: str) -> Step:
    """A step with words, way and a later date, so that it fits wherever its act does."""
    facts = {"time": "2018-09-20 09:00", "person": "张三", "words": "已办", "way": "电话"}
    return Step(number, act, **{**facts, **more})
