"""Pictures that people show to the app as examples, kept for as long as they are here.

A query names such a picture by the hash of its content. The hash means something only in the
browser that uploaded it, whose tabs, reloads and links find it again; a link that is passed on
shows nobody else's picture. All of them are gone two minutes after the last tab of that browser is
closed and when the server stops; what a server that was killed left, the next one removes.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import shutil
import stat
import threading
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path

import streamlit as st
from filelock import FileLock, Timeout

from pages.ui.frame import session
from search_engine import Settings, files
from search_engine.errors import CollectionError

_LOG = logging.getLogger(__name__)

COOKIE = "image_search_visitor"
_VISITOR = session.Key(COOKIE, "")
"""Tells one browser from another, and nothing else; `gate` hands it out."""

MOST_OF_ONE = 16
MOST_BYTES = 256_000_000
_FOLDER = ".examples"
_LOCK = ".lock"


class Uploads:
    """The uploaded pictures that one server keeps, each for the browser it came from."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / secrets.token_hex(8)
        self._alive = _lock_of(self._folder)
        self._tabs: Counter[str] = Counter()
        self._guard = threading.Lock()

    def came(self, visitor: str) -> None:
        """Note that a tab of a browser was opened."""
        with self._guard:
            self._tabs[visitor] += 1

    def left(self, visitor: str) -> None:
        """Note that a tab of a browser was closed."""
        with self._guard:
            self._tabs[visitor] -= 1

    def forget_if_gone(self, visitor: str) -> None:
        """Delete what came from a browser, unless one of its tabs is open."""
        with self._guard:
            if self._tabs[visitor] <= 0:
                del self._tabs[visitor]
                _delete(self._of(visitor))

    def keep(self, visitor: str, content: bytes, digest: str) -> None:
        """Keep a picture; where there are too many, the oldest go.

        Raises:
            CollectionError: It cannot be written.
        """
        with self._guard:
            try:
                self._begin()
                files.make_folder(self._of(visitor))
                files.write(self.place(visitor, digest), content)
                self._make_room(self._of(visitor))
            except OSError as error:
                cause, remedy = "The picture cannot be kept", "Is the disk full?"
                raise CollectionError(cause, place=str(self._root), remedy=remedy) from error

    def place(self, visitor: str, digest: str) -> Path:
        """Return where the picture of this hash lies, if this browser uploaded it."""
        return self._of(visitor) / digest

    def close(self) -> None:
        """Delete all of them, because the server stops."""
        with self._guard:
            _delete(self._folder)
            _delete(Path(self._alive.lock_file))
            self._alive.release()

    def remove_leftovers(self) -> None:
        """Delete what servers that died left, and what older versions kept for ever."""
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISDIR(self._root.lstat().st_mode):
                _LOG.warning("%s is no folder of ours and stays as it is", self._root)
                return
            for name in {entry.name.removesuffix(_LOCK) for entry in self._root.iterdir()}:
                lock = _lock_of(self._root / name)
                with contextlib.suppress(Timeout), lock:
                    _delete(self._root / name)
                    _delete(Path(lock.lock_file))

    def _begin(self) -> None:
        if not self._alive.is_locked:
            files.make_folder(self._root)
            self._alive.acquire()
            files.make_folder(self._folder)

    def _make_room(self, mine: Path) -> None:
        for old in _by_age(mine, "*")[:-MOST_OF_ONE]:
            old.unlink(missing_ok=True)
        kept = [(file, file.stat().st_size) for file in _by_age(self._folder, "*/*")]
        total = sum(size for _, size in kept)
        for file, size in kept:
            if total > MOST_BYTES:
                file.unlink(missing_ok=True)
                total -= size

    def _of(self, visitor: str) -> Path:
        # Anybody may send any text as a cookie; its hash is a safe name, and does not give it away.
        return self._folder / sha256(visitor.encode()).hexdigest()


def _lock_of(folder: Path) -> FileLock:
    """Return the lock by which others see that the server of a folder is alive."""
    name = folder.with_name(f"{folder.name}{_LOCK}")
    return FileLock(name, timeout=0, mode=0o600, thread_local=False)


def _by_age(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda file: file.stat().st_mtime_ns)


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        _LOG.info("an uploaded picture stays for now: %s", error)


@cache
def _in(collections_folder: Path) -> Uploads:
    return Uploads(collections_folder / _FOLDER)


def of(settings: Settings) -> Uploads:
    """Return the uploaded pictures of this server."""
    return _in(settings.collections_folder)


def visitor() -> str:
    """Return what stands for the browser of this tab; where it takes no cookies, for the tab."""
    cookie = st.context.cookies.get(COOKIE)
    if cookie:
        return str(cookie)
    if not _VISITOR.is_set():
        _VISITOR.put(secrets.token_urlsafe())
    return _VISITOR.get()
