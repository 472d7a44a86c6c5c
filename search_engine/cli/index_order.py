"""What an ``index`` means by a folder that moved, and by places that are out of reach."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from search_engine.building import Changes, changes_since_build, moved_from
from search_engine.cli.console import printable
from search_engine.collection import Library, path_in_joined, where_it_lies
from search_engine.errors import BadFolder, BadInput, CollectionMissing
from search_engine.names import compared
from search_engine.records import counted
from search_engine.settings import Settings


def refuse_moved(folder: str, settings: Settings) -> None:
    """Stop before a folder is embedded that is a known one in another place.

    Raises:
        BadFolder: It is.
    """
    moved = moved_from(folder, settings)
    if moved is None:
        return
    what = "copied" if moved.is_copy else "moved"
    here = f"{moved.share:.0%} of its {counted(moved.pictures, 'picture is', 'pictures are')} here"
    cause = f"This is the folder of '{moved.name}', {what} from {where_it_lies(moved.root)}:"
    cause += f" {here}"
    remedy = (
        f"Take it over, with nothing embedded again: --move {moved.name}. Or make another"
        " collection of it: --name and a name of its own."
    )
    raise BadFolder(cause, place=folder, remedy=remedy)


def places_meant(typed: Sequence[str], name: str, settings: Settings) -> tuple[str, ...]:
    """Return the places out of reach that a person names, in whatever spelling.

    Raises:
        BadInput: One of them is not out of reach.
    """
    known: set[str] = set()
    root = Path()
    with suppress(CollectionMissing), Library(settings).open_catalog(name) as catalog:
        changes = changes_since_build(name, settings) or Changes()
        known = {place.path for place in (*catalog.findings.away, *changes.away)}
        root = catalog.settings.root if catalog.settings else Path()
    meant: list[str] = []
    for one in (path_in_joined(root, place) or place for place in typed):
        place = os.path.normpath(os.path.relpath(one, root) if Path(one).is_absolute() else one)
        place = "" if place == "." and one else place.replace(os.sep, "/")
        same = {place} & known or {path for path in known if compared(path) == compared(place)}
        if not same or not one:
            there = ", ".join(f"'{printable(path or '.')}'" for path in sorted(known))
            cause = f"'{printable(one)}' is no place that is out of reach"
            raise BadInput(cause, remedy=f"There is: {there or 'none'}.")
        meant += sorted(same)
    return tuple(meant)
