"""A build begun by a click."""

from __future__ import annotations

import streamlit as st

from pages.ui import feedback, resources
from search_engine.embedding import require_trusted, trust
from search_engine.records import CollectionSettings


def start(name: str, settings: CollectionSettings, *, named: bool = False) -> None:
    """Start a build; ``named`` says that a person named its model just now."""
    with feedback.errors_shown():
        if named:
            trust(settings.model_id, resources.settings())
        require_trusted(settings.model_id, resources.settings())
        resources.jobs().start(name, settings)
    st.rerun()
