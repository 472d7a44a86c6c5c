"""Settle what a build is to do before it starts."""

from __future__ import annotations

from pathlib import Path

from search_engine.embedding import canonical_model_id
from search_engine.errors import BadName, ModelUnavailable
from search_engine.folders import NoFolder, typed_folder
from search_engine.library import Library
from search_engine.records import CollectionSettings, IndexKind, ScanRules
from search_engine.settings import DEFAULT_MODEL, Settings, is_folder

_LONGEST_MODEL = 4_096
"""No path is longer."""
_SHOWN = 80


def plan_build(
    root: Path | str,
    settings: Settings,
    *,
    name: str | None = None,
    model_id: str | None = None,
    kind: IndexKind | None = None,
    rules: ScanRules | None = None,
) -> tuple[str, CollectionSettings]:
    """Settle name and settings of a build: what is not given stays as it was last time.

    The folder may be given as a person writes it: see `search_engine.folders`.

    Raises:
        BadName: The name belongs to the collection of another folder that still exists.
        BadFolder: There is no such folder, or it cannot be read.
        ModelUnavailable: No model can have such a name.
    """
    found = typed_folder(str(root), beside=Path())
    if isinstance(found, NoFolder):
        raise found.as_error()
    root = found.resolve()
    library = Library(settings)
    name = name or library.name_for(root)
    before = None
    if library.folder(name).is_dir() and name in library.names():
        with library.open_catalog(name) as catalog:
            before = catalog.settings
    if before and before.root != root and is_folder(before.root):
        cause = f"The name '{name}' belongs to another folder"
        remedy = "Choose another name, or remove that collection first."
        raise BadName(cause, place=str(before.root), remedy=remedy)
    before = before or CollectionSettings(root, ScanRules(), DEFAULT_MODEL, IndexKind.AUTO)
    return name, CollectionSettings(
        root=root,
        rules=rules or before.rules,
        model_id=_possible_model(model_id) if model_id else before.model_id,
        kind=IndexKind(kind or before.kind),  # a plain "exact" means the same
    )


def _possible_model(model_id: str) -> str:
    """Return a model's id as the catalog keeps it, which holds readable text only."""
    readable = model_id.encode("utf-8", "replace").decode()
    if readable != model_id or "\0" in model_id or len(model_id) > _LONGEST_MODEL:
        cause = f"No model can have the name '{readable[:_SHOWN]}'"
        remedy = "Give an id of the hub, or a folder whose name is readable text."
        raise ModelUnavailable(cause, remedy=remedy)
    return canonical_model_id(model_id)
