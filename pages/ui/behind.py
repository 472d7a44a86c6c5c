"""The pictures behind a bar, a cell, a point: a grid, and the ways from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui import drawer, grid, search_form
from search_engine import Filters, SearchEngine
from search_engine.records import PictureRecord

_A_PAGE = 24


def show_filtered(engine: SearchEngine, filters: Filters, what: str, *, key: str) -> None:
    """Show the pictures that filters let through."""
    pictures = engine.catalog.pictures
    _show(
        engine, what, pictures.count(filters), lambda skip: pictures.some(filters, _A_PAGE, skip),
        key,
    )  # fmt: skip


def show_chosen(
    engine: SearchEngine,
    picture_ids: Sequence[int],
    what: str,
    *,
    key: str,
    scores: Sequence[float] | None = None,
) -> None:
    """Show these pictures, in this order; ``scores`` of each go below them."""
    by_id = dict(zip(picture_ids, scores, strict=True)) if scores is not None else None

    def fetch(skip: int) -> list[PictureRecord]:
        wanted = picture_ids[skip : skip + _A_PAGE]
        found = engine.catalog.pictures.by_id(wanted)
        return [found[picture_id] for picture_id in wanted if picture_id in found]

    _show(engine, what, len(picture_ids), fetch, key, by_id)


def _show(
    engine: SearchEngine,
    what: str,
    count: int,
    fetch: Callable[[int], list[PictureRecord]],
    key: str,
    scores: dict[int, float] | None = None,
) -> None:
    st.markdown(f"**{what}** · {count:,} picture{'s' if count != 1 else ''}")
    pages = -(-count // _A_PAGE)
    page = st.pagination(pages, key=f"{key} page of {pages} {what}") if pages > 1 else 1
    records = fetch(_A_PAGE * (page - 1))
    choice = grid.show_records(engine, records, key=key, scores=scores)
    if choice.like is not None:
        search_form.go_to_search(q="", t=(f"#{choice.like}",))
    if choice.pick is not None:
        drawer.show_record(engine, next(r for r in records if r.picture_id == choice.pick))
