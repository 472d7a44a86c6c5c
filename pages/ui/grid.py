"""The grid of results: one component, so that a page of pictures is one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui import feedback, resources, term_bars
from search_engine import SearchEngine
from search_engine.querying import EncodedQuery
from search_engine.records import PictureRecord, SearchResult
from search_engine.scoring.calibration import CUT_MATCH

_FOLDER = Path(__file__).parent
_GRID = st.components.v2.component(
    "result_grid",
    html='<div class="legend"></div><ul></ul>',
    css=(_FOLDER / "grid.css").read_text("utf-8"),
    js=(_FOLDER / "grid.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Choice:
    """What was clicked in the grid, as ids of pictures that it showed."""

    pick: int | None = None
    like: int | None = None


def is_match(result: SearchResult) -> bool:
    """Tell whether a result is a match, as far as that is known."""
    return result.match is None or result.match >= CUT_MATCH


def cut_place(results: Sequence[SearchResult]) -> int:
    """Count the results up to the last match; those below are none."""
    return max((place for place, r in enumerate(results, start=1) if is_match(r)), default=0)


def show(
    engine: SearchEngine,
    results: Sequence[SearchResult],
    *,
    size: str,
    key: str = "results",
    encoded: EncodedQuery | None = None,
) -> Choice:
    """Show results, set apart where matches end, and tell what was clicked.

    With what each term of a sum gives to each result, where the question is given.
    """
    best = max((result.score for result in results), default=1.0)
    parts = term_bars.parts(engine, encoded, results) if encoded else [[] for _ in results]
    cut = cut_place(results)
    items = [
        # Where nothing matches, the verdict says so; all of it dimmed would only be hard to see.
        _item(engine, result, best) | {"parts": of_it, "dim": cut > 0 and not is_match(result)}
        for result, of_it in zip(results, parts, strict=True)
    ]
    label = f"{len(items)} pictures, best first; arrow keys move, Enter opens"
    clicked = _GRID(
        key=key,
        data={
            "items": items,
            "size": size,
            "label": label,
            "cut": cut,
            "cut_label": "Below here: probably not matches",
            "legend": term_bars.legend(encoded.query) if encoded else [],
        },
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
    )
    shown = {result.record.picture_id for result in results}
    return Choice(_of(shown, clicked.pick), _of(shown, clicked.like))


def show_records(
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    *,
    key: str,
    size: str = "S",
    scores: Mapping[int, float] | None = None,
    reveal: str = "",
) -> Choice:
    """Show pictures that answer no question, with ``scores`` of their own if there are any.

    Whenever ``reveal`` becomes another text, the browser brings the grid into sight.
    """
    items = []
    best = max(1.0, *scores.values()) if scores else 1.0
    for rank, record in enumerate(records, start=1):
        score = scores[record.picture_id] if scores else 0.0
        item = _item(engine, SearchResult(rank, record, score), best)
        item["score"] = _written(scores[record.picture_id]) if scores else ""
        items.append(item | {"rank": "", "like_label": f"More like this: {item['alt']}"})
    clicked = _GRID(
        key=key,
        data={
            "items": items,
            "size": size,
            "label": f"{len(items)} pictures",
            "reveal": reveal,
        },
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
    )
    shown = {record.picture_id for record in records}
    return Choice(_of(shown, clicked.pick), _of(shown, clicked.like))


def show_table(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show results as a table with their scores and facts."""
    best = max((result.score for result in results), default=1.0)
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
            "Taken": result.record.taken_at,
            "Id": result.record.picture_id,
        }
        for result in results
    )
    columns = {
        "Picture": st.column_config.ImageColumn(width="small"),
        "Score": st.column_config.ProgressColumn(
            format="%.3f", min_value=0.0, max_value=max(best, 1e-6)
        ),
        "Match": st.column_config.NumberColumn(
            format="%.0f", help="From 0 to 100; 50 and more are matches"
        ),
    }
    st.dataframe(table, hide_index=True, row_height=72, column_config=columns, height=720)


def _of(shown: set[int], clicked: object) -> int | None:
    """Take an id from the browser only if it is one that was shown."""
    return clicked if isinstance(clicked, int) and clicked in shown else None


def _written(score: float) -> str:
    """Write a score with three digits, a count without any."""
    return f"{score:,}" if isinstance(score, int) else f"{score:.3f}"


def _item(engine: SearchEngine, result: SearchResult, best: float) -> dict[str, object]:
    record = result.record
    name = feedback.readable(record.path.rpartition("/")[2])
    what = feedback.readable(record.category or "") or name
    return {
        "id": record.picture_id,
        "url": resources.thumbnail(engine, record),
        "rank": str(result.rank),
        "what": what,
        "path": feedback.readable(record.path),
        "alt": f"{what}, {name}",
        "score": f"{result.score:.3f}",
        "match": "" if result.match is None else f"{result.match:.0f}",
        "fill": result.score / best if best > 0 else 0,
    }
