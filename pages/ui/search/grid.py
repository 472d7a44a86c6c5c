"""The grid of results: one component, so that a page of pictures is one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import term_bars
from pages.ui.widgets import data_table, picture_cards
from search_engine import SearchEngine
from search_engine.collection import date_of, in_words
from search_engine.query import EncodedQuery
from search_engine.records import PictureRecord, SearchResult
from search_engine.search import in_order_of_match

Item: TypeAlias = dict[str, object]

_FOLDER = Path(__file__).parent
_GRID = st.components.v2.component(
    "result_grid",
    html='<div class="legend"></div><ul></ul>',
    css=(_FOLDER / "grid.css").read_text("utf-8"),
    js=picture_cards.SCRIPT + (_FOLDER / "grid.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class GridClick:
    """What was clicked in the grid, as ids of pictures that it showed."""

    pick: int | None = None
    like: int | None = None


def show(
    engine: SearchEngine,
    results: Sequence[SearchResult],
    *,
    size: str,
    key: str = "results",
    encoded: EncodedQuery | None = None,
    nothing_stands_out: bool = False,
) -> GridClick:
    """Show results, set apart what is weaker than what stands out, and tell what was clicked.

    With what each term of a sum gives to each result, where the query is given. Where nothing
    stands out the verdict says so; all of it dimmed would only be hard to see.
    """
    results = in_order_of_match(results)
    best = max((result.score for result in results), default=1.0)
    parts = term_bars.parts(engine, encoded, results) if encoded else [[] for _ in results]
    weaker = [not nothing_stands_out and result.stands_out is False for result in results]
    items = [
        _result(engine, result, best, place) | {"parts": of_it, "dim": dim}
        for place, (result, of_it, dim) in enumerate(zip(results, parts, weaker, strict=True), 1)
    ]
    label = f"{len(items)} pictures, best first; arrow keys move, Enter opens, M finds more like it"
    clicked = _GRID(
        key=key,
        data={
            "items": items,
            "size": size,
            "label": label,
            "cut": weaker.index(True) if True in weaker else len(items),
            "cut_label": "Weaker results",
            "legend": term_bars.legend(encoded.query) if encoded else [],
        },
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
    )
    shown = {result.record.picture_id for result in results}
    return GridClick(_of(shown, clicked.pick), _of(shown, clicked.like))


def show_records(  # noqa: PLR0913 - all but two are given by name, and seldom
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    *,
    key: str,
    size: str = "S",
    scores: Mapping[int, float] | None = None,
    reveal: str = "",
    title: Callable[[PictureRecord], str] | None = None,
) -> GridClick:
    """Show pictures that no query has found, with ``scores`` of their own if there are any.

    Whenever ``reveal`` becomes another text, the browser brings the grid into sight. Pictures are
    titled by their first folder, or what ``title`` gives.
    """
    items = []
    best = max(1.0, *scores.values()) if scores else 1.0
    for record in records:
        score = scores[record.picture_id] if scores else 0.0
        item = _item(engine, record, title(record) if title else record.category)
        item["number"] = _written(score) if scores else ""
        item["fill"] = score / best
        items.append(item | {"like_label": f"More like this: {item['alt']}"})
    clicked = _GRID(
        key=key,
        data={
            "items": items,
            "size": size,
            "label": f"{len(items)} pictures; arrow keys move, Enter opens, M finds more like it",
            "reveal": reveal,
        },
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
    )
    shown = {record.picture_id for record in records}
    return GridClick(_of(shown, clicked.pick), _of(shown, clicked.like))


def show_table(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show results as a table with their scores and facts."""
    results = in_order_of_match(results)
    best = max((result.score for result in results), default=1.0)
    dates = [
        date_of(result.record.taken_at, result.record.dated_by, result.record.modified_ns)
        for result in results
    ]
    table = pd.DataFrame(
        {
            "Rank": result.rank,
            "Picture": resources.thumbnail(engine, result.record),
            "Score": result.score,
            "Match": result.match,
            "Category": feedback.readable(result.record.category or ""),
            "Path": feedback.readable(result.record.path),
            "Width": result.record.width,
            "Height": result.record.height,
            "Taken": in_words(date),
            "Dated by": source,
            "Id": result.record.picture_id,
        }
        for result, (date, source) in zip(results, dates, strict=True)
    )
    columns = {
        "Picture": st.column_config.ImageColumn(width="small"),
        "Score": st.column_config.ProgressColumn(
            format="%.3f", min_value=0.0, max_value=max(best, 1e-6)
        ),
        "Match": st.column_config.NumberColumn(
            format="%.0f %%", help="The probability that the picture shows it; a match from 50 %"
        ),
        "Rank": st.column_config.NumberColumn(help="By score"),
    }
    data_table.show(table, hide_index=True, row_height=72, column_config=columns, height=720)


def _of(shown: set[int], clicked: object) -> int | None:
    """Take an id from the browser only if it is one that was shown."""
    return clicked if isinstance(clicked, int) and clicked in shown else None


def _written(score: float) -> str:
    """Write a score with three digits, a count without any."""
    return f"{score:,}" if isinstance(score, int) else feedback.unsigned(score, 3)


def _result(engine: SearchEngine, result: SearchResult, best: float, place: int) -> Item:
    """Show one number: the match, by which results are ordered, or the cosine where none is."""
    cosine = f"cosine {feedback.unsigned(result.score, 3)}, number {result.rank:,} by it"
    item = _item(engine, result.record, result.record.category) | {
        "like_label": f"More like this: picture {place}"
    }
    if result.match is None:
        fill = result.score / best if best > 0 else 0
        return item | {"number": feedback.unsigned(result.score, 3), "fill": fill, "about": cosine}
    return item | {
        "number": f"{result.match:.0f} %",
        "fill": result.match / 100,
        "about": f"match {result.match:.0f} %, {cosine}",
    }


def _item(engine: SearchEngine, record: PictureRecord, title: str | None) -> Item:
    name = feedback.readable(record.path.rpartition("/")[2])
    what = feedback.readable(title or "") or name
    return {
        "id": record.picture_id,
        "url": resources.thumbnail(engine, record),
        "what": what,
        "path": feedback.readable(record.path),
        "alt": f"{what}, {name}",
    }
