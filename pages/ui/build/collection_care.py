"""The care of a collection: what is out of reach, and a folder that moved."""

from __future__ import annotations

import logging
from dataclasses import replace

import streamlit as st

from pages.ui.collections import build_start, out_of_reach
from pages.ui.frame import feedback, resources, session
from search_engine import Library
from search_engine.building import Moved
from search_engine.collection import where_it_lies
from search_engine.errors import SearchEngineError
from search_engine.records import (
    AwayPlace,
    BuildOrder,
    CollectionSettings,
    CollectionSummary,
    counted,
)

_LOG = logging.getLogger(__name__)

_MOST_PLACES = 12
_EVERYTHING = ""


def show_findings(summary: CollectionSummary, settings: CollectionSettings) -> None:
    """Name what is out of reach, with a way to forget it, and what is not read."""
    away = summary.findings.away
    if away:
        with st.container(border=True):
            count = out_of_reach.pictures(summary.findings.pictures_away)
            st.markdown(
                f"**{count} out of reach.** They are still found; bring the drive or folder back"
                " and update, and all is as before."
            )
            for place in away[:_MOST_PLACES]:
                _show_place(summary.name, settings, place)
            if len(away) > 1:
                count = out_of_reach.pictures(summary.findings.pictures_away)
                _offer_to_forget("Forget all of them", count, summary.name, settings, _EVERYTHING)
    out_of_reach.note_unread(summary.findings.unread)
    links = summary.findings.links
    if links:
        st.caption(
            f"{links:,} {'link leads' if links == 1 else 'links lead'} to pictures that are"
            " in anyway."
        )
    dead = summary.findings.dead_links
    if dead:
        st.caption(f"{counted(dead, 'link leads', 'links lead')} nowhere.")


def _show_place(name: str, settings: CollectionSettings, place: AwayPlace) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        where = f"“{feedback.plain(place.path)}”" if place.path else "The folder"
        count = out_of_reach.pictures(place.pictures)
        st.markdown(f"{where} {place.reason}: {count}", width="stretch")
        _offer_to_forget("Forget", count, name, settings, place.path)


def _offer_to_forget(
    label: str, count: str, name: str, settings: CollectionSettings, place: str
) -> None:
    """Forget pictures for good, but not by one click."""
    with st.popover(label, type="tertiary"):
        st.markdown(
            f"{count} leave this collection for good. If the files come back, they are embedded"
            " anew. **The pictures themselves are not touched.**"
        )
        if st.button("Forget them", key=f"forget {place} of {name}", icon=":material/delete:"):
            build_start.start(name, settings, order=BuildOrder(forget=(place,)))


def offer_move(library: Library, wanted: CollectionSettings) -> bool:
    """Offer to take a collection over where a folder is one that moved, instead of embedding it.

    Return whether it is such a folder.
    """
    try:
        moved = resources.moved_from_elsewhere(wanted.root)
    except SearchEngineError as error:
        _LOG.info("whether a folder moved is not known: %s", error)  # the look before a build says
        return False
    if moved is None:
        return False
    with st.container(border=True):
        st.markdown(_what(moved))
        st.caption(
            "Taken over, nothing is embedded again, and ids, saved queries and results stay."
            + (" The folder where it was is not touched." if moved.is_copy else "")
        )
        if st.button(
            f"Take “{feedback.plain(moved.name)}” over", icon=":material/drive_file_move:",
            key="take over",
        ):  # fmt: skip
            _take_over(library, moved, wanted)
    return True


def _what(moved: Moved) -> str:
    happened = "copied" if moved.is_copy else "moved"
    return (
        f"This is the folder of **“{feedback.plain(moved.name)}”**, {happened} from"
        f" {feedback.plain(where_it_lies(moved.root))}: {moved.share:.0%} of its"
        f" {out_of_reach.pictures(moved.pictures)} are here."
    )


def _take_over(library: Library, moved: Moved, wanted: CollectionSettings) -> None:
    with feedback.refusals_shown():
        with library.open_catalog(moved.name) as catalog:
            before = catalog.settings
        if before is not None:
            session.choose_collection(moved.name)
            build_start.start(moved.name, replace(before, root=wanted.root))
