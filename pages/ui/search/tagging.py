"""Tags of one's own, and pictures that are hidden: given, taken back, and filtered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.frame.search_state import SearchState
from pages.ui.search import new_query
from pages.ui.widgets import field_focus
from search_engine import SearchEngine
from search_engine.errors import SearchEngineError
from search_engine.records import Ids, counted

_MOST_OFFERED = 12
SELECTION = "tag selection"
"""The key of what tags the pictures that are selected on a page."""


@dataclass(frozen=True)
class _Change:
    """What was changed last, so that it can be undone."""

    said: str
    ids: tuple[int, ...]
    """Those that really changed."""
    tag: str = ""
    """Empty where they were hidden."""
    was_added: bool = True


_LAST: session.CollectionKey[_Change | None] = session.CollectionKey("last change of tags", None)
_REFUSED: session.CollectionKey[SearchEngineError | None]
_REFUSED = session.CollectionKey("change of tags refused", None)


def show_filter(asked: SearchState, counts: Mapping[str, int]) -> None:
    """Let results be restricted to what has a tag, where anything has one; with counts."""
    options = sorted({*counts, *asked.tag}, key=lambda name: (-counts.get(name, 0), name))
    if options:
        st.multiselect(
            "Tags", options, key="tag", on_change=new_query.collect, args=("tag",),
            format_func=lambda name: f"{feedback.readable(name)} · {counts.get(name, 0):,}",
        )  # fmt: skip


def offer(engine: SearchEngine, ids: Sequence[int], *, key: str) -> None:
    """Let pictures be tagged, in a popover."""
    popover = st.popover("Tag", icon=":material/label:", key=f"{key} open", on_change="rerun")
    if not popover.open:
        return
    with popover:
        box = session.Key(f"{key} new", "")
        st.text_input(
            "New tag", key=box.name, placeholder="A word or two, then Enter",
            on_change=_add_typed, args=(engine, ids, box),
        )  # fmt: skip
        field_focus.lead_to(box.name)
        there = engine.catalog.tags.of(list(ids))
        counts = resources.tag_counts(engine)
        known = sorted(counts, key=lambda name: -counts[name])[:_MOST_OFFERED]
        for name in known:
            has_all = all(name in there.get(one, ()) for one in ids)
            act = partial(_remove if has_all else add, engine, ids, name)
            icon = ":material/check_box:" if has_all else ":material/check_box_outline_blank:"
            label = feedback.plain(feedback.readable(name))
            st.button(label, icon=icon, key=f"{key} {name}", type="tertiary", on_click=act)
        _tell(engine, key=key)  # what is told at the foot of the window lies below this


def hide(engine: SearchEngine, ids: Sequence[int]) -> None:
    """Hide pictures: searches do not find them any more, until that is undone."""
    with _refusals_kept(engine):
        changed = engine.catalog.tags.hide(ids)
        _note(engine, _Change(f"{_pictures(changed)} hidden", tuple(changed.tolist())))


def _add_typed(engine: SearchEngine, ids: Sequence[int], box: session.Key[str]) -> None:
    add(engine, ids, box.get())
    box.put("")


def add(engine: SearchEngine, ids: Sequence[int], typed: str) -> None:
    """Give pictures a tag."""
    tag = typed.strip()
    if not tag:
        return
    with _refusals_kept(engine):
        changed = engine.catalog.tags.add(ids, tag)
        said = f"{_pictures(changed)} tagged “{tag}”"
        _note(engine, _Change(said, tuple(changed.tolist()), tag))


def _remove(engine: SearchEngine, ids: Sequence[int], tag: str) -> None:
    with _refusals_kept(engine):
        changed = engine.catalog.tags.remove(ids, tag)
        said = f"Tag “{tag}” removed from {_pictures(changed)}"
        _note(engine, _Change(said, tuple(changed.tolist()), tag, was_added=False))


@contextmanager
def _refusals_kept(engine: SearchEngine) -> Iterator[None]:
    """Keep the error of a change that a callback made, to be shown by the run that follows."""
    try:
        yield
    except SearchEngineError as error:
        _REFUSED.of(engine).put(error)


def _pictures(changed: Ids) -> str:
    return counted(len(changed), "picture", "pictures")


def _note(engine: SearchEngine, change: _Change) -> None:
    _LAST.of(engine).put(change)


def show_undo(engine: SearchEngine, *, beside: str = SELECTION) -> None:
    """Say what was changed last, with the way back; not beside an open popover that says it."""
    error = _REFUSED.of(engine).take()
    if error is not None:
        feedback.show_error(error)
    last = _LAST.of(engine).get()
    is_told = last is not None and last.tag and session.Key(f"{beside} open", unset=False).get()
    if last is None or is_told:
        return
    with st.container(key="undo", horizontal=True, vertical_alignment="center", gap="small"):
        _tell(engine, key="undo")


def _tell(engine: SearchEngine, *, key: str) -> None:
    last = _LAST.of(engine).get()
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{feedback.plain(feedback.readable(last.said))}.", width="content")
        st.button("Undo", icon=":material/undo:", key=f"{key} tags", on_click=_undo, args=(engine,))
        st.button(
            "Close", key=f"{key} close", type="tertiary", on_click=_LAST.of(engine).put,
            args=(None,),
        )  # fmt: skip


def _undo(engine: SearchEngine) -> None:
    last = _LAST.of(engine).take()
    if last is None:
        return
    tags = engine.catalog.tags
    with _refusals_kept(engine):
        if not last.tag:
            tags.show(last.ids)
        elif last.was_added:
            tags.remove(last.ids, last.tag)
        else:
            tags.add(last.ids, last.tag)
