"""The pictures behind a bar, a cell, a point: a grid, and the ways from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.frame import resources, session
from pages.ui.search import drawer, grid, new_query
from search_engine import Filters, SearchEngine
from search_engine.records import Ids, PictureRecord

_A_PAGE = 24


@dataclass(frozen=True)
class _Pictures:
    what: str
    count: int
    fetch: Callable[[int], list[PictureRecord]]
    """Return the records of a page, told how many come before it."""
    scores: Callable[[int], dict[int, float]] | None = None
    """Return the scores of a page."""


def show_filtered(
    engine: SearchEngine, filters: Filters, what: str, *, key: str, clicked: bool = False
) -> None:
    """Show the pictures that filters let through; bring them into sight after a click."""
    pictures = engine.catalog.pictures
    found = _Pictures(
        what, resources.count(engine, filters), lambda skip: pictures.some(filters, _A_PAGE, skip)
    )
    _show(engine, found, key, clicked=clicked)


def show_chosen(
    engine: SearchEngine,
    picture_ids: Sequence[int] | Ids,
    what: str,
    *,
    key: str,
    scores: Sequence[float] | NDArray[np.floating | np.integer] | None = None,
    clicked: bool = False,
) -> None:
    """Show these pictures, in this order; ``scores`` of each go below them.

    Bring them into sight after a click. Only a page of them is ever made a list.
    """
    ids = np.asarray(picture_ids, dtype=np.int64)

    def fetch(skip: int) -> list[PictureRecord]:
        wanted = ids[skip : skip + _A_PAGE].tolist()
        found = engine.records(wanted)
        return [found[picture_id] for picture_id in wanted if picture_id in found]

    def scores_of(skip: int) -> dict[int, float]:
        page = slice(skip, skip + _A_PAGE)
        return dict(zip(ids[page].tolist(), np.asarray(scores)[page].tolist(), strict=True))

    known = None if scores is None else scores_of
    _show(engine, _Pictures(what, len(ids), fetch, known), key, clicked=clicked)


def _show(engine: SearchEngine, pictures: _Pictures, key: str, *, clicked: bool) -> None:
    what, count = pictures.what, pictures.count
    st.markdown(f"**{what}** · {count:,} picture{'s' if count != 1 else ''}")
    pages = -(-count // _A_PAGE)
    place = session.of_collection(f"{key} page of {pages} {what}")
    page = st.pagination(pages, key=place) if pages > 1 else 1
    skip = _A_PAGE * (page - 1)
    records = pictures.fetch(skip)
    scores = pictures.scores(skip) if pictures.scores else None
    reveal = f"{what} {page}" if clicked else ""
    choice = grid.show_records(engine, records, key=key, scores=scores, reveal=reveal)
    go_where_chosen(engine, records, choice)


def go_where_chosen(
    engine: SearchEngine, records: Sequence[PictureRecord], choice: grid.GridClick
) -> None:
    """Open what was clicked in a grid of these pictures, or search for more like it."""
    if choice.like is not None:
        new_query.go_to_search(q="", t=(f"#{choice.like}",))
    if choice.pick is not None:
        drawer.show_record(engine, records, choice.pick)
