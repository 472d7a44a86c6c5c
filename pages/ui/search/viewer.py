"""One picture as large as the window, and those before and after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import streamlit as st

from pages.ui.frame import feedback, serving, session, visitor
from pages.ui.widgets import picture_cards
from search_engine import SearchEngine
from search_engine.errors import SearchEngineError
from search_engine.files import desktop
from search_engine.records import PictureRecord

_FOLDER = Path(__file__).parent
_VIEWER = st.components.v2.component(
    "picture_viewer",
    html='<div class="viewer" tabindex="-1"></div>',
    css=(_FOLDER / "viewer.css").read_text("utf-8"),
    js=picture_cards.SCRIPT
    + "".join((_FOLDER / name).read_text("utf-8") for name in ("held_keys.js", "viewer.js")),
)
_KEY = "picture viewer"
_SAID: session.Key[Any] = session.Key(_KEY, None)


Mark: TypeAlias = Callable[[int, bool], None]


@dataclass(frozen=True)
class Seen:
    """What the viewer shows."""

    records: Sequence[PictureRecord]
    """The pictures that one can turn to, in order."""
    picture_id: int
    heat: str | None = None
    """A heat map over the picture, as a data address."""
    good: Collection[int] | None = None
    """Those that are marked as good results; None where nothing can be marked."""


def show(
    engine: SearchEngine,
    seen: Seen,
    turn_to: Callable[[int], None],
    mark: Mark | None = None,
) -> None:
    """Show a picture; ``turn_to`` is told, before the next run, which one is shown then.

    ``mark`` is told which one is to be marked, and whether as a good result.
    """

    def turned() -> None:
        picture_id = _said("go")
        if any(record.picture_id == picture_id for record in seen.records):
            turn_to(int(picture_id))

    def marked() -> None:
        picture_id = _said("good")
        if mark and any(record.picture_id == picture_id for record in seen.records):
            mark(int(picture_id), True)  # noqa: FBT003 - a good one

    clicked = _VIEWER(
        key=_KEY,
        data={
            "items": _items(engine, seen.records), "id": seen.picture_id, "heat": seen.heat,
            "desktop": _is_at_hand(),
            "good": None if seen.good is None else sorted(seen.good),
        },
        on_go_change=turned,
        on_good_change=marked,
        on_bad_change=lambda: None,
        on_open_change=lambda: None,
        on_reveal_change=lambda: None,
        height="stretch",
    )  # fmt: skip
    by_id = {record.picture_id: record for record in seen.records}
    for event, act in (("open", desktop.open_in_viewer), ("reveal", desktop.show_in_folder)):
        record = by_id.get(getattr(clicked, event) or 0)
        if record is not None:
            _on_desktop(engine, record, act)
    if mark and clicked.bad in by_id:
        mark(clicked.bad, False)  # noqa: FBT003 - a bad one


def _items(engine: SearchEngine, records: Sequence[PictureRecord]) -> list[dict[str, Any]]:
    count = len(records)
    return [
        {
            "id": record.picture_id,
            "thumb": serving.thumbnail_address(engine, record)[0],
            "url": serving.picture_address(engine, record),
            "alt": feedback.readable(record.path.rpartition("/")[2]),
            "path": _path(engine, record),
            "width": record.shown_size[0],
            "height": record.shown_size[1],
            "place": f"{place:,} of {count:,}" if count > 1 else "",
        }
        for place, record in enumerate(records, 1)
    ]


def _said(event: str) -> Any:  # noqa: ANN401 - what the browser says
    return getattr(_SAID.get(), event, None)


def _path(engine: SearchEngine, record: PictureRecord) -> str:
    try:
        return feedback.readable(str(engine.path(record)))
    except SearchEngineError:
        return ""


def _is_at_hand() -> bool:
    """Return whether the browser and the desktop are of this machine."""
    return visitor.is_of_this_machine() and desktop.has_desktop()


def _on_desktop(engine: SearchEngine, record: PictureRecord, act: Callable[[Path], bool]) -> None:
    if not _is_at_hand():
        return
    with feedback.refusals_shown():
        if not act(engine.path(record)):
            st.toast("No program was found that shows it.", icon=":material/error:")
