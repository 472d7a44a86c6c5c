"""Folders with a model in them, and those that lie near where there is none."""

from __future__ import annotations

import logging
import re
from itertools import islice
from pathlib import Path

from search_engine.errors import ModelUnavailable, passing_over

_LOG = logging.getLogger(__name__)

_SIGNS = ("modules.json", "config.json")
_MOST_LOOKED_AT = 1_000
_MOST_NAMED = 6
_WRITTEN_AS_PATH = re.compile(r"[/\\~.]|[A-Za-z]:[\\/]|[^/]*/[^/]*/|[^/]*\\")


def is_written_as_path(name: str) -> bool:
    """Return whether a text that names a model can only mean a folder: no id of the hub is so."""
    return _WRITTEN_AS_PATH.match(name) is not None


def holds_model(folder: Path) -> bool:
    """Return whether there is a model in a folder, as far as one sees from its names."""
    with passing_over(_LOG, "a folder is not looked at for a model", OSError):
        return any((folder / sign).is_file() for sign in _SIGNS)
    return False


def models_below(folder: Path) -> list[Path]:
    """Return the first folders in a folder that hold a model, by name."""
    with passing_over(_LOG, "a folder is not looked at for models", OSError):
        inside = sorted(islice(folder.iterdir(), _MOST_LOOKED_AT))
        return [path for path in inside if holds_model(path)][:_MOST_NAMED]
    return []


def require_model_in(folder: Path) -> None:
    """Make sure that there is a model in a folder.

    Raises:
        ModelUnavailable: There is none; the remedy names the folders below that hold one.
    """
    if holds_model(folder):
        return
    below = " or ".join(str(path) for path in models_below(folder))
    remedy = f"Is {below} meant?" if below else "Give the folder that holds its config.json."
    cause = "There is no model in this folder"
    raise ModelUnavailable(cause, place=str(folder), remedy=remedy)
