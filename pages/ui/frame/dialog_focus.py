"""The focus stays in a dialog while it is open, so that its keys are heard, Esc above all."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_KEEPER = st.components.v2.component(
    "dialog_focus", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def keep() -> None:
    """Lead the focus into every dialog of the page, and back where it gets lost."""
    _KEEPER(key="dialog-focus")
