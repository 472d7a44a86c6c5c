"""What a tab remembers of a search, and what is asked for next. Without Streamlit.

Three things can say what is asked for: the address (a link, Back, Forward), a widget or button, and
what was asked for before. In a run of the whole page (`after_page`) this one wins:

===  ==============  ==============================  ===============  ============  ================
row  a widget        the address is new, and not     another page     what is       widgets are set
     changed it      what the app itself wrote       ran before       asked for
===  ==============  ==============================  ===============  ============  ================
1    yes             any                             any              the widget's  yes
2    no              yes                             no               the address'  yes
3    no              yes, and asks for something     yes              the address'  yes
4    no              yes, but is empty               yes              as before     yes
5    no              no                              yes              as before     yes
6    no              no                              no               as before     if unset
===  ==============  ==============================  ===============  ============  ================

Row 4 is a click in the menu of pages, which comes back to what was asked. In row 6 somebody may be
typing, so the widgets are left alone; in row 1, where no other page ran before, those that show it
already are. Where only a part of the page runs (`after_part`), the
address is not read: row 1 or row 6.

What is asked for is then written to the address line (`written`), as a new step of the history:

===  ==================================================================  ===========================
row  what is asked for                                                   a new step
===  ==================================================================  ===========================
a    is the first of this tab                                            no, the page is there
b    came from a link, Back or Forward                                   no, that step is there
c    is what the address line says                                       no
d    differs in words that were typed on, or partly deleted              no, one step a query
e    differs in how many results are shown                               no, that is scrolling
f    shows nothing over the results any more                             back to before it did
g    differs in anything else                                            yes
===  ==================================================================  ===========================

Words that cannot be read, because somebody is still typing them (``typing``), are answered by what
was answered before (`while_half_typed`); those of a link are an error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pages.ui.frame.search_state import (
    ALIKE,
    ASKED,
    EMPTY,
    MOST_PATHS,
    SCORES_FIELDS,
    SIDES,
    SearchState,
    closed,
    without_scores,
)

TYPED = ("q", "other")
"""Widgets in which a query is typed; a picture may be named there by its path."""


class Winner(StrEnum):
    """Who says what is asked for."""

    ADDRESS = "address"
    WIDGET = "widget"
    BEFORE = "before"


@dataclass(frozen=True)
class SearchMemory:
    """What a tab remembers of its search from one run to the next."""

    asked: SearchState = EMPTY
    changed: bool = False
    """Whether a widget or a button changed it since the last run."""
    told: str | None = None
    """The address as Streamlit told it last."""
    shown: SearchState | None = None
    """What the address line was last made to say."""
    from_outside: bool = False
    """Whether what is asked for came from a link, Back or Forward."""
    visited: SearchState | None = None
    """What the address says that Back or Forward led to, until a page has run for it."""
    typing: bool = False
    """Whether it was typed in this tab, and may be typed on."""
    answered: SearchState | None = None
    """What was last asked for and could be answered."""


@dataclass(frozen=True)
class Turn:
    """What a run begins with."""

    memory: SearchMemory
    winner: Winner
    sets_widgets: bool


def after_page(
    memory: SearchMemory, linked: SearchState, told: str, *, entered: bool, filled: bool
) -> Turn:
    """Decide what is asked for in a run of the whole page.

    Args:
        memory: What the tab remembers.
        linked: What the address says.
        told: The address as Streamlit tells it.
        entered: Whether another page ran before.
        filled: Whether the widgets hold something.
    """
    is_new = told != memory.told and linked != (memory.shown or EMPTY)
    if memory.visited is not None:
        linked, is_new, entered = memory.visited, True, False
    if memory.changed:
        winner = Winner.WIDGET
    elif is_new and not (entered and linked == EMPTY):
        winner = Winner.ADDRESS
    else:
        winner = Winner.BEFORE
    by_address = winner is Winner.ADDRESS
    after = replace(
        memory,
        asked=linked if by_address else memory.asked,
        changed=False,
        told=told,
        visited=None,
        from_outside=by_address,
        typing=memory.typing and not by_address,
    )
    return Turn(after, winner, winner is not Winner.BEFORE or entered or not filled)


def after_part(memory: SearchMemory) -> Turn:
    """Decide what is asked for where only a part of the page runs."""
    winner = Winner.WIDGET if memory.changed else Winner.BEFORE
    return Turn(replace(memory, changed=False), winner, memory.changed)


class HistoryStep(StrEnum):
    """How the address line comes to say something else."""

    NEW = "new"
    SAME = "same"
    BACK = "back"


def written(
    memory: SearchMemory, collection: str, *, scores: bool
) -> tuple[SearchMemory, SearchState, HistoryStep]:
    """Return what the address line is to say, and which step of the history that is.

    What only the page of scores knows stays out of the address of the search page.
    """
    asked = replace(memory.asked, collection=collection)
    shown = asked if scores else without_scores(asked)
    before = memory.shown
    step = HistoryStep.SAME if before is None or memory.from_outside else _step(before, shown)
    return replace(memory, asked=asked, shown=shown, from_outside=False), shown, step


def _step(before: SearchState, after: SearchState) -> HistoryStep:
    if before != closed(before) == after:
        return HistoryStep.BACK
    goes_on = after == replace(before, page=after.page) or _is_typed_on(before, after)
    return HistoryStep.SAME if goes_on else HistoryStep.NEW


def _is_typed_on(before: SearchState, after: SearchState) -> bool:
    goes_on = after.q.startswith(before.q) or before.q.startswith(after.q)
    return before.q != "" and goes_on and after == replace(before, q=after.q)


def while_half_typed(memory: SearchMemory, asked: SearchState) -> SearchState | None:
    """Return what to answer while the words cannot be read; None where nothing was answered."""
    before = memory.answered
    if before is None or before.collection != asked.collection:
        return None
    return replace(
        asked, q=before.q, t=before.t, asked=before.asked, page=before.page, good=before.good,
        bad=before.bad,
    )  # fmt: skip


def changed_to(
    asked: SearchState,
    widget: str,
    value: Any,  # noqa: ANN401 - of any widget
) -> SearchState:
    """Return what is asked for once a widget holds a value.

    Anything begins at page one but the page itself, and what only the page of scores knows. Other
    words drop the marks.
    """
    field = {"averaged": "asked", "labels": "label", "folded": "alike"}.get(widget, widget)
    if value is None:  # a chosen segment was clicked once more
        value = getattr(EMPTY, field)
    elif widget == "path":  # what is typed comes to what is there
        typed = str(value).strip()
        value = tuple(dict.fromkeys((*asked.path, *([typed] if typed else ()))))[:MOST_PATHS]
    elif widget in {"category", "tag"}:
        value = tuple(value)
    elif widget == "averaged":
        value = ASKED[bool(value)]
    elif widget == "folded":
        value = ALIKE[not value]
    elif widget == "labels":
        value = tuple(line.strip() for line in value.splitlines() if line.strip())
    changes = {"page": asked.page if field in SCORES_FIELDS else 1, field: value}
    if field == "q" and value != asked.q:  # what was marked were answers to other words
        changes |= {"good": (), "bad": ()}
    return replace(closed(asked), **changes)


def as_widgets(state: SearchState) -> dict[str, object]:
    """Return what each widget shows of a state, by its key."""
    return {
        "q": state.q,
        "category": list(state.category),
        "tag": list(state.tag),
        "averaged": state.asked == ASKED[1],
        "path": "",
        "dated_from": state.dated_from,
        "dated_to": state.dated_to,
        "orientation": state.orientation,
        "min_side": state.min_side if state.min_side in SIDES else 0,
        "min_match": max(0.0, min(100.0, state.min_match)),
        "min_score": max(-1.0, min(1.0, state.min_score)),
        "shown": state.shown,
        "sort": state.sort,
        "group": state.group,
        "browse": state.browse,
        "month": state.month,
        "per_page": state.per_page,
        "size": state.size,
        "fit": state.fit,
        "folded": state.alike == ALIKE[0],
        "view": state.view,
        "tab": state.tab,
        "other": state.other,
        "labels": "\n".join(state.label),
        "template": state.template,
    }
