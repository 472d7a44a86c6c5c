"""The saved queries of a collection: checked after a change, accepted, forgotten."""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.search import new_query
from pages.ui.widgets import data_table
from search_engine import SearchEngine, SearchResults
from search_engine.cards import (
    Replay,
    ResultCard,
    SavedQueries,
    card_of,
    name_for,
    replay,
    write_card,
)
from search_engine.errors import SearchEngineError
from search_engine.records import Filters

_Checks: TypeAlias = dict[str, Replay | SearchEngineError]
_CHECKED: session.CollectionKey[tuple[object, _Checks] | None]
_CHECKED = session.CollectionKey("checked queries", None)
"""The state of the collection when it was checked, and what came of it."""
_FORGOTTEN: session.CollectionKey[tuple[str, ResultCard] | None]
_FORGOTTEN = session.CollectionKey("forgotten query", None)
_WHAT = (
    "Run a saved query again after pictures changed, the index was made anew or another model was"
    " taken: the results are compared with those it had. What came, went or moved is named, with"
    " the reason."
)


def offer(engine: SearchEngine, answer: SearchResults, k: int, filters: Filters) -> None:
    """Offer to keep a query: as a file, or with the collection."""
    st.download_button(
        "Result card (JSON)",
        lambda: write_card(card_of(engine, answer, k, filters)).encode(),
        "card.json", "application/json", on_click="ignore",
        help="Query, model, index and scores, so that it can be run again and compared.",
    )  # fmt: skip
    with st.form("save query", border=False):
        name = st.text_input(
            "Save this query as", name_for(str(answer.query)),
            key=session.of_collection(f"name for {answer.query}"),
        )  # fmt: skip
        if st.form_submit_button("Save", icon=":material/bookmark_add:"):
            with feedback.refusals_shown():
                _saved(engine).save(name.strip(), card_of(engine, answer, k, filters))
                st.toast(
                    "Saved. Check it later: page Scores, view “Saved”.", icon=":material/bookmark:"
                )


def show(engine: SearchEngine) -> None:
    """Show all saved queries and what a check of them found."""
    st.caption(_WHAT)
    saved = _saved(engine)
    names = saved.names()
    _offer_to_put_back(engine, saved, names)
    if not names:
        st.info("No query is saved yet. On Search, open “Download or save” below the results.")
        return
    checked = _checked(engine)
    if st.button("Run all of them again", icon=":material/rule:"):
        checked = _check(engine, saved, names)
    if checked:
        _show_sum(checked)
    for name in names:
        with st.container(border=True):
            _show_one(engine, name, checked.get(name))


def _offer_to_put_back(engine: SearchEngine, saved: SavedQueries, names: list[str]) -> None:
    """Undo a click on Forget, while the page is open."""
    forgotten = _FORGOTTEN.of(engine).get()
    if forgotten is None or forgotten[0] in names:
        return
    name, card = forgotten
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"“{feedback.plain(name)}” is forgotten.", width="content")
        if st.button("Put it back", icon=":material/undo:"):
            with feedback.refusals_shown():
                saved.save(name, card)
                st.rerun()


def _saved(engine: SearchEngine) -> SavedQueries:
    return SavedQueries(engine.catalog.folder)


def _checked(engine: SearchEngine) -> _Checks:
    """Return the last check of this tab, if it was of this collection as it is now."""
    kept = _CHECKED.of(engine).get()
    return kept[1] if kept and kept[0] == resources.state_of_collection(engine) else {}


def _check(engine: SearchEngine, saved: SavedQueries, names: list[str]) -> _Checks:
    checks: _Checks = {}
    bar = st.progress(0.0)
    for number, name in enumerate(names, start=1):
        bar.progress(number / len(names), f"{number} of {len(names)}")
        try:
            checks[name] = replay(engine, saved.read(name))
        except SearchEngineError as error:  # one that cannot be run must not hide the others
            checks[name] = error
    bar.empty()
    _CHECKED.of(engine).put((resources.state_of_collection(engine), checks))
    return checks


def _show_sum(checked: _Checks) -> None:
    same = sum(isinstance(one, Replay) and one.is_same for one in checked.values())
    text = f"{same} of {len(checked)} saved queries have the same results as before."
    if same == len(checked):
        st.success(text, icon=":material/check_circle:")
    else:
        st.warning(text, icon=":material/difference:")


def _show_one(engine: SearchEngine, name: str, found: Replay | SearchEngineError | None) -> None:
    try:
        card = _saved(engine).read(name)
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{feedback.plain(name)}** · {feedback.plain(card.readable_query)}", width="stretch"
        )
        if isinstance(found, Replay):
            if found.is_same:
                st.badge("same", color="green")
            else:
                st.badge("different", color="orange")
    if isinstance(found, SearchEngineError):
        feedback.show_error(found)
    elif found and not found.is_same:
        _show_differences(found)
    _show_actions(engine, name, card, found)


def _show_differences(found: Replay) -> None:
    model = "" if found.is_same_model else " Another model is used now."
    st.caption(
        f"{found.overlap:.0%} of the results are the same; the largest change of a score is"
        f" {found.largest_score_change:.4f}.{model}"
    )
    if found.differences:
        table = pd.DataFrame(
            {
                "change": str(one.change),
                "picture": feedback.readable(one.path),
                "rank then": str(one.before or "–"),
                "rank now": str(one.after or "–"),
                "reason": one.reason,
            }
            for one in found.differences
        )
        data_table.show(table, hide_index=True)


def _show_actions(
    engine: SearchEngine, name: str, card: ResultCard, found: Replay | SearchEngineError | None
) -> None:
    saved = _saved(engine)
    st.caption(
        f"{len(card.results)} results of index generation {card.generation},"
        f" model {feedback.plain(card.model_id)}"
    )
    if card.precision:
        st.caption(f":material/fact_check: {feedback.plain(card.precision.text)}")
    with st.container(horizontal=True):
        if not card.has_examples and st.button("Run it", key=f"run {name}"):
            new_query.go_to_search(q=feedback.readable(card.readable_query))
        if (
            isinstance(found, Replay)
            and not found.is_same
            and st.button("Accept new results", key=f"accept {name}", type="secondary")
        ):
            saved.save(name, found.now)
            _CHECKED.of(engine).put(None)
            st.rerun()
        if st.button("Forget", key=f"forget {name}", type="tertiary"):
            saved.forget(name)
            _FORGOTTEN.of(engine).put((name, card))
            st.rerun()
