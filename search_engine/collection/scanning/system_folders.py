"""What systems, devices and programs put beside a person's pictures: bins, snapshots, previews.

Gathered from what other programs leave out (immich, PhotoPrism, syncthing, czkawka, backup tools)
and from the manuals of the devices. Names that begin with a dot are hidden anyway.
"""

from __future__ import annotations

import re
from fnmatch import translate

_NAMES = frozenset(
    (
        # bins
        "#recycle", "@recycle", "$recycle.bin", "recycler", "recycled", "trashbox",
        "network trash folder", "files_trashbin",
        # earlier states of what is here already
        "#snapshot", "@snapshot", "@recently-snapshot", "@sharesnap", "~snapshot",
        "files_versions", "backups.backupdb",
        # previews and caches that devices and programs make
        "@eadir", "@__thumb", "@sharebin", "@tmp", "@img_bkp_cache", "ipod photo cache", "thmbnl",
        # of the system or of a program
        "system volume information", "$windows.~bt", "$windows.~ws", "msocache", "config.msi",
        "lost+found", "lost.dir", "temporary items", "thevolumesettingsfolder",
        "@appstore", "@docker", "@synologydrive", "@cloudsync", "@database",
        "__macosx", "__pycache__", "node_modules", "_vti_cnf",
    )
)  # fmt: skip
_PATTERNS = (
    "found.[0-9][0-9][0-9]",  # what a check of a disk found, on Windows
    "@gmt-*",  # earlier states, as Samba shows them
    "*.lrdata",  # previews of Lightroom
    "*.lrcat-data",
    "appdata_oc*",  # previews of Nextcloud
    "synophoto_thumb_*",
    "synofile_thumb_*",
)
_PATTERN = re.compile("|".join(map(translate, _PATTERNS)))
_DERIVED = frozenset(
    ("resources", "thumbnails", "previews", "database", "private", "scopes", "internal",
     "apdb", "data.noindex", "facerecognition", "faces")
)  # fmt: skip
_IN_BUNDLES = {
    ".photoslibrary": _DERIVED,
    ".photolibrary": _DERIVED | {"data"},
    ".migratedphotolibrary": _DERIVED | {"data"},
    ".aplibrary": _DERIVED,
    ".cocatalog": frozenset(["cache", "thumbnails", "proxies"]),
    "captureone": frozenset(["cache"]),
}
"""Libraries that hold originals, and in them the folders of what was made of these."""


def is_of_the_system(name: str) -> bool:
    """Return whether a file or folder of this name is none of a person's own."""
    folded = name.casefold()
    return folded in _NAMES or _PATTERN.match(folded) is not None


def derived_in(folder: str) -> frozenset[str]:
    """Return the names, in small letters, of what is derived in a folder of this name."""
    folded = folder.casefold()
    _, dot, suffix = folded.rpartition(".")
    return _IN_BUNDLES.get(f"{dot}{suffix}", frozenset())


def lies_aside(path: str) -> bool:
    """Return whether a path below a collection's folder leads into a bin, a snapshot or the like.

    So does whatever is hidden, or made by a system or a program: a scan that is not asked for
    hidden files leaves it out.
    """
    parts = path.split("/")
    return any(
        name.startswith(".") or is_of_the_system(name) or name.casefold() in derived_in(above)
        for above, name in zip(["", *parts], parts, strict=False)
    )
