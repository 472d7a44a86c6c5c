"""The grid of results: one component, so that a page of pictures is one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import streamlit as st

from pages.ui.frame import feedback, serving
from pages.ui.search import term_bars
from pages.ui.widgets import picture_cards
from search_engine import SearchEngine
from search_engine.query import EncodedQuery
from search_engine.records import PictureRecord, SearchResult, counted

Item: TypeAlias = dict[str, object]

ALL = "all"
"""What the browser says in place of ids where all matches of a query are selected."""
_FOLDER = Path(__file__).parent
_GRID = st.components.v2.component(
    "result_grid",
    html=(
        '<div class="legend"></div><ul></ul>'
        '<button type="button" class="more" hidden>Show more</button>'
    ),
    css=(_FOLDER / "grid.css").read_text("utf-8"),
    js=picture_cards.SCRIPT
    + "".join(
        (_FOLDER / name).read_text("utf-8")
        for name in ("held_keys.js", "grid_rows.js", "grid_preview.js", "grid.js")
    ),
)


@dataclass(frozen=True)
class GridClick:
    """What was clicked in the grid, as ids of pictures that it showed."""

    pick: int | None = None
    like: int | None = None
    good: int | None = None
    bad: int | None = None
    more: bool = False
    """Whether the end came into sight."""
    selected: tuple[int, ...] = ()
    """What is selected, in the order of the grid."""
    everything: bool = False
    """Whether all matches are selected, whether or not they are shown."""


@dataclass(frozen=True)
class GoesOn:
    """How a grid goes on from one run to the next."""

    of: str
    """Another text for another list: what was selected before is forgotten then."""
    has_more: bool
    cleared: int = 0
    """Whenever this is another number, nothing is selected any more."""
    all_taken: int = 0
    """Whenever this is another number, all matches are."""


@dataclass(frozen=True)
class ResultPage:
    """A page of results."""

    results: Sequence[SearchResult]
    """In the order in which they are shown."""
    encoded: EncodedQuery
    headings: Mapping[int, str]
    """What stands before a result, by its place."""
    groups: Sequence[Sequence[int]]
    """The places of results, in order; the first of a group stands for all of it."""
    nothing_stands_out: bool
    """Whether no result of any page does; all of it dimmed would only be hard to see."""
    goes_on: GoesOn


def show(
    engine: SearchEngine, page: ResultPage, *, size: int, fit: str, key: str = "results"
) -> GridClick:
    """Show results, set apart what is weaker than what stands out, and tell what was clicked.

    With what each term of a sum gives to each result, and the marks that are on them. ``fit`` is
    one of `search_state.FITS`.
    """
    results, encoded = page.results, page.encoded
    best = max((result.score for result in results), default=1.0)
    parts = term_bars.parts(engine, encoded, results)
    weaker = [not page.nothing_stands_out and result.stands_out is False for result in results]
    good = encoded.query.marks.good
    items = [
        _result(engine, result, best, place)
        | {"parts": of_it, "dim": dim, "good": result.record.picture_id in good}
        for place, (result, of_it, dim) in enumerate(zip(results, parts, weaker, strict=True), 1)
    ]
    cuts = _cuts(page.headings)
    if True in weaker and weaker.index(True) not in page.headings:
        cuts.append({"at": weaker.index(True), "text": "Weaker results", "names": False})
    label = (
        f"{counted(len(items), 'picture', 'pictures')}, best first; arrow keys move,"
        " Enter opens, Space shows it larger, M finds more like it, G and B"
        " mark it as a good or a bad result, X selects"
    )
    at = {group[0]: number for number, group in enumerate(page.groups)}
    data = {
        "items": [_folded([items[place] for place in group]) for group in page.groups],
        "size": size,
        "fit": fit,
        "label": label,
        "cuts": [cut | {"at": at[cut["at"]]} for cut in cuts],
        "legend": term_bars.legend(encoded),
        **_going_on(page.goes_on, len(items)),
    }
    return _drawn(key, data, [result.record.picture_id for result in results])


def show_list(  # noqa: PLR0913 - all but two are given by name
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    *,
    headings: Mapping[int, str],
    goes_on: GoesOn,
    size: int,
    fit: str,
    key: str = "all pictures",
) -> GridClick:
    """Show pictures in an order, with ``headings`` before some places; they can be selected."""
    data = {
        "items": [_plain_item(engine, record, record.category) for record in records],
        "size": size,
        "fit": fit,
        "label": f"{counted(len(records), 'picture', 'pictures')}; arrow keys move, Enter opens,"
        " Space shows one larger, M finds more like it, X selects",
        "cuts": _cuts(headings),
        **_going_on(goes_on, len(records)),
    }
    return _drawn(key, data, [record.picture_id for record in records])


def _cuts(headings: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return what stands before places; it names what follows, up to the next."""
    return [{"at": at, "text": text, "names": True} for at, text in sorted(headings.items())]


def _going_on(goes_on: GoesOn, count: int) -> dict[str, object]:
    return {
        "count": count,
        "of": goes_on.of,
        "more": goes_on.has_more,
        "selectable": True,
        "cleared": goes_on.cleared,
        "all": goes_on.all_taken,
    }


def _folded(items: Sequence[Item]) -> Item:
    """Return the card that stands for near copies, with theirs."""
    return {**items[0], "alike": list(items[1:])} if len(items) > 1 else items[0]


def show_records(  # noqa: PLR0913 - all but two are given by name, and seldom
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    *,
    key: str,
    size: int | str = 120,
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
        item = _plain_item(engine, record, title(record) if title else record.category)
        item["number"] = _written(score) if scores else ""
        item["fill"] = score / best
        items.append(item)
    data = {
        "items": items,
        "size": size,
        "label": f"{counted(len(items), 'picture', 'pictures')}; arrow keys move, Enter opens, M"
        " finds more like it",
        "reveal": reveal,
    }
    return _drawn(key, data, [record.picture_id for record in records])


def _drawn(key: str, data: Mapping[str, object], shown: Sequence[int]) -> GridClick:
    """Draw the grid; take an id from the browser only if it is one that was shown."""
    clicked = _GRID(
        key=key,
        data=dict(data),
        on_pick_change=lambda: None,
        on_like_change=lambda: None,
        on_good_change=lambda: None,
        on_bad_change=lambda: None,
        on_more_change=lambda: None,
        on_selected_change=lambda: None,
        default={"selected": []},
    )

    there = frozenset(shown)

    def of(said: object) -> int | None:
        return said if isinstance(said, int) and said in there else None

    said = list(clicked.selected or ())
    chosen = {one for one in said if of(one) is not None}
    return GridClick(
        of(clicked.pick), of(clicked.like), of(clicked.good), of(clicked.bad),
        more=clicked.more is not None, selected=tuple(one for one in shown if one in chosen),
        everything=said == [ALL, data.get("of")],
    )  # fmt: skip


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


def _plain_item(engine: SearchEngine, record: PictureRecord, title: str | None) -> Item:
    item = _item(engine, record, title)
    return item | {"like_label": f"More like this: {item['alt']}"}


def _item(engine: SearchEngine, record: PictureRecord, title: str | None) -> Item:
    name = feedback.readable(record.path.rpartition("/")[2])
    what = feedback.readable(title or "") or name
    address, is_whole = serving.thumbnail_address(engine, record)
    width, height = record.shown_size
    return {
        "id": record.picture_id,
        "url": address,
        "large": serving.picture_address(engine, record),
        "width": width,
        "height": height,
        "ratio": round(width / height, 4) if is_whole else 1,
        "what": what,
        "path": feedback.readable(record.path),
        "alt": f"{what}, {name}",
    }
