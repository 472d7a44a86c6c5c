"""The engine gives the right pictures, with honest scores, under every filter and kind."""

import threading

import numpy as np
import pytest
from PIL import Image

from search_engine import (
    Filters,
    Query,
    SearchEngine,
    build_collection,
    plan_build,
)
from search_engine.errors import BadQuery, CollectionMissing, ModelMismatch
from search_engine.index.store import CONCRETE_KINDS
from search_engine.query import Words
from search_engine.records import Orientation
from tests.conftest import COLOURS, ColourEmbedder, paint
from tests.lookups import at_path


@pytest.fixture
def root(pictures):
    """The shared pictures, some of other sizes, one without a category, one with a date."""
    paint(pictures / "root.png", (250, 20, 120), size=(300, 200))
    paint(pictures / "red/large.png", "red", size=(800, 900))
    exif = {0x9003: "2019:07:21 14:03:11"}
    tagged = paint(pictures / "green/dated.jpg", "green")
    with Image.open(tagged) as image:
        metadata = Image.Exif()
        metadata.get_ifd(0x8769).update(exif)
        image.save(tagged, exif=metadata)
    return pictures


@pytest.fixture(params=CONCRETE_KINDS)
def engine(root, settings, load, request):
    """The collection under every kind of index."""
    name, wanted = plan_build(root, settings, model_id="colours", kind=request.param)
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as opened:
        yield opened


def paths(answer):
    return [result.record.path for result in answer.results]


def test_words_find_their_pictures_with_cosine_scores(engine, embedder):
    """Each score is the cosine of query and picture, ranks count from one, best first."""
    answer = engine.search("purple", k=4)
    vectors = engine.catalog.vectors.of(
        engine.manifest.model, np.array([r.record.picture_id for r in answer.results])
    )
    expected = vectors @ embedder.embed_words(["purple"])[0]
    assert [r.rank for r in answer.results] == [1, 2, 3, 4]
    assert [r.score for r in answer.results] == pytest.approx(expected.tolist(), abs=1e-5)
    assert {r.record.category for r in answer.results[:2]} == {"purple"}


def test_every_picture_finds_itself_first(engine):
    """More like this: the picture itself comes first with a score of one."""
    for record in engine.catalog.pictures:
        best = engine.search(Query.like(record.picture_id), k=1).results[0]
        assert best.score == pytest.approx(1, abs=1e-5)
        same = engine.search(Query.picture(engine.path(record)), k=1).results[0]
        assert same.score == pytest.approx(1, abs=1e-5)


def test_examples_can_be_left_out(engine):
    """An example that is itself indexed is not its own answer when that is not wanted."""
    record = at_path(engine.catalog, "blue/0.png")
    for query in (Query.like(record.picture_id), Query.picture(engine.path(record))):
        answer = engine.search(query, k=3, leave_out_examples=True)
        assert "blue/0.png" not in paths(answer)
        assert paths(answer)[0] == "blue/1.png"
        assert len(answer.results) == 3


def test_k_larger_than_the_collection_gives_all(engine):
    """Asked for more than there are, every picture comes exactly once."""
    answer = engine.search("red", k=10_000)
    assert sorted(paths(answer)) == sorted(record.path for record in engine.catalog.pictures)


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused(engine, k):
    """Nobody can be shown no pictures."""
    with pytest.raises(BadQuery):
        engine.search("red", k=k)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(categories=frozenset({"blue"})), {"blue/0.png", "blue/1.png"}),
        (Filters(categories=frozenset({""})), {"root.png"}),
        (Filters(categories=frozenset()), set()),
        (Filters(path="*/large.*"), {"red/large.png"}),
        (Filters(path="dated"), {"green/dated.jpg"}),
        (Filters(dated_to="2019-07"), {"green/dated.jpg"}),
        (Filters(dated_from="2019-07-21", dated_to="2019-07-21"), {"green/dated.jpg"}),
        (Filters(dated_to="2019-07-20"), set()),
        (Filters(min_width=300), {"root.png", "red/large.png"}),
        (Filters(min_width=300, max_height=200), {"root.png"}),
        (Filters(orientation=Orientation.PORTRAIT), {"red/large.png"}),
        (Filters(categories=frozenset({"red", "blue"}), path="*/1.png"),
         {"red/1.png", "blue/1.png"}),
    ],
)  # fmt: skip
def test_filters_let_exactly_theirs_through(engine, filters, expected):
    """Filtered before ranking: all that pass are found, whatever their score, and exactly."""
    answer = engine.search("yellow", k=50, filters=filters)
    assert set(paths(answer)) == expected
    assert answer.exact
    assert answer.considered == len(expected)


def test_a_minimum_score_cuts_the_list(engine):
    """Nothing below the minimum comes back, everything above does."""
    everything = engine.search("red", k=50)
    cut = engine.search("red", k=50, filters=Filters(min_score=0.9))
    assert paths(cut) == [r.record.path for r in everything.results if r.score >= 0.9]
    assert 0 < len(cut.results) < len(everything.results)


def test_a_filter_with_a_minimum_score(engine):
    """Filters on pictures and on the score hold together."""
    filters = Filters(categories=frozenset({"red", "blue"}), min_score=0.9)
    assert {r.record.category for r in engine.search("red", 50, filters).results} == {"red"}


def test_a_sum_finds_what_is_between(engine):
    """Red and blue together find purple first, which neither finds alone."""
    assert engine.search("red + blue", k=1).results[0].record.category == "purple"
    for alone in ("red", "blue"):
        assert engine.search(alone, k=1).results[0].record.category == alone


def test_a_picture_deleted_from_the_catalog_is_not_shown(engine):
    """While a build runs the index may be older than the catalog; k pictures come all the same."""
    gone = engine.search("red", k=2).results
    engine.catalog.pictures.remove([result.record.picture_id for result in gone])
    answer = engine.search("red", k=4)
    assert len(answer.results) == 4
    assert not set(paths(answer)) & {result.record.path for result in gone}


def test_what_the_answer_says_about_itself(engine):
    """An answer carries query, model, generation, exactness and times."""
    answer = engine.search(Query.words("red").minus(Words("blue")), k=1)
    assert str(answer.query) == "red - blue"
    assert answer.collection == "pictures"
    assert answer.manifest.model.model_id == "colours"
    assert answer.manifest.generation == 1
    assert answer.considered == len(engine) == 15
    assert answer.encode_seconds > 0
    assert answer.search_seconds > 0
    assert answer.exact  # below a thousand pictures every kind compares with everything


def test_another_model_under_the_same_name_is_refused(engine, settings):
    """If the weights behind the name have changed, scores would lie: a clear error instead."""
    other = SearchEngine.open(
        engine.name, settings, load=lambda *_: ColourEmbedder("colours", "changed")
    )
    with other, pytest.raises(ModelMismatch, match="Update 'pictures'"):
        other.search("red")


def test_a_missing_collection_is_named(settings):
    """Opening what is not there says so, with a remedy."""
    with pytest.raises(CollectionMissing, match="nowhere"):
        SearchEngine.open("nowhere", settings)


def test_many_threads_may_ask_at_once(engine):
    """Concurrent queries each get their own right answer."""
    wrong = []

    def ask(colour):
        for _ in range(20):
            best = engine.search(colour, k=1).results[0]
            if best.record.category != colour:
                wrong.append((colour, best))

    threads = [threading.Thread(target=ask, args=(colour,)) for colour in COLOURS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
