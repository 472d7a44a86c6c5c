"""What is out of reach or not read in a folder, said where a person wonders about it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.collections import gone_folder
from pages.ui.frame import feedback
from search_engine import SearchEngine
from search_engine.building import Preview
from search_engine.checking import look_at_files
from search_engine.records import AwayPlace, SearchResult, UnreadType, counted

_PLACES_SHOWN = 3
_KINDS_SHOWN = 8


def note_in_sidebar(away: Sequence[AwayPlace]) -> None:
    """Say in a few words which parts of the folder are not seen now."""
    if away:
        with st.container(border=True):
            st.markdown(
                f":material/link_off: **Out of reach:** {named(away)}. Nothing of it is lost."
            )


def note_in_preview(found: Preview) -> None:
    """Say what a build will keep unseen, read again, and leave out because it cannot be read."""
    changes = found.changes
    if changes.away:
        st.caption(
            f"Kept, because out of reach: {pictures(changes.pictures_away)} of"
            f" {named(changes.away)}."
        )
    if changes.to_read:
        st.caption(
            f"Read again to see whether they changed: {pictures(changes.to_read)}, touched without"
            " a trace in size and time."
        )
    note_unread(found.unread)


def note_unread(unread: Sequence[UnreadType]) -> None:
    """Name the kinds of pictures that are not read."""
    if unread:
        kinds = ", ".join(feedback.plain(str(one)) for one in unread[:_KINDS_SHOWN])
        rest = len(unread) - _KINDS_SHOWN
        st.caption(f"Not read yet: {kinds}{f', and {rest} more kinds' if rest > 0 else ''}.")


def note_with_results(engine: SearchEngine, shown: Sequence[SearchResult]) -> None:
    """Say that the files of results are not where they were, so that nobody looks for them."""
    root = engine.collection.root
    if gone_folder.is_gone(str(root)):
        st.warning(
            f"{gone_folder.sentence(str(root))} Until then the pictures themselves cannot be"
            " opened.",
            icon=":material/folder_off:",
        )
        gone_folder.offer(engine.name, str(root), key="results/new place")
        return
    away = engine.catalog.findings.away
    records = [result.record for result in shown] if away else []
    unseen = len(look_at_files(engine.collection, records, engine.catalog.findings).away)
    if unseen:
        st.markdown(
            f":material/link_off: Out of reach at the last update: {pictures(unseen)} on this"
            f" page, of {named(away)}."
        )


def named(away: Sequence[AwayPlace]) -> str:
    """Name places in one line."""
    names = [f"“{feedback.plain(place.path)}”" if place.path else "the folder" for place in away]
    more = f" and {len(names) - _PLACES_SHOWN} more" if len(names) > _PLACES_SHOWN else ""
    return ", ".join(names[:_PLACES_SHOWN]) + more


def pictures(count: int) -> str:
    """Write a number of pictures."""
    return counted(count, "picture", "pictures")
