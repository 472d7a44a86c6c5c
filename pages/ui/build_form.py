"""What to build: a folder, a name, a model, a kind of index, what to leave out."""

from __future__ import annotations

import streamlit as st

from pages.ui import build_choices as choices
from pages.ui import feedback, folder_choice, resources
from search_engine import ScanRules, plan_build
from search_engine.errors import SearchEngineError
from search_engine.records import CollectionSettings
from search_engine.stores.base import CONCRETE_KINDS


def show_request() -> tuple[str, CollectionSettings, bool] | None:
    """Ask for folder, name, model and kind; None as long as they make no build.

    The last value tells whether a model was named; else it is what the collection says.
    """
    folder = folder_choice.ask()
    if folder is None:
        return None
    with st.expander("Name, model, kind, what to leave out"):
        name = st.text_input("Name of the collection", placeholder="made from the folder's name")
        model = st.selectbox("Model", choices.MODELS, format_func=choices.MODELS.__getitem__)
        if not model:
            model = st.text_input("Id on the hub, or a folder with a model")
        kind = st.selectbox(
            "Kind of index",
            [None, *CONCRETE_KINDS],
            format_func=choices.KINDS.__getitem__,
            help=choices.AUTOMATIC,
        )
        rules = _ask_rules()
    try:
        name, wanted = plan_build(
            folder,
            resources.settings(),
            name=name.strip() or None,
            model_id=model or None,
            kind=kind,
            rules=rules,
        )
    except SearchEngineError as error:
        feedback.show_error(error)
        return None
    return name, wanted, bool(model)


def _ask_rules() -> ScanRules | None:
    """Ask which files are left out; None where nothing is said."""
    exclude = st.text_input("Leave out, separated by commas", placeholder="private/*, *.gif")
    hidden = st.toggle("Hidden and system folders as well")
    patterns = tuple(part.strip() for part in exclude.split(",") if part.strip())
    return ScanRules(exclude=patterns, hidden=hidden) if patterns or hidden else None
