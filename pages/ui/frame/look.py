"""How pages look beyond what the theme says."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLES = Path(__file__).with_suffix(".css").read_text("utf-8")
_PAGE_COLOUR = "PAGE_COLOUR"
"""Stands in the styles for the colour of the page, which Streamlit tells components only."""


def show() -> None:
    """Give the page its look."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    colour = st.get_option(f"theme.{theme}.backgroundColor") or "Canvas"
    st.html(f"<style>{_STYLES.replace(_PAGE_COLOUR, str(colour))}</style>")
