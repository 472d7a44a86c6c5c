"""Which categories a widget offers where there are more than a list can hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from heapq import nlargest

import streamlit as st

from pages.ui.frame import feedback, resources, session
from search_engine import SearchEngine
from search_engine.names import all_known_as, compared

_MOST = 500
"""All options are sent to the browser in each run of the page: 20,000 are half a megabyte."""


def offered(
    engine: SearchEngine,
    *,
    keep: Collection[str],
    key: str,
    ranked: Mapping[str, int] | None = None,
) -> list[str]:
    """Return the categories to choose from, by name; if they are too many, let a part be typed.

    Those in ``keep`` are always among them, if the collection has them. Where ``ranked`` counts
    something in each, those with most come first.
    """
    counts = ranked or resources.category_counts(engine)
    if len(counts) <= _MOST:
        return sorted(counts, key=counts.__getitem__, reverse=True) if ranked else list(counts)
    place = session.of_collection(f"find {key}")
    part = st.text_input("Find categories", key=place, placeholder="A part of the name")
    wanted = compared(part.strip())
    found = [name for name in counts if wanted in compared(feedback.category_name(name))]
    largest = nlargest(_MOST, found, key=counts.__getitem__)
    st.caption(_extent(len(largest), len(found), len(counts), named=bool(wanted)))
    kept = (one for name in keep for one in all_known_as(name, counts))
    offer = sorted({*largest, *kept})
    return sorted(offer, key=counts.__getitem__, reverse=True) if ranked else offer


def tell_unknown(engine: SearchEngine, name: str) -> None:
    """Say that a link names a category that the collection does not have."""
    if name and not all_known_as(name, resources.category_counts(engine)):
        shown = feedback.plain(feedback.category_name(name))
        st.warning(f"There is no category “{shown}” in this collection.")


def _extent(offered: int, found: int, there: int, *, named: bool) -> str:
    which = f"{found:,} of {there:,} categories have that in their name" if named else ""
    if offered == found:
        return f"{which}."
    largest = f"The {offered:,} largest of {found:,} are offered"
    return f"{which}; the {offered:,} largest are offered." if named else f"{largest}."
