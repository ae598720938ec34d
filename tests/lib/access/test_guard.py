"""The guarded store, driven directly: no page and no route stands in between."""

from __future__ import annotations

import pytest

from lib import intake
from lib.access import Actor, ForbiddenError, GuardedStore, Role, local_actor
from lib.core import schema
from lib.core.problems import DataError
from lib.store import Attachment, Draft, Kind, RefusedError, State, Store, open_store
from lib.store.atomic_files import sha256
from lib.store.changes import KEY, Changes, keyed
from tests.lib.store.sending import LINE, percent, send
from tests.people import BOSS, PASSWORD, actor, people_in

MINE = LINE.format(90)
OTHERS = "二-1,2018-10,区农业局,到紫阳县对接的农业企业,2,,"
PICTURE = b"%PDF-1.7 %%EOF"


@pytest.fixture
def access(folder):
    return people_in(folder)


@pytest.fixture
def store(folder):
    return open_store(folder)


@pytest.fixture
def as_(access, store):
    """``as_("fulian")`` is the store as that account may use it."""

    def made(login):
        who = actor(access, login) if isinstance(login, str) else login
        return GuardedStore(store, who, access.trail)

    return made


def attach(unit="妇联", task="八-2"):
    item = Attachment(
        "照片.pdf", sha256(PICTURE), len(PICTURE), "application/pdf", task, "2018-10", unit
    )
    return Draft("张三", Changes.none(), Kind.ATTACH, unit, evidence=[(item, PICTURE)])


def refusals(access):
    return [one for one in access.trail.entries() if not one.allowed]


def test_every_method_of_a_store_is_decided_here():
    wanted = {name for name in dir(Store) if not name.startswith("_")}
    assert wanted <= {name for name in vars(GuardedStore) if not name.startswith("_")}
    assert "__getattr__" not in vars(GuardedStore)


def test_nobody_reads_anything(as_):
    nobody = as_(Actor())
    reads = [
        lambda: nobody.plan,
        lambda: nobody.targets,
        lambda: nobody.progress,
        lambda: nobody.submissions,
        lambda: nobody.revision,
        nobody.stamp,
        nobody.dataset,
        nobody.history,
        nobody.plan_files,
        lambda: nobody.changes(1),
        lambda: nobody.original(1),
        lambda: nobody.content("0" * 64),
        lambda: nobody.evidence("八-2"),
    ]
    for read in reads:
        with pytest.raises(ForbiddenError):
            read()


@pytest.mark.parametrize("login", ["leader", "fulian", "admin"])
def test_everybody_who_may_read_sees_the_same_figures(as_, store, login):
    seen = as_(login)
    assert len(seen.progress) == len(store.progress)
    assert len(seen.plan) == len(store.plan)
    assert len(seen.targets) == len(store.targets)
    assert seen.stamp() == store.stamp()
    assert seen.revision == 0


def test_a_report_is_written_in_the_name_and_for_the_unit_of_who_sends_it(as_, access, store):
    told = send(as_("fulian"), MINE, user="冒名")
    assert (told.user, told.unit, told.kind) == ("张三", "妇联", Kind.REPORT)
    assert percent(store) == "90"
    entry = access.trail.entries()[0]
    assert (entry.action, entry.account, entry.allowed) == ("填报", "fulian", True)


@pytest.mark.parametrize("lines", [[OTHERS], [MINE, OTHERS]])
def test_the_rows_decide_not_what_the_draft_says(as_, access, store, lines):
    with pytest.raises(ForbiddenError, match="只能操作本单位（妇联）"):
        send(as_("fulian"), *lines)
    assert store.revision == 0
    assert (refusals(access)[0].account, refusals(access)[0].action) == ("fulian", "填报")


def test_a_key_that_says_one_unit_and_a_cell_that_says_another(as_, store):
    texts = keyed(schema.PROGRESS.texts(store.progress)).iloc[:0]
    row = dict.fromkeys(texts.columns, "") | {
        "任务编号": "二-1",
        "月份": "2018-10",
        "填报单位": "区农业局",
        "指标": "到紫阳县对接的农业企业",
        "本月完成": "2",
    }
    other = texts.copy()
    other.loc[("二-1", "2018-10", "妇联", "到紫阳县对接的农业企业"), :] = row
    for changes in (Changes(texts, other), Changes(other, texts)):
        with pytest.raises(ForbiddenError):
            as_("fulian").submit(Draft("张三", changes, unit="妇联"))


