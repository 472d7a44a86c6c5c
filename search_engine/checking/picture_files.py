"""The pictures' files: there as they were, changed, gone, or out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from search_engine.collection.scanning import changed_ns_of, lies_below
from search_engine.records import CollectionSettings, PictureRecord
from search_engine.records.findings import Findings
from search_engine.records.soundness import is_sound


@dataclass(slots=True)
class Looks:
    """What looking at each file gave."""

    there: list[PictureRecord] = field(default_factory=list)
    """Of the size and time as known."""
    changed: list[PictureRecord] = field(default_factory=list)
    gone: list[PictureRecord] = field(default_factory=list)
    away: list[PictureRecord] = field(default_factory=list)
    """Not there, in a place that was out of reach at the last build."""
    doubtful: int = 0
    """How many of those there were touched since, as the system says."""


def look_at_files(
    collection: CollectionSettings, records: Sequence[PictureRecord], findings: Findings
) -> Looks:
    """Look at the file of each sound picture that ever had one; none is opened."""
    looks, away = Looks(), tuple(place.path for place in findings.away)
    for record in filter(is_sound, records):
        if record.is_vector_alone:
            continue
        try:
            facts = (collection.root / record.path).stat()
        except OSError:
            (looks.away if lies_below(record.path, away) else looks.gone).append(record)
            continue
        if (facts.st_size, facts.st_mtime_ns) != (record.size_bytes, record.modified_ns):
            looks.changed.append(record)
            continue
        looks.there.append(record)
        now = changed_ns_of(facts)
        looks.doubtful += now != record.changed_ns and 0 not in {now, record.changed_ns}
    return looks
