"""Build index: the switch of a collection's card that keeps it up to date by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from pages.ui.frame import feedback, resources, session
from search_engine.records import CollectionSummary


def show(summary: CollectionSummary) -> None:
    """Let the folder be watched, and say what was seen of it last."""
    name, watches = summary.name, resources.watches()
    is_on: session.Key[bool] = session.Key(f"watch {name}", unset=False)
    is_on.put(watches.is_on(name))
    st.toggle(
        "Keep up to date", key=is_on.name, on_change=_switch, args=(name,),
        help="While this app runs, looks through the folder every few seconds and updates the"
        " collection once nothing is being written any more. Nothing is lost by a drive that is"
        " away.",
    )  # fmt: skip
    if not is_on.get():
        return
    seen = watches.look(name)
    if seen is None:
        st.caption("The folder is about to be looked through.")
    elif seen.trouble:
        st.warning(feedback.sentence(seen.trouble), icon=":material/sync_problem:")
    else:
        clock = datetime.fromtimestamp(seen.at, UTC).astimezone().strftime("%H:%M:%S")
        away = "The folder is out of reach, and waited for" if seen.is_away else "Looked through"
        st.caption(f"{away}, last at {clock}.")


def _switch(name: str) -> None:
    wanted: session.Key[bool] = session.Key(f"watch {name}", unset=False)
    with feedback.refusals_shown():
        resources.watches().switch(name, on=wanted.get())
        resources.watches().keep_up()
