"""What the tests share: small pictures, a fake embedder, folders of their own.

The fake embedder is for tests about something else than meaning; those about meaning use the
bundled model.
"""

import os
from collections import Counter
from contextlib import contextmanager
from threading import Lock

os.environ["HF_HUB_OFFLINE"] = "1"
if "PYTEST_XDIST_WORKER" in os.environ:
    # Threads of torch wait for one another by spinning, which takes the cores from the tests beside
    # them: with two processes on two cores the same tests took 135 s, and 73 s so.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from PIL import Image

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.cli import main
from search_engine.embedding import PART_SIZE, Lanes, unit_rows
from search_engine.records import ModelCard
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 180, 40),
    "blue": (30, 60, 220),
    "yellow": (240, 220, 40),
    "purple": (140, 40, 180),
    "black": (15, 15, 15),
}


def pytest_addoption(parser):
    """Let the long runs of faults and attacks be asked for."""
    parser.addoption("--long", action="store_true", help="run also what takes minutes")


QUICK_ROOMS = {
    "building", "calibration", "cards", "collection", "explore", "index", "query", "records",
    "search",
}  # fmt: skip
"""Rooms whose tests are arithmetic, files and SQL: 20 ms of a processor each on average."""
SLOW_FILES = {
    "test_absence.py", "test_appraisal.py", "test_cases.py", "test_catalog_sums.py",
    "test_crash_safety.py", "test_explore.py", "test_forgetting.py", "test_homes.py",
    "test_names.py", "test_store_changes.py", "test_store_contract.py", "test_store_walk.py",
}  # fmt: skip
"""Of these rooms what starts processes, mounts, draws maps or fills large indexes: seconds each."""
SLOW_FIXTURES = {"drawn_gallery", "gallery", "indexed_gallery", "page", "run", "serve"}
"""What they draw, load or start takes longer than the tests that ask for it."""


def holds_quick(path, config):
    """Tell whether a file or folder of tests may hold some that are run again and again."""
    room = path.relative_to(config.rootpath / "tests").parts
    return not room or (
        room[0] in QUICK_ROOMS and "decoding" not in room and path.name not in SLOW_FILES
    )


def pytest_ignore_collect(collection_path, config):
    """Do not even read what is slow where only quick tests are wanted: it is most of the time."""
    is_test = collection_path.is_relative_to(config.rootpath / "tests")
    if config.option.markexpr == "quick" and is_test and not holds_quick(collection_path, config):
        return True
    return None


def is_quick(item):
    """Tell whether a test belongs to what is run again and again while one writes."""
    in_a_room = item.path.parent != item.config.rootpath / "tests"
    is_slow = SLOW_FIXTURES & set(item.fixturenames) or item.get_closest_marker("long")
    return in_a_room and holds_quick(item.path, item.config) and not is_slow


LONG_FIXTURES = {"tab", "serve", "site"}
"""Who asks for them opens a browser or starts a server; a file of such tests takes longest."""


