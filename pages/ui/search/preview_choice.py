"""Whether a picture is shown larger while the mouse rests on it; the browser keeps that."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SWITCH = st.components.v2.component(
    "preview_choice",
    html='<label><input type="checkbox" role="switch"> Preview on hover</label>',
    css="""
label {
  display: flex; align-items: center; gap: 8px; cursor: pointer; padding: 2px;
  font: 14px var(--st-font, sans-serif); color: var(--st-text-color);
}
input { width: 18px; height: 18px; margin: 0; accent-color: var(--st-primary-color); }
""",
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def show() -> None:
    """Offer the choice; the grid reads it where it is kept."""
    _SWITCH(key="preview choice")
