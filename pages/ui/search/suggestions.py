"""What may be searched for: recent searches in an empty box, and what fits while one types.

Recent searches stay in the browser (``localStorage``, for each collection), where *Clear* forgets
them; nothing of them is kept here or sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from heapq import nlargest
from pathlib import Path

import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.search.new_query import as_words, ask
from search_engine import SearchEngine
from search_engine.cards import SavedQueries
from search_engine.errors import SearchEngineError
from search_engine.query import query_for

_MOST = 200
"""Of each kind; the most frequent ones."""
_MOST_SAVED = 40
_LIST = st.components.v2.component(
    "suggestions",
    html='<div class="suggestions" hidden><ul id="suggested" role="listbox"></ul></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,  # the box says by its id which one is active, which needs one tree
)


def show(engine: SearchEngine, *, box: str, searched: str = "", is_live: bool = True) -> str:
    """Offer suggestions below a box; give the one that was chosen where the box is not live.

    Args:
        engine: The collection.
        box: Key of the text box.
        searched: What was searched for, to be remembered as a recent search.
        is_live: Whether what stands in the box is searched for without being sent.
    """
    data = {
        "box": box,
        "of": engine.catalog.version.identity,
        "searched": searched,
        "live": is_live,
        "known": [*_categories(engine), *(_tags(engine) if is_live else ()), *_saved(engine)],
    }
    said = _LIST(
        key="suggestions", data=data, on_tag_change=lambda: None, on_chosen_change=lambda: None
    )
    before = session.search().tag
    if is_live and said.tag in resources.tag_counts(engine) and said.tag not in before:
        ask(tag=(*before, said.tag), page=1, picture=0)
        st.rerun()
    return said.chosen if isinstance(said.chosen, str) else ""


def _known(kind: str, text: str, query: str = "") -> dict[str, str]:
    return {"kind": kind, "text": feedback.readable(text), "query": query}


def _categories(engine: SearchEngine) -> Iterator[dict[str, str]]:
    counts = resources.category_counts(engine)
    queries = {name: query for name in counts if (query := query_for(name))}
    for name in nlargest(_MOST, queries, key=counts.__getitem__):
        yield _known("category", name, as_words(queries[name]))


def _tags(engine: SearchEngine) -> Iterator[dict[str, str]]:
    counts = resources.tag_counts(engine)
    for name in nlargest(_MOST, counts, key=counts.__getitem__):
        yield _known("tag", name)


def _saved(engine: SearchEngine) -> list[dict[str, str]]:
    folder = SavedQueries(engine.catalog.folder).folder
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:  # nothing was saved yet
        return []
    return _saved_by(engine, changed)


@resources.cached_by_collection(entries=8)
def _saved_by(engine: SearchEngine, _changed: int) -> list[dict[str, str]]:
    """Return the saved queries that are words; reading them all takes too long for each letter."""
    saved, found = SavedQueries(engine.catalog.folder), []
    for name in saved.names()[:_MOST_SAVED]:
        with suppress(SearchEngineError):  # a damaged one is told where they are listed
            card = saved.read(name)
            if not card.has_examples:
                found.append(_known("saved", name, feedback.readable(card.readable_query)))
    return found
