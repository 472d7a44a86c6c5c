"""Odd pictures come first in the ranking of what is odd about them."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit.audit import Audit
from search_engine.audit.hubness import Hubness, hubness_of_queries
from search_engine.audit.lists import table_of_unusual
from search_engine.audit.neighbours import find_neighbours
from search_engine.audit.outliers import far_from_all, far_within_category
from search_engine.audit.unusual import Oddity, UnusualLimits, find_unusual
from search_engine.embedding import unit_rows
from search_engine.index.store import Neighbours
from tests.conftest import paint


@pytest.fixture
def odd(settings, load, tmp_path):
    """Textured pictures, and one of each kind of oddity."""
    rng = np.random.default_rng(5)
    root = tmp_path / "odd"

    def textured(name, low=130, high=230, size=(320, 300), blur=1.0):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        grain = rng.integers(low, high, (size[1] // 4, size[0] // 4, 3), dtype=np.uint8)
        image = Image.fromarray(grain).resize(size, Image.Resampling.NEAREST)
        image.filter(ImageFilter.GaussianBlur(blur)).save(root / name, quality=95)

    for number in range(12):
        textured(f"usual/{number}.jpg", blur=0.8 + number / 20)
    textured("usual/blurred.jpg", blur=6)
    textured("usual/dark.jpg", 0, 40)
    textured("usual/bright.jpg", 225, 255)
    textured("usual/tiny.jpg", size=(90, 80))
    textured("usual/long.jpg", size=(1200, 240))
    paint(root / "usual/red.png", "red", size=(300, 300))
    name, wanted = plan_build(root, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        yield Audit(engine)


def names(audit, ranking):
    records = audit.engine.catalog.pictures.by_id(ranking.picture_ids.tolist())
    return [records[i].path.rpartition("/")[2] for i in ranking.picture_ids.tolist()]


@pytest.mark.parametrize(
    ("oddity", "expected"),
    [
        (Oddity.BLURRED, ["blurred.jpg"]),
        (Oddity.DARK, ["dark.jpg"]),
        (Oddity.BRIGHT, ["bright.jpg"]),
        (Oddity.TINY, ["tiny.jpg"]),
        (Oddity.ODD_SHAPED, ["long.jpg"]),
    ],
)
def test_only_the_odd_ones_are_named(odd, oddity, expected):
    """Each measure names its own picture, and no other."""
    assert names(odd, find_unusual(odd, oddity)) == expected


def test_other_colours_are_far_from_all(odd):
    """The red and the dark one among bright greys are the outliers, also of their category."""
    for oddity in (Oddity.FAR, Oddity.FAR_IN_CATEGORY):
        assert set(names(odd, find_unusual(odd, oddity))[:2]) == {"red.png", "dark.jpg"}
    everything = find_unusual(odd, Oddity.TYPICAL, UnusualLimits(typical=1e9))
    assert set(names(odd, everything)[-2:]) == {"red.png", "dark.jpg"}


LAXER = {
    Oddity.FAR: UnusualLimits(far=0.5),
    Oddity.FAR_IN_CATEGORY: UnusualLimits(off=1.05),
    Oddity.TYPICAL: UnusualLimits(typical=0.97),
}


@pytest.mark.parametrize("oddity", Oddity)
def test_every_list_has_an_end(audit, oddity):
    """No oddity is about most of a collection; where there is a limit, a laxer one shows more."""
    found = find_unusual(audit, oddity)
    assert len(found.picture_ids) < len(audit.inventory) / 4
    if oddity in LAXER:
        more = find_unusual(audit, oddity, LAXER[oddity])
        count = len(found.picture_ids)
        assert len(more.picture_ids) > count
        assert more.picture_ids[:count].tolist() == found.picture_ids.tolist()


def test_every_ranking_can_be_written(odd):
    """The table has a line for every picture of every ranking, with its value."""
    rankings = [find_unusual(odd, oddity).head(3) for oddity in Oddity]
    lines = table_of_unusual(odd.engine, rankings).decode().splitlines()
    assert len(lines) == 1 + sum(len(ranking.picture_ids) for ranking in rankings)
    assert any(line.startswith("tiny,1,") and line.endswith(",80.0,file") for line in lines)


def test_distances_are_those_of_the_plain_way(audit):
    """The k-th nearest distances equal those of a matrix of all pairs, copies left out."""
    inventory, engine = audit.inventory, audit.engine
    vectors = engine.catalog.vectors.of(engine.manifest.model, inventory.content_ids)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    kth = np.sort(cosines, axis=1)[:, -10]
    found = far_from_all(inventory, audit.neighbours())
    assert found == pytest.approx((1 - kth)[inventory.contents], abs=1e-5)
    place = int(np.flatnonzero(np.bincount(inventory.labels) > 11)[0])
    mine = np.flatnonzero(inventory.labels[inventory.firsts] == place)
    within = 1 - np.sort(cosines[np.ix_(mine, mine)], axis=1)[:, -10]
    ratios = far_within_category(inventory)
    assert ratios[inventory.firsts[mine]] == pytest.approx(within / np.median(within), abs=1e-3)


def test_hubs_and_unreached_are_counted(audit):
    """Counts add up to all answers given; what nothing finds is what is never counted."""
    found = audit.hubness_of_queries(7)
    assert found.counts.sum() == 7 * found.queries
    limits = UnusualLimits(k=7)
    hubs = find_unusual(audit, Oddity.HUB, limits)
    unreached = find_unusual(audit, Oddity.UNREACHED, limits)
    assert hubs.values.tolist() == sorted(hubs.values.tolist(), reverse=True)
    assert hubs.picture_ids.tolist()
    assert hubs.values.min() > found.counts.mean() + 2 * found.counts.std()
    assert len(unreached.picture_ids) == found.unreached
    assert not np.isin(unreached.picture_ids, hubs.picture_ids).any()
    assert audit.hubness_of_pictures().counts[audit.inventory.firsts].sum() == 10 * len(
        audit.inventory.firsts
    )


def test_one_picture_that_answers_everything_is_a_hub(audit):
    """Skewness is high where one picture takes all, and zero where all take turns."""
    ids = audit.inventory.picture_ids
    queries = np.ones((len(ids), 2), dtype=np.float32)
    first = Neighbours(ids[:1], np.ones(1, np.float32), exact=True)
    one = hubness_of_queries(audit.inventory, queries, lambda *_: first, k=1)
    assert one.skewness > 10
    assert one.unreached == len(ids) - 1
    assert Hubness(np.ones(50, dtype=np.int64), 50, 1).skewness == 0
    assert Hubness(np.ones(50, dtype=np.int64), 50, 1).by_chance == pytest.approx(50 * 0.98**50)


def test_clusters_find_the_neighbours_too(monkeypatch):
    """Where all are not compared with all, the share of neighbours found is measured and high."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(60, 16))
    vectors = unit_rows(centres[rng.integers(0, 60, 3_000)] + rng.normal(size=(3_000, 16)) / 3)
    exact = find_neighbours(3_000, 16, lambda ids: vectors[ids])
    monkeypatch.setattr("search_engine.audit.neighbours.EXACT_UP_TO", 1_000)
    fast = find_neighbours(3_000, 16, lambda ids: vectors[ids])
    alike = [np.isin(a[:10], b).mean() for a, b in zip(exact.places, fast.places, strict=True)]
    assert exact.recall == 1
    assert 0.98 <= fast.recall <= 1
    assert np.mean(alike) >= 0.95
    assert not (fast.places == np.arange(3_000)[:, None]).any()


def test_neighbours_are_read_again(audit, monkeypatch):
    """A second audit of the same collection finds its neighbours on disk, unless that is broken."""
    known = audit.neighbours()
    monkeypatch.setattr(
        "search_engine.audit.audit.find_neighbours", lambda *_: pytest.fail("found again")
    )
    again = Audit(audit.engine).neighbours()
    assert np.array_equal(again.places, known.places)
    file = audit.engine.catalog.folder / "neighbours.npz"
    content = file.read_bytes()
    try:
        file.write_bytes(content[: len(content) // 2])
        with pytest.raises(pytest.fail.Exception):
            Audit(audit.engine).neighbours()
    finally:
        file.write_bytes(content)


@pytest.mark.parametrize("count", [1, 2])
def test_hardly_any_pictures_are_no_problem(settings, load, tmp_path, count):
    """One picture or two have no neighbours to speak of, and nothing fails."""
    for number in range(count):
        paint(tmp_path / f"few/{number}.png", "red", salt=number)
    name, wanted = plan_build(tmp_path / "few", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        audit = Audit(engine)
        assert audit.duplicates() == []
        assert audit.suspects() == []
        for oddity in Oddity:
            assert len(find_unusual(audit, oddity).picture_ids) <= count
