"""What has changed in a folder since its collection was built, told without opening any picture."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.library import Library
from search_engine.scanning import scan
from search_engine.settings import Settings

MOST_PICTURES = 100_000
"""Looking through more files than this is not done unasked."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Files of a folder that differ from its catalog; a moved file is new and gone."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    folder_missing: bool = False


def changes_since_build(name: str, settings: Settings) -> Changes | None:
    """Count what an update would find; None where the collection is too large to look unasked.

    Raises:
        CollectionError: The catalog cannot be read.
    """
    with Library(settings).open_catalog(name) as catalog:
        collection = catalog.settings
        if collection is None or len(catalog.pictures) > MOST_PICTURES:
            return None
        if not collection.root.is_dir():
            return Changes(folder_missing=True)
        known = {p.path: (p.size_bytes, p.modified_ns) for p in catalog.pictures}
        skipped = {s.path: (s.size_bytes, s.modified_ns) for s in catalog.skipped}
    found = scan(collection.root, collection.rules, leave_out=[settings.collections_folder])
    seen = {file.path: (file.size_bytes, file.modified_ns) for file in found.files}
    return Changes(
        new=sum(path not in known and skipped.get(path) != facts for path, facts in seen.items()),
        changed=sum(path in seen and seen[path] != facts for path, facts in known.items()),
        gone=sum(path not in seen for path in known),
    )
