"""The grid of results: one component, so that a page of pictures is one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui import resources
from search_engine import SearchEngine
from search_engine.records import SearchResult

_FOLDER = Path(__file__).parent
_GRID = st.components.v2.component(
    "result_grid",
    html="<ul></ul>",
    css=(_FOLDER / "grid.css").read_text("utf-8"),
    js=(_FOLDER / "grid.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Choice:
    """What was clicked in the grid, as ids of pictures that it showed."""

    pick: int | None = None
    like: int | None = None


def show(
    engine: SearchEngine, results: Sequence[SearchResult], *, size: str, key: str = "results"
) -> Choice:
    """Show results and tell what was clicked."""
    best = max((result.score for result in results), default=1.0)
    items = [_item(engine, result, best) for result in results]
    label = f"{len(items)} pictures, best first; arrow keys move, Enter opens"
    clicked = _GRID(
        key=key,
        data={"items": items, "size": size, "label": label},
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
    )
    shown = {result.record.picture_id for result in results}
    return Choice(_of(shown, clicked.pick), _of(shown, clicked.like))


def show_sample(engine: SearchEngine, *, size: str) -> int | None:
    """Show some pictures of a collection before anything is asked; give the one clicked."""
    records = resources.sample(engine)
    results = [SearchResult(rank, record, 0.0) for rank, record in enumerate(records, start=1)]
    items = [_item(engine, result, 1.0) | {"score": "", "rank": ""} for result in results]
    label = f"{len(items)} pictures of the collection"
    clicked = _GRID(
        key="sample",
        data={"items": items, "size": size, "label": label},
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
    )
    return _of({record.picture_id for record in records}, clicked.like or clicked.pick)


def show_table(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show results as a table with their scores and facts."""
    best = max((result.score for result in results), default=1.0)
    table = pd.DataFrame(
        {
            "Rank": result.rank,
            "Picture": resources.thumbnail(engine, result.record),
            "Score": result.score,
            "Category": result.record.category or "",
            "Path": result.record.path.encode("utf-8", "replace").decode(),
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
    }
    st.dataframe(table, hide_index=True, row_height=72, column_config=columns, height=720)


def _of(shown: set[int], clicked: object) -> int | None:
    """Take an id from the browser only if it is one that was shown."""
    return clicked if isinstance(clicked, int) and clicked in shown else None


def _item(engine: SearchEngine, result: SearchResult, best: float) -> dict[str, object]:
    record = result.record
    name = record.path.rpartition("/")[2]
    what = record.category or name
    return {
        "id": record.picture_id,
        "url": resources.thumbnail(engine, record),
        "rank": str(result.rank),
        "what": what,
        "path": record.path.encode("utf-8", "replace").decode(),
        "alt": f"{what}, {name}".encode("utf-8", "replace").decode(),
        "label": f"Picture {result.rank}: {what}, score {result.score:.3f}",
        "score": f"{result.score:.3f}",
        "fill": result.score / best if best > 0 else 0,
    }
