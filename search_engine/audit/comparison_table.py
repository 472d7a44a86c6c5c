"""What a comparison of two sets of pictures found, as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from search_engine.audit.common_pictures import CommonPicture
from search_engine.audit.lists import note_of_file
from search_engine.audit.picture_sets import PictureSet
from search_engine.audit.set_comparison import SetComparison
from search_engine.files import tables
from search_engine.records import PictureRecord

_HEADER = [
    "where", "group", "set", "picture_id", "path", "category", "width", "height", "size_bytes",
    "on_disk", "relation", "cosine", "hash_bits", "overlay", "nothing_alike", "nearest_cosine",
]  # fmt: skip
_AT_ONCE = 5_000


def table_of_comparison(found: SetComparison) -> bytes:
    """Write one line for each picture of both sets: those of both first, then each set's own.

    ``nothing_alike`` is told of the pictures that only the first set has.
    """
    return tables.as_csv(_HEADER, _rows(found))


def _rows(found: SetComparison) -> Iterator[list[object]]:
    for number, group in enumerate(found.groups, start=1):
        for side, pictures in ((found.first, group.first), (found.second, group.second)):
            records = side.engine.records(one.picture_id for one in pictures)
            for one in pictures:
                if one.picture_id in records:
                    known = _known(side, records[one.picture_id])
                    yield ["both", number, *known, *_evidence(one), None, None]
    unlike = _unlike(found)
    for side, ids in ((found.first, found.only_first), (found.second, found.only_second)):
        for start in range(0, len(ids), _AT_ONCE):
            for record in side.engine.records(ids[start : start + _AT_ONCE].tolist()).values():
                about: tuple[str | None, float | None] = (None, None)
                if side is found.first and found.gap is not None:
                    cosine = unlike.get(record.picture_id)
                    about = ("no" if cosine is None else "yes", cosine)
                yield [side.name, None, *_known(side, record), *[None] * 4, *about]


def _known(side: PictureSet, record: PictureRecord) -> list[object]:
    return [
        side.name, record.picture_id, str(side.engine.path(record)), record.category, record.width,
        record.height, record.size_bytes, note_of_file(side.engine, record),
    ]  # fmt: skip


def _evidence(one: CommonPicture) -> list[object]:
    return [one.relation, round(one.cosine, 4), one.bits, round(one.overlay, 4)]


def _unlike(found: SetComparison) -> dict[int, float]:
    """Return the pictures that are like nothing in the second set, with their best cosine."""
    if found.gap is None:
        return {}
    cosines = (round(cosine, 4) for cosine in found.gap.cosines.tolist())
    return dict(zip(found.gap.picture_ids.tolist(), cosines, strict=True))
