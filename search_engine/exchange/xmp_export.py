"""Tags of pictures written as XMP sidecars, into a folder of their own or beside the pictures."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine import files
from search_engine.collection.joined_folders import folders_of, placed, where_it_lies
from search_engine.errors import ExportStopped, passing_over
from search_engine.exchange.export_place import usable_folder
from search_engine.exchange.xmp_sidecar import MOST_BYTES, OddSidecar, merged
from search_engine.records import PictureRecord, Progress, Step, no_progress
from search_engine.search import SearchEngine

_LOG = logging.getLogger(__name__)

_ENDING = ".xmp"
_USUAL_MODE = 0o644


@dataclass(frozen=True, slots=True)
class SidecarReport:
    """What became of the tags of pictures."""

    folder: Path
    written: int
    """Sidecars that are new, or have more tags now."""
    unchanged: int
    """Those that had all tags before."""
    untagged: int
    """Pictures without a tag, for which none is written."""
    left_out: tuple[tuple[str, str], ...]
    """Paths of pictures whose sidecar is not touched, and why."""


def write_sidecars(
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    folder: Path | None,
    progress: Progress = no_progress,
) -> SidecarReport:
    """Write the tags of pictures, each into ``PATH.xmp``; what is there is added to.

    Args:
        engine: Whose pictures.
        records: The pictures.
        folder: Where to, with the folders of the pictures made again in it. A sidecar that lies
            beside a picture is taken along. None to write beside the pictures themselves.
        progress: Hears how many are done.

    Raises:
        BadInput: The folder cannot be used.
        ExportStopped: It cannot be written; what was written until then is whole.
    """
    root = engine.collection.root
    mirror = None if folder is None else _mirror(engine, folder)
    tags = engine.catalog.tags.of(record.picture_id for record in records)
    counts = {"written": 0, "unchanged": 0, "untagged": 0}
    left_out: list[tuple[str, str]] = []
    for number, record in enumerate(records):
        progress(Step("Writing tags", number, len(records)))
        wanted = tags.get(record.picture_id, ())
        if not wanted:
            counts["untagged"] += 1
            continue
        try:
            engine.path(record)  # a path that leads elsewhere is damage
            home, path = (root, record.path) if mirror else placed(root, record.path)
            is_new = _write(home, mirror or home.resolve(), f"{path}{_ENDING}", wanted)
            counts["written" if is_new else "unchanged"] += 1
        except OddSidecar as error:
            left_out.append((record.path, str(error)))
        except OSError as error:
            done = counts["written"]
            cause = f"The tags cannot be written: {error.strerror or error}; {done:,} are"
            remedy = "Free some space, or choose another folder."
            raise ExportStopped(
                cause, place=str(mirror or where_it_lies(root)), remedy=remedy
            ) from error
    return SidecarReport(mirror or root, **counts, left_out=tuple(left_out))


def _mirror(engine: SearchEngine, folder: Path) -> Path:
    folders = folders_of(engine.collection.root)
    return usable_folder(
        folder,
        [
            *((one, "the folder of the collection") for one in folders.values()),
            (engine.settings.data_folder, "the folder of collections"),
            (engine.settings.collections_folder, "the folder of collections"),
        ],
    )


def _write(root: Path, place: Path, path: str, tags: Sequence[str]) -> bool:
    """Write one sidecar; return whether there was anything to add."""
    target = place / path
    if place == root.resolve():
        if not target.parent.is_dir():
            cause = "its folder is not there"
            raise OddSidecar(cause)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(place):
        cause = "a link leads out of the folder"
        raise OddSidecar(cause)
    own = _content(target)
    taken_along = own is None and place != root.resolve()
    content = _content(root / path) if taken_along else own
    new = merged(content, tags)
    if new is None and not (taken_along and content is not None):
        return False
    mode = _USUAL_MODE if own is None else stat.S_IMODE(target.stat().st_mode)
    files.write(target, content if new is None and content is not None else new or b"")
    with passing_over(_LOG, "the rights of a sidecar are not set", OSError):
        os.chmod(target, mode)  # noqa: PTH101 - a link is none by now
    return True


def _content(file: Path) -> bytes | None:
    """Read a sidecar; None where there is none.

    Raises:
        OddSidecar: It is a link, no file, or too large.
    """
    try:
        return files.read(file, MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        cause = f"the sidecar cannot be read ({error.strerror or error})"
        raise OddSidecar(cause) from error
