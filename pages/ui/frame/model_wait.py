"""What a page shows while the model is loaded that it needs: at once, and how long it has taken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.frame import resources
from search_engine import SearchEngine

_SECONDS_BETWEEN = 0.2
_CARDS, _CARD = 10, 168
"""Two rows on a usual screen."""


@contextmanager
def shown(engine: SearchEngine, *, grid: bool = False) -> Iterator[None]:
    """Say that the model is being loaded, until what is done in here is done.

    The seconds are those since the loading began, which every tab tells alike. Wherever the text
    changes, a click elsewhere may stop the wait.
    """
    model_id = engine.manifest.model.model_id
    if resources.is_loaded(model_id):
        yield
        return
    place = st.empty()
    with place.container():
        text = st.empty()
        told = int(resources.seconds_loading(model_id))
        text.markdown(_told(told))
        if grid:
            _show_cards()
    while resources.warm(model_id, now=True):
        time.sleep(_SECONDS_BETWEEN)
        seconds = int(resources.seconds_loading(model_id))
        if seconds > told:
            text.markdown(_told(seconds))
            told = seconds
    try:
        yield
    finally:
        place.empty()


def _told(seconds: int) -> str:
    so_far = f" {seconds} s" if seconds else ""
    return f":material/hourglass_top: Loading the model, only this once…{so_far}"


def _show_cards() -> None:
    with st.container(horizontal=True, gap="small"):
        for _ in range(_CARDS):
            st.skeleton(width=_CARD, height=_CARD)
