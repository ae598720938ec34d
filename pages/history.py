"""上报记录: everything that anyone sent: filter, rows, the original file, undo, review."""

import streamlit as st

from lib import views
from lib.store import State
from lib.ui import data, journal, shell

shell.framed()
submissions = data.store().history()
pending = sum(one.state == State.PENDING for one in submissions)
waiting = f"，{pending}次待审核" if pending else ""
st.title(f"上报记录：共{len(submissions)}次{waiting}", anchor=False)
journal.told()
if not submissions:
    shell.empty("还没有上报记录。各单位在“填报”页提交后，这里列出每一次的内容、原件，并可以撤销。")
    shell.link("report", "去填报")
    shell.stop()

chosen = journal.filtered(submissions)
if not chosen:
    shell.empty("没有符合条件的记录。请清除上面的条件。")
    shell.stop()

journal.table(chosen)
one = journal.choose(chosen)
journal.one(one, views.returns(submissions).get(one.revision))
