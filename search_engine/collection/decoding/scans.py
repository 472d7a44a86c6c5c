"""How far a JPEG goes that ends too early."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MARKER = re.compile(rb"\xff[^\x00\xff]")
_IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END, _RESTARTS = 0xDA, 0xD9, 0xDD
_ALONE = frozenset([0x01, *range(0xD0, 0xD9)])
_MOST_SEGMENTS = 16_384
_COARSE = 8
"""Pixels of a side that become one when only the first scan is there."""
_FINE_ENOUGH = 224
"""Pixels of the shorter side that the model looks at."""


@dataclass(frozen=True, slots=True)
class _Scan:
    components: frozenset[int]
    first: int
    """Of the 64 frequencies of a block; 0 is its mean."""
    refines: bool
    is_whole: bool = True


@dataclass(slots=True)
class JpegScans:
    """What is there of a JPEG's scans."""

    components: tuple[int, ...] = ()
    size: tuple[int, int] = (0, 0)
    scans: tuple[_Scan, ...] = ()
    has_end: bool = False
    units: int = 0
    """Blocks, with all their colours, that a scan of all colours has."""
    interval: int = 0
    """Units between two restart markers; 0 where there are none."""
    restarts: int = 0
    """Restart markers that are there of the first scan."""

    @property
    def lacks_means(self) -> bool:
        """Whether the means of some blocks are missing: a part of the picture is not there."""
        return not set(self.components) <= self._with_means(whole=True)

    @property
    def lacks_restarts(self) -> bool:
        """Whether a single scan ends before its last restart marker."""
        expected = -(-self.units // self.interval) - 1 if self.interval else 0
        return len(self.scans) == 1 and self.lacks_means and self.restarts < expected

    @property
    def is_hopeless(self) -> bool:
        """Whether a colour is missing altogether."""
        return not set(self.components) <= self._with_means(whole=False) or not self.scans

    @property
    def is_fine(self) -> bool:
        """Whether more than the means is there of the brightness, or the means are enough."""
        brightness = set(self.components[:1])
        finer = any(scan.first and scan.is_whole and scan.components == brightness
                    for scan in self.scans)  # fmt: skip
        return finer or min(self.size) // _COARSE >= _FINE_ENOUGH

    def _with_means(self, *, whole: bool) -> set[int]:
        scans = (
            s for s in self.scans if not s.first and not s.refines and (s.is_whole or not whole)
        )
        return {component for scan in scans for component in scan.components}


def scans_of(content: bytes) -> JpegScans:
    """Look through the segments of a JPEG as far as they go."""
    found, scans = JpegScans(), list[_Scan]()
    for code, at in _segments(content):
        if code == _END:
            found.has_end = True
        elif code in _FRAMES:
            count = content[at + 7] if at + 7 < len(content) else 0
            found.components = tuple(content[at + 8 : at + 8 + 3 * count : 3])
            height, width = struct.unpack(">HH", content[at + 3 : at + 7].ljust(4, b"\0"))
            found.size = width, height
            samplings = content[at + 9 : at + 8 + 3 * count : 3]
            across = 8 * max((sampling >> 4 for sampling in samplings), default=1)
            down = 8 * max((sampling & 15 for sampling in samplings), default=1)
            found.units = -(-width // max(across, 8)) * -(-height // max(down, 8))
        elif code == _RESTARTS:
            found.interval = int.from_bytes(content[at + 2 : at + 4])
        elif code == _SCAN:
            count = content[at + 2] if at + 2 < len(content) else 0
            tail = content[at + 3 + 2 * count : at + 6 + 2 * count].ljust(3, b"\0")
            components = frozenset(content[at + 3 : at + 3 + 2 * count : 2])
            end = _IN_SCAN.search(content, at)
            if not scans:
                found.restarts = len(_RESTART.findall(content, at))
            scans.append(_Scan(components, tail[0], bool(tail[2] >> 4), end is not None))
    found.scans = tuple(scans)
    return found


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Return the code of each segment and where its length stands, up to the end of the picture."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(content, at)
        if found is None:
            return
        at, code = found.end(), content[found.end() - 1]
        if code in _ALONE:
            continue
        yield code, at
        if code == _END:
            return
        at += max(2, int.from_bytes(content[at : at + 2]))
