"""What leads on from an error, as buttons of the app."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from pages.ui.frame import asked_build, resources, session
from search_engine import Library
from search_engine.errors import SearchEngineError, Trouble, Way
from search_engine.records import CollectionSettings

_BUILD = "pages/1_Build_index.py"
_MODEL = {Way.OTHER_MODEL, Way.ALLOW_DOWNLOAD}


def show(trouble: Trouble, *, key: str) -> None:
    """Offer the button that leads on from an error, where one does."""
    if trouble.way in _MODEL:
        name = session.collection() or ""
        offer_other_model(name, _settings_of(name), key=key)
    elif trouble.way is Way.UPDATE and st.button("Update", key=key, icon=":material/sync:"):
        asked_build.ask_update(trouble.about)
        st.switch_page(_BUILD)
    elif trouble.way is Way.REPAIR:
        offer_repair(trouble.about, key=key)


def offer_other_model(name: str, failed: CollectionSettings | None, *, key: str) -> None:
    """Lead to the form, filled in as what failed was, with the choice of the model in sight."""
    if st.button(
        "Use another model", key=key, icon=":material/neurology:",
        on_click=_fill_form, args=(name, failed),
    ):  # fmt: skip
        st.switch_page(_BUILD)


def choose_other_model(name: str, failed: CollectionSettings | None) -> None:
    """Go to that form; from another page than that of the form."""
    _fill_form(name, failed)
    st.switch_page(_BUILD)


def _fill_form(name: str, failed: CollectionSettings | None) -> None:
    folder = str(failed.root) if failed else ""
    asked_build.fill_form(folder, name=name if failed else "", opened=True, failed=failed)


def offer_repair(name: str, *, key: str) -> None:
    """Lead to the check of a collection."""
    if st.button("Check and repair", key=key, icon=":material/healing:"):
        session.choose_collection(name)
        session.open_check()
        st.switch_page(_BUILD)


def _settings_of(name: str) -> CollectionSettings | None:
    with suppress(SearchEngineError), Library(resources.settings()).open_catalog(name) as catalog:
        return catalog.settings
    return None
