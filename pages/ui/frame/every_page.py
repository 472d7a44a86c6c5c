"""What works behind every page: the focus of dialogs, and the steps of the history.

The focus stays in a dialog while it is open, so that its keys are heard, Esc above all. And going
to another page is one step of the history, so that Back leads to what was seen before.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPTS = ("page_steps", "dialog_focus")
_COMPONENT = st.components.v2.component(
    "every_page",
    js="".join(Path(__file__).with_name(f"{name}.js").read_text("utf-8") for name in _SCRIPTS),
)


def watch() -> None:
    """Watch over dialogs and steps from now on."""
    _COMPONENT(key="every-page")
