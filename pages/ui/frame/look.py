"""How pages look beyond what the theme says."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLES = Path(__file__).with_suffix(".css").read_text("utf-8")
_PAGE_COLOUR = "PAGE_COLOUR"
"""Stands in the styles for the colour of the page, which Streamlit tells components only."""
ACCENTS = {"light": ("#b4530a", "#ffffff"), "dark": ("#ffb057", "#1d1304")}
"""The warm colour of what matches or is chosen, and what stands on it, by theme."""


def show() -> None:
    """Give the page its look."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    colour = st.get_option(f"theme.{theme}.backgroundColor") or "Canvas"
    accent, on_it = ACCENTS[theme]
    own = f":root {{ --accent: {accent}; --on-accent: {on_it}; }}"
    st.html(f"<style>{own}{_STYLES.replace(_PAGE_COLOUR, str(colour))}</style>")
