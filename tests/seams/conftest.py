"""What the tests of seams share: varied photographs, indexed once, and a copy for each test.

No two pictures of a category have the same size, date or length; none is as wide as it is high
unless it is the square one of its category; some are copies, misplaced, odd or broken.
"""

import io
import json
import os
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from search_engine.cli import main
from search_engine.embedding import loading
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings

CATEGORIES = ("boat", "bus", "cactus", "cat", "cup", "fish", "owl", "umbrella")
DRAWN = 3
"""Pictures of each category, the misplaced one among them."""
MINI = Path(__file__).parents[2] / "data" / "mini-clip"
_TAKEN = 0x9003


@dataclass(frozen=True)
class Photo:
    """What a photograph was made as."""

    path: str
    width: int
    height: int
    taken: str = ""
    """ISO date; empty where the file says none."""

    @property
    def category(self):
        """Return the first folder, or None."""
        return self.path.partition("/")[0] if "/" in self.path else None


def _save(image, file, taken=None):
    file.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[_TAKEN] = taken.strftime("%Y:%m:%d 12:00:00")
    image.convert("RGB").save(file, "JPEG", quality=90, exif=exif)


def _size(number):
    """Return a size that no other number has: wider, higher, and square in turn."""
    side = 200 + 4 * number
    return ((side + 60, side), (side, side + 60), (side, side))[number % 3]


