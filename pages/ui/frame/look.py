"""How pages look beyond what the theme says."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLES = Path(__file__).with_suffix(".css").read_text("utf-8")
_PAGE_COLOUR, _ON_ACCENT, _ACCENT = "PAGE_COLOUR", "ON_ACCENT", "ACCENT_COLOUR"
"""They stand in the styles for colours: that of the page is told to components only."""
ACCENTS = {"light": ("#b4530a", "#ffffff"), "dark": ("#ffb057", "#1d1304")}
"""The warm colour of what matches or is chosen, and what stands on it, by theme."""


def show() -> None:
    """Give the page its look."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    colour = st.get_option(f"theme.{theme}.backgroundColor") or "Canvas"
    accent, on_it = ACCENTS[theme]
    styles = _STYLES.replace(_PAGE_COLOUR, str(colour))
    styles = styles.replace(_ON_ACCENT, on_it).replace(_ACCENT, accent)
    st.html(f"<style>{styles}</style>")
