"""The bar at the foot of the window with what can be done with selected pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pages.ui.search import export_form
from search_engine import SearchEngine
from search_engine.records import PictureRecord, SearchResult

MOST_LIKE = 24
"""Pictures that a query is asked to be like, or unlike: each is a chip below the box."""


@contextmanager
def bar(said: str) -> Iterator[None]:
    """Show the bar, which begins with how many are selected."""
    with st.container(key="selection", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{said}**", width="content")
        yield


def action(label: str, icon: str, about: str, many: int = 0, most: int = MOST_LIKE) -> bool:
    """Show a button, which cannot be pressed where the selection is too large for it."""
    too_many = many > most
    return st.button(
        label, icon=f":material/{icon}:", key=f"selection {label}", disabled=too_many,
        help=f"For up to {most:,} pictures" if too_many else about,
    )  # fmt: skip


def offer_export(engine: SearchEngine, pictures: Sequence[SearchResult | PictureRecord]) -> None:
    """Offer a folder of copies or links, to who sits at this machine."""
    if export_form.is_possible() and action(
        "Export…", "drive_folder_upload", "To a folder, as copies or links"
    ):
        export_form.open_dialog(engine, pictures)


def offer_to_clear(clear: Callable[[], None]) -> None:
    """Offer to select nothing any more."""
    st.button("Clear", type="tertiary", on_click=clear, key="selection clear")
