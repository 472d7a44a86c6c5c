"""Widgets whose value is in the address: a link, Back and Forward set them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui.frame import session
from pages.ui.frame.search_state import as_text, from_text
from search_engine.names import known_as


def follow(key: str, options: Sequence[str], default: str = "") -> dict[str, Any]:
    """Make a widget show what the address says, or the default if it says no option.

    Without a default it is the first option.

    Give the arguments that make the widget write its value there, as a new step of the history.
    Binding a widget to the address, as Streamlit offers, makes no step and forbids to leave the
    page by a button.
    """
    wanted = st.query_params.get(key, "")
    other = default or options[0]
    session.Key(key, other).put(known_as(from_text(wanted), options) or other)
    return {"key": key, "on_change": _take_over, "args": (key,)}


def follow_text(key: str, default: str) -> dict[str, Any]:
    """Do the same for a box of text; an empty one means the default."""
    session.Key(key, default).put(st.query_params.get(key) or default)
    return {"key": key, "on_change": _take_over, "args": (key,)}


def _take_over(key: str) -> None:
    st.query_params[key] = as_text(session.Key(key, "").get())
