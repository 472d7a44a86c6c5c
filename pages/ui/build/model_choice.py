"""Build index: which model; listed, in a folder of this machine, or of the hub."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st

from pages.ui.build import build_choices as choices
from pages.ui.build import folder_choice
from pages.ui.frame import feedback, resources, session
from search_engine import Library
from search_engine.embedding import (
    canonical_model_id,
    downloads_allowed,
    holds_model,
    is_on_this_machine,
    is_trusted,
    is_written_as_path,
    models_below,
)
from search_engine.errors import SearchEngineError
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL

_IN_A_FOLDER = "in a folder"
_ON_THE_HUB = ""
_WAYS = {
    _IN_A_FOLDER: "a model in a folder of this machine…",
    _ON_THE_HUB: "another one of the hub, by its name…",
}
_QUOTES = "\"'“”‘’ \t"


def ask(before: str, of: str, *, has_failed: bool) -> str:
    """Ask for a model; return its id, which is empty as long as there is none to build with.

    Args:
        before: The model to begin with.
        of: Tells the widgets of one form from those of another.
        has_failed: Whether a build failed because of that model; then another comes first.
    """
    used = _used()
    listed = dict.fromkeys([*choices.MODELS, *used, before])
    offered = {one: told(one, used.get(one, "")) for one in listed} | _WAYS
    if has_failed and before not in choices.MODELS and before not in used:
        del offered[before]
    field = session.Key(f"folder with the model of {of}", "")
    first = _instead_of(before, used) if has_failed else before
    if first == _IN_A_FOLDER and is_written_as_path(before) and not field.is_set():
        field.put(before)  # to be put right
    model = st.selectbox(
        "Model", offered, index=list(offered).index(first), key=f"model of {of}",
        format_func=offered.__getitem__,
    )  # fmt: skip
    if model == _IN_A_FOLDER:
        return _ask_folder(field)
    return _ask_name(session.Key(f"own model of {of}", "")) if model == _ON_THE_HUB else model


def usual() -> str:
    """Return the model to begin with: the default, or where that cannot be had one in use here."""
    if _can_be_had(DEFAULT_MODEL):
        return DEFAULT_MODEL
    return next((one for one in _used() if one != MINI_MODEL), DEFAULT_MODEL)


def _instead_of(failed: str, used: dict[str, str]) -> str:
    """Choose what comes first where a model failed."""
    if is_written_as_path(failed):
        return _IN_A_FOLDER
    others = (one for one in (*used, DEFAULT_MODEL) if one not in {failed, MINI_MODEL})
    return next(filter(_can_be_had, others), _IN_A_FOLDER)


def _used() -> dict[str, str]:
    """Return the models that collections have and that can be used now, with those collections."""
    found: dict[str, str] = {}
    for summary in Library(resources.settings()).summaries():
        model = summary.model_id
        if model and is_trusted(model, resources.settings()) and _is_here(model):
            found.setdefault(model, summary.name)
    return found


def told(model_id: str, user: str = "") -> str:
    """Say what a model is, whether it is here, and which collection has it."""
    what = choices.MODELS.get(model_id, "")
    if model_id == MINI_MODEL:
        return what
    parts = [what or feedback.readable(_short(model_id))]
    if user:
        parts.append(f"used by “{feedback.readable(user)}”")
    elif _is_here(model_id):
        parts.append("on this machine")
    elif downloads_allowed() and model_id in choices.MODELS:
        parts.append(f"{choices.SIZES.get(model_id, '')} to download once".strip())
    elif model_id in choices.MODELS:
        parts.append("not on this machine")
    return ", ".join(parts)


def _short(model_id: str) -> str:
    folder = Path(model_id)
    return f"{folder.name} in {folder.parent}" if is_written_as_path(model_id) else model_id


def warn_if_out_of_reach(model_id: str) -> None:
    """Say, before a build begins, that its model is neither here nor to be downloaded."""
    if not _can_be_had(model_id):
        st.warning(
            f"**The model {feedback.plain(model_id)} is not on this machine, where downloads are"
            " switched off.** Choose another one above: one in a folder of this machine, or the"
            " small one that comes with the app and knows only its drawings.",
            icon=":material/cloud_off:",
        )


def needs() -> str:
    """Say in a sentence what the usual model needs before pictures can be indexed."""
    if _is_here(usual()):
        return "No network is needed."
    if downloads_allowed():
        return (
            f"The first time the model {DEFAULT_MODEL} is downloaded,"
            f" {choices.SIZES[DEFAULT_MODEL]}; after that no network is needed."
        )
    return (
        f"The usual model, {DEFAULT_MODEL}, is not on this machine, where downloads are switched"
        " off; choose one in a folder of this machine."
    )


def _can_be_had(model_id: str) -> bool:
    return _is_here(model_id) or downloads_allowed()


def _is_here(model_id: str) -> bool:
    with suppress(SearchEngineError):
        return is_on_this_machine(model_id, resources.settings())
    return False


def _ask_folder(field: session.Key[str]) -> str:
    """Ask for the folder of a model, to type or to click through to."""
    text = folder_choice.box(
        "Folder with the model", field, placeholder="/…/clip-ViT-B-32",
        about="A CLIP model as sentence-transformers saves it: the folder with its config.json or"
        " modules.json. It is read where it lies, and nothing is written into it.",
    )  # fmt: skip
    if not text.strip():
        st.caption("Choose the folder that the model is in.")
        return ""
    return _in_folder(text, field)


def _in_folder(text: str, field: session.Key[str]) -> str:
    folder = folder_choice.meant(text, field, goes_on=False)
    if folder is None:
        return ""
    if holds_model(folder):
        return canonical_model_id(str(folder))
    below = models_below(folder)
    if not below:
        st.error(
            f"**There is no model in this folder.**  \n{feedback.plain(str(folder))}  \nChoose the"
            " folder that holds its config.json.",
            icon=":material/error:",
        )
        return ""
    st.info("**There is no model in this folder itself, but below it.**", icon=":material/folder:")
    folder_choice.suggest(below, "Use:", field)
    return ""


def _ask_name(field: session.Key[str]) -> str:
    """Ask for the name of a model on the hub; a path is taken for what it is."""
    text = st.text_input(
        "Name of the model on the hub", key=field.name,
        placeholder="sentence-transformers/clip-ViT-B-32",
        help="A CLIP model for sentence-transformers, by the name it has on the hub.",
    ).strip(_QUOTES)  # fmt: skip
    if not text:
        st.caption("Name the model.")
        return ""
    if is_written_as_path(text) and "::" not in text:
        return _in_folder(text, field)
    try:
        is_on_this_machine(text, resources.settings())
    except SearchEngineError as error:
        feedback.show_error(error)
        return ""
    return canonical_model_id(text)
