"""The sample gallery on disk: pictures in one folder per kind, and a table of what they show."""

from __future__ import annotations

import csv
import io
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from search_engine import files
from search_engine.errors import BadFolder
from search_engine.records import Progress, Step, no_progress
from search_engine.sample.chance import Chance
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import (
    Background,
    Colour,
    Kind,
    Position,
    Scene,
    Size,
    View,
    random_scene,
)

GALLERY_PICTURES = 600
GALLERY_SEED = 2026
TRUTH_FILE = "truth.csv"
_LARGEST_TRUTH = 50_000_000

_SIDE = 480
_QUALITY = 88
_COLUMNS = ("path", "kind", "colour", "background", "size", "count", "position", "seed")
_MARKER_FILE = ".complete"
_VERSION = "1"
"""Raise it when drawings change, so that galleries of an older look are drawn again."""

_PROMISED: tuple[Scene, ...] = (
    Scene(Kind.FISH, Colour.RED, Background.SEA, Size.LARGE),
    Scene(Kind.FISH, Colour.RED, Background.STRIPES, Size.MEDIUM, 2),
    Scene(Kind.CAT, Colour.PURPLE, Background.GRASS, Size.LARGE, 2),
    Scene(Kind.CAT, Colour.PURPLE, Background.DOTS, Size.MEDIUM, 2),
    Scene(Kind.BOAT, Colour.WHITE, Background.SUNSET, Size.LARGE),
    Scene(Kind.BOAT, Colour.RED, Background.SUNSET, Size.MEDIUM, 1, Position.LEFT),
    Scene(Kind.UMBRELLA, Colour.BLUE, Background.STRIPES, Size.LARGE),
    Scene(Kind.UMBRELLA, Colour.ORANGE, Background.STRIPES, Size.LARGE, 3),
    Scene(Kind.UMBRELLA, Colour.PINK, Background.STRIPES, Size.MEDIUM, 2),
    Scene(Kind.STAR, Colour.YELLOW, Background.NIGHT, Size.LARGE, 3),
    Scene(Kind.STAR, Colour.YELLOW, Background.NIGHT, Size.MEDIUM, 3),
    Scene(Kind.OWL, Colour.WHITE, Background.SNOW, Size.LARGE),
    Scene(Kind.RABBIT, Colour.BROWN, Background.SNOW, Size.MEDIUM, 2),
)

_LOG = logging.getLogger(__name__)
"""Scenes that the examples of the app ask for; every gallery of some size has them."""


@dataclass(frozen=True, slots=True)
class GalleryPicture:
    """One picture of the gallery and what it shows."""

    path: str
    """Relative to the gallery's folder, with forward slashes."""
    scene: Scene
    seed: int
    """The seed of the drawing."""


def draw_gallery(
    folder: Path,
    *,
    pictures: int = GALLERY_PICTURES,
    seed: int = GALLERY_SEED,
    progress: Progress = no_progress,
) -> list[GalleryPicture]:
    """Draw the gallery into a folder, replacing the folder once everything is drawn.

    ``progress`` hears how many pictures are done, and of how many.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    drawn = plan_gallery(pictures, seed)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as desk:
        beside = Path(desk) / "new"
        beside.mkdir(mode=0o700)
        for done, picture in enumerate(drawn, start=1):
            _draw(beside, picture)
            progress(Step("Drawing the sample gallery", done, pictures))
        _write_truth(beside, drawn)
        (beside / _MARKER_FILE).write_text(_marker(pictures, seed), encoding="utf-8")
        if folder.exists():
            folder.rename(Path(desk) / "old")
        beside.rename(folder)
    return drawn


def ensure_gallery(
    folder: Path,
    *,
    pictures: int = GALLERY_PICTURES,
    seed: int = GALLERY_SEED,
    progress: Progress = no_progress,
) -> bool:
    """Draw the gallery unless it is there, complete and of this version; tell whether it drew."""
    if _is_complete(folder, pictures, seed):
        return False
    draw_gallery(folder, pictures=pictures, seed=seed, progress=progress)
    return True


def _is_complete(folder: Path, pictures: int, seed: int) -> bool:
    kept = folder / _MARKER_FILE
    if not kept.is_file() or kept.read_text(encoding="utf-8") != _marker(pictures, seed):
        return False
    try:
        drawn = read_truth(folder)
    except BadFolder as error:
        _LOG.info("the sample gallery is drawn again: %s", error.cause)
        return False
    return len(drawn) == pictures and all((folder / picture.path).is_file() for picture in drawn)


def read_truth(folder: Path) -> list[GalleryPicture]:
    """Read what the pictures of a drawn gallery show.

    Raises:
        BadFolder: There is no drawn gallery.
    """
    try:
        table = io.StringIO(files.read(folder / TRUTH_FILE, _LARGEST_TRUTH).decode(), newline="")
        return [_picture(row) for row in csv.DictReader(table)]
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as problem:
        cause, remedy = "This folder is no drawn gallery", "Draw it first."
        raise BadFolder(cause, place=str(folder), remedy=remedy) from problem


def plan_gallery(pictures: int, seed: int) -> list[GalleryPicture]:
    """Decide what is drawn: every kind equally often, in all colours and backgrounds in turn."""
    chance = Chance(seed)
    plan: list[GalleryPicture] = []
    shown: dict[Kind, list[Scene]] = {kind: [] for kind in Kind}
    for index in range(pictures):
        turn, place = divmod(index, len(Kind))
        kind = tuple(Kind)[place]
        promised = [scene for scene in _PROMISED if scene.kind is kind]
        scene = promised[turn] if turn < len(promised) else _fresh(kind, shown[kind], chance)
        shown[kind].append(scene)
        plan.append(GalleryPicture(f"{kind}/{turn + 1:04}.jpg", scene, chance.getrandbits(32)))
    return plan


def _fresh(kind: Kind, shown: Sequence[Scene], chance: Chance) -> Scene:
    """Think of a scene in a colour and on a background that were shown least."""
    colours = Counter(scene.colour for scene in shown)
    backgrounds = Counter(scene.background for scene in shown)
    return replace(
        random_scene(chance, kind=kind),
        colour=min(chance.sample(tuple(Colour), len(Colour)), key=colours.__getitem__),
        background=min(
            chance.sample(tuple(Background), len(Background)), key=backgrounds.__getitem__
        ),
    )


def _draw(folder: Path, picture: GalleryPicture) -> None:
    path = folder / picture.path
    path.parent.mkdir(parents=True, exist_ok=True)
    view = View(picture.scene.background, (picture.scene,))
    paint_picture(_SIDE, picture.seed, view).save(
        path, "JPEG", quality=_QUALITY, subsampling="4:2:2"
    )


def _write_truth(folder: Path, drawn: list[GalleryPicture]) -> None:
    with (folder / TRUTH_FILE).open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(_COLUMNS)
        for picture in drawn:
            scene = picture.scene
            rows.writerow(
                (picture.path, scene.kind, scene.colour, scene.background, scene.size, scene.count,
                 scene.position, picture.seed)
            )  # fmt: skip


def _picture(row: dict[str, str]) -> GalleryPicture:
    scene = Scene(
        Kind(row["kind"]),
        Colour(row["colour"]),
        Background(row["background"]),
        Size(row["size"]),
        int(row["count"]),
        Position(row["position"]),
    )
    return GalleryPicture(row["path"], scene, int(row["seed"]))


def _marker(pictures: int, seed: int) -> str:
    return f"version {_VERSION}, {pictures} pictures, seed {seed}\n"
