"""How pages look beyond what the theme says."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLES = Path(__file__).with_suffix(".css").read_text("utf-8")


def show() -> None:
    """Give the page its look."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    page = st.get_option(f"theme.{theme}.backgroundColor") or "Canvas"
    st.html(f"<style>:root {{ --page: {page}; }}\n{_STYLES}</style>")
