"""总览: the answer on one screen: how far, which is worst, who is late, what falls due, what changed."""

import streamlit as st

from lib.core.answers import Answers
from lib.ui import overview
from lib.ui.kit import data, navigation
from lib.ui.kit.elements import head, nothing_selected
from lib.ui.kit.links import links

view = navigation.view()
figures = data.figures(view)
answers = Answers.of(figures)
with st.container(key="answer-plan"):
    head(figures, answers.verdict)
    if nothing_selected(figures):
        navigation.stop()
    if figures.dataset.progress.empty:
        overview.windows(figures, links())
        navigation.stop()
    overview.strip(answers, links())
    overview.late_matters(data.matters(view.revision), links())
with st.container(key="answers"):
    overview.answer_lists(answers, links())
