"""What a session remembers between two runs of a page: every key in one place, with its meaning.

Streamlit keeps widgets under their own keys; those that other modules read or that are bound to
the address stand here too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from lib.html import markup

# -- the address: month, filters and what is opened; Streamlit binds these keys to the query ------
PLAN, MONTH, CATEGORY, UNIT, NARRATIVE = "plan", "month", "category", "unit", "narrative"
PENDING, BASELINE, EDITION, VERIFIED = "pending", "baseline", "edition", "verified"
SHARED = (PLAN, MONTH, CATEGORY, UNIT, NARRATIVE, PENDING, BASELINE, EDITION, VERIFIED)
"""What the address holds on every page."""
TASK, SLIDE, PRESENTER = "task", "slide", "presenter"
FOCUS_CATEGORY, FOCUS_UNIT = markup.FOCUS_CATEGORY, markup.FOCUS_UNIT
"""The group whose tasks 分类 and 单位 list below their chart."""
CHOSEN_TASK, CHOSEN_EDITION = "chosen_task", "sealed"
"""Widgets whose choice is written to the address by hand, as an id instead of a label."""

# -- this run -------------------------------------------------------------------------------------
VIEW = "_view"
"""The `lib.ui.kit.view.View` that the page shows; not there while the plan cannot be read."""
ACTOR = "_actor"
"""Who looks, looked up at the start of a run and forgotten at its end."""
STAMPS = "_stamps"
"""The stamps that this run has asked for, by plan; not there outside of a run."""
PLAN_NAME = "_plan_name"
"""The plan that is looked at: its name, empty for the folder's own."""

# -- moving about -----------------------------------------------------------------------------------
FRAMED = "_framed"
"""Streamlit has been told of the navigation in this session."""
OPEN_PAGE, PAGE_IS_NEW = "_open_page", "_page_is_new"
"""The page that is open, and whether this run is its first."""
RUN_AGAIN = "_run_again"
"""A page has been run once more because a filter, once drawn, said something else."""
RETRYING = "_retrying"
"""A page that could not read its data waits for the store."""
WRITE_REFUSED = "_write_refused"
"""A write was refused in this run; it may have touched the store without changing anything."""
RETURN_TO = "_return_to"
"""The page to return to from full-screen mode, with its own part of the address."""
GO_TO_OVERVIEW = "_go_to_overview"
"""A callback has chosen a plan; the next run goes to its overview."""
REFUSALS_NOTED = "_refusals_noted"
"""Permissions whose refusal stands in the audit trail already: once per session."""

# -- what the next run says or keeps ------------------------------------------------------------------
NEW_TOKEN = "_new_token"  # noqa: S105 - a key, not a token
"""A new token, shown once."""
NEW_FACTOR = "_new_factor"
"""The secret of a second factor that is being set up."""
FLASH = "_flash"
"""What the last action did, said once by the next run."""
INITIAL_PASSWORD = "_initial_password"  # noqa: S105 - a key, not a password
"""A new account's password, shown once."""
REPORT_ROUND, PLAN_ROUND = "_report_round", "_plan_round"
"""Counts up to give the uploads of 填报 and 计划管理 new, empty widgets."""
MATTER_ROUND = "_matter_round"
"""Counts up to empty the form of a new 督办事项."""
REPORT_SUBMITTED, PLAN_SUBMITTED = "_report_submitted", "_plan_submitted"
"""The last submission of either page, with the way to undo it."""
REPORT_LEFT = "_report_left"
"""The drafts that the last report left: with a new one the word of its sending goes."""
REPORT_MOVED = "_report_moved"
"""What the last report moved, in words."""
UNSAVED, UNSAVED_FAULT = "_unsaved", "_unsaved_fault"
"""What is typed into 在线填写 and could not be kept as a draft, by place; and why."""
SEEN = "_seen"
"""What a field of 在线填写 said when this session last drew or kept it, by its key."""
SEEN_ITEMS = "_seen_items"
"""The drafts that this session last drew in 在线填写, by place and name."""
UPLOADED = "_uploaded"
"""The drafts of the files that uploaders hold, by uploader and file."""
COLLECTED = "_collected"
"""The files of many units that were split last: their key and their parts."""
RETURNED = "_returned"
"""The marked copies of what was not taken of the files collected last (.zip)."""
CHECKED = "_checked"
"""The report that was checked last: its key and `Planned`."""
DOCUMENT_READ = "_document_read"
"""The plan document that was read last: its key, the document, its `Reading` or why there is none."""
COLUMNS_CHOSEN = "_columns_chosen"
"""What headers of plan documents were said to mean in this session."""
ARRANGEMENTS = "_arrangements"
"""The arrangement of slides by month, as changed in this session."""
FORM_EDITED = "_form_edited"
"""The upper office's form that is being pointed at figures, and not kept yet."""
PAPERS = "_papers"
"""Papers made in this session, by name: what they were made of, and their bytes."""
REPORT_UNIT, REPORT_MONTH, REPORT_USER = "report_unit", "report_month", "report_user"
"""Who reports for which month. Streamlit forgets fields that a page does not draw; see `recall`."""


def asked(key: str) -> Any:
    """Return what a control bound to the address says: before it is first drawn, its text there."""
    return st.session_state[key] if key in st.session_state else st.query_params.get(key)


def one_of(key: str, names: Collection[str]) -> str | None:
    """Return what a control bound to the address says, ``None`` if it is not one of ``names``."""
    value = asked(key)
    return value if value in names else None


def is_on(key: str) -> bool:
    """Whether a switch bound to the address is on."""
    value = asked(key)
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def recall(key: str, default: Any) -> None:
    """Give a field what it held when the page was last left: Streamlit forgets hidden fields."""
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"_kept_{key}", default)


def keep(*keys: str) -> None:
    """Keep what fields hold for the next `recall`."""
    for key in keys:
        st.session_state[f"_kept_{key}"] = st.session_state[key]


def forget_plan() -> None:
    """Drop what was chosen, uploaded, previewed and submitted: it means nothing in another plan."""
    for key in (CATEGORY, UNIT, FOCUS_CATEGORY, FOCUS_UNIT, CHOSEN_EDITION):
        if key in st.session_state:
            st.session_state[key] = None
    for key in (CATEGORY, UNIT, EDITION):
        st.query_params.pop(key, None)
    st.session_state[REPORT_ROUND] = st.session_state.get(REPORT_ROUND, 0) + 1
    for key in (REPORT_SUBMITTED, CHECKED, COLLECTED, RETURNED, UPLOADED):
        st.session_state.pop(key, None)
    for key in (REPORT_UNIT, REPORT_MONTH):
        st.session_state.pop(key, None)
        st.session_state.pop(f"_kept_{key}", None)
