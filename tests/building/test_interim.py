"""A long build publishes what it has: it can be searched meanwhile, and grows."""

import threading
from contextlib import contextmanager
from itertools import pairwise

import pytest

from search_engine import Library, SearchEngine
from search_engine.building import interim
from search_engine.calibration import CALIBRATION_FILE
from search_engine.collection import read_manifest, so_far
from search_engine.errors import CollectionError
from search_engine.index.publishing import publish_so_far
from search_engine.records import IndexKind, ModelCard
from search_engine.records.builds import Stage
from tests.conftest import COLOURS, ColourEmbedder, paint

MANY = 200
SECONDS = 60


@pytest.fixture
def pictures(tmp_path):
    """Some batches of pictures, as many of each colour, in one order with all colours mixed."""
    for number in range(MANY):
        colour = list(COLOURS)[number % len(COLOURS)]
        paint(tmp_path / "pictures" / f"{number:03} {colour}.png", colour, salt=number)
    return tmp_path / "pictures"


@pytest.fixture
def often(monkeypatch):
    """Publish after the first 32 pictures, however little is left to wait for."""
    monkeypatch.setattr(interim, "FIRST_PUBLISHED", 32)
    monkeypatch.setattr(interim, "SECONDS_WORTH_IT", 0)
    monkeypatch.setattr(interim, "_REST", 0)


@pytest.fixture
def counts(monkeypatch):
    """How many pictures there were each time that something was published before the end."""
    found = []

    def noted(*what):
        found.append(publish_so_far(*what))
        return found[-1]

    monkeypatch.setattr(interim, "publish_so_far", noted)
    return found


class Waiting(ColourEmbedder):
    """Embeds some pictures, and the others once it is told to."""

    def __init__(self, at_once):
        super().__init__()
        self._left = at_once
        self.go_on = threading.Event()

    def embed_pictures(self, images):
        """Wait where enough were embedded."""
        with self._counting:
            self._left -= len(images)
            waits = self._left < 0
        if waits:
            assert self.go_on.wait(SECONDS)
        return super().embed_pictures(images)


@contextmanager
def building(build, embedder, **how):
    """Run a build in another thread; let it go on at the end, and wait for it."""
    reports = []
    run = threading.Thread(
        target=lambda: reports.append(build(load=lambda *_: embedder, **how)), daemon=True
    )
    run.start()
    try:
        yield reports
    finally:
        embedder.go_on.set()
        run.join(SECONDS)


def until(condition):
    for _ in range(SECONDS * 50):
        if condition():
            return
        threading.Event().wait(0.02)
    pytest.fail("it did not come true in time")


def stopped(build, after):
    """Run a build that is stopped once so many files were read."""
    done = [0]

    def look(told):
        done[0] = told.done if told.stage is Stage.EMBED else 0

    report = build(on_progress=look, cancelled=lambda: done[0] >= after)
    assert report.cancelled
    return report


def right(engine):
    """Every colour is answered by its own pictures, each with its match."""
    for colour in COLOURS:
        found = engine.search(colour, k=4).results
        assert all(colour in one.record.path for one in found)
        assert all(one.match is not None for one in found)


def test_it_is_searched_while_it_builds_and_grows(build, pictures, settings, often, load):
    """Right answers, with matches, from what is in so far; from all of it once it has ended."""
    embedder, library = Waiting(at_once=100), Library(settings)
    folder = library.folder("pictures")
    with building(build, embedder) as reports:
        until(lambda: (manifest := read_manifest(folder)) and manifest.count >= 64)
        until((folder / CALIBRATION_FILE).exists)
        with SearchEngine.open("pictures", settings, load=load) as engine:
            assert 64 <= len(engine) < MANY
            right(engine)
            assert so_far(engine.catalog, engine.manifest).expected == MANY
        summary = library.summary("pictures")
        assert summary.so_far.pictures == read_manifest(folder).count
        assert f"so far {summary.so_far.pictures} of 200 pictures" in summary.state
    assert reports[0].added == MANY
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert len(engine) == MANY
        assert so_far(engine.catalog, engine.manifest) is None
        right(engine)
    assert library.summary("pictures").state == "ready"


def test_it_is_published_each_time_it_has_doubled(build, pictures, often, counts):
    """Not more often: what has not doubled is not worth the work."""
    build()
    assert counts[0] >= 32
    assert all(later >= 2 * before for before, later in pairwise(counts))
    assert len(counts) >= 3


def test_after_some_time_it_is_published_anyway(build, pictures, often, counts, monkeypatch):
    """Where it takes long to double, or even to come to the first few."""
    monkeypatch.setattr(interim, "FIRST_PUBLISHED", 10**6)
    build()
    assert counts == []
    monkeypatch.setattr(interim, "SECONDS_BETWEEN", 0)
    build(name="again")
    assert len(counts) >= 4
    assert counts == sorted(set(counts))


