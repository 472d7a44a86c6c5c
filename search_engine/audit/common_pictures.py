"""The pictures that two sets have in common: the same bytes, or near copies of one another.

Two contents of different bytes are one picture by the rule of `duplicates`: vectors, perceptual
hashes and thumbnails agree, and so do the originals, at every spot. The hashes may differ more, and
where vectors agree very well, of which there are few, they rule nothing out: of drawings cropped
by 4 %, a third differs in 18 to 26 bits, and nothing that is no copy passed the other two, with
any hash. Mirrored and turned pictures are others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.close_look import CloseLook
from search_engine.audit.evidence import PairEvidence, Thresholds, ThumbnailLooks, evidence_between
from search_engine.audit.neighbours import ContentNeighbours
from search_engine.audit.picture_sets import PictureSet
from search_engine.records import Ids, Progress, no_progress


class Relation(StrEnum):
    """How a picture is one with a picture of the other set; the closest first."""

    SAME_BYTES = "same bytes"
    NEAR_COPY = "near copy"
    UNCONFIRMED = "likely a near copy"
    """All agrees but the originals, one of which cannot be read now."""


_RELATIONS = tuple(Relation)
_LIMITS, _HASH_UP_TO = Thresholds(bits=24), 0.97
"""Of 3,045 photographs 91 pairs have a larger cosine, 3,196 one of 0.9 and more."""


@dataclass(frozen=True, slots=True)
class CommonPicture:
    """A picture that both sets have, and how close it is to the closest of the other set."""

    picture_id: int
    relation: Relation
    cosine: float = 1.0
    bits: int = 0
    overlay: float = 1.0


@dataclass(frozen=True, slots=True)
class CommonGroup:
    """Pictures of both sets; each is one with at least one of the other set."""

    first: tuple[CommonPicture, ...]
    second: tuple[CommonPicture, ...]

    @property
    def relation(self) -> Relation:
        """The closest that any two of them are."""
        return min((one.relation for one in self.first), key=_RELATIONS.index)


@dataclass(frozen=True, slots=True)
class Links:
    """Which contents of two sets are one picture; arrays of one length."""

    pairs: PairEvidence
    relations: NDArray[np.int8]
    """The place of each pair's relation in the order of these."""

    def followed_by(self, other: Links) -> Links:
        """Return these links and then the others."""
        joined = (
            np.concatenate([getattr(one.pairs, field.name) for one in (self, other)])
            for field in fields(PairEvidence)
        )
        return Links(PairEvidence(*joined), np.concatenate([self.relations, other.relations]))


def same_bytes(first: PictureSet, second: PictureSet) -> Links:
    """Link the contents that are in both sets."""
    _, ones, others = np.intersect1d(
        first.hashes, second.hashes, assume_unique=True, return_indices=True
    )
    count = len(ones)
    pairs = PairEvidence(
        ones.astype(np.int64), others.astype(np.int64), np.ones(count, np.float32),
        np.zeros(count, np.int64), np.ones(count, np.float32),
    )  # fmt: skip
    return Links(pairs, _numbers(Relation.SAME_BYTES, count))


def near_copies(
    first: PictureSet,
    second: PictureSet,
    near: tuple[ContentNeighbours, ContentNeighbours],
    looks: tuple[ThumbnailLooks, ThumbnailLooks],
    progress: Progress = no_progress,
) -> Links:
    """Link the contents of different bytes that are near copies of one another.

    Args:
        first: One set.
        second: The other.
        near: The contents of the second nearest to each of the first, and the other way round.
        looks: What the thumbnails of both look like.
        progress: Hears of progress.
    """
    ones, others, cosines = _candidates(*near, _LIMITS.cosine)
    differ = first.hashes[ones] != second.hashes[others]
    candidates = ones[differ], others[differ], cosines[differ]
    pairs = evidence_between(*looks, candidates, _LIMITS, _HASH_UP_TO, progress)
    hashes = [
        (one.decode(), other.decode())
        for one, other in zip(
            first.hashes[pairs.ones].tolist(), second.hashes[pairs.others].tolist(), strict=True
        )
    ]
    files = _files(first, pairs.ones)
    for digest, paths in _files(second, pairs.others).items():
        files[digest] += paths
    look = CloseLook()
    same = look.confirmed(hashes, files, progress)
    open_ = ~look.looked_at(hashes)
    relations = np.where(
        open_, _RELATIONS.index(Relation.UNCONFIRMED), _RELATIONS.index(Relation.NEAR_COPY)
    ).astype(np.int8)
    return Links(pairs.where(same | open_), relations[same | open_])


