"""上报记录: everything that anyone sent: filter, rows, the original file, undo, review."""

import streamlit as st

from lib.store import State, listing
from lib.ui import history
from lib.ui.kit import data, navigation
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import empty

navigation.framed()
submissions = data.store().history()
pending = sum(submission.state == State.PENDING for submission in submissions)
waiting = f"，{pending}次待审核" if pending else ""
st.title(f"上报记录：共{len(submissions)}次{waiting}", anchor=False)
show_flash()
if unsafe := data.store().warning():
    st.warning(unsafe, icon=":material/lan:")
if not submissions:
    empty("还没有上报记录。各单位在“填报”页提交后，这里列出每一次的内容、原件，并可以撤销。")
    navigation.link("report", "去填报")
    navigation.stop()

chosen = history.filter_submissions(submissions)
if not chosen:
    empty("没有符合条件的记录。请清除上面的条件。")
    navigation.stop()

history.submission_table(chosen)
submission = history.choose_submission(chosen)
history.show_submission(submission, listing.returns(submissions).get(submission.revision))
