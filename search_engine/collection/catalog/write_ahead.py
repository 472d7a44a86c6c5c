"""Does the log that lies beside a catalog belong to it?

SQLite writes changes to a log first, and later takes them over into the file. When it finds a log
beside a file, it replays it, whatever file that is: put back from a backup beside a newer log, a
catalog would become a mixture of both, page by page, and nothing would tell.

So each transaction stamps the file's header, which SQLite copies into the log: 16 bits of the stamp
before, and 16 at random. A log belongs to a file whose stamp it continues, or contains.

Format of the log: https://www.sqlite.org/walformat.html
"""

from __future__ import annotations

import logging
import secrets
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from search_engine import files

_LOG = logging.getLogger(__name__)

LOG_SUFFIX = "-wal"
_SHARED_SUFFIX = "-shm"
_ASIDE = "foreign-log"
"""Where a log that does not belong here is moved to."""
_STAMP_AT = 68
"""Of the header's field for an application's own use, ``PRAGMA application_id``."""
_HALF = 0xFFFF
_ATTEMPTS = 5
_LOG_HEADER = struct.Struct(">6I8x")
_FRAME_HEADER = struct.Struct(">4I8x")


def next_stamp(stamp: int) -> int:
    """Return a stamp that continues another, as SQLite takes it: with a sign."""
    unsigned = (stamp & _HALF) << 16 | secrets.randbelow(_HALF) + 1
    return int(struct.unpack(">i", struct.pack(">I", unsigned))[0])


_open_here: dict[tuple[int, int], set[object]] = {}
_opening = threading.Lock()


def take(file: Path) -> Callable[[], None] | None:
    """Look whether the log beside a file is its own, before SQLite opens it; None if it is not.

    Return what has to be called when SQLite has closed it. Until then nothing of this process opens
    the file but SQLite: a system of the POSIX family would drop SQLite's locks with the first
    other handle that is closed (https://www.sqlite.org/howtocorrupt.html, 2.2), and another process
    could take the log away under us. Whoever has the file open already has looked.
    """
    with _opening:
        facts = file.stat()
        holders = _open_here.setdefault((facts.st_dev, facts.st_ino), set())
        if not holders and _is_foreign(file):
            return None
        mine = object()
        holders.add(mine)
    return partial(holders.discard, mine)


def has_foreign_log(file: Path) -> bool:
    """Return whether a log lies beside a catalog that is not the catalog's."""
    try:
        let_go = take(file)
    except OSError as error:
        _LOG.debug("whose log it is cannot be seen: %s", error)
        return False
    if let_go:
        let_go()
    return let_go is None


def _is_foreign(file: Path) -> bool:
    try:
        with files.open_own(file.with_name(file.name + LOG_SUFFIX)) as log, file.open("rb") as base:
            for _ in range(_ATTEMPTS):
                head, stamp = _head(log), _stamp(base)
                belongs = _continues(log, stamp)
                if belongs:
                    return False
                if (head, stamp) == (_head(log), _stamp(base)):
                    return True
    except FileNotFoundError:
        return False
    except (OSError, struct.error) as error:  # none that SQLite would replay
        _LOG.debug("a log is passed over: %s", error)
        return False
    return False


def set_log_aside(file: Path) -> None:
    """Move a log that is not the catalog's out of SQLite's sight.

    Raises:
        OSError: It cannot be moved.
    """
    file.with_name(file.name + LOG_SUFFIX).replace(file.with_name(_ASIDE))
    file.with_name(file.name + _SHARED_SUFFIX).unlink(missing_ok=True)


def _continues(log: BinaryIO, stamp: int) -> bool:
    """Return whether a log begins at a stamp, or went through it; one without any tells nothing."""
    first = True
    for found in _stamps(log):
        if found == stamp or (first and found >> 16 == stamp & _HALF):
            return True
        first = False
    return first


def _stamps(log: BinaryIO) -> Iterator[int]:
    """Return the stamps in the copies of the file's first page that a log holds, oldest first."""
    _, _, page_bytes, _, *salts = _LOG_HEADER.unpack(_head(log))
    place = _LOG_HEADER.size
    while True:
        log.seek(place)
        head = log.read(_FRAME_HEADER.size)
        if len(head) < _FRAME_HEADER.size:
            return
        page, _, *own_salts = _FRAME_HEADER.unpack(head)
        if own_salts != salts:  # what follows is left from an earlier use of the log
            return
        if page == 1:
            log.seek(place + _FRAME_HEADER.size + _STAMP_AT)
            yield struct.unpack(">I", log.read(4))[0]
        place += _FRAME_HEADER.size + page_bytes


def _head(log: BinaryIO) -> bytes:
    log.seek(0)
    return log.read(_LOG_HEADER.size)


def _stamp(base: BinaryIO) -> int:
    base.seek(_STAMP_AT)
    return int(struct.unpack(">I", base.read(4))[0])
