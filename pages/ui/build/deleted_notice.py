"""Build index: what was deleted and can be brought back."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, resources, session
from search_engine.collection import MINUTES_KEPT, Deleted

_JUST_NOW = session.Key("collection deleted just now", "")


def tell(name: str) -> None:
    """Say where it can be undone when the page is shown next: its card may have been far below."""
    _JUST_NOW.put(name)


def show() -> None:
    """Offer to bring back what was deleted some minutes ago, the latest first."""
    name = _JUST_NOW.take()
    if name:
        told = f"“{feedback.plain(name)}” is deleted. You can undo it at the top of this page."
        st.toast(told, icon=":material/delete:")
    for one in resources.deleted_collections().all():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            left = max(1, round(MINUTES_KEPT - one.seconds_ago / 60))
            st.markdown(
                f":material/delete: **“{feedback.plain(one.name)}” is deleted.** It can be brought"
                f" back for {'a minute' if left == 1 else f'{left} minutes'}, as it was."
            )
            if st.button("Undo", icon=":material/undo:", key=f"bring back {one.token}"):
                _bring_back(one)


def _bring_back(one: Deleted) -> None:
    with feedback.refusals_shown():
        name = resources.deleted_collections().bring_back(one.token)
        session.choose_collection(name)
        st.query_params.pop("collection", None)
        st.rerun()