def test_rows_of_another_unit_cannot_be_taken_away_either(as_, store):
    state = keyed(schema.PROGRESS.texts(store.progress))
    theirs = state[state.index.get_level_values(KEY[2]) == "区农业局"].iloc[:1]
    with pytest.raises(ForbiddenError):
        as_("fulian").submit(Draft("张三", Changes(theirs, theirs.iloc[:0]), unit="妇联"))


def test_another_spelling_of_the_own_unit_is_the_own_unit(as_, access, store):
    access.accounts.set_role(local_actor(), "fulian", Role.REPORTER, ("区妇联",))
    assert send(as_("fulian"), MINE).unit == "妇联"


def test_a_leader_writes_nothing(as_, store):
    assert send(store, MINE).revision == 1
    leader = as_("leader")
    for write in (
        lambda: send(leader, LINE.format(95)),
        lambda: leader.submit(attach()),
        lambda: leader.revert(1, "李书记"),
        lambda: leader.review(1, "李书记", accept=True),
        leader.rebuild,
        lambda: leader.submit(Draft("李书记", Changes.none(), Kind.SEAL, details={"x": 1})),
        lambda: leader.submit(Draft("李书记", Changes.none(), Kind.NOTICE, details={"x": 1})),
    ):
        with pytest.raises(ForbiddenError):
            write()
    assert store.revision == 1


@pytest.mark.parametrize("kind", [Kind.PLAN, Kind.SEAL, Kind.NOTICE, *list(Kind)[2:4]])
def test_a_reporter_submits_reports_and_nothing_else(as_, store, kind):
    files = {"settings.toml": b"[plan]\nyear = 2018\n"} if kind is Kind.PLAN else {}
    draft = Draft("张三", Changes.none(), kind, "妇联", files=files, details={"x": 1})
    with pytest.raises(ForbiddenError):
        as_("fulian").submit(draft)
    assert store.revision == 0


def test_plan_files_cannot_ride_along_with_a_report(as_, store):
    checked = intake.check(
        "任务编号,月份,累计完成率\n八-2,2018-10,90\n".encode(),
        "a.csv",
        store.dataset(),
        unit="妇联",
    )
    changes = intake.preview(store.dataset(), checked, "张三").changes
    draft = Draft("张三", changes, files={"settings.toml": b"[plan]\nyear = 2018\n"})
    with pytest.raises(ForbiddenError, match="调整计划"):
        as_("fulian").submit(draft)


def test_nobody_submits_what_only_the_store_makes(as_):
    for kind in (Kind.REVERT, Kind.ACCEPT, Kind.RETURN, Kind.BASELINE, Kind.MANUAL):
        with pytest.raises(ForbiddenError):
            as_("admin").submit(Draft("王主任", Changes.none(), kind))


def test_an_administrator_adjusts_the_plan_and_others_do_not_see_its_files(as_, store):
    files = as_("admin").plan_files()
    settings = files["settings.toml"].replace(b"behind_points = 10", b"behind_points = 15")
    told = as_("admin").submit(
        Draft("x", Changes.none(), Kind.PLAN, files={"settings.toml": settings})
    )
    assert told.user == "王主任"
    assert store.dataset().settings.behind_threshold == pytest.approx(0.15)
    with pytest.raises(ForbiddenError):
        as_("leader").plan_files()
    (changed,) = told.changed_files
    with pytest.raises(ForbiddenError):
        as_("fulian").content(changed.after_sha256)
    assert as_("admin").content(changed.after_sha256) == settings


def test_an_original_is_for_its_unit_leaders_and_administrators(as_, access, store):
    revision = send(store, MINE).revision
    digest = store.submissions[0].file_sha256
    for login in ("fulian", "leader", "admin"):
        assert as_(login).original(revision).name == "十月.csv"
        assert as_(login).content(digest) == as_(login).original(revision).content
        assert as_(login).may_see_original(store.submissions[0])
    for who in ("nongye", Actor(Role.VISITOR)):
        with pytest.raises(ForbiddenError):
            as_(who).original(revision)
        with pytest.raises(ForbiddenError):
            as_(who).content(digest)
        assert not as_(who).may_see_original(store.submissions[0])
    assert any(one.account == "nongye" for one in refusals(access))


def test_a_file_with_rows_of_two_units_is_for_neither_alone(as_, store):
    revision = send(store, MINE, OTHERS).revision
    for login in ("fulian", "nongye"):
        with pytest.raises(ForbiddenError):
            as_(login).original(revision)
    assert as_("leader").original(revision)


