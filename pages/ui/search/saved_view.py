"""The saved queries of a collection: checked after a change, accepted, forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.search import filter_form, new_query, order_form, saved_state
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
from search_engine.records import Filters, counted

_Checks: TypeAlias = dict[str, Replay | SearchEngineError]
_CHECKED: session.CollectionKey[tuple[object, _Checks] | None]
_CHECKED = session.CollectionKey("checked queries", None)
"""The state of the collection when it was checked, and what came of it."""


@dataclass(frozen=True)
class _Before:
    """A saved query as it was before a click, to be put back."""

    name: str
    card: ResultCard
    said: str
    """What became of it."""
    after: ResultCard | None = None
    """What is kept under its name since; None where nothing is."""


_REFUSED: session.CollectionKey[SearchEngineError | None]
_REFUSED = session.CollectionKey("saved query refused", None)
_BEFORE: session.CollectionKey[_Before | None] = session.CollectionKey("saved query before", None)
_WHAT = (
    "Run a saved query again after pictures changed, the index was made anew or another model was"
    " taken: the results are compared with those it had. What came, went or moved is named, with"
    " the reason."
)


def offer(engine: SearchEngine, answer: SearchResults, k: int, filters: Filters) -> None:
    """Offer to keep a query: as a file, or with the collection."""
    st.download_button(
        "Result card (JSON)",
        lambda: write_card(_card(engine, answer, k, filters)).encode(),
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
                _save(engine, name.strip(), _card(engine, answer, k, filters), "is replaced")
                st.toast(
                    "Saved. Check it later: page Scores, view “Saved”.", icon=":material/bookmark:"
                )
    _offer_to_put_back(engine)


def _save(engine: SearchEngine, name: str, card: ResultCard, said: str) -> None:
    """Save a card; what it replaces can be put back."""
    saved = _saved(engine)
    known = saved.kept_as(name)
    replaced = saved.read(known) if known else None
    saved.save(name, card)
    if known and replaced:
        _BEFORE.of(engine).put(_Before(known, replaced, said, saved.read(known)))


def _card(engine: SearchEngine, answer: SearchResults, k: int, filters: Filters) -> ResultCard:
    return saved_state.with_view(card_of(engine, answer, k, filters), session.search())


def show(engine: SearchEngine) -> None:
    """Show all saved queries and what a check of them found."""
    st.caption(_WHAT)
    saved = _saved(engine)
    names = saved.names()
    _offer_to_put_back(engine)
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


def _offer_to_put_back(engine: SearchEngine) -> None:
    """Undo what was last done to a saved query, in this tab."""
    refused = _REFUSED.of(engine).take()
    if refused is not None:
        feedback.show_error(refused)
    before = _BEFORE.of(engine).get()
    if before is None or _kept(engine, before.name) != before.after:  # somebody saved it anew
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"“{feedback.plain(before.name)}” {before.said}.", width="content")
        st.button("Put it back", icon=":material/undo:", on_click=_put_back, args=(engine, before))


def _kept(engine: SearchEngine, name: str) -> ResultCard | None:
    saved = _saved(engine)
    try:
        return saved.read(name) if saved.kept_as(name) else None
    except SearchEngineError:  # a damaged one is told where it is listed
        return None


def _put_back(engine: SearchEngine, before: _Before) -> None:
    try:
        _saved(engine).save(before.name, before.card)
    except SearchEngineError as error:
        _REFUSED.of(engine).put(error)
        return
    _BEFORE.of(engine).put(None)
    _CHECKED.of(engine).put(None)


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
    _show_what_else(card)
    if isinstance(found, SearchEngineError):
        feedback.show_error(found)
    elif found and not found.is_same:
        _show_differences(found)
    _show_actions(engine, name, card, found)


def _show_what_else(card: ResultCard) -> None:
    """Name the filters of a query, its marks, and how its results are shown."""
    kept = saved_state.filters_of(card.filters)
    said = [one.label for one in filter_form.chosen(kept.state)]
    said += [f"{words} (not in the app)" for words in kept.left_out]
    marks = ((card.good, "good"), (card.bad, "bad"))
    said += [f"{len(some)} marked {word}" for some, word in marks if some]
    if card.view:
        said.append(order_form.said(card.view.sort, card.view.group))
    if said:
        st.caption(f":material/filter_alt: {feedback.plain(' · '.join(said))}")


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
        f"{counted(len(card.results), 'result', 'results')} of index generation {card.generation},"
        f" model {feedback.plain(card.model_id)}"
    )
    if card.precision:
        st.caption(f":material/fact_check: {feedback.plain(card.precision.text)}")
    with st.container(horizontal=True):
        if st.button("Run it", key=f"run {name}"):
            with feedback.refusals_shown():
                new_query.go_to(saved_state.state_of(engine, card))
        if (
            isinstance(found, Replay)
            and not found.is_same
            and st.button("Accept new results", key=f"accept {name}", type="secondary")
        ):
            _save(engine, name, found.now, "has new results")
            _CHECKED.of(engine).put(None)
            st.rerun()
        if st.button("Forget", key=f"forget {name}", type="tertiary"):
            saved.forget(name)
            _BEFORE.of(engine).put(_Before(name, card, "is forgotten"))
            st.rerun()
