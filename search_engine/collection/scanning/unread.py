"""Files of pictures that are not read: known by their ending, or by their first bytes.

Only names that do not say what a file is have it looked into, and only where that is asked for:
opening a file costs 30 µs, and one that waits in a cloud would be fetched.
"""

from __future__ import annotations

import logging
import os
import re
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from search_engine.records.findings import UnreadType
from search_engine.records.soundness import PICTURE_SUFFIXES

_LOG = logging.getLogger(__name__)

_RAW = (
    ".3fr .ari .arw .bay .braw .cap .cr2 .cr3 .crw .dcr .dcs .dng .drf .eip .erf .fff .gpr .iiq"
    " .k25 .kdc .mdc .mef .mos .mrw .nef .nrw .orf .ori .pef .ptx .pxn .raf .raw .rw2 .rwl .rwz"
    " .sr2 .srf .srw .sti .x3f"
)
_KINDS = {
    "RAW of a camera": _RAW,
    "JPEG XL": ".jxl .jpegxl",
    "JPEG XR": ".jxr .wdp .hdp",
    "JPEG-LS": ".jls",
    "Photoshop": ".psd .psb",
    "GIMP": ".xcf",
    "layers of a painting program": ".kra .ora .clip .procreate .afphoto .pdn .pspimage .psp .sai",
    "drawing made of lines": ".svg .svgz .eps .ai .wmf .emf .cdr",
    "high dynamic range": ".exr .hdr .pfm",
    "icon": ".ico .cur .icns",
    "scan of a document": ".djvu .djv .pdf",
    "JPEG under another ending": ".mpo .jps .insp .thm .jif .jfi",
    "older or rarer kind": ".tga .pcx .dds .sgi .rgb .rgba .bw .xbm .xpm .ras .pict .pct .qoi"
    " .pam .pic .wbmp .bpg .flif .heics .avifs .jng .mng .dcm .fits .fit",
    "kept by ExifTool": " ".join(f"{suffix}_original" for suffix in sorted(PICTURE_SUFFIXES)),
}
_WHAT = {ending: what for what, endings in _KINDS.items() for ending in endings.split()}
_CUT = (
    frozenset(
        suffix[:length]
        for suffix in (".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".webp", ".heic", ".avif")
        for length in range(1, len(suffix))
    )
    - PICTURE_SUFFIXES
)
"""Endings as Google Takeout and others leave them of long names."""
_HANGS_ON = re.compile(f"(?:{'|'.join(map(re.escape, sorted(PICTURE_SUFFIXES)))})[^a-z0-9]")
"""As in ``.jpg(1)``, ``.jpg~`` and ``.jpg-large``."""
_LONGEST_ENDING = 16
_FIRST_BYTES = 16
_HEIF_BRANDS = {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"hevc"}
_BEGINNINGS: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("JPEG", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("PNG", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("GIF", lambda head: head[:6] in {b"GIF87a", b"GIF89a"}),
    ("WebP", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ("TIFF", lambda head: head[:4] in {b"II*\0", b"MM\0*"}),
    ("BMP", lambda head: head[:2] == b"BM" and head[6:10] == bytes(4)),
    ("JPEG 2000", lambda head: head[4:8] == b"jP  " or head[:4] == b"\xff\x4f\xff\x51"),
    ("HEIC or AVIF", lambda head: head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS),
)
# Not a link that was swapped in, not a pipe that nobody writes to.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def unread_ending(name: str) -> str | None:
    """Return the ending of a kind of picture that is not read; empty for files of no interest.

    None stands for a name that does not say what the file is.
    """
    stem, dot, last = name.rpartition(".")
    ending = f".{last.casefold()}"
    if ending in _WHAT:
        return ending
    if not dot or not stem or ending in _CUT or _HANGS_ON.match(ending):
        return None
    return ""


def unread_types(
    root: Path, unread: tuple[tuple[str, int], ...], nameless: tuple[str, ...]
) -> tuple[UnreadType, ...]:
    """Name the kinds of pictures that a scan met and that are not read, most frequent first.

    Args:
        root: The folder that was scanned.
        unread: Endings, and how often each is there, as the scan counted them.
        nameless: Files that are looked into, some bytes of each.
    """
    found = [UnreadType(ending, _WHAT[ending], count) for ending, count in unread]
    kinds = Counter((_cut_ending(path), _kind_of(root / path)) for path in nameless)
    found += [
        UnreadType(ending, f"{kind}; give it its ending back", count)
        for (ending, kind), count in kinds.items()
        if kind
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.ending, one.what)))


def _cut_ending(path: str) -> str:
    name = path.rpartition("/")[2]
    _, dot, last = name.rpartition(".")
    return f".{last.casefold()}" if dot and len(last) < _LONGEST_ENDING else ""


def _kind_of(file: Path) -> str:
    """Return from its first bytes which kind of picture a file is; empty for none."""
    try:
        handle = os.open(file, _FLAGS)
        try:
            is_file = stat.S_ISREG(os.fstat(handle).st_mode)
            head = os.read(handle, _FIRST_BYTES) if is_file else b""
        finally:
            os.close(handle)
    except OSError as error:  # whoever cannot read it cannot be told what it is
        _LOG.debug("what kind a file is cannot be seen: %s", error)
        return ""
    return next((kind for kind, begins in _BEGINNINGS if begins(head)), "")
