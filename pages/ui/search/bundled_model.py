"""What the bundled model does not know: anything but the drawings of the sample gallery."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import resources, ways_on
from search_engine import SearchEngine
from search_engine.settings import MINI_MODEL


def is_out_of_its_depth(engine: SearchEngine) -> bool:
    """Return whether a collection other than the sample gallery has the bundled model."""
    if engine.manifest.model.model_id != MINI_MODEL:
        return False
    gallery = resources.settings().gallery_folder
    return engine.collection.root.resolve() != gallery.resolve()


def note(engine: SearchEngine) -> str:
    """Return a sentence that says so, or none."""
    if not is_out_of_its_depth(engine):
        return ""
    return "This model knows only the sample drawings; index this folder with another model."


def show_note(engine: SearchEngine) -> None:
    """Say so, with the way to another model."""
    if note(engine):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(note(engine), width="content")
            ways_on.offer_other_model(engine.name, engine.collection, key="verdict/another model")


def lead_on(engine: SearchEngine) -> None:
    """Lead to the choice of another model."""
    ways_on.choose_other_model(engine.name, engine.collection)
