"""Settle what a build is to do before it starts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.building.moved_folders import LARGELY, real_folders, share_in
from search_engine.cluster import StoreAddress, is_local
from search_engine.collection.catalog import Catalog
from search_engine.collection.joined_folders import (
    continues,
    folders_of,
    is_joined,
    left_out,
    where_it_lies,
)
from search_engine.collection.library import Library
from search_engine.embedding import canonical_model_id
from search_engine.errors import BadName, ModelUnavailable, Way
from search_engine.names import one_spelling
from search_engine.records import CollectionSettings, IndexKind, ScanRules
from search_engine.records.rules import RuleChange, settled
from search_engine.settings import DEFAULT_MODEL, Settings, at_home, is_folder

_LONGEST_MODEL = 4_096
"""No path is longer."""
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a collection of several; see `search_engine.collection.joined_folders`."""

    given: tuple[Path | str, ...]
    """All of them, each as a person writes it."""
    taken_out: tuple[Path | str, ...] = ()
    """Those that the collection had, and is to have no longer, nor their pictures."""


def plan_build(  # noqa: PLR0913 - all but two are given by name, and seldom
    folder: Path | str | Folders,
    settings: Settings,
    *,
    name: str | None = None,
    model_id: str | None = None,
    kind: IndexKind | None = None,
    rules: ScanRules | RuleChange | None = None,
    store: str | None = None,
) -> tuple[str, CollectionSettings]:
    """Settle name and settings of a build: what is not given stays as it was last time.

    The folder may be given as a person writes it: see `search_engine.collection.folders`. Several
    are one collection: see `Folders`. ``rules`` are these and no others, or what is to change about
    those that the collection has. ``store`` is where the index is to lie: an address as
    `cluster.StoreAddress` reads it, or `cluster.LOCAL`.

    Raises:
        BadInput: The rules hold a pattern that is none, or the store is no address.
        BadName: The name belongs to the collection of another folder that still exists, or whose
            pictures are not in this one; or of several, of which some are not given.
        BadFolder: There is no such folder, it cannot be read, or it lies in another one given.
        ModelUnavailable: No model can have such a name.
    """
    folders = folder if isinstance(folder, Folders) else Folders((folder,))
    library = Library(settings)
    before = _kept(one_spelling(name), library) if name else None
    root = real_folders(folders.given, settings, before=before.root if before else None)
    name = one_spelling(name or library.name_for(root))
    before = before or _kept(name, library)
    if before and before.root != root and not continues(before.root, root):
        left = left_out(before.root, root)
        if is_joined(before.root) and len(left) < len(folders_of(before.root)):
            _refuse_to_lose(name, left.values(), folders.taken_out)
        else:
            with library.open_catalog(name) as catalog:
                _refuse_another(before.root, catalog, root, settings)
    before = before or CollectionSettings(root, ScanRules(), DEFAULT_MODEL, IndexKind.AUTO)
    return name, CollectionSettings(
        root=root,
        rules=_rules(rules, before.rules, root),
        model_id=_possible_model(model_id) if model_id else before.model_id,
        kind=IndexKind(kind or before.kind),  # a plain "exact" means the same
        store=before.store if store is None else _one_way(store),
    )


def _kept(name: str, library: Library) -> CollectionSettings | None:
    if not library.folder(name).is_dir() or name not in library.names():
        return None
    with library.open_catalog(name) as catalog:
        return catalog.settings


def _refuse_to_lose(name: str, left: Iterable[Path], taken_out: Sequence[Path | str]) -> None:
    """Refuse to take a folder out of a collection of several that nobody has named."""
    named = {Path(os.path.realpath(at_home(Path(one)))) for one in taken_out}
    lost = [str(one) for one in left if one not in named]
    if lost:
        cause = f"'{name}' has {'a folder' if len(lost) == 1 else 'folders'} more than these"
        remedy = "Give all of its folders, or say which one is to be taken out."
        raise BadName(cause, place=", ".join(lost), remedy=remedy, way=Way.TAKE_OUT)


def _rules(wanted: ScanRules | RuleChange | None, before: ScanRules, root: Path) -> ScanRules:
    if wanted is None:
        return before
    if isinstance(wanted, RuleChange):
        return wanted.applied(before, root)
    return settled(wanted, root)


def _refuse_another(before: Path, catalog: Catalog, root: Path, settings: Settings) -> None:
    """Refuse to make another folder's collection over, unless that is where its pictures are now.

    An empty collection, whose first build was stopped, has no pictures to lose.
    """
    name, remedy = catalog.folder.name, "Choose another name, or remove that collection first."
    if is_folder(before):
        cause = f"The name '{name}' belongs to another folder"
    elif not catalog.pictures or share_in(root, catalog, settings) >= LARGELY:
        return
    else:
        cause = f"The name '{name}' belongs to a folder that is not there now"
        remedy = f"Less than half of its pictures is in the one given. {remedy}"
    raise BadName(cause, place=where_it_lies(before), remedy=remedy)


def _one_way(store: str) -> str:
    """Write where an index is to lie as the catalog keeps it."""
    return "" if is_local(store) else str(StoreAddress.parse(store))


def _possible_model(model_id: str) -> str:
    """Return a model's id as the catalog keeps it, which holds readable text only."""
    readable = model_id.encode("utf-8", "replace").decode()
    if readable != model_id or "\0" in model_id or len(model_id) > _LONGEST_MODEL:
        cause = f"No model can have the name '{readable[:_SHOWN]}'"
        remedy = "Give an id of the hub, or a folder whose name is readable text."
        raise ModelUnavailable(cause, remedy=remedy)
    return canonical_model_id(model_id)
