"""Writing from a page: do it, say why it was refused, or say after the rerun what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from lib.access.passwords import PasswordError
from lib.core.matters import Step
from lib.core.problems import DataError
from lib.store import Attachment, Changes, Draft, Kind, StoreError, Submission
from lib.ui.kit import data, state
from lib.ui.kit.elements import plain

T = TypeVar("T")


def act(action: Callable[[], T], done: Callable[[T], object]) -> None:
    """Do what writes, then ``done`` with its result, and run the page anew; or say why not.

    ``done`` says or keeps what the next run shows: see `flash`.
    """
    try:
        result = action()
    except (StoreError, DataError, PasswordError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        # The attempt may have touched the store (its journal is opened by the first one). That is
        # no news to follow: the page would be drawn anew and the words wiped away.
        st.session_state[state.WRITE_REFUSED] = True
        return
    finally:
        st.session_state.pop(state.STAMPS, None)
    done(result)
    st.rerun()


def flash(message: str) -> None:
    """Keep a message for the next run, which draws it once (`show_flash`)."""
    st.session_state[state.FLASH] = message


def show_flash() -> None:
    """Draw what the last action did, once."""
    message = st.session_state.pop(state.FLASH, None)
    if message:
        st.success(plain(message), icon=":material/check_circle:")


def flash_submission(submission: Submission) -> None:
    """Keep for the next run which submission was written: 审核通过已记为第5号。"""
    flash(f"{submission.kind}已记为第{submission.revision}号。")


def submit(draft: Draft, message: str) -> None:
    """Submit a draft to the plan looked at; the next run says ``message`` and its number."""
    act(
        lambda: data.store().submit(draft),
        lambda submission: flash(f"{message}，记为上报记录第{submission.revision}号。"),
    )


def submit_step(
    step: Step, unit: str, message: str, evidence: Sequence[tuple[Attachment, bytes]] = ()
) -> None:
    """Submit a step of a 督办事项 or about a task, of ``unit``; whoever does it must be named."""
    if not step.person:
        st.error("请写明姓名", icon=":material/error:")
        return
    draft = Draft(step.person, Changes.none(), Kind.MATTER, unit, evidence=evidence, steps=[step])
    submit(draft, message)


def undo_button(submission: Submission, plan: str, key: str, remembered: str) -> None:
    """Draw the button that takes back what this session has just submitted to ``plan``.

    ``remembered`` is the key of the session under which the page keeps that submission.
    """
    if not st.button("撤销这次提交", key=key, icon=":material/undo:"):
        return
    when = "提交后撤销" if submission.kind is Kind.PLAN else "填报后撤销"

    def forget(undone: Submission) -> None:
        del st.session_state[remembered]
        st.toast(f"已撤销第{submission.revision}号，记为第{undone.revision}号")

    act(lambda: data.store(plan).revert(submission.revision, submission.user, reason=when), forget)
