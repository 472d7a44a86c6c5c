"""What a build would do, told before it starts."""

from __future__ import annotations

import streamlit as st

from pages.ui.build import build_choices as choices
from pages.ui.build import model_choice, rules_form
from pages.ui.collections import out_of_reach
from pages.ui.frame import feedback, resources
from search_engine import IndexKind, Library
from search_engine.building import Preview
from search_engine.collection import where_it_lies
from search_engine.errors import SearchEngineError
from search_engine.index import kind_for
from search_engine.records import CollectionSettings, counted, duration
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL

_GUESSED_RATES = {MINI_MODEL: 60.0, DEFAULT_MODEL: 40.0, "clip-ViT-B-16": 12.0}
_TYPES = 8
_SLOWEST_GUESS = 1.0
"""Pictures a second on two cores, until a build has shown how fast this machine is."""


def place(*, folded: bool) -> st.delta_generator.DeltaGenerator:
    """Return the place of the preview, folded away where something else is likelier meant."""
    if folded:
        return st.expander("Index it as another collection instead", icon=":material/add:")
    return st.container()


def show_preview(library: Library, name: str, wanted: CollectionSettings) -> bool:
    """Show what a build would do; True when it shall start."""
    is_new = name not in library.names()
    busy = resources.jobs().status(name).state.active
    try:
        found = resources.preview_of(name, wanted)
    except SearchEngineError as error:
        feedback.show_error(error)
        return False
    st.markdown(f"**{feedback.plain(name)}**: {feedback.plain(where_it_lies(wanted.root))}")
    _show_counts(found)
    _show_types(found)
    if found.files:
        rules_form.show_effects(found.effects)
    if found.work:
        _show_expectation(library, wanted, found)
        model_choice.warn_if_out_of_reach(wanted.model_id)
    if not found.files:
        rules_form.show_nothing(found.effects)
        return False
    if found.again:
        pictures = counted(found.again, "unchanged picture", "unchanged pictures")
        st.warning(
            f"**{pictures} to embed again**, with the model {feedback.plain(wanted.model_id)}: the"
            " vectors that are there are of another one.",
            icon=":material/neurology:",
        )
    label = "Being built…" if busy else _label(found.work, is_new=is_new)
    return st.button(label, key="build", disabled=busy, icon=":material/play_arrow:")


def _label(work: int, *, is_new: bool) -> str:
    pictures = counted(work, "picture", "pictures")
    if is_new:
        return f"Index {pictures}"
    return f"Update ({pictures})" if work else "Update"


def _show_counts(found: Preview) -> None:
    counts = [
        ("New", found.changes.new),
        ("Changed", found.changes.changed),
        ("Missing", found.changes.gone),
        ("Unchanged", found.unchanged),
    ]
    counts += [("Moved", found.changes.moved)] if found.changes.moved else []
    counts += [("To embed again", found.again)] if found.again else []
    counts += [("Not finished", found.unfinished)] if found.unfinished else []
    for column, (label, count) in zip(st.columns(len(counts)), counts, strict=True):
        column.metric(label, f"{count:,}")


def _show_expectation(library: Library, wanted: CollectionSettings, found: Preview) -> None:
    """Say how long it will take, from what is known, with which model and index."""
    rate = library.rate(wanted.model_id)
    seconds = found.work / (rate or _GUESSED_RATES.get(wanted.model_id, _SLOWEST_GUESS))
    basis = (
        "as fast as the last build with this model"
        if rate
        else "a rough estimate, refined as it runs"
    )
    kind = kind_for(found.files) if wanted.kind is IndexKind.AUTO else wanted.kind
    st.caption(
        f"About {duration(seconds)} for"
        f" {counted(found.work, 'picture', 'pictures')} ({basis})."
        f" Model: {feedback.plain(model_choice.told(wanted.model_id))}."
        f" Index: {choices.KINDS[kind].replace(' – ', ', which ', 1)}."
    )


def _show_types(found: Preview) -> None:
    types = ", ".join(f"{count:,} {suffix}" for suffix, count in found.types[:_TYPES])
    st.caption(f"{types} · {feedback.file_size(found.size_bytes)}" if types else "")
    if found.unreadable_folders:
        closed = counted(found.unreadable_folders, "file or folder", "files and folders")
        st.warning(f"{closed} in it cannot be read.")
    out_of_reach.note_in_preview(found)