def test_what_publishing_costs_is_waited_for_many_times_over(
    build, pictures, often, counts, monkeypatch
):
    """However large a collection is, the build is not slowed down by it."""
    monkeypatch.setattr(interim, "_REST", 10**9)
    build()
    assert len(counts) == 1


def test_a_build_that_ends_in_a_moment_publishes_once(build, pictures, counts, monkeypatch):
    """Nobody is shown a part where all of it comes at once."""
    monkeypatch.setattr(interim, "FIRST_PUBLISHED", 32)
    assert build().manifest.generation == 1
    assert counts == []


def test_an_update_that_adds_many_can_be_searched_meanwhile(
    build, pictures, often, counts, tmp_path
):
    """The index there is grows, by what comes to it."""
    assert build().manifest.count == MANY
    counts.clear()
    for number in range(MANY + 100):
        paint(pictures / f"more/{number:03}.png", "red", salt=5000 + number)
    assert build().manifest.count == 2 * MANY + 100
    assert len(counts) == 1
    assert 2 * MANY <= counts[0] < 2 * MANY + 100


def test_another_model_is_searched_once_all_is_embedded(
    build, often, counts, settings, monkeypatch
):
    """Until then the pictures are found by the model before, all of them."""
    build()
    counts.clear()
    monkeypatch.setattr(interim, "SECONDS_BETWEEN", 0)
    other, seen = ColourEmbedder(), []
    other.card = ModelCard("others", "another print", other.card.dimension)
    folder = Library(settings).folder("pictures")

    def look(told):
        if told.stage is Stage.EMBED:
            seen.append((read_manifest(folder).model.model_id, read_manifest(folder).count))

    report = build(model_id="others", load=lambda *_: other, on_progress=look)
    assert set(seen) == {("colours", MANY)}
    assert counts == []
    assert report.manifest.model.model_id == "others"


@pytest.mark.parametrize("kind", [IndexKind.HNSW, IndexKind.IVF])
def test_until_the_end_it_is_of_the_kind_that_is_made_most_quickly(
    build, pictures, often, settings, kind
):
    """What takes long to make is made once, of all pictures."""
    seen, folder = set(), Library(settings).folder("pictures")

    def look(told):
        manifest = read_manifest(folder)
        if told.stage is Stage.EMBED and manifest:
            seen.add(manifest.kind)

    assert build(kind=kind, on_progress=look).manifest.kind is kind
    assert seen == {IndexKind.EXACT}


def test_what_was_done_before_a_stop_can_be_searched(build, pictures, settings, engine):
    """It is told as so much of so many, and the next build has the rest."""
    report = stopped(build, after=64)
    opened = engine()
    assert len(opened) == report.added
    assert 0 < report.added < MANY
    right(opened)
    found = so_far(opened.catalog, opened.manifest)
    assert found == Library(settings).summary("pictures").so_far
    assert str(found) == f"so far {report.added} of 200 pictures"
    assert not build().cancelled
    assert len(engine()) == MANY


def test_what_a_stopped_update_brought_can_be_searched(build, pictures, engine):
    """New pictures are found, changed ones as they are now; it is no first build any more."""
    build()
    paint(pictures / "000 red.png", "blue", salt=9000)
    paint(pictures / "0000 new red.png", "red", salt=9001)
    for number in range(MANY):
        paint(pictures / f"more/{number:03}.png", "black", salt=5000 + number)
    stopped(build, after=64)
    opened = engine()
    assert "000 red.png" in {one.record.path for one in opened.search("blue", k=40).results}
    assert "0000 new red.png" in {one.record.path for one in opened.search("red", k=40).results}
    assert so_far(opened.catalog, opened.manifest) is None


def test_a_build_goes_on_where_it_cannot_publish_meanwhile(build, pictures, often, monkeypatch):
    """What stands in the way is told where it matters, at the end."""
    cause = "The index cannot be written"

    def fail(*_):
        raise CollectionError(cause)

    monkeypatch.setattr(interim, "publish_so_far", fail)
    assert build().manifest.count == MANY


def test_what_is_expected_is_unknown_to_catalogs_from_before(build, pictures, settings):
    """Then only what is there is told."""
    stopped(build, after=64)
    with Library(settings).open_catalog("pictures") as catalog:
        catalog._state._put("expected", "many")
        assert catalog.expected == 0
    summary = Library(settings).summary("pictures")
    assert str(summary.so_far) == f"so far {summary.so_far.pictures} pictures"
