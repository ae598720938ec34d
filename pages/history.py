"""上报记录: everything that anyone sent, with its original, undo and review; who reported on time."""

import streamlit as st

from lib.store import listing
from lib.ui import history, punctuality
from lib.ui.kit import data, navigation
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import empty, page_title
from lib.ui.kit.returns import own_returned_reports

navigation.framed()
submissions = data.store().history()
waiting = history.waiting_words(submissions)
page_title(f"上报记录：共{len(submissions)}次{waiting}")
show_flash()
if unsafe := data.store().warning():
    st.warning(unsafe, icon=":material/lan:")
own_returned_reports()
figures = punctuality.figures_to_judge()
each, on_time = st.tabs(["每一次提交", punctuality.tab_name(figures)])
if figures is not None:
    with on_time:
        punctuality.punctuality(figures)
with each:
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
