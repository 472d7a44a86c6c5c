"""What changed in the folder of a collection since it was updated last."""

from __future__ import annotations

from pages.ui.frame import resources
from search_engine.building import Changes
from search_engine.records import CollectionSummary


def of(summary: CollectionSummary) -> Changes | None:
    """Return what changed; None while that is not known, or the first build is not through."""
    if summary.damaged or summary.so_far:  # the rest of its pictures is no change
        return None
    return resources.changes(summary)


def sentence(changes: Changes | None) -> str:
    """Say what changed, as “2 new, 1 missing”; empty where nothing did."""
    if changes is None:
        return ""
    counts = (("new", changes.new), ("changed", changes.changed),
              ("moved", changes.moved), ("missing", changes.gone),
              ("to be read again", changes.to_read))  # fmt: skip
    return ", ".join(f"{count:,} {what}" for what, count in counts if count)
