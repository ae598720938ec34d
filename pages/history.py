"""上报记录: everything that anyone sent: filter, rows, the original file, undo, review."""

import streamlit as st

from lib.store import State, listing
from lib.ui import history
from lib.ui.frame import run as frame
from lib.ui.kit import data

frame.framed()
submissions = data.store().history()
pending = sum(one.state == State.PENDING for one in submissions)
waiting = f"，{pending}次待审核" if pending else ""
st.title(f"上报记录：共{len(submissions)}次{waiting}", anchor=False)
history.told()
if not submissions:
    frame.empty("还没有上报记录。各单位在“填报”页提交后，这里列出每一次的内容、原件，并可以撤销。")
    frame.link("report", "去填报")
    frame.stop()

chosen = history.filtered(submissions)
if not chosen:
    frame.empty("没有符合条件的记录。请清除上面的条件。")
    frame.stop()

history.table(chosen)
one = history.choose(chosen)
history.one(one, listing.returns(submissions).get(one.revision))