def test_evidence_is_for_those_who_signed_in(as_, store):
    told = as_("fulian").submit(attach())
    digest = told.attachments[0].sha256
    for login in ("nongye", "leader", "admin"):
        assert as_(login).content(digest) == PICTURE
        assert len(as_(login).evidence("八-2")) == 1
    with pytest.raises(ForbiddenError):
        as_(Actor(Role.VISITOR)).content(digest)
    with pytest.raises(ForbiddenError):
        as_("fulian").content("f" * 64)
    with pytest.raises(ForbiddenError):
        as_("fulian").submit(attach("区农业局", "二-1"))


def test_a_reporter_takes_back_the_own_units_reports_only(as_, store):
    mine, theirs = send(store, MINE), send(store, OTHERS)
    fulian = as_("fulian")
    assert fulian.may_revert(mine)
    assert not fulian.may_revert(theirs)
    with pytest.raises(ForbiddenError):
        fulian.revert(theirs.revision, "张三")
    back = fulian.revert(mine.revision, "冒名", reason="填错")
    assert (back.user, back.kind) == ("张三", Kind.REVERT)
    assert fulian.revert(back.revision, "张三").revision == 4  # a 撤销 can be taken back, too


def test_evidence_can_be_taken_back_by_its_unit(as_, store):
    told = as_("fulian").submit(attach())
    with pytest.raises(ForbiddenError):
        as_("nongye").revert(told.revision, "赵六")
    back = as_("fulian").revert(told.revision, "张三")
    assert store.evidence("八-2") == []
    with pytest.raises(ForbiddenError):
        as_("nongye").revert(back.revision, "赵六")
    as_("fulian").revert(back.revision, "张三")
    assert len(store.evidence("八-2")) == 1


def test_what_was_accepted_is_the_reviewers_to_take_back(as_, store, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    first, second = send(as_("fulian"), MINE), send(as_("fulian"), "八-2,2018-11,妇联,,,95,")
    with pytest.raises(ForbiddenError):
        as_("fulian").review(first.revision, "张三", accept=True)
    accepted = as_("admin").review(first.revision, "冒名", accept=True)
    assert accepted.user == "王主任"
    with pytest.raises(ForbiddenError):
        as_("fulian").revert(first.revision, "张三")
    with pytest.raises(ForbiddenError):
        as_("fulian").revert(accepted.revision, "张三")
    as_("fulian").revert(second.revision, "张三")
    assert store.submissions[1].state is State.REVERTED


def test_a_number_that_does_not_exist_is_told_by_the_store(as_):
    with pytest.raises(RefusedError, match="第7号"):
        as_("fulian").revert(7, "张三")


def test_what_the_store_refuses_is_in_the_trail(as_, access, store):
    send(store, MINE)
    as_("admin").revert(1, "王主任")
    with pytest.raises(RefusedError):
        as_("admin").revert(1, "王主任")
    assert (refusals(access)[0].action, refusals(access)[0].subject) == ("撤销", "第1号")


def test_the_local_user_writes_in_the_name_that_was_typed(as_, access, store):
    local = as_(local_actor("127.0.0.1"))
    told = send(local, MINE, OTHERS, user="钱七")
    assert (told.user, told.unit) == ("钱七", "区农业局")
    assert local.revert(told.revision, "孙八").user == "孙八"
    assert local.rebuild() == len(store.progress)
    assert [one.name for one in access.trail.entries()[:2]] == ["本机用户", "本机用户"]


def test_a_broken_progress_file_does_not_open_anything(as_, store, rewrite):
    send(store, MINE, OTHERS)
    rewrite("plan.csv", "4～11月", "很久")
    with pytest.raises(DataError):
        store.dataset()
    for act in (lambda: as_("nongye").original(1), lambda: as_("nongye").revert(1, "赵六")):
        with pytest.raises(ForbiddenError):
            act()


def test_another_account_of_the_unit_signs_and_nobody_else(as_, store, rewrite, access):
    rewrite("settings.toml", "review = false", "review = true")
    rewrite("settings.toml", "sign = false", "sign = true")
    access.accounts.add(BOSS, "head", "周主席", Role.REPORTER, ("妇联",), PASSWORD)
    report = send(as_("fulian"), LINE.format(80))
    assert not as_("fulian").may_sign(report)
    assert not as_("nongye").may_sign(report)
    for login in ("nongye", "leader"):
        with pytest.raises(ForbiddenError, match="审签"):
            as_(login).sign(report.revision, "冒名", accept=True)
    with pytest.raises(RefusedError, match="要由单位负责人审签"):
        as_("fulian").sign(report.revision, "冒名", accept=True)
    assert as_("head").may_sign(report)
    assert as_("head").sign(report.revision, "冒名", accept=True).user == "周主席"
    as_("admin").review(report.revision, "", accept=True)
    assert store.submissions[0].state == State.IN_FORCE
