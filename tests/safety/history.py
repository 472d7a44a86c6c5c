"""A folder of pictures that lives through a history, and the collection that is made of it.

All contents that ever lay in the folder are known by their hash, so that whatever a collection says
of a picture can be compared with the picture itself, also when its file is another by now.
"""

import hashlib
import io
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.decoding import decode, thumbnail
from search_engine.errors import ModelUnavailable
from search_engine.settings import MINI_MODEL, Settings
from tests.conftest import ColourEmbedder

NAME = "pictures"
READY = "ready"
_SECONDS_TO_START = 120


class World:
    """A folder of pictures, its collection, and all that was ever in the folder."""

    def __init__(self, place, seed, *, model="colours", embedder=None):
        self.place = place
        self.root = place / "pictures"
        self.root.mkdir(parents=True)
        self.settings = Settings(place / "data")
        self.model = model
        self.models = {model: embedder or ColourEmbedder()}
        self._seed = seed
        self.chance = random.Random(seed)  # noqa: S311 - it is to be repeatable
        self.contents = {}
        self._vectors = {}
        self._thumbnails = {}
        self._drawn = 0

    def forget_chance(self):
        """Begin with the same chances again, whatever was tried in this world before."""
        self.chance.seed(self._seed)

    @property
    def folder(self):
        """Where the collection lies."""
        return Library(self.settings).folder(NAME)

    @property
    def catalog_file(self):
        """The file of its catalog."""
        return self.folder / CATALOG_FILE

    # --- the folder

    def write(self, path, content):
        """Put a content at a path; it is known before it is there."""
        self.contents[hashlib.sha256(content).hexdigest()] = content
        file = self.root / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)

    def picture(self):
        """Return the content of a picture that never was before, of a colour that tells."""
        self._drawn += 1
        colour = tuple(self.chance.randrange(256) for _ in range(3))
        return painted(colour, self._drawn)

    def paths(self):
        """Return the relative paths of the files, in order."""
        files = (f for f in self.root.rglob("*") if f.is_file() and not f.is_symlink())
        return sorted(str(f.relative_to(self.root)) for f in files)

    def add(self, count):
        """Add new pictures, spread over three folders."""
        for _ in range(count):
            content = self.picture()
            self.write(f"{self.chance.choice('abc')}/{self._drawn:04}.png", content)

    def change(self):
        """Let a random part of the folder be changed, moved, removed, exchanged and added to."""
        paths = self.paths()
        self.chance.shuffle(paths)
        some = max(1, len(paths) // 8)
        for path in paths[:some]:
            self.write(path, self.picture())
        for path in paths[some : 2 * some]:
            goal = self.root / self.chance.choice("abcd") / f"moved-{Path(path).name}"
            goal.parent.mkdir(exist_ok=True)
            (self.root / path).rename(goal)
        for path in paths[2 * some : 3 * some]:
            (self.root / path).unlink()
        for one, other in zip(paths[3 * some : 4 * some], paths[4 * some : 5 * some], strict=False):
            exchange(self.root / one, self.root / other)
        self.add(some)
        # What an emptied folder held would be kept, as that of a drive that is away.
        for folder in self.root.iterdir():
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    # --- the collection

    @property
    def embedder(self):
        """The model that the collection is to have."""
        return self.models[self.model]

    def load(self, model_id, _settings):
        """Return a model of this world."""
        if model_id not in self.models:
            cause = f"There is no model {model_id!r}"
            raise ModelUnavailable(cause, remedy="Take one of this world.")
        return self.models[model_id]

    def plan(self, kind=None):
        """Settle a build."""
        return plan_build(self.root, self.settings, name=NAME, model_id=self.model, kind=kind)

    def build(self, kind=None, **how):
        """Bring the collection up to date, in this process."""
        name, wanted = self.plan(kind)
        return build_collection(name, wanted, self.settings, load=self.load, **how)

    def open(self):
        """Open the collection."""
        return SearchEngine.open(NAME, self.settings, load=self.load)

    def committed(self):
        """Return what the catalog holds, with a vector: path and content by id."""
        if NAME not in Library(self.settings).names():
            return {}
        with Library(self.settings).open_catalog(NAME) as catalog:
            card = self.embedder.card
            has_vector = set(catalog.vectors.ids(card).tolist())
            return {
                record.picture_id: (record.path, record.content_hash)
                for record in catalog.pictures
                if record.picture_id in has_vector
            }

    # --- the truth

    def vector(self, content_hash, card=None):
        """Return what a picture's content embeds to, opened and embedded plainly and alone."""
        fingerprint = (card or self.embedder.card).fingerprint
        key = (content_hash, fingerprint)
        if key not in self._vectors:
            with Image.open(io.BytesIO(self.contents[content_hash])) as image:
                plain = image.convert("RGB")
            model = next(m for m in self.models.values() if m.card.fingerprint == fingerprint)
            self._vectors[key] = np.asarray(model.embed_pictures([plain])[0])
        return self._vectors[key]

    def thumbnail(self, content_hash):
        """Return the bytes that the thumbnail of a content has."""
        if content_hash not in self._thumbnails:
            image = decode(self.contents[content_hash]).image
            self._thumbnails[content_hash] = thumbnail(image)
        return self._thumbnails[content_hash]

    def shown(self):
        """Return the content hash of every file that is a picture now, by path."""
        found = {}
        for path in self.paths():
            digest = hashlib.sha256((self.root / path).read_bytes()).hexdigest()
            try:
                with Image.open(self.root / path) as image:
                    image.load()
            except OSError:
                continue
            found[path] = digest
        return found

    # --- builds in processes of their own

    def child(self, work="update", *, moment=None, fresh=False, clock=0):
        """Start a build in a process of its own, ready to begin; ``moment`` kills it by itself."""
        arguments = [str(self.place), self.model, work, str(clock), *map(str, moment or ())]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.safety.child_build", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        line = process.stdout.readline().strip()
        if line != READY:
            cause = f"the build did not start: {line} {process.communicate()[1]}"
            raise RuntimeError(cause)
        return process

    def killed(self, work="update", *, moment=None, within=0.5):
        """Run a build until it is killed; return the number of pictures that it said it stored.

        Without a ``moment`` it dies after a random part of ``within`` seconds. None if it was
        quicker than that.
        """
        process = self.child(work, moment=moment)
        delay = self.chance.uniform(0, within)
        process.stdin.write("\n")
        process.stdin.flush()
        if moment is None:
            time.sleep(delay)
            process.kill()
        out, err = process.communicate(timeout=_SECONDS_TO_START)
        if process.returncode == 0:
            return None
        assert process.returncode == -9, err
        return max(map(int, out.split()), default=0)


def painted(colour, number, size=(24, 16), form="PNG"):
    """Return the content of a picture of one colour; ``number`` makes it unlike all others."""
    image = Image.new("RGB", size, colour)
    image.putpixel((0, 0), (number % 256, number // 256 % 256, 7))
    target = io.BytesIO()
    image.save(target, form)
    return target.getvalue()


def exchange(one, other):
    """Let two files take each other's place."""
    aside = one.with_name(f"aside-{one.name}")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def mini_world(place, seed, pictures):
    """Return a world of drawings, which the bundled model understands."""
    from search_engine.embedding import load_embedder
    from search_engine.sample import draw_gallery

    world = World(
        place, seed, model=MINI_MODEL, embedder=load_embedder(MINI_MODEL, Settings(place))
    )
    draw_gallery(place / "drawings", pictures=pictures)
    drawings = sorted(
        file for file in (place / "drawings").rglob("*") if file.suffix in {".png", ".jpg", ".webp"}
    )
    waiting = [f.read_bytes() for f in drawings]
    world.chance.shuffle(waiting)

    def picture():
        world._drawn += 1
        return waiting.pop() if waiting else recoloured(world)

    world.picture = picture
    return world


def recoloured(world):
    """Return one of the contents with other colours: a picture that never was before."""
    with Image.open(io.BytesIO(world.chance.choice(list(world.contents.values())))) as image:
        turned = image.convert("RGB").rotate(world.chance.uniform(3, 357))
    turned.putpixel((0, 0), tuple(world.chance.randrange(256) for _ in range(3)))
    target = io.BytesIO()
    turned.save(target, "PNG")
    return target.getvalue()
