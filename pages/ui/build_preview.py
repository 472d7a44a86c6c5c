"""What a build would do, told before it starts."""

from __future__ import annotations

import streamlit as st

from pages.ui import build_choices as choices
from pages.ui import feedback, resources
from search_engine import IndexKind, Library
from search_engine.indexing.changes import Preview
from search_engine.records import CollectionSettings
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL
from search_engine.stores.policy import kind_for

_GUESSED_RATES = {MINI_MODEL: 60.0, DEFAULT_MODEL: 40.0, "clip-ViT-B-16": 12.0}
_TYPES = 8
_SLOWEST_GUESS = 1.0
"""Pictures a second on two cores, until a build has shown how fast this machine is."""


def show_preview(library: Library, name: str, wanted: CollectionSettings) -> bool:
    """Show what a build would do; True when it shall start."""
    busy = resources.jobs().status(name).state.active
    with feedback.errors_shown():
        found = resources.preview_of(name, wanted)
    st.markdown(f"**{feedback.plain(name)}**: {feedback.plain(str(wanted.root))}")
    work = found.changes.new + found.changes.changed
    columns = st.columns(4)
    for column, label, count in zip(
        columns,
        ("New", "Changed", "Gone", "Unchanged"),
        (found.changes.new, found.changes.changed, found.changes.gone, found.unchanged),
        strict=True,
    ):
        column.metric(label, f"{count:,}")
    _show_types(found)
    if work:
        _show_expectation(library, wanted, work, found.files)
    if not found.files:
        st.info("There is no picture in this folder.")
        return False
    label = "Being built…" if busy else f"Index {work:,} pictures" if work else "Bring up to date"
    return st.button(label, disabled=busy, icon=":material/play_arrow:")


def _show_expectation(
    library: Library, wanted: CollectionSettings, work: int, pictures: int
) -> None:
    """Say how long it will take, from what is known, and which index it will be."""
    rate = library.rate(wanted.model_id)
    seconds = work / (rate or _GUESSED_RATES.get(wanted.model_id, _SLOWEST_GUESS))
    basis = "as fast as the last build with this model" if rate else "a rough guess; it shows soon"
    kind = kind_for(pictures) if wanted.kind is IndexKind.AUTO else wanted.kind
    st.caption(
        f"About {feedback.duration(seconds)} for {work:,} pictures ({basis})."
        f" Index: {choices.KINDS[kind].replace(' – ', ', which ', 1)}."
    )


def _show_types(found: Preview) -> None:
    types = ", ".join(f"{count:,} {suffix}" for suffix, count in found.types[:_TYPES])
    st.caption(f"{types} · {feedback.file_size(found.size_bytes)}" if types else "")
    if found.unreadable_folders:
        st.warning(f"{found.unreadable_folders:,} folders in it cannot be read.")
