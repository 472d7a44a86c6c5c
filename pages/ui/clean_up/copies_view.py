"""A group of copies side by side: which is kept, how the others differ, and which shall be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import grid
from pages.ui.widgets import picture_cards
from search_engine import SearchEngine
from search_engine.audit import Decision, DuplicateGroup
from search_engine.records import PictureRecord

_FOLDER = Path(__file__).parent
_CARDS = st.components.v2.component(
    "copies",
    html="<ul></ul>",
    css=(_FOLDER / "copies_view.css").read_text("utf-8"),
    js=picture_cards.SCRIPT + (_FOLDER / "copies_view.js").read_text("utf-8"),
)
_SHOWN = 12
_NAMES = 5


def show(
    engine: SearchEngine, decision: Decision, *, key: str
) -> tuple[grid.GridClick, int | None]:
    """Show a group; return what was clicked, and the id of the picture that shall be kept."""
    kept, records = decision.kept, decision.group.records
    shown = [kept, *(record for record in records if record is not kept)][:_SHOWN]
    shown.sort(key=records.index)  # so that no card moves when another is chosen
    why = _evidence(decision.group)
    items = [
        card(engine, record, _label(decision.group, record, kept))
        | {
            "keep": record is kept,
            "why": why.get(record.picture_id, ""),
            "stays": decision.held.get(record.picture_id, ""),
        }
        for record in shown
    ]
    what = f"{len(records)} pictures of which one is enough"
    pick, keep = show_cards(items, what, key=key)
    _show_notes(decision.group, len(records) - len(shown))
    return grid.GridClick(pick), keep


def show_cards(
    items: Sequence[dict[str, object]], what: str, *, key: str
) -> tuple[int | None, int | None]:
    """Show cards; return the ids of the one that was opened, and of the one to keep."""
    clicked = _CARDS(
        key=key,
        data={"items": items, "label": what},
        on_pick_change=lambda: None,
        on_keep_change=lambda: None,
    )
    ids = {item["id"] for item in items}
    return (
        clicked.pick if clicked.pick in ids else None,
        clicked.keep if clicked.keep in ids else None,
    )


def _show_notes(group: DuplicateGroup, more: int) -> None:
    notes = [f"{more:,} more are not shown; the lists have them."] if more > 0 else []
    if group.same_files:
        notes.append(
            f"Other names of these files, which are no copies: {_names(group.same_files)}."
        )
    if len({record.category for record in group.records}) > 1:
        notes.append("They lie in different categories.")
    if notes:
        st.caption(" ".join(notes))


def _names(records: Sequence[PictureRecord]) -> str:
    names = [feedback.plain(feedback.readable(record.path)) for record in records[:_NAMES]]
    more = len(records) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")


def card(engine: SearchEngine, record: PictureRecord, label: str) -> dict[str, object]:
    """Return what a card shows of a picture."""
    path = feedback.readable(record.path)
    size = feedback.size_of(record)
    return {
        "id": record.picture_id,
        "url": resources.thumbnail(engine, record),
        "name": path.rpartition("/")[2],
        "path": path,
        "label": label,
        "facts": f"{record.dimensions} · {size} · {_date(record)}",
    }


def _label(group: DuplicateGroup, record: PictureRecord, kept: PictureRecord) -> str:
    if record is kept:
        return "Keep"
    if record.content_hash == kept.content_hash:
        return "Exact copy"
    if not group.is_close(record, kept):
        return "Cropped differently"
    pixels, most = record.width * record.height, kept.width * kept.height
    if pixels == most:
        return "Same picture, saved again"
    how = "Smaller" if pixels < most else "Larger"
    return f"{how} copy {record.dimensions}"


def _evidence(group: DuplicateGroup) -> dict[int, str]:
    return {
        copy.record.picture_id: f"Compared with {feedback.readable(group.kept.path)}:"
        f" cosine {copy.cosine:.3f}, {copy.bits} of 64 bits of the hash differ,"
        f" thumbnails correlate by {copy.overlay:.3f}"
        for copy in group.copies
        if not copy.exact
    }


def _date(record: PictureRecord) -> str:
    """Say when a picture was taken or, where nothing says that, of when its file is."""
    if record.taken_at:
        return f"taken {_unbroken(feedback.readable(record.taken_at[:10]))}"
    if not record.modified_ns:
        return "date not known"
    try:
        day = datetime.fromtimestamp(record.modified_ns / 1e9, UTC).astimezone().date()
    except (OverflowError, ValueError, OSError):
        return "date not known"
    return f"modified {_unbroken(day.isoformat())}"


def _unbroken(date: str) -> str:
    return date.replace("-", "\N{NON-BREAKING HYPHEN}")
