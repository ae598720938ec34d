"""草稿: what is typed or uploaded on 填报 and not sent; found again after F5, elsewhere, or a restart.

Each field is kept when it is left, each file when it arrives. Who it belongs to is the account;
without accounts it is the browser and the name in 填报人, so that two people at one machine do not
share a draft by accident.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from lib.core import months, texts
from lib.store import Item, ItemKind, Original, Place, StoreError
from lib.ui.kit import data, deployment, session, state
from lib.ui.kit.elements import note, plain
from lib.ui.report.reporter import Reporter

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

MAX_KEPT = 20 * 1024 * 1024
"""Bytes up to which a file is kept; a larger one is refused by every check."""

Cell = tuple[str, str, str]
"""Task, indicator and header of a field."""


def items() -> list[Item]:
    """Return all that the viewer has not sent for the plan looked at, the latest first."""
    try:
        return deployment.unsent_work().items(_owner(), data.plan_name())
    except StoreError as error:
        st.session_state[state.UNSAVED_FAULT] = str(error)
        return []


def own(who: Reporter) -> list[Item]:
    """Return what is unsent for a unit and month; what was typed before the name is signed now."""
    here = _place(who)
    if here.signature:
        nameless = [item for item in items() if not item.place.signature]
        if nameless:
            sign(nameless, here.signature)
    return [item for item in items() if item.place == here]


def sign(unsigned: list[Item], signature: str) -> None:
    """Give items the name of whoever goes on with them."""
    try:
        deployment.unsent_work().sign(unsigned, signature)
    except StoreError as error:
        st.session_state[state.UNSAVED_FAULT] = str(error)


@dataclass(frozen=True)
class Fields:
    """What stands in the fields of a unit and month, and the items it comes from.

    ``changed_elsewhere``: another tab has changed it since this session last drew it.
    """

    cells: Mapping[Cell, str]
    items: list[Item]
    changed_elsewhere: bool


def fields(who: Reporter) -> Fields:
    """Return what is typed into 在线填写."""
    kept = [item for item in own(who) if item.kind is ItemKind.CELL]
    seen = _seen(who)
    changed_elsewhere = seen is not None and seen != {item.name: item for item in kept}
    st.session_state.setdefault(state.SEEN_ITEMS, {})[_place(who)] = {
        item.name: item for item in kept
    }
    written = [content.decode() for content in _contents(kept)]
    texts_of = {item.name: text for item, text in zip(kept, written, strict=True)}
    texts_of |= st.session_state.get(state.UNSAVED, {}).get(_place(who), {})
    by_cell = {_cell(name): text for name, text in texts_of.items()}
    return Fields(by_cell, kept, changed_elsewhere)


def keep_cell(who: Reporter, cell: Cell, text: str, reported: str) -> None:
    """Keep what a field says; what is reported already is no work to keep."""
    name = json.dumps(cell, ensure_ascii=False)
    unsaved = st.session_state.setdefault(state.UNSAVED, {}).setdefault(_place(who), {})
    seen = _seen(who) or {}
    seen.pop(name, None)
    if text == reported:
        unsaved.pop(name, None)
        drop(item for item in own(who) if (item.kind, item.name) == (ItemKind.CELL, name))
        return
    item = _keep(who, ItemKind.CELL, name, texts.clean(text).encode())
    if item is None:
        unsaved[name] = text
    else:
        unsaved.pop(name, None)
        seen[name] = item


def reason(who: Reporter) -> tuple[str, list[Item]]:
    """Return the reason that was typed, and the item it comes from."""
    kept = [item for item in own(who) if item.kind is ItemKind.REASON]
    return "".join(content.decode() for content in _contents(kept)), kept


def keep_reason(who: Reporter, key: str) -> None:
    """Keep the reason in a field."""
    _keep(who, ItemKind.REASON, "", texts.clean(str(st.session_state[key])).encode())


def keep_uploads(
    who: Reporter, kind: ItemKind, key: str, files: Sequence[UploadedFile], about: str = ""
) -> list[tuple[Original, Item | None]]:
    """Keep what an uploader holds, and return it with what an earlier visit left, each with its item.

    ``about`` is the task that evidence is for. A file in the uploader goes along when another
    month, unit or task is chosen; where ``key`` is an uploader for one file, it replaces the one
    that was there.
    """
    here, uploaded = _place(who), _uploaded(key)
    result: list[tuple[Original, Item | None]] = []
    for file in files:
        name, content, item = f"{about}\t{file.name}", file.getvalue(), uploaded.get(file.file_id)
        if item is None or (item.place, item.name) != (here, name):
            if kind is ItemKind.FILE and who.unit:
                drop(other for other in own(who) if other.kind is kind)
            drop([item] if item is not None else [])
            item = _keep(who, kind, name, content) if len(content) <= MAX_KEPT else None
            if item is not None:
                uploaded[file.file_id] = item
        result.append((Original(file.name, content), item))
    of_files = {item for _, item in result}
    left = [
        item
        for item in own(who)
        if item.kind is kind and item.name.split("\t")[0] == about and item not in of_files
    ]
    for item in left:
        _left(item)
    contents = _contents(left)
    result += [
        (Original(item.name.split("\t", 1)[1], content), item)
        for item, content in zip(left, contents, strict=True)
    ]
    return result


def drop_removed(key: str) -> None:
    """Drop the files that the viewer has just taken out of an uploader."""
    held = st.session_state[key] or []
    ids = {file.file_id for file in (held if isinstance(held, list) else [held])}
    uploaded = _uploaded(key)
    removed = [name for name in uploaded if name not in ids]
    drop(uploaded.pop(name) for name in removed)


def drop(done: Iterable[Item]) -> None:
    """Drop what was sent or thrown away."""
    try:
        deployment.unsent_work().drop(done)
    except StoreError as error:
        st.session_state[state.UNSAVED_FAULT] = str(error)


def forget_typed(who: Reporter) -> None:
    """Forget what could not be kept and was sent or thrown away, and give the page empty fields."""
    st.session_state.get(state.UNSAVED, {}).pop(_place(who), None)
    st.session_state[state.REPORT_ROUND] = st.session_state.get(state.REPORT_ROUND, 0) + 1
    st.session_state.pop(state.CHECKED, None)


def bar(who: Reporter) -> None:
    """Draw what is unsent here and elsewhere, with the way to go on and to throw it away."""
    fault = st.session_state.pop(state.UNSAVED_FAULT, "")
    if fault:
        st.error(
            f"{plain(fault)}。填写的内容现在只在这个网页里，提交之前请不要关闭或刷新。",
            icon=":material/error:",
        )
    here = own(who)
    # The line is always there: a page that moved with the first letter could lose a click.
    key = "unsent" if here else "nothing-unsent"
    with st.container(key=key, horizontal=True, vertical_alignment="center"):
        if here:
            note(
                f"草稿已保存（{_when(here[0].saved)}），还没有提交；刷新、换月份、换页面都不会丢。"
            )
        else:
            note("填写和上传的内容自动保存为草稿；提交之后才写入。")
        with st.popover("丢弃草稿", icon=":material/delete:", disabled=not here):
            note(f"{_amount(here)}会被丢弃，不能恢复。")
            st.button("确定丢弃", key="drop-unsent", on_click=_throw_away, args=(who, here))
    elsewhere: dict[Place, list[Item]] = {}
    for item in items():
        if item not in here:
            elsewhere.setdefault(item.place, []).append(item)
    for number, (place, unsent) in enumerate(elsewhere.items()):
        name = f"「{place.signature}」的" if place.signature != _place(who).signature else ""
        unit = place.unit or "收各单位的文件"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/edit_note: 还有{plain(name)}草稿没有提交：{plain(unit)} "
                f"{months.text(place.month)}，{_amount(unsent)}（{_when(unsent[0].saved)}）"
            )
            st.button("接着填", key=f"go-on-{number}", on_click=_go_on, args=(place, unsent))


def way(who: Reporter) -> str:
    """Return the way of reporting that the latest unsent work was typed or uploaded by."""
    ways = {ItemKind.CELL: "在线填写", ItemKind.EVIDENCE: "佐证材料"}
    return next((ways[item.kind] for item in own(who) if item.kind in ways), "上传文件")


def _owner() -> str:
    actor = session.actor()
    return f"账号 {actor.account}" if actor.account else f"浏览器 {session.visitor().browser}"


def _place(who: Reporter) -> Place:
    signature = who.user if session.actor().local else ""
    return Place(_owner(), signature, data.plan_name(), who.unit, who.month)


def _seen(who: Reporter) -> dict[str, Item] | None:
    seen: dict[str, Item] | None = st.session_state.get(state.SEEN_ITEMS, {}).get(_place(who))
    return seen


def _cell(name: str) -> Cell:
    task, indicator, header = json.loads(name)
    return task, indicator, header


def _keep(who: Reporter, kind: ItemKind, name: str, content: bytes) -> Item | None:
    """Keep an item; ``None`` if that failed, which `bar` says."""
    try:
        return deployment.unsent_work().keep(_place(who), kind, name, content)
    except StoreError as error:
        st.session_state[state.UNSAVED_FAULT] = str(error)
        return None


def _contents(kept: list[Item]) -> list[bytes]:
    return deployment.unsent_work().contents(kept) if kept else []


def _uploaded(key: str) -> dict[str, Item]:
    """What this session has kept of an uploader's files, by Streamlit's id of the file."""
    uploaded: dict[str, Item] = st.session_state.setdefault(state.UPLOADED, {}).setdefault(key, {})
    return uploaded


def _left(item: Item) -> None:
    """Draw a file of an earlier visit."""
    name = item.name.split("\t", 1)[1]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/draft: 草稿里的文件：{plain(name)}（{_when(item.saved)}上传，还没有提交）"
        )
        st.button("丢弃", key=f"drop-{item.kind}-{name}", on_click=drop, args=([item],))


def _throw_away(who: Reporter, unsent: list[Item]) -> None:
    drop(unsent)
    forget_typed(who)


def _go_on(place: Place, unsent: list[Item]) -> None:
    st.session_state[state.REPORT_UNIT] = place.unit or None
    st.session_state[state.REPORT_MONTH] = place.month
    st.session_state.pop("way", None)
    typed = st.session_state.get(state.REPORT_USER, "")
    if place.signature and not typed:
        st.session_state[state.REPORT_USER] = place.signature
    elif place.signature != typed:
        sign(unsent, typed)


def _amount(unsent: list[Item]) -> str:
    fields = sum(item.kind in (ItemKind.CELL, ItemKind.REASON) for item in unsent)
    files = len(unsent) - fields
    return "、".join([f"填了{fields}处"] * bool(fields) + [f"{files}个文件"] * bool(files))


def _when(saved: float) -> str:
    then, now = datetime.fromtimestamp(saved), datetime.now()
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%m-%d %H:%M}"
