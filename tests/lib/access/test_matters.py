"""督办事项 through the guard: 经办人 their unit's, joint ones too; 领导 read all and write 批示."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.access import ForbiddenError, GuardedStore, local_actor
from lib.access.policy import Actor, Role
from lib.core.matters import Act, Step
from lib.store import Changes, Draft, Kind, RefusedError, open_store
from tests.lib.access.test_guard import attach
from tests.lib.store.matters import CREATED, do, step
from tests.lib.store.sending import evidence
from tests.people import actor, people_in

NUMBER = "事项〔2018〕1号"


@pytest.fixture
def as_(folder):
    access, store = people_in(folder), open_store(folder)

    def give(login):
        who = actor(access, login) if isinstance(login, str) else login
        return GuardedStore(store, who, access.trail)

    return give


def test_each_sees_what_is_theirs(as_):
    do(as_("admin"), CREATED)  # 妇联 leads, 区农业局 helps
    do(as_("admin"), replace(CREATED, lead="区教育局", support=""))
    seen = {
        login: [matter.number for matter in as_(login).matters()]
        for login in ("admin", "leader", "fulian", "nongye")
    }
    both = [NUMBER, "事项〔2018〕2号"]
    assert seen == {"admin": both, "leader": both, "fulian": [NUMBER], "nongye": [NUMBER]}
    assert as_(Actor(Role.VISITOR)).matters() == []
    created = as_("admin").matters()[0].created
    assert created.person == "王主任"  # whatever the draft says


def test_the_circle_by_three_people(as_):
    do(as_("admin"), CREATED)
    (matter,) = as_("fulian").matters()
    assert as_("fulian").acts(matter) == [Act.SIGN]
    assert as_("nongye").acts(matter) == []
    assert as_("leader").acts(matter) == [Act.INSTRUCT]
    for login, act in (("nongye", Act.SIGN), ("leader", Act.SIGN), ("fulian", Act.URGE)):
        with pytest.raises(ForbiddenError):
            do(as_(login), step(act))
    do(as_("fulian"), step(Act.SIGN))
    do(as_("nongye"), step(Act.NOTE))
    do(as_("leader"), step(Act.INSTRUCT))
    do(as_("fulian"), step(Act.ANSWER))
    with pytest.raises(ForbiddenError):
        do(as_("fulian"), step(Act.CLOSE))
    closed = do(as_("admin"), step(Act.CLOSE))
    (matter,) = as_("leader").matters()
    assert [(s.person, s.unit, str(s.act)) for s in matter.steps[1:]] == [
        ("张三", "妇联", "签收"),
        ("赵六", "区农业局", "办理情况"),
        ("李书记", "", "批示"),
        ("张三", "妇联", "反馈"),
        ("王主任", "", "核实销号"),
    ]
    assert closed.user == "王主任"


def test_a_leader_takes_down_what_he_writes_on_a_paper_and_nothing_else(as_):
    do(as_("leader"), replace(CREATED, source="领导批示"))
    with pytest.raises(ForbiddenError):
        do(as_("leader"), CREATED)
    with pytest.raises(ForbiddenError):
        do(as_("fulian"), CREATED)


def test_each_takes_back_the_own_steps(as_):
    do(as_("admin"), CREATED)
    signed = do(as_("fulian"), step(Act.SIGN))
    for login in ("nongye", "leader"):
        with pytest.raises(ForbiddenError):
            as_(login).revert(signed.revision, "x")
    as_("fulian").revert(signed.revision, "x")
    assert as_("admin").matters()[0].state == "待签收"


def test_steps_cannot_ride_along_with_a_report(as_):
    do(as_("admin"), CREATED)
    with pytest.raises(ForbiddenError):
        as_("fulian").submit(replace(attach(), steps=[step(Act.CLOSE)]))
    with pytest.raises(RefusedError):
        as_("admin").submit(Draft("王", Changes.none(), Kind.MATTER))


def test_evidence_of_a_matter_is_for_those_who_see_it(as_):
    do(as_("admin"), replace(CREATED, support=""))
    do(as_("fulian"), step(Act.SIGN))
    items = attach(task=NUMBER).evidence
    note = Draft("张三", Changes.none(), Kind.MATTER, steps=[step(Act.NOTE)], evidence=items)
    as_("fulian").submit(note)
    sha256 = items[0][0].sha256
    assert as_("leader").content(sha256)
    assert [item.name for _, item in as_("fulian").evidence(NUMBER)] == ["照片.pdf"]
    assert as_("nongye").evidence(NUMBER) == []
    with pytest.raises(ForbiddenError):
        as_("nongye").content(sha256)
    file = as_("admin").submissions[-1].files[0].after_sha256
    with pytest.raises(ForbiddenError):
        as_("fulian").content(file)


def test_without_accounts_the_name_is_what_was_typed(as_):
    do(as_(local_actor()), CREATED)
    do(as_(local_actor()), step(Act.SIGN))
    assert [s.person for s in as_(local_actor()).matters()[0].steps] == ["李主任", "张三"]


def test_a_unit_of_the_task_gives_its_own_word(as_):
    word = Step(
        "", Act.OUTLOOK, "2018-09-20 09:00", "x", outlook="能按期", task_id="八-2", unit="区农业局"
    )
    do(as_("fulian"), word)
    steps = as_("nongye").dataset().task_steps
    assert [(s.person, s.unit, s.outlook) for s in steps] == [("张三", "妇联", "能按期")]
    with pytest.raises(ForbiddenError):
        do(as_("nongye"), word)
    with pytest.raises(ForbiddenError):
        do(as_("leader"), word)
    assert as_("admin").submissions[-1].details == {"matters": []}
    assert as_("admin").matters() == []
    as_("admin").revert(1, "王")
    assert as_("admin").dataset().task_steps == ()


def test_the_unit_asks_for_more_time_and_the_office_decides_and_verifies(as_, rewrite):
    rewrite("settings.toml", "verify = false", "verify = true")
    asked = Step(
        *("", Act.ASK, "2018-09-20 09:00", "x"),
        words="土地未批",
        task_id="八-2",
        unit="妇联",
        due="2019-01-31",
    )
    granted = replace(asked, act=Act.GRANT, due="")
    with pytest.raises(ForbiddenError):
        do(as_("nongye"), asked)
    do(as_("fulian"), asked)
    for login in ("fulian", "leader"):
        with pytest.raises(ForbiddenError):
            do(as_(login), granted)
    do(as_("admin"), granted)
    verified = Step(
        *("", Act.CONFIRM, "2018-10-09 09:00", "x"),
        task_id="八-1",
        month="2018-09",
        way="现场",
        evidence="图.png",
    )
    with pytest.raises(ForbiddenError):
        do(as_("fulian"), verified)
    draft = Draft("x", Changes.none(), Kind.MATTER, evidence=[evidence()], steps=[verified])
    as_("admin").submit(draft)
    sha256 = as_("admin").submissions[-1].attachments[0].sha256
    assert as_("leader").content(sha256)
    assert [item.name for _, item in as_("nongye").evidence("八-1")] == ["图.png"]
    with pytest.raises(ForbiddenError):
        as_("fulian").revert(3, "x")
    assert [s.person for s in as_("leader").dataset().task_steps] == ["张三", "王主任", "王主任"]
