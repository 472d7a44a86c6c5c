"""The place of a view among several, which never shows what another view said there."""

from __future__ import annotations

import streamlit as st

from pages.ui import session

_LAST = "view shown last"


def begin(view: str) -> st.delta_generator.DeltaGenerator:
    """Give the place of a view; where another was shown before, that is gone at once.

    Streamlit leaves what was there, pale, until something takes its place or all has run.
    """
    before = session.value(_LAST)
    session.put(_LAST, view)
    return st.container() if before == view else st.empty().container()