def take_photos(folder, drawings):
    """Make the photographs of ``drawings``; return what they were made as, by path."""
    made = {}
    for number in range(DRAWN * len(CATEGORIES)):
        category, which = CATEGORIES[number // DRAWN], number % DRAWN + 1
        path = f"{category}/{which}.jpg"
        if path == "fish/3.jpg":
            path = "boat/misplaced.jpg"
        taken = date(2024, 1, 1) + timedelta(days=10 * number)
        image = Image.open(drawings / category / f"{which:04}.jpg").resize(_size(number))
        _save(image, folder / path, taken)
        made[path] = Photo(path, *image.size, taken.isoformat())
    shutil.copy(folder / "fish/1.jpg", folder / "fish/copy.jpg")
    made["fish/copy.jpg"] = Photo("fish/copy.jpg", *_size(15), made["fish/1.jpg"].taken)
    smaller = Image.open(folder / "cat/1.jpg").resize([side * 3 // 4 for side in _size(9)])
    _save(smaller, folder / "cat/smaller.jpg")
    blurred = Image.open(folder / "owl/2.jpg").filter(ImageFilter.GaussianBlur(9))
    odd = {
        "owl/smaller.jpg": Image.open(folder / "owl/1.jpg").resize((150, 111)),
        "loose.jpg": Image.open(drawings / "crown/0001.jpg").resize((333, 222)),
        "odd/dark.jpg": Image.open(drawings / "tree/0001.jpg")
        .resize((244, 211))
        .point(_times(0.2)),
        "odd/darker.jpg": Image.open(drawings / "tree/0002.jpg")
        .resize((246, 212))
        .point(_times(0.1)),
        "odd/bright.jpg": Image.new("RGB", (251, 190), (250, 250, 250)),
        "odd/brighter.jpg": Image.new("RGB", (252, 191), (255, 255, 255)),
        "odd/tiny.jpg": Image.open(drawings / "star/0001.jpg").resize((80, 60)),
        "odd/tinier.jpg": Image.open(drawings / "star/0002.jpg").resize((50, 40)),
        "odd/long.jpg": Image.open(drawings / "sun/0001.jpg").resize((700, 200)),
        "odd/longer.jpg": Image.open(drawings / "sun/0002.jpg").resize((1000, 190)),
        "odd/blurred.jpg": blurred,
    }
    for path, image in odd.items():
        _save(image, folder / path)
    made |= {path: Photo(path, *image.size) for path, image in odd.items()}
    made["cat/smaller.jpg"] = Photo("cat/smaller.jpg", *smaller.size)
    whole = (folder / "cup/2.jpg").read_bytes()
    (folder / "cup/cut.jpg").write_bytes(whole[: len(whole) * 19 // 20])
    made["cup/cut.jpg"] = Photo("cup/cut.jpg", *_size(13), made["cup/2.jpg"].taken)
    for number in range(22):
        (folder / f"broken-{number:02}.jpg").write_text("no picture")
    for number, path in enumerate(sorted(made)):
        os.utime(folder / path, (1_600_000_000 + 86_400 * number,) * 2)
    return made


def _times(factor):
    return lambda value: int(value * factor)


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """Read standard output."""
        return json.loads(self.out)


class Shelf:
    """The prepared data folder: collections ``things``, ``others`` and ``strange``."""

    def __init__(self, root):
        self.root = root
        self.drawings, self.folder = root / "drawings", root / "things"
        self.data = root / "data"

    def fill(self):
        """Draw, index and look through everything once, so that what is derived is there."""
        draw_gallery(self.drawings, pictures=150)
        self.photos = take_photos(self.folder, self.drawings)
        for category in ("crown", "bell", "cup"):
            shutil.copytree(self.drawings / category, self.root / "others" / category)
            shutil.copytree(self.drawings / category, self.root / "strange" / category)
        model = shutil.copytree(MINI, self.root / "model")
        with pytest.MonkeyPatch.context() as patch:
            load_each_model_once(patch)
            patch.setenv(DATA_VARIABLE, str(self.data))
            for name, model_id in (
                ("things", MINI_MODEL),
                ("others", MINI_MODEL),
                ("strange", model),
            ):
                assert (
                    main(["index", str(self.root / name), "--name", name, "--model", str(model_id)])
                    == 0
                )
            for command in ("outliers", "suspects", "duplicates"):
                assert main([command, "--collection", "things", "--json"]) == 0
        # As if it came from somebody else: nobody here ever chose its model.
        Settings(self.data).models_file.unlink()
        return self


_LOADED = {}


def load_each_model_once(patch):
    """Keep what was loaded: each command loads its model, which takes longer than its answer."""
    load = loading._loaded_embedder

    def once(model_id, settings, device):
        if model_id not in _LOADED:
            _LOADED[model_id] = load(model_id, settings, device)
        return _LOADED[model_id]

    patch.setattr(loading, "_loaded_embedder", once)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """The prepared collections; no test changes them."""
    return Shelf(tmp_path_factory.mktemp("seams")).fill()


class Desk:
    """Runs commands on a copy of the prepared collections."""

    def __init__(self, shelf, data, tmp_path, run, monkeypatch):
        self.folder, self.photos, self.root = shelf.folder, shelf.photos, shelf.root
        self.data, self.tmp, self.monkeypatch = data, tmp_path, monkeypatch
        self._run = run

    def __call__(self, *arguments):
        """Run a command."""
        return Answer(*self._run(*arguments))

    def ask(self, command, *arguments, collection="things"):
        """Run a command on a collection, and read its JSON."""
        answer = self(*command.split(), *arguments, "--collection", collection, "--json")
        assert answer.code == 0, answer.err
        return answer.json

    def path(self, result):
        """Return the path of a result below its folder."""
        return str(Path(result["path"]).relative_to(self.folder))

    def found(self, *arguments):
        """Search and return relative paths, best first."""
        return [self.path(one) for one in self.ask("search", *arguments)["results"]]

    def everything(self, *arguments):
        """Search and return the set of relative paths, of all results."""
        return set(self.found("fish", "-k", 1000, *arguments))

    def where(self, fits):
        """Return the paths of the photographs that fit."""
        return {photo.path for photo in self.photos.values() if fits(photo)}

    def id_of(self, path):
        """Return the id of a picture."""
        results = self.ask("search", "fish", "-k", 1000)["results"]
        return next(one["picture_id"] for one in results if self.path(one) == path)

    def few(self, name="few"):
        """Make a folder of four small pictures of two categories, for builds."""
        for number, path in enumerate(("cup/1", "cup/2", "bell/1", "bell/2")):
            category, which = path.split("/")
            file = self.tmp / name / f"{path}.jpg"
            image = Image.open(self.root / "drawings" / category / f"000{which}.jpg")
            _save(image.resize((150 + number, 140)), file)
        return self.tmp / name

    def pixels(self, file):
        """Return the size of a picture file."""
        with Image.open(io.BytesIO(file.read_bytes())) as image:
            return image.size


@pytest.fixture
def desk(shelf, settings, tmp_path, run, monkeypatch):
    """Commands on a copy of the prepared collections."""
    load_each_model_once(monkeypatch)
    shutil.copytree(shelf.data, settings.data_folder)
    return Desk(shelf, settings.data_folder, tmp_path, run, monkeypatch)
