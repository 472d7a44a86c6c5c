"""What is asked for in this run, by the address or by widgets; `search_memory` says who wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pages.ui.frame import address, search_memory, session
from pages.ui.frame.search_memory import Winner
from pages.ui.frame.search_state import SearchState
from pages.ui.search import terms


def of_page() -> SearchState:
    """Return what is asked for in a run of the whole page."""
    visited = address.visited()
    if visited is not None:
        session.set_search_memory(replace(session.search_memory(), visited=visited))
    turn = search_memory.after_page(
        session.search_memory(), address.read(), address.told(),
        entered=session.entered(), filled=session.is_filled(),
    )  # fmt: skip
    if turn.winner is Winner.ADDRESS:
        own = _without_foreign_paths(turn.memory.asked)
        turn = replace(turn, memory=replace(turn.memory, asked=own))
    is_as_before = turn.winner is Winner.WIDGET and session.is_filled() and not session.entered()
    return _take(turn, fill=session.fill_changed if is_as_before else session.fill)


def of_part() -> SearchState:
    """Return what is asked for where only a part of the page runs, after `of_page` in a full run.

    Links, Back and Forward always run the whole page.
    """
    turn = search_memory.after_part(session.search_memory())
    return _take(turn, fill=session.fill_changed)


def _take(turn: search_memory.Turn, fill: Callable[[Mapping[str, object]], None]) -> SearchState:
    session.set_search_memory(turn.memory)
    if turn.sets_widgets:
        fill(search_memory.as_widgets(turn.memory.asked))
    return turn.memory.asked


def _without_foreign_paths(linked: SearchState) -> SearchState:
    """Leave out queries that would open files of this machine; the person can type them."""
    own = replace(linked, q=_unless_foreign(linked.q), other=_unless_foreign(linked.other))
    if own != linked:
        session.note_refused_path()
    return own


def _unless_foreign(text: str) -> str:
    return "" if terms.names_foreign_path(text) else text


def publish(collection: str, *, scores: bool = False) -> None:
    """Show in the address line what is asked for."""
    memory, shown, step = search_memory.written(session.search_memory(), collection, scores=scores)
    session.set_search_memory(memory)
    address.write(shown, step)
