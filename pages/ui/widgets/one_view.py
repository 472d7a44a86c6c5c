"""The place of a view among several, which never shows what another view said there."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import session

_LAST: session.Key[tuple[str, bool] | None] = session.Key("view shown last", None)


def begin(view: str) -> st.delta_generator.DeltaGenerator:
    """Return the place of a view; where another was shown before, that is gone at once.

    Streamlit leaves what was there, pale, until something takes its place or all has run.
    """
    last, was_second = _LAST.get() or (view, False)
    is_second = was_second if last == view else not was_second
    _LAST.put((view, is_second))
    # A block in the place of a block keeps what was in it. So views take turns in two places, and
    # the place of the one before is emptied.
    if is_second:
        st.empty()
        return st.container()
    place = st.container()
    st.empty()
    return place
