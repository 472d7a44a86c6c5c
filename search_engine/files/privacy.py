"""What other users of the machine may see of a folder of our own."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from pathlib import Path

from search_engine.files.entries import NotAFile, kind_of
from search_engine.files.writing import write

_LOG = logging.getLogger(__name__)

_OTHERS = 0o077
_TIGHTENED = ".private"


def keep_private(folder: Path) -> None:
    """Take from other users of the machine what older versions let them see of a folder of ours.

    It is done once: whoever shares the folder again knows why.

    Raises:
        OSError: The folder is a link, or it cannot be noted that this was done.
    """
    with contextlib.suppress(FileNotFoundError):
        mode = folder.lstat().st_mode
        if not stat.S_ISDIR(mode):
            raise NotAFile(folder, kind_of(mode))
        # On Windows these bits say nothing; a profile's folders are private there.
        if os.name == "posix" and mode & _OTHERS and not (folder / _TIGHTENED).exists():
            _tighten(folder)
            write(folder / _TIGHTENED, b"")


def _tighten(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _tighten(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                _take_from_others(Path(entry.path))
    _take_from_others(folder)


def _take_from_others(path: Path) -> None:
    try:
        path.chmod(path.lstat().st_mode & ~_OTHERS)
    except OSError as error:  # it is not ours, or went away
        _LOG.info("others may still see %s: %s", path, error)
