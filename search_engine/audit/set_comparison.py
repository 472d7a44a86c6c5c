"""Two sets of pictures compared: what both have, what one has alone, what one does not cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search_engine.audit.common_pictures import (
    CommonGroup,
    Links,
    Relation,
    grouped,
    near_copies,
    same_bytes,
)
from search_engine.audit.coverage import FEWEST, CoverageGap, find_gap
from search_engine.audit.neighbours import arrange, nearest_across
from search_engine.audit.picture_sets import PictureSet, SetCounts, refuse_overlap
from search_engine.errors import BadInput, Way
from search_engine.records import Ids, Progress, counted, no_progress


@dataclass(frozen=True, slots=True)
class SetComparison:
    """What two sets of pictures have in common, and what not."""

    first: PictureSet
    second: PictureSet
    first_counts: SetCounts
    second_counts: SetCounts
    by_bytes: bool
    """Whether nothing but bytes was compared."""
    groups: tuple[CommonGroup, ...]
    """What both have, the same bytes first."""
    only_first: Ids
    """Pictures of the first set that the second has not, ids ascending."""
    only_second: Ids
    gap: CoverageGap | None
    """What the first set has that is like nothing in the second; None where that is not known."""

    @property
    def common_first(self) -> int:
        """Count the pictures of the first set that both have."""
        return len(self.first.picture_ids) - len(self.only_first)

    @property
    def common_second(self) -> int:
        """Count the pictures of the second set that both have."""
        return len(self.second.picture_ids) - len(self.only_second)

    def remarks(self) -> list[str]:
        """Say in sentences what limits this."""
        found = []
        open_ = sum(
            any(one.relation is Relation.UNCONFIRMED for one in (*group.first, *group.second))
            for group in self.groups
        )
        if open_:
            found.append(
                f"{counted(open_, 'group is', 'groups are')} not certain: a file cannot be read."
            )
        for side, counts in ((self.first, self.first_counts), (self.second, self.second_counts)):
            found += [f"{side.name}: {text}." for text in _left_out(counts)]
        if not self.by_bytes and self.gap is None:
            found.append(
                f"With fewer than {FEWEST} pictures in {self.second.name} nothing can be said of"
                " what it does not cover."
            )
        return found


def _left_out(counts: SetCounts) -> list[str]:
    found = []
    if counts.missing:
        found.append(f"{counted(counts.missing, 'file is', 'files are')} missing now")
    if counts.skipped:
        files = counted(counts.skipped, "file", "files")
        found.append(
            f"{files} could not be read when indexed, and nothing is known of what they show"
        )
    if counts.not_embedded:
        found.append(
            f"{counted(counts.not_embedded, 'picture is', 'pictures are')} not indexed yet"
        )
    return found


def compare_sets(
    first: PictureSet,
    second: PictureSet,
    *,
    by_bytes: bool = False,
    progress: Progress = no_progress,
) -> SetComparison:
    """Compare two sets of pictures.

    Memory grows with the pictures, never with their product: each content is compared with the 20
    nearest of the other set, from both sides.

    Args:
        first: One set.
        second: The other.
        by_bytes: Whether to compare nothing but bytes, which needs no common model.
        progress: Hears of progress; it may raise, to stop.

    Raises:
        BadInput: The sets are one or of one another, or their vectors are of different models.
    """
    refuse_overlap(first, second)
    counts = first.count(progress), second.count(progress)
    links, gap = same_bytes(first, second), None
    if not by_bytes:
        _refuse_other_model(first, second)
        near, gap = _looked_at(first, second, progress)
        links = links.followed_by(near)
    return SetComparison(
        first,
        second,
        *counts,
        by_bytes,
        tuple(grouped(first, second, links)),
        _rest(first, links.pairs.ones),
        _rest(second, links.pairs.others),
        gap,
    )


def _looked_at(
    first: PictureSet, second: PictureSet, progress: Progress
) -> tuple[Links, CoverageGap | None]:
    dimension = first.engine.embeddings.card.dimension
    looks = first.looks(progress), second.looks(progress)
    arranged = arrange(len(second), dimension, second.vectors, progress)
    there = nearest_across(len(first), first.vectors, arranged, progress)
    gap = find_gap(first, second, there, arranged, looks[1], progress)
    arranged = arrange(len(first), dimension, first.vectors, progress)
    back = nearest_across(len(second), second.vectors, arranged, progress)
    return near_copies(first, second, (there, back), looks, progress), gap


def _refuse_other_model(first: PictureSet, second: PictureSet) -> None:
    models = [side.engine.embeddings.card for side in (first, second)]
    if models[0].fingerprint != models[1].fingerprint:
        cause = (
            f"The pictures were indexed with different models, '{models[0].model_id}' and"
            f" '{models[1].model_id}', so nothing but their bytes can be compared"
        )
        remedy = "Compare the bytes alone, or index both with one model."
        raise BadInput(
            cause, place=f"{first.name} and {second.name}", remedy=remedy, way=Way.BYTES_ALONE
        )


def _rest(side: PictureSet, common: Ids) -> Ids:
    rest: Ids = side.picture_ids[~np.isin(side.contents, common)]
    return rest
