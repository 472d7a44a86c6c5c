"""The line above the results: what was found, what limits it, and what can be done with it.

One component, because each piece that Streamlit draws is sent and drawn again for each letter of a
live search. It also marks where results begin, which comes into sight when others are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from pages.ui.frame import feedback, session
from pages.ui.frame.search_state import EMPTY, SearchState, as_address, closed, on_map
from pages.ui.search import (
    bundled_model,
    downloads,
    drawer,
    filter_form,
    precision_view,
    verdict_line,
)
from pages.ui.search.asking import Answered
from pages.ui.widgets import one_stop, picture_cards
from search_engine import SearchEngine

_SCRIPT = (
    picture_cards.SCRIPT + one_stop.SCRIPT + Path(__file__).with_suffix(".js").read_text("utf-8")
)
_STYLE = Path(__file__).with_suffix(".css").read_text("utf-8")
_LINE = st.components.v2.component(
    "result_summary", html='<div class="summary"></div>', css=_STYLE, js=_SCRIPT
)
_KEY = "summary"
_CHOSEN = session.Key("result action", "")
"""What was chosen of what can be done, until this run has done it."""
_DOWNLOAD, _CHECK, _MAP, _SCORES = "download", "check", "map", "scores"
_EXPLAIN, _OTHER_MODEL = "explain", "other model"


def show(engine: SearchEngine, found: Answered) -> None:
    """Sum an answer up, and do what is chosen."""
    answer = found.answer
    said = verdict_line.said(engine, answer, has_more=found.ordered.has_more_matches)
    _show(
        found.asked,
        {
            "verdict": said.verdict if said else "",
            "presence": str(said.presence) if said else "",
            "count": said.count if said else "",
            "facts": feedback.answer_line(answer),
            "note": bundled_model.note(engine) if said else "",
            "actions": _actions(engine, found),
        },
    )
    if said is None:
        verdict_line.say_why_not(engine, answer)
    _do(engine, found, _CHOSEN.take())
    feedback.show_notes(answer)
    filter_form.note_without_effect(engine, answer, found.filters)
    if found.asked.only_matches and not found.ordered.note and found.shown:
        st.caption("Only strong matches are shown while they are sorted, grouped or shown alone.")
    if found.ordered.note:
        st.caption(feedback.plain(found.ordered.note))


def mark(asked: SearchState) -> None:
    """Mark where pictures begin that no query has found."""
    _show(asked, {})


def _show(asked: SearchState, told: Mapping[str, object]) -> None:
    whole = replace(closed(asked), page=1, size=EMPTY.size)
    shown = replace(whole, fit=EMPTY.fit, alike=EMPTY.alike)
    _LINE(key=_KEY, data={"shown": as_address(shown), **told}, on_chosen_change=_note_choice)


def _note_choice() -> None:
    chosen = getattr(session.Key[object](_KEY, None).get(), "chosen", None)
    if isinstance(chosen, str):
        _CHOSEN.put(chosen)


def _actions(engine: SearchEngine, found: Answered) -> Sequence[Mapping[str, str]]:
    """Return what can be done with the results, in order; what has a link is a page."""
    pages = [
        {
            "name": _MAP, "icon": "scatter_plot", "label": "Show on map",
            "link": f"Categories?{urlencode(_of_map(engine, found))}",
        },
        {
            "name": _SCORES, "icon": "bar_chart", "label": "Scores",
            "link": f"Scores?{as_address(closed(found.asked))}",
        },
    ]  # fmt: skip
    if not found.shown:
        return pages
    download = {
        "name": _DOWNLOAD, "icon": "download", "label": downloads.LABEL,
        "help": downloads.about(found),
    }  # fmt: skip
    check = {
        "name": _CHECK, "icon": "fact_check", "label": precision_view.LABEL,
        "help": precision_view.ABOUT,
    }  # fmt: skip
    has_match = found.shown[0].match is not None
    return [download, *([check] if has_match else []), *pages]


def _of_map(engine: SearchEngine, found: Answered) -> dict[str, str]:
    return {"collection": engine.name, **on_map(found.asked)}


def _do(engine: SearchEngine, found: Answered, chosen: str) -> None:
    if chosen == _MAP:
        st.switch_page("pages/3_Categories.py", query_params=_of_map(engine, found))
    elif chosen == _SCORES:
        st.switch_page("pages/4_Scores.py")
    elif chosen == _OTHER_MODEL:
        bundled_model.lead_on(engine)
    elif chosen == _DOWNLOAD and found.shown:
        downloads.offer(engine, found, found.shown, choose=True)
    elif chosen == _EXPLAIN and found.answer.verdict:
        verdict_line.explain(found.answer)
    if not found.shown or found.shown[0].match is None:
        return
    picked = precision_view.follow(engine, found.query, found.filters, asks=chosen == _CHECK)
    if picked:
        drawer.show_record(engine, [picked], picked.picture_id)
