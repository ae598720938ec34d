"""The 督办事项 page: the circle as a viewer without accounts, and as three people see it."""

from __future__ import annotations

import pytest

from lib.access import Config, open_access
from lib.core.matters import Act
from lib.store import open_store
from lib.ui.kit import deployment, session
from tests.lib.store.matters import CREATED, do, step
from tests.pages.reading import open_app, word_tables, words
from tests.people import QUICK, actor, with_people

NUMBER = "事项〔2018〕1号"


@pytest.fixture
def shown(folder, monkeypatch):
    """A copy of the data that the pages show."""
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return open_store(folder)


def press(app, key):
    (button,) = [button for button in app.button if button.key.startswith(key)]
    button.click().run()
    assert not app.exception
    return app


def fill(app, kind, key, value):
    (widget,) = [element for element in app.get(kind) if element.key.startswith(key)]
    widget.set_value(value).run()
    return app


def test_the_circle_at_one_machine(shown):
    app = open_app("matters")
    assert app.title[0].value == "督办事项：还没有"
    assert "立项后列在这里" in app.info[0].value
    app.session_state["matters-part"] = "立项"
    app.run()
    press(app, "matter-create")
    assert "请写明姓名" in app.error[0].value
    fill(app, "text_input", "matter-user", "李主任")
    fill(app, "text_area", "matter-words", "完成协作站选址")
    fill(app, "selectbox", "matter-lead", "妇联")
    press(app, "matter-create")
    assert "已立项，交办妇联" in app.success[0].value
    assert app.title[0].value == "督办事项：1件待签收"
    app.session_state["matters-part"] = "清单"
    app.run()
    assert "**妇联**　完成协作站选址" in words(app)
    press(app, "do-")
    assert app.title[0].value == "督办事项：1件都在期限内办理"
    app.session_state[f"matter-act-{NUMBER}-办理中"] = "反馈"
    app.run()
    press(app, "do-")
    assert "反馈没有写明内容" in app.error[0].value
    fill(app, "text_area", "words-", "已选定")
    press(app, "do-")
    assert [str(matter.state) for matter in shown.matters()] == ["待核实"]
    assert "已选定" in words(app)


def test_reminders_and_counts(shown):
    do(shown, CREATED)
    app = open_app("matters")
    assert app.title[0].value == "督办事项：1件逾期，1件待签收"
    app.session_state["matters-part"] = "催办"
    app.run()
    assert "【催办】妇联：你单位有1件督办事项需要办理" in app.code[0].value
    fill(app, "text_input", "matter-user", "李主任")
    press(app, "matters-urged")
    assert [str(item.act) for item in shown.matters()[0].steps] == ["立项", "催办"]
    app.session_state["matters-part"] = "各单位"
    app.run()
    assert app.dataframe[0].value["按期率（%）"].tolist() == [0.0]


def test_each_of_three_people_sees_what_is_theirs(shown, folder, monkeypatch):
    access = with_people(open_access(folder, config=Config(), passwords=QUICK))
    do(shown, CREATED)
    do(shown, step(Act.SIGN), step(Act.ANSWER))
    seen = {}
    for login in ("admin", "leader", "fulian"):
        who = actor(access, login)
        monkeypatch.setattr(deployment, "access", lambda: access)
        monkeypatch.setattr(session, "look_up_actor", lambda who=who, **_: who)
        app = open_app("matters")
        acts = [g.options for g in app.get("button_group") if g.label == "要做什么"]
        seen[login] = (app.title[0].value, acts)
    assert seen == {
        "admin": ("督办事项：1件待核实", [["退回", "核实销号", "催办", "批示"]]),
        "leader": ("督办事项：1件待核实", [["批示"]]),
        "fulian": ("我的事项：1件待核实", []),
    }


def test_the_overview_shows_the_late_ones_and_figures_do_not_change(shown):
    before = open_app("overview")
    title = before.title[0].value
    assert "督办事项逾期" not in words(before)
    do(shown, CREATED)
    app = open_app("overview")
    assert app.title[0].value == title
    assert "督办事项逾期 1 件" in " ".join(words(app).split())
    app = open_app("history")
    assert "督办事项：事项〔2018〕1号" in words(app).replace("\\", "")


def test_a_units_own_word_on_a_task(shown):
    app = open_app("task", task="八-2")
    press(app, "outlook-send")
    assert "请写明姓名" in app.error[0].value
    fill(app, "text_input", "outlook-user", "张三")
    app.session_state["outlook-八-2"] = "不能按期"
    app.run()
    press(app, "outlook-send")
    assert "没有写明原因" in app.error[0].value
    fill(app, "text_input", "outlook-words", "经费未到位")
    press(app, "outlook-send")
    assert "研判不能按期已提交" in app.success[0].value
    assert "经费未到位" in words(app)
    app = open_app("matters")
    app.session_state["matters-part"] = "单位研判"
    app.run()
    assert word_tables(app)[0]["单位研判"].tolist() == ["不能按期"]


def test_a_task_is_verified_and_extended_on_its_page(shown, rewrite):
    rewrite("settings.toml", "verify = false", "verify = true")
    assert "已报完成、待核实" in words(open_app("overview"))
    app = open_app("task", task="八-1")
    assert "◎ 已报完成、待核实" in words(app)
    fill(app, "text_input", "matter-user", "李主任")
    app.session_state["verify-way-八-1"] = "现场"
    app.run()
    press(app, "verify-send")
    assert "核实通过，记为上报记录" in app.success[0].value
    app = open_app("task", task="八-1")
    assert "√ 已完成" in words(app)
    assert "李主任 核实通过（现场）" in words(app)
    app = open_app("task", task="二-2")
    fill(app, "text_input", "extend-user", "张三")
    fill(app, "text_input", "extend-words", "土地未批")
    press(app, "extend-send")
    assert "等待批复" in app.success[0].value
    fill(app, "text_input", "matter-user", "李主任")
    fill(app, "text_input", "extend-answer", "同意")
    press(app, "extend-decide")
    assert "已批准延期至12月30日（1次共30天）" in words(app)
    assert "延至12月30日" in words(open_app("gantt"))
    app = open_app("matters")
    app.session_state["matters-part"] = "任务核实和延期"
    app.run()
    assert [head.value for head in app.header] == [
        "9项已报完成、待核实",
        "任务延期：0项待批，已批准1项1次共30天",
    ]


def test_a_matter_of_a_task_is_in_its_story(shown):
    do(shown, CREATED)
    do(shown, step(Act.SIGN))
    text = words(open_app("task", task="八-2"))
    assert "会议：联席会议第三次会议：9月底前完成劳务协作站选址" in text
    assert "张三 签收" in text


def test_a_wrong_row_is_a_banner_and_the_figures_stay(shown, folder):
    do(shown, CREATED)
    title = open_app("overview").title[0].value
    path = folder / "matters.csv"
    row = "事项〔2018〕1号,核实销号,2018-09-04 08:30,张三,,,材料\n"
    path.write_text(path.read_text("utf-8-sig") + row, encoding="utf-8-sig")
    for page in ("overview", "gantt", "task", "matters", "papers"):
        app = open_app(page)
        if page == "overview":
            assert app.title[0].value == title
        banner = " ".join(words(app).split())
        assert "督办事项有错误" in banner