def pytest_xdist_auto_num_workers():
    """Keep one process more at work than there are processors: a quarter of the time is waiting."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config, items):
    """Begin with the files that take longest, mark what is quick, and leave out what takes minutes.

    What takes minutes runs only when it is asked for.
    """
    lasting = {item.path for item in items if LONG_FIXTURES & set(item.fixturenames)}
    lasting |= {item.path for item in items if item.path.parent.name == "lab"}
    items.sort(key=lambda item: item.path not in lasting)
    for item in items:
        if is_quick(item):
            item.add_marker(pytest.mark.quick)
    if not config.getoption("--long"):
        left_out = pytest.mark.skip(reason="takes minutes; run it by --long")
        numbers = Counter()
        for item in items:
            sample = item.get_closest_marker("one_in")
            if sample:
                numbers[item.function] += 1
            if item.get_closest_marker("long") or (
                sample and numbers[item.function] % sample.args[0]
            ):
                item.add_marker(left_out)


class ColourEmbedder:
    """Embeds a picture as its mean colour, and a word as the colour it names."""

    def __init__(self, name="colours", fingerprint="colours-1"):
        self.card = ModelCard(name, fingerprint, 4)
        self.logit_scale, self.logit_bias = 10.0, None
        self.pictures_embedded = 0
        self._counting = Lock()

    def prepare(self, image):
        """Look at the whole picture."""
        return image

    looks_at = None  # nothing is known of a part

    def embed_variants(self, images):
        """There is only one way."""
        return self.embed_pictures(images)

    def patch_vectors(self, images):
        """There are no patches."""
        return

    def get_ready(self, pictures):
        """There is only one way."""
        return 0

    def tune(self, images):
        """There is only one way."""
        return self.embed_pictures(images)

    def embed_pictures(self, images):
        """Return the mean colour, centred, with a constant."""
        with self._counting:
            self.pictures_embedded += len(images)
        means = [np.asarray(image, dtype=np.float32).mean(axis=(0, 1)) for image in images]
        return self._as_vectors(means)

    @contextmanager
    def side_by_side(self):
        """Any thread may compute a mean."""
        yield Lanes(self.embed_pictures, 2, PART_SIZE)

    def embed_words(self, texts):
        """Return the colour that a text names, grey for others."""
        named = [
            next((rgb for colour, rgb in COLOURS.items() if colour in text), (128, 128, 128))
            for text in texts
        ]
        return self._as_vectors(named)

    def words_over_limit(self, text):
        """Read ten words."""
        return len(text.split()) > 10

    @staticmethod
    def _as_vectors(colours):
        centred = np.array(colours, dtype=np.float32).reshape(-1, 3) / 127.5 - 1
        return unit_rows(np.hstack([centred, np.full((len(centred), 1), 0.05)]))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings whose data lie in a folder of the test."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return Settings.from_environment()


@pytest.fixture
def embedder():
    """A fake embedder that counts the pictures it sees."""
    return ColourEmbedder()


@pytest.fixture
def load(embedder):
    """The loader that gives the fake embedder."""
    return lambda model_id, settings: embedder


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """Two hundred drawings, four of each kind, as the bundled model sees them; never changed."""
    root = tmp_path_factory.mktemp("scoring")
    settings = Settings(root / "data")
    draw_gallery(root / "drawings", pictures=200)
    name, wanted = plan_build(root / "drawings", settings, name="drawings", model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        yield engine


@pytest.fixture(scope="session")
def drawn_gallery(tmp_path_factory):
    """The whole gallery, drawn once: its folder and its pictures."""
    folder = tmp_path_factory.mktemp("sample") / "gallery"
    return folder, draw_gallery(folder)


@pytest.fixture
def run(capsys, settings):
    """Run a command in this process; give exit code, standard output and standard error."""

    def call(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def paint(path, colour="red", size=(60, 40), **options):
    """Write a picture of one colour; ``salt`` makes its bytes unlike others of that colour."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, COLOURS.get(colour, colour))
    salt = options.pop("salt", None)
    if salt is not None:
        image.putpixel((0, 0), (salt % 256, salt // 256 % 256, 7))
    image.save(path, **options)
    return path


@pytest.fixture
def pictures(tmp_path):
    """A folder with two pictures of each colour, in a category named after it."""
    root = tmp_path / "pictures"
    for colour in COLOURS:
        for number in range(2):
            paint(root / colour / f"{number}.png", colour, salt=number)
    return root


@pytest.fixture(scope="session")
def indexed_gallery(tmp_path_factory):
    """The sample gallery, of 150 pictures, open with the bundled model; no test changes it."""
    root = tmp_path_factory.mktemp("gallery")
    draw_gallery(root / "drawings", pictures=150)
    settings = Settings(root / "data")
    name, wanted = plan_build(root / "drawings", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        yield engine


OF_A_BUILD = {"on_progress", "cancelled", "order"}


@pytest.fixture
def build(pictures, settings, embedder):
    """Build the collection of ``pictures``; what is not about the build goes to the plan."""

    def run(*, root=pictures, load=None, **wanted):
        asked = {key: wanted.pop(key) for key in OF_A_BUILD & wanted.keys()}
        name, plan = plan_build(root, settings, **({"model_id": "colours"} | wanted))
        load = load or (lambda model_id, _settings: embedder)
        return build_collection(name, plan, settings, load=load, **asked)

    return run


@pytest.fixture
def engine(settings, load):
    """Open the collection ``pictures``."""
    engines = []

    def opened():
        engines.append(SearchEngine.open("pictures", settings, load=load))
        return engines[-1]

    yield opened
    for one in engines:
        one.close()


def ids_by_path(settings, name="pictures"):
    """Return the ids of a collection's pictures."""
    with Library(settings).open_catalog(name) as catalog:
        return {record.path: record.picture_id for record in catalog.pictures}


def counts(report):
    """Return what a build did, without what it did not do."""
    return {
        name: getattr(report, name)
        for name in ("added", "changed", "moved", "removed", "lost", "unchanged", "embedded")
        if getattr(report, name)
    }
