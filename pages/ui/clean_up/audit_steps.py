"""Audits that take long: begun by a click, with progress, and stopped by any other click."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.frame import resources
from search_engine import SearchEngine
from search_engine.audit import Finding
from search_engine.records import Progress, Step, duration

_AT_ONCE_UP_TO = 5_000
_SECONDS = {
    Finding.NEIGHBOURS: 0.0003,
    Finding.FAIR_NEIGHBOURS: 0.0006,
    Finding.IMAGE_STATISTICS: 0.0015,
    Finding.PAIRS: 0.0002,
    Finding.WITHIN_CATEGORY: 0.0002,
}
"""A picture, measured with 220,000 on two busy cores."""


def wanted(engine: SearchEngine, *needed: Finding, key: str, level: int = 1) -> bool:
    """Return whether to go on: at once for small collections and known findings, else on click.

    ``level`` says which folders are the categories, where that makes a difference.
    """
    audit = resources.audit(engine)
    missing = [one for one in needed if not audit.knows(one, level)]
    if not missing or len(engine) <= _AT_ONCE_UP_TO:
        return True
    seconds = len(engine) * sum(_SECONDS[one] for one in missing)
    st.caption(
        f"With {len(engine):,} pictures this takes about {duration(seconds)}, once for"
        " each state of the collection. Any click on the page stops it; the thumbnails that were"
        " measured until then stay measured."
    )
    return st.button("Begin", icon=":material/play_arrow:", key=f"begin {key}")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show what is going on while it is."""
    place = st.empty()

    def told(step: Step) -> None:
        counted = f": {step.done:,} of {step.total:,}" if step.total > 1 else "…"
        place.progress(step.share, text=step.stage + counted)

    with st.spinner("Looking through the collection…"):
        yield told
    place.empty()
