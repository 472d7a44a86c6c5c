"""Which models may be loaded: those that somebody chose on this machine.

A collection names the model that it was made with, and may come from anybody. A model is a folder
or a download whose contents are read by large libraries, so it is loaded only if a person named it
here, or confirmed it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from search_engine import files
from search_engine.errors import ModelNotConfirmed, ModelUnavailable
from search_engine.files import documents
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL, Settings

_LOG = logging.getLogger(__name__)

WORDS_SEPARATOR = "::"
"""Joins the model for pictures and the model for words where they are two."""

_OURS = frozenset({MINI_MODEL, DEFAULT_MODEL})
"""The program itself names these."""


@dataclass(frozen=True, slots=True)
class _ChosenModels:
    """The models that were chosen, and the data folder that they were chosen for."""

    folder: str
    models: tuple[str, ...]


def is_trusted(model_id: str, settings: Settings) -> bool:
    """Return whether every part of a model was chosen on this machine."""
    return set(_parts(model_id)) <= _OURS | _chosen(settings)


def require_trusted(model_id: str, settings: Settings) -> None:
    """Make sure that a model may be loaded; nothing of it is looked at before that is known.

    Raises:
        ModelNotConfirmed: Nobody chose it on this machine.
        ModelUnavailable: It lies in a folder of ours, which may come from somebody else.
    """
    if not is_trusted(model_id, settings):
        raise ModelNotConfirmed(model_id)
    for part in _parts(model_id):
        folder = local_folder(part)
        if folder and any(
            folder.is_relative_to(ours.resolve())
            for ours in (settings.collections_folder, settings.gallery_folder)
        ):
            cause = f"The model '{part}' lies among the collections, and is not loaded from there"
            remedy = "Move it to a folder of your own, and name that as the model."
            raise ModelUnavailable(cause, place=str(folder), remedy=remedy)


def trust(model_id: str, settings: Settings) -> None:
    """Note that a person chose a model on this machine.

    Where nothing can be written, on a full or read-only disk, it holds as long as this process.
    """
    if is_trusted(model_id, settings):
        return
    file = settings.models_file
    chosen = _chosen(settings) | set(_parts(model_id)) - _OURS
    try:
        files.make_folder(file.parent)
        documents.write(file, _ChosenModels(str(settings.data_folder), tuple(sorted(chosen))))
    except OSError as error:
        _LOG.warning("the choice of a model cannot be kept: %s", error.strerror)
        _NOT_KEPT.update((file, model) for model in chosen)


_NOT_KEPT: set[tuple[Path, str]] = set()
"""What was chosen where it could not be written, by the list it belongs to."""


def local_folder(name: str) -> Path | None:
    """Return the folder that an absolute name leads to, links resolved; None where it is none.

    A relative name is never a folder here: whoever typed one meant the folder they were in then,
    and whoever reads it in a catalog may be in any other.
    """
    try:
        path = Path(name)
        return path.resolve() if path.is_absolute() and path.is_dir() else None
    except (OSError, ValueError):  # too long, or no name for a file at all
        return None


def _parts(model_id: str) -> list[str]:
    return [part for part in model_id.split(WORDS_SEPARATOR) if part]


def _chosen(settings: Settings) -> frozenset[str]:
    file = settings.models_file
    return _listed(file, settings.data_folder) | {
        model for place, model in _NOT_KEPT if place == file
    }


def _listed(file: Path, data_folder: Path) -> frozenset[str]:
    noted = documents.read_of_this_place(file, _ChosenModels, data_folder)
    return frozenset(noted.models if noted else ())
