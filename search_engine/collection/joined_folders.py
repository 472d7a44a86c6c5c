"""Several folders in one collection, each with its own place on disk.

They are joined to one folder: one of the app's own that holds a link to each, and nothing else. So
all that knows a folder of pictures knows this one as well: a link that leads nowhere keeps what lay
behind it, and a path in the collection begins with the link's name, which makes it the category.

``.joined-folders/<digest>/<name>/<link>``: the digest is of all links, so what is joined never
changes; a folder more, or one less, is another place.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path

from search_engine import files
from search_engine.errors import BadFolder, passing_over
from search_engine.names import compared, one_spelling
from search_engine.settings import JOINED_FOLDERS, Settings

_LOG = logging.getLogger(__name__)

_LONGEST_NAME = 20
_MOST = 100
_HOURS_KEPT = 24
"""So long one that no collection has yet stays; a person may be about to build it."""


def is_joined(root: Path) -> bool:
    """Return whether a collection's folder is one that joins several."""
    return root.parent.parent.name == JOINED_FOLDERS


def in_place(root: Path, collections: Path) -> Path:
    """Return what joins folders where it is now, if the folder of collections was moved."""
    here = collections.joinpath(*root.parts[-3:])
    return here if is_joined(root) and here.is_dir() else root


def folders_of(root: Path) -> Mapping[str, Path]:
    """Return the folders of a collection, by what their paths in it begin with.

    Of a plain one that is the folder itself, by the empty text.
    """
    return _links(root) if is_joined(root) else {"": root}


@lru_cache(maxsize=64)
def _links(root: Path) -> dict[str, Path]:
    with passing_over(_LOG, "the folders of a collection cannot be seen", OSError):
        links = sorted(entry.name for entry in os.scandir(root) if entry.is_symlink())
        return {name: (root / name).readlink() for name in links}
    return {}


def where_it_lies(root: Path) -> str:
    """Return where the pictures of a collection lie, as people read it."""
    return ", ".join(str(folder) for folder in folders_of(root).values()) or str(root)


def true_path(root: Path, path: str) -> Path:
    """Return where a file of a collection really lies; ``path`` is relative to its folder."""
    folder, rest = placed(root, path)
    return folder / rest


def placed(root: Path, path: str) -> tuple[Path, str]:
    """Return in which folder of a collection a file lies, and its path relative to that."""
    link, _, rest = path.partition("/")
    folder = _links(root).get(link) if is_joined(root) else None
    return (root, path) if folder is None else (folder, rest)


def path_in_joined(root: Path, path: str) -> str:
    """Return a path, or a pattern, in one of several folders relative to what joins them.

    Empty where it lies in none.
    """
    for name, folder in folders_of(root).items() if is_joined(root) else ():
        if path == str(folder) or path.startswith(f"{folder}{os.sep}"):
            return f"{name}{path[len(str(folder)) :]}"
    return ""


def join(folders: Sequence[Path], settings: Settings, *, before: Path | None = None) -> Path:
    """Return the folder that joins some, made if need be; of one alone, that one.

    Args:
        folders: Where pictures lie, in full; the same one twice counts once.
        settings: Where what the app makes is kept.
        before: The folder of the collection that they will be of: its links keep their names.

    Raises:
        BadFolder: One lies in another, there are too many, or links cannot be made.
    """
    folders = list(dict.fromkeys(folders))
    _refuse_nested(folders)
    if len(folders) > _MOST:
        cause = f"{len(folders):,} folders are too many for one collection"
        raise BadFolder(cause, place=str(folders[0]), remedy=f"Join {_MOST} at most.")
    if len(folders) == 1:
        return folders[0]
    links = _named(folders, folders_of(before) if before else {})
    text = "".join(f"{name}\0{folder}\0" for name, folder in sorted(links.items()))
    digest = hashlib.sha256(os.fsencode(text)).hexdigest()[:16]
    root = settings.joined_folders / digest / _name_of(links)
    if dict(_read(root)) != links:
        _make(root, links)
    return root


def continues(before: Path, root: Path) -> bool:
    """Return whether a folder holds, under their own places, all folders of another, and more."""
    return is_joined(root) and set(folders_of(before).values()) < set(folders_of(root).values())


def shares_places(before: Path, root: Path) -> bool:
    """Return whether paths mean the same in a folder as in another: both join some, one in both."""
    both = is_joined(before) and is_joined(root)
    return both and bool(folders_of(before).items() & folders_of(root).items())


def left_out(before: Path, root: Path) -> Mapping[str, Path]:
    """Return the folders of one that another does not have, by what paths begin with."""
    kept = set(folders_of(root).values())
    return {name: one for name, one in folders_of(before).items() if one not in kept}


def keep_for_now(root: Path) -> None:
    """Keep what joins the folders of a collection that is deleted, but may be brought back."""
    if is_joined(root):
        with passing_over(_LOG, "it is kept as long as it is anyway", OSError):
            os.utime(root.parent)


def forget_unused(settings: Settings, in_use: Iterable[Path]) -> None:
    """Delete the links, never what they lead to, that no collection has, nor had lately."""
    homes = {root.parent for root in in_use}
    with passing_over(_LOG, "links that nothing needs stay", OSError):
        for home in settings.joined_folders.iterdir():
            if home not in homes and time.time() - home.lstat().st_mtime > _HOURS_KEPT * 3_600:
                shutil.rmtree(home)
                _links.cache_clear()


def _read(root: Path) -> Mapping[str, Path]:
    _links.cache_clear()
    return _links(root) if root.is_dir() else {}


def _refuse_nested(folders: Iterable[Path]) -> None:
    known: list[Path] = []
    for folder in sorted(folders, key=lambda one: len(one.parts)):
        for other in known:
            if other in folder.parents:
                cause = f"This folder lies in {other}, which is to be in the same collection"
                raise BadFolder(cause, place=str(folder), remedy="Leave it out: it is in already.")
        known.append(folder)


def _named(folders: Iterable[Path], before: Mapping[str, Path]) -> dict[str, Path]:
    """Give each folder a name of its own: that of before, else what it is called."""
    known = {folder: name for name, folder in before.items() if name}
    links = {known[folder]: folder for folder in folders if folder in known}
    taken = {compared(name) for name in links}
    for folder in folders:
        if folder not in known:
            plain = one_spelling(folder.name) or "drive"
            names = (plain if number == 1 else f"{plain} ({number})" for number in count(1))
            name = next(name for name in names if compared(name) not in taken)
            taken.add(compared(name))
            links[name] = folder
    return links


def _name_of(links: Mapping[str, Path]) -> str:
    first, *others = (name[:_LONGEST_NAME] for name in sorted(links))
    rest = others[0] if len(others) == 1 else f"{len(others)} more"
    return f"{first} and {rest}"


def _make(root: Path, links: Mapping[str, Path]) -> None:
    """Make the links beside, then take them to their place at once."""
    beside = root.parent.with_name(f".new-{secrets.token_hex(8)}")
    try:
        files.make_folder(beside / root.name)
        for name, folder in links.items():
            (beside / root.name / name).symlink_to(folder, target_is_directory=True)
        if root.parent.exists():
            shutil.rmtree(root.parent)
        beside.rename(root.parent)
    except OSError as error:
        cause = f"Folders cannot be joined here: {error.strerror or error}"
        remedy = (
            "May this user write there? Windows makes links in developer mode only. Or index a"
            " folder that holds all of them."
        )
        raise BadFolder(cause, place=str(root), remedy=remedy) from error
    finally:
        _links.cache_clear()