def _numbers(relation: Relation, count: int) -> NDArray[np.int8]:
    return np.full(count, _RELATIONS.index(relation), dtype=np.int8)


def _candidates(
    there: ContentNeighbours, back: ContentNeighbours, least: float
) -> tuple[Ids, Ids, NDArray[np.float32]]:
    """Return each pair that one of the two calls near, once."""
    one, column = np.nonzero((there.cosines >= least) & (there.places >= 0))
    other, again = np.nonzero((back.cosines >= least) & (back.places >= 0))
    ones = np.concatenate([one, back.places[other, again].astype(np.int64)])
    others = np.concatenate([there.places[one, column].astype(np.int64), other])
    cosines = np.concatenate([there.cosines[one, column], back.cosines[other, again]])
    _, kept = np.unique(ones * len(back.places) + others, return_index=True)
    return ones[kept], others[kept], cosines[kept]


def _files(side: PictureSet, contents: Ids) -> defaultdict[str, list[Path]]:
    """Return where each of these contents may lie, by its hash."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for record in side.engine.records(side.pictures_of(np.unique(contents)).tolist()).values():
        found[record.content_hash].append(side.engine.path(record))
    return found


def grouped(first: PictureSet, second: PictureSet, links: Links) -> list[CommonGroup]:
    """Return the pictures that are linked, those that hang together in one group.

    Ordered by how close they are, then by the first picture.
    """
    ones, others = links.pairs.ones, links.pairs.others
    leaders = _joined(ones.tolist(), (others + len(first)).tolist())
    members: defaultdict[int, tuple[list[CommonPicture], list[CommonPicture]]]
    members = defaultdict(lambda: ([], []))
    for at, side, own, shift in ((0, first, ones, 0), (1, second, others, len(first))):
        best = _closest(links, own)
        contents, ids = side.contents, side.picture_ids
        for place in np.flatnonzero(np.isin(contents, own)).tolist():
            content = int(contents[place])
            picture = _picture(int(ids[place]), links, best[content])
            members[leaders[content + shift]][at].append(picture)
    groups = [CommonGroup(tuple(one), tuple(other)) for one, other in members.values()]
    return sorted(groups, key=lambda one: (_RELATIONS.index(one.relation), one.first[0].picture_id))


def _picture(picture_id: int, links: Links, at: int) -> CommonPicture:
    pairs = links.pairs
    return CommonPicture(
        picture_id, _RELATIONS[links.relations[at]],
        float(pairs.cosines[at]), int(pairs.bits[at]), float(pairs.overlays[at]),
    )  # fmt: skip


def _closest(links: Links, own: Ids) -> dict[int, int]:
    """Return the closest link of each content, by its number."""
    order = np.lexsort((-links.pairs.overlays, links.relations))[::-1]
    return dict(zip(own[order].tolist(), order.tolist(), strict=True))


def _joined(ones: Sequence[int], others: Sequence[int]) -> dict[int, int]:
    """Return, for each number, one that all numbers that hang together with it have in common."""
    above: dict[int, int] = {}

    def top(number: int) -> int:
        while above.setdefault(number, number) != number:
            above[number] = number = above[above[number]]
        return number

    for one, other in zip(ones, others, strict=True):
        above[top(one)] = top(other)
    return {number: top(number) for number in list(above)}
