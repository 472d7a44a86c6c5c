"""Build index: where the folder of a collection is now, asked on its card."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.build import folder_choice
from pages.ui.collections import build_start, gone_folder, out_of_reach
from pages.ui.frame import feedback, resources
from search_engine import Library
from search_engine.building import plan_move
from search_engine.records import CollectionSummary


def ask(library: Library, summary: CollectionSummary) -> None:
    """Say that the folder of a collection is not there, and take it over where it is now."""
    with st.container(border=True):
        st.markdown(f":material/folder_off: **{gone_folder.sentence(summary.folder)}**")
        field = gone_folder.box_of(summary.name)
        text = folder_choice.box(
            "Where is it now?", field, begin_at=summary.folder, placeholder="Its new place",
            about="Nothing is embedded again, and ids, saved queries and results stay.",
        )  # fmt: skip
        folder = folder_choice.meant(text, field, goes_on=False) if text.strip() else None
        if folder is not None:
            _offer(library, summary, folder)


def _offer(library: Library, summary: CollectionSummary, folder: Path) -> None:
    """Take the collection over to a folder, after a word on how much of it is there."""
    with feedback.refusals_shown():
        other = library.of_folder(folder.resolve())
        if other:
            st.info(f"This is the folder of “{feedback.plain(other)}”.", icon=":material/info:")
            return
        moved = resources.moved_from_elsewhere(folder)
        if moved and moved.name == summary.name:
            count = out_of_reach.pictures(moved.pictures)
            st.markdown(f"{moved.share:.0%} of its {count} are here.")
        else:
            st.markdown(
                "Less than half of its pictures are here; the others would count as missing."
            )
        if st.button(
            "Take it over to this folder", icon=":material/drive_file_move:",
            key=f"take over {summary.name}",
        ):  # fmt: skip
            with st.spinner("Looking for its pictures…"):
                name, wanted = plan_move(summary.name, folder, resources.settings())
            build_start.start(name, wanted)
