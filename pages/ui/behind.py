"""The pictures behind a bar, a cell, a point: a grid, and the ways from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui import drawer, grid, search_form
from search_engine import Filters, SearchEngine
from search_engine.records import PictureRecord

_A_PAGE = 24


@dataclass(frozen=True)
class _Pictures:
    what: str
    count: int
    fetch: Callable[[int], list[PictureRecord]]
    """Give the records of a page, told how many come before it."""
    scores: dict[int, float] | None = None


def show_filtered(
    engine: SearchEngine, filters: Filters, what: str, *, key: str, clicked: bool = False
) -> None:
    """Show the pictures that filters let through; bring them into sight after a click."""
    pictures = engine.catalog.pictures
    found = _Pictures(
        what, pictures.count(filters), lambda skip: pictures.some(filters, _A_PAGE, skip)
    )
    _show(engine, found, key, clicked=clicked)


def show_chosen(
    engine: SearchEngine,
    picture_ids: Sequence[int],
    what: str,
    *,
    key: str,
    scores: Sequence[float] | None = None,
    clicked: bool = False,
) -> None:
    """Show these pictures, in this order; ``scores`` of each go below them.

    Bring them into sight after a click.
    """

    def fetch(skip: int) -> list[PictureRecord]:
        wanted = picture_ids[skip : skip + _A_PAGE]
        found = engine.catalog.pictures.by_id(wanted)
        return [found[picture_id] for picture_id in wanted if picture_id in found]

    by_id = dict(zip(picture_ids, scores, strict=True)) if scores is not None else None
    _show(engine, _Pictures(what, len(picture_ids), fetch, by_id), key, clicked=clicked)


def _show(engine: SearchEngine, pictures: _Pictures, key: str, *, clicked: bool) -> None:
    what, count = pictures.what, pictures.count
    st.markdown(f"**{what}** · {count:,} picture{'s' if count != 1 else ''}")
    pages = -(-count // _A_PAGE)
    page = st.pagination(pages, key=f"{key} page of {pages} {what}") if pages > 1 else 1
    records = pictures.fetch(_A_PAGE * (page - 1))
    reveal = f"{what} {page}" if clicked else ""
    choice = grid.show_records(engine, records, key=key, scores=pictures.scores, reveal=reveal)
    if choice.like is not None:
        search_form.go_to_search(q="", t=(f"#{choice.like}",))
    if choice.pick is not None:
        drawer.show_record(engine, next(r for r in records if r.picture_id == choice.pick))
