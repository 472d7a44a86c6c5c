"""Files and folders of our own, deleted without following a link."""

from __future__ import annotations

import logging
import shutil
import stat
from pathlib import Path

_LOG = logging.getLogger(__name__)


def remove_tree(folder: Path) -> None:
    """Delete a folder of ours with all that is in it; a link is deleted, not what it leads to.

    Raises:
        OSError: Something in it cannot be deleted.
    """
    if _is_linked(folder):
        folder.unlink()
    else:
        shutil.rmtree(folder)


def remove_if_plain(file: Path) -> bool:
    """Delete a file of ours, or a link in its place; tell whether it is gone now."""
    try:
        if stat.S_ISDIR(file.lstat().st_mode):
            return False
        file.unlink()
    except OSError as error:  # a viewer on Windows may have it open
        _LOG.debug("a file stays: %s", error.strerror)
        return False
    return True


def _is_linked(path: Path) -> bool:
    junction = getattr(path, "is_junction", None)  # of Windows, from Python 3.12 on
    return path.is_symlink() or bool(junction and junction())
