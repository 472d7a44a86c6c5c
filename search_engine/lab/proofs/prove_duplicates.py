"""Copies are found, and other drawings of the same description are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageEnhance

from search_engine.audit.audit import Audit
from search_engine.audit.duplicates import DuplicateGroup
from search_engine.audit.evidence import LEAST_OVERLAY, Thresholds
from search_engine.lab.proofs.bounds import Beside, ProvedFigure, at_least
from search_engine.lab.proofs.studio import Studio
from search_engine.sample.gallery import plan_gallery
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import View

PRECISION_FLOOR, RECALL_FLOOR = 0.95, 0.85

_COPIED = 3
"""Of so many drawings one is copied."""
_SIDE = 480
_ORIGINAL, _REDRAWN = "original", "redrawn"
_ORIGINAL_QUALITY, _QUALITY = 92, 88


def cropped(image: Image.Image, share: float) -> Image.Image:
    """Leave out some of each edge, not the same everywhere."""
    width, height = image.size
    left, top, right, bottom = share, share, 1 - share / 3, 1 - share / 2
    return image.crop(
        (int(left * width), int(top * height), int(right * width), int(bottom * height))
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to copy a picture."""

    name: str
    change: Callable[[Image.Image], Image.Image]
    quality: int = _QUALITY


_WAYS = (
    _Way("half size", lambda image: image.resize((_SIDE // 2, _SIDE // 2))),
    _Way("160 px, quality 50", lambda image: image.resize((160, 160)), 50),
    _Way("quality 40", lambda image: image, 40),
    _Way("crop 2 %", lambda image: cropped(image, 0.02)),
    _Way("crop 5 %", lambda image: cropped(image, 0.05)),
    _Way("crop 8 %", lambda image: cropped(image, 0.08)),
    _Way("brighter 8 %", lambda image: ImageEnhance.Brightness(image).enhance(1.08)),
    _Way("brighter 15 %", lambda image: ImageEnhance.Brightness(image).enhance(1.15)),
    _Way("darker 15 %", lambda image: ImageEnhance.Brightness(image).enhance(0.85)),
    _Way("contrast 20 %", lambda image: ImageEnhance.Contrast(image).enhance(1.2)),
)


@dataclass(frozen=True, slots=True)
class RemovalCheck:
    """What a search for duplicates made of the constructed set."""

    removed: int
    """Pictures that could go."""
    wrong: int
    """Of these, those that are no copy of what would be kept."""
    found: Counter[str]
    """For each way of copying, copies in one group with their original."""

    @property
    def precision(self) -> float:
        """The share of what could go that is a copy; 1 where nothing could."""
        return 1 - self.wrong / max(self.removed, 1)

    def recall(self, copied: int) -> float:
        """Return the share of copies that were found, of so many drawings copied in each way."""
        return self.found.total() / (copied * len(_WAYS))


def prove(studio: Studio) -> list[ProvedFigure]:
    """Copy a third of some drawings in ten ways, draw all of them anew as traps, and look."""
    folder = studio.folder / "copies"
    drawn = studio.pictures // 2
    copied = len(range(0, drawn, _COPIED))
    studio.begin(f"Drawing {drawn:,} pictures, {drawn:,} alike, and {copied * len(_WAYS):,} copies")
    draw_copies(folder, drawn, studio.seed)
    engine = studio.indexed(folder)
    studio.begin("Looking for duplicates")
    audit = Audit(engine)
    finding = judge(audit.duplicates())
    looser = judge(audit.duplicates(Thresholds(overlay=LEAST_OVERLAY)))
    beside = f"with overlay {LEAST_OVERLAY}"
    return [
        ProvedFigure(
            "precision", finding.precision, at_least(PRECISION_FLOOR),
            Beside(beside, looser.precision),
        ),
        ProvedFigure(
            "recall", finding.recall(copied), at_least(RECALL_FLOOR),
            Beside(beside, looser.recall(copied)),
        ),
        *(ProvedFigure(f"recall, {way.name}", finding.found[way.name] / copied) for way in _WAYS),
    ]  # fmt: skip


def draw_copies(folder: Path, drawn: int, seed: int) -> None:
    """Draw pictures, each again with another seed, and copies of every third one.

    File names tell: ``0003.original.jpg``, ``0003.redrawn.jpg``, ``0003.crop 2 %.jpg``.
    """
    folder.mkdir(parents=True)
    for number, picture in enumerate(plan_gallery(drawn, seed)):
        view = View(picture.scene.background, (picture.scene,))
        original = paint_picture(_SIDE, picture.seed, view)
        pictures = [
            (_ORIGINAL, original, _ORIGINAL_QUALITY),
            (_REDRAWN, paint_picture(_SIDE, picture.seed + 1, view), _QUALITY),
        ]
        if number % _COPIED == 0:
            pictures += [(way.name, way.change(original), way.quality) for way in _WAYS]
        for name, image, quality in pictures:
            image.save(folder / f"{number:04}.{name}.jpg", "JPEG", quality=quality)


def judge(groups: Sequence[DuplicateGroup]) -> RemovalCheck:
    """Compare what was found with what the file names tell."""
    removed = wrong = 0
    found: Counter[str] = Counter()
    for group in groups:
        kept, *others = [record.path.split(".")[:2] for record in group.records]
        removed += len(others)
        wrong += sum(not _same(kept, other) for other in others)
        originals = {number for number, name in (kept, *others) if name == _ORIGINAL}
        found.update(
            name
            for number, name in (kept, *others)
            if number in originals and name not in {_ORIGINAL, _REDRAWN}
        )
    return RemovalCheck(removed, wrong, found)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether both come from one drawing, by number and name."""
    return one[0] == other[0] and _REDRAWN not in {one[1], other[1]}
