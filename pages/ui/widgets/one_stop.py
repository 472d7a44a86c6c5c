"""Buttons in a row that are one stop of the Tab key; arrows lead from one to the next.

As the ARIA Authoring Practices of the W3C have it for toolbars.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_BAR = st.components.v2.component(
    "one_stop", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def make(container: str, label: str) -> None:
    """Make the buttons in the container of this key one stop, which is called ``label``."""
    _BAR(key=f"one-stop-{container}", data={"container": container, "label": label})
