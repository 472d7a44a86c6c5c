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
input {
  appearance: none; position: relative; width: 32px; height: 16px; margin: 0; border-radius: 999px;
  cursor: pointer; background: color-mix(in srgb, var(--st-text-color) 55%, transparent);
}
input::after {
  content: ""; position: absolute; left: 2px; top: 2px; width: 12px; height: 12px;
  border-radius: 999px; background: #fff;
}
input:checked { background: var(--st-primary-color); }
input:checked::after { left: 18px; }
input:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
""",
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def show() -> None:
    """Offer the choice; the grid reads it where it is kept."""
    _SWITCH(key="preview choice")
