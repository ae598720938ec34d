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
