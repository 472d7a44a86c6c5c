"""A build that is killed loses nothing that was committed, and repeats nothing."""

import signal
import subprocess
import sys

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.errors import IndexMissing
from tests.conftest import COLOURS, paint

PICTURES = 60

MOMENTS = [
    ("search_engine.building.pipeline:read", "before", 5),
    ("search_engine.collection.decoding.children:Children.read", "after", 11),
    ("search_engine.collection.catalog.pictures:Pictures.add", "after", 1),
    ("search_engine.collection.catalog.pictures:Pictures.add", "after", 20),
    ("search_engine.collection.catalog.vector_table:VectorTable.put", "before", 2),
    ("search_engine.collection.catalog.vector_table:VectorTable.put", "after", 3),
    ("search_engine.collection.catalog.skipped:Skipped.put", "after", 4),
    ("search_engine.building.build:_Build._store", "after", 2),
    ("search_engine.building.build:_Build._store", "after", 8),
    ("search_engine.building.build:publish_index", "before", 1),
    ("search_engine.index.generations:_write", "after", 1),
    ("search_engine.index.generations:_replace", "before", 1),
    ("search_engine.index.generations:_replace", "after", 1),
    ("search_engine.collection.catalog.builds_table:Builds.finish", "before", 1),
]


@pytest.fixture
def root(tmp_path):
    """Sixty pictures, ten of each colour, and two broken files."""
    for number in range(PICTURES):
        colour = list(COLOURS)[number % len(COLOURS)]
        paint(tmp_path / "pictures" / colour / f"{number:02}.png", colour, salt=number)
    (tmp_path / "pictures/broken.jpg").write_bytes(b"no picture")
    (tmp_path / "pictures/zero.png").write_bytes(b"")
    return tmp_path / "pictures"


def build_and_die(root, moment, *more):
    place, when, count = moment
    command = [
        sys.executable,
        "-m",
        "tests.building.killed_build",
        str(root),
        place,
        when,
        str(count),
        *map(str, more),
    ]
    died = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr


def committed(settings):
    library = Library(settings)
    if "pictures" not in library.names():
        return {}
    with library.open_catalog("pictures") as catalog:
        return {record.path: record.picture_id for record in catalog.pictures}


@pytest.fixture
def finish(root, settings, load):
    def run():
        name, wanted = plan_build(root, settings, model_id="colours")
        return build_collection(name, wanted, settings, load=load)

    return run


@pytest.mark.one_in(3)
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda m: f"{m[1]}-{m[0].split(':')[1]}-{m[2]}")
def test_killed_at_any_moment_nothing_is_lost_or_repeated(
    root, settings, moment, finish, embedder, load
):
    """After SIGKILL the next build embeds just the missing pictures, and all is as it should be."""
    build_and_die(root, moment)
    before = committed(settings)

    report = finish()

    assert embedder.pictures_embedded == PICTURES - len(before)
    after = committed(settings)
    assert len(after) == PICTURES
    assert len(set(after.values())) == PICTURES
    assert before.items() <= after.items()
    assert [skip.path for skip in report.skipped] == ["broken.jpg", "zero.png"]
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert len(engine) == PICTURES
        for colour in COLOURS:
            found = engine.search(colour, k=10).results
            assert {result.record.category for result in found} == {colour}
        for record in engine.catalog.pictures:
            assert engine.thumbnail_path(record).is_file()
        states = [build.state for build in engine.catalog.builds.latest(5)]
    assert states in (["done", "interrupted"], ["done"])
    assert finish().embedded == 0


@pytest.mark.long
def test_killed_again_and_again_a_build_still_ends(root, settings, finish, embedder):
    """Ten builds, each killed after one more batch or so, add up to one finished build."""
    done = 0
    for _ in range(6):
        build_and_die(root, ("search_engine.building.build:_Build._store", "after", 1))
        assert len(committed(settings)) > done
        done = len(committed(settings))
    finish()
    assert embedder.pictures_embedded == PICTURES - done


def test_killed_in_an_update_readers_keep_the_old_index(root, settings, finish, load):
    """While an update is torn off, the index before answers; after the next build the new one."""
    finish()
    for number in range(20):
        paint(root / "new" / f"{number}.png", (0, 250, 250), salt=500 + number)
    (root / "red/00.png").unlink()
    build_and_die(root, ("search_engine.index.generations:_write", "after", 1))
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert engine.manifest.generation == 1
        found = [result.record.path for result in engine.search("red", k=10).results]
        assert "red/00.png" not in found
        assert len(found) == 10
    finish()
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert len(engine) == PICTURES + 20 - 1


def test_killed_before_anything_was_published_says_so(root, settings):
    """Before the first index there is a clear answer instead of a wrong one."""
    build_and_die(root, ("search_engine.building.build:_Build._store", "after", 2))
    with pytest.raises(IndexMissing, match="no finished index"):
        SearchEngine.open("pictures", settings)


@pytest.mark.parametrize(
    ("moment", "least"),
    [
        (("search_engine.building.interim:publish_so_far", "after", 1), 16),
        (("search_engine.building.interim:keep_calibrated", "after", 2), 32),
        (("search_engine.index.generations:_replace", "before", 2), 16),
    ],
    ids=["published", "calibrated", "in the middle"],
)
def test_killed_later_a_first_build_can_be_searched(root, settings, finish, load, moment, least):
    """What it had published is found; the next build has the rest, and embeds nothing again."""
    build_and_die(root, moment, 16)
    stored = len(committed(settings))
    with SearchEngine.open("pictures", settings, load=load) as engine:
        held = len(engine)
        assert least <= held <= stored
        found = [one.record.category for one in engine.search("black", k=held).results]
    assert len(found) == held
    assert found[: found.count("black")] == ["black"] * found.count("black") != []
    summary = Library(settings).summary("pictures")
    assert (summary.so_far.pictures, summary.so_far.expected) == (held, PICTURES + 2)
    assert f"so far {held} of 62 pictures" in summary.state

    assert finish().embedded == PICTURES - stored
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert len(engine) == PICTURES
    assert Library(settings).summary("pictures").state == "ready"


def test_what_a_killed_first_build_published_is_made_anew_if_it_breaks(root, settings, load):
    """That no build has finished is no reason to lose what could be searched."""
    build_and_die(root, ("search_engine.building.interim:publish_so_far", "after", 1), 16)
    (index,) = Library(settings).folder("pictures").glob("index.*.faiss")
    index.write_bytes(b"broken")
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert len(engine) == len(committed(settings)) >= 16
