"""The filters on names, category and path, and what to say where they fit nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui.frame import feedback, resources, search_state, session
from pages.ui.frame.search_state import SearchState
from pages.ui.search import category_choice, new_query
from search_engine import Filters, SearchEngine
from search_engine.names import all_known_as, near
from search_engine.query import wider_pattern

_CATEGORY: session.Key[list[str]] = session.Key("category", [])
_PATH_HELP = (
    "A word finds paths that have it: beach. With * and ? for anything, or a /, whole names are"
    " meant: beach*.jpg, private/, 2019/june. A path in full works as well. Press Enter to add one;"
    " of several, one has to fit."
)


def settled(engine: SearchEngine, asked: SearchState) -> SearchState:
    """Return what is asked for with categories as the collection writes them."""
    if not asked.category:
        return asked
    chosen, unknown = _sorted_out(asked.category, resources.category_counts(engine))
    if asked.category == (*chosen, *unknown):
        return asked
    put_right = replace(asked, category=(*chosen, *unknown))
    session.correct_search(replace(session.search(), category=put_right.category))
    _CATEGORY.put(chosen)
    return put_right


def show(engine: SearchEngine, asked: SearchState, counts: Mapping[str, int]) -> None:
    """Show both filters; ``counts`` stand beside the categories."""
    chosen, _ = _sorted_out(asked.category, counts)
    _CATEGORY.put(chosen)

    def label(text: str) -> str:
        name = search_state.from_text(text)
        return f"{feedback.category_name(name)} · {counts.get(name, 0):,}"

    if any(counts):
        keep = [search_state.from_text(text) for text in chosen]
        names = category_choice.offered(engine, keep=keep, key="filter", ranked=counts)
        st.multiselect(
            "Category", [search_state.as_text(name) for name in names], key=_CATEGORY.name,
            on_change=new_query.collect, args=("category",), format_func=label,
        )  # fmt: skip
    st.text_input(
        "Add another path" if asked.path else "Path", key="path", on_change=new_query.collect,
        args=("path",), help=_PATH_HELP, placeholder="beach, private/, *.png",
    )  # fmt: skip


def warn(engine: SearchEngine, asked: SearchState) -> None:
    """Name the categories of a link that the collection does not have."""
    if asked.category:
        _, unknown = _sorted_out(asked.category, resources.category_counts(engine))
        for name in unknown:
            st.warning(_unknown(name), icon=":material/label_off:")


def _sorted_out(
    given: Iterable[str], counts: Mapping[str, int]
) -> tuple[list[str], tuple[str, ...]]:
    """Return the categories that are meant, and those that the collection does not have."""
    meant = {text: all_known_as(search_state.from_text(text), counts) for text in given}
    chosen = [search_state.as_text(name) for names in meant.values() for name in names]
    unknown = tuple(text for text, names in meant.items() if not names)
    return list(dict.fromkeys(chosen)), unknown


def _unknown(text: str) -> str:
    name = feedback.category_name(search_state.from_text(text))
    return f"There is no category “{feedback.plain(name)}” in this collection."


def offer_others(engine: SearchEngine, filters: Filters) -> None:
    """Say which name fits nothing, and offer what may have been meant."""
    counts = resources.category_counts(engine)
    asked = session.search()
    _, unknown = _sorted_out(asked.category, counts)
    for number, text in enumerate(dict.fromkeys(unknown)):
        st.markdown(_unknown(text))
        _offer(f"category {number}", {f"Take “{feedback.category_name(one)}”": {
            "category": tuple(search_state.as_text(one) if name == text else name
                              for name in asked.category)}
            for one in near(search_state.from_text(text), filter(None, counts))})  # fmt: skip
    wider = wider_pattern(engine.catalog, filters)
    if wider:
        st.markdown(feedback.plain(feedback.readable(str(wider))))
        instead = tuple(
            wider.wider if one == wider.pattern else one for one in session.search().path
        )
        _offer("path", {f"Take “{wider.wider}”": {"path": instead}} if wider.wider else {})


def _offer(about: str, choices: Mapping[str, dict[str, Any]]) -> None:
    with st.container(horizontal=True):
        for label, changes in choices.items():
            st.button(
                feedback.plain(feedback.readable(label)), key=f"offer {about} {label}",
                on_click=new_query.ask, kwargs={**changes, "page": 1},
            )  # fmt: skip
