"""A match says what a cosine is worth: how that is measured, kept and mended."""

import shutil

import numpy as np
import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.calibration import stored
from search_engine.calibration.calibrate import calibrate
from search_engine.calibration.match import WeighedTerm
from search_engine.calibration.probe_texts import CAPTIONS, NONSENSE, PROBE_TEXTS
from search_engine.calibration.probe_vectors import (
    SHARED_FOLDER,
    find_probe_vectors,
    shared_vectors,
)
from search_engine.calibration.stored import CALIBRATION_FILE, keep_calibrated, read_calibration
from search_engine.collection.catalog import Catalog
from search_engine.embedding import unit_rows
from search_engine.errors import CollectionError
from search_engine.records import ModelCard, PictureFacts, PictureFile
from tests.calibration.made_up_vectors import BACK, MODEL, vectors
from tests.conftest import paint


def test_the_texts_to_measure_by_are_many_and_different():
    """At least 256 captions, and no text twice; more nonsense than a fluke."""
    assert len(CAPTIONS) == 256
    assert len(NONSENSE) == 64
    assert len(set(PROBE_TEXTS)) == len(PROBE_TEXTS)


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "collection") as made:
        put(made, vectors(300, 3))
        yield made


def put(catalog, rows):
    mark = catalog.revision
    files = [PictureFile(f"{mark}-{n}.jpg", 1, 1) for n in range(len(rows))]
    ids = [catalog.pictures.add(file, PictureFacts(file.path, 1, 1)) for file in files]
    catalog.vectors.put(MODEL, ids, list(rows))
    return ids


def measured(catalog):
    return calibrate(catalog.vectors, MODEL, BACK, catalog.version)


def all_texts():
    return BACK


class Model:
    """Embeds the probe texts as the vectors that it is made with."""

    def __init__(self, card, vectors):
        self.card = card
        self.embed_words = lambda _texts: vectors


def test_a_picture_that_is_near_to_everything_is_held_back(catalog):
    """A planted hub, the mean of all captions, loses half of what it has above others."""
    hub = put(catalog, unit_rows(BACK.captions.mean(axis=0, keepdims=True)))[0]
    found = measured(catalog)
    assert found.picture_ids[found.hubness.argmax()] == hub
    held = catalog.vectors.of(MODEL, found.picture_ids)
    expected = (held @ BACK.captions.T).mean(axis=1)
    assert found.hubness == pytest.approx((expected - expected.mean()) / 2, abs=1e-5)
    assert found.hubness.mean() == pytest.approx(0, abs=1e-6)


def test_a_query_is_centred_but_never_by_more_than_nonsense(catalog):
    """What a query scores on average is taken away, up to what made-up words score."""
    found = measured(catalog)
    rows = catalog.vectors.of(MODEL, found.picture_ids)
    far, near = -found.mean / np.linalg.norm(found.mean), found.mean / np.linalg.norm(found.mean)
    for vector, expected in ((far, (rows @ far).mean()), (near, found.ceiling)):
        calibrated = found.for_query([WeighedTerm(vector, 1.0, in_words=True)], 1.0)
        assert calibrated.mean == pytest.approx(expected, abs=1e-5)
    assert found.ceiling == pytest.approx(np.median(BACK.nonsense @ found.mean), abs=1e-5)


def test_a_sum_has_the_cut_of_its_terms(catalog):
    """At the cut for both terms is at the cut for their sum; the length of the sum counts."""
    found = measured(catalog)
    terms = [WeighedTerm(vector, 1.0, in_words=True) for vector in vectors(2, 9)]
    total = terms[0].vector + terms[1].vector
    length = float(np.linalg.norm(total))
    one, two = (found.for_query([term], 1.0) for term in terms)
    both = found.for_query(terms, length)
    assert both.cut_score == pytest.approx((one.cut_score + two.cut_score) / length, abs=1e-5)
    minus = WeighedTerm(terms[1].vector, -1.0, in_words=True)
    assert found.for_query([minus], 1.0) is None
    assert found.for_query([terms[0], minus], 1.0).cut == pytest.approx(one.cut)


def test_it_is_kept_and_read_again(catalog):
    """What was measured comes back from disk, and is not measured twice."""
    made = keep_calibrated(catalog, MODEL, all_texts)
    again = keep_calibrated(catalog, MODEL, lambda: pytest.fail("the model was asked"))
    assert again.words == made.words
    assert again.hubness.tolist() == made.hubness.tolist()
    assert again.made_of == catalog.version
    other = ModelCard("model", "another", 32)
    assert read_calibration(catalog, other) is None


@pytest.mark.parametrize("content", [b"", b"broken", b"PK\x03\x04 broken"])
def test_a_broken_file_is_made_again(catalog, content):
    """It is derived; nothing is lost with it."""
    keep_calibrated(catalog, MODEL, all_texts)
    (catalog.folder / CALIBRATION_FILE).write_bytes(content)
    assert read_calibration(catalog, MODEL) is None
    assert keep_calibrated(catalog, MODEL, all_texts) is not None
    assert read_calibration(catalog, MODEL) is not None


def test_the_texts_of_an_older_version_are_embedded_again(catalog, tmp_path):
    """A catalog that remembers 131 captions gets all 320 texts when there is a model."""
    catalog.vectors.keep_probe_vectors(MODEL, BACK.captions[:131])
    assert find_probe_vectors(catalog, MODEL, tmp_path) is None
    assert find_probe_vectors(catalog, MODEL, tmp_path, lambda: Model(MODEL, BACK.all)) is not None
    assert len(catalog.vectors.probe_vectors(MODEL)) == len(PROBE_TEXTS)


def test_probe_texts_are_found_in_one_order(catalog, tmp_path):
    """The collection is asked first, then the data folder, then the model; all learn of it."""
    asked = []
    model = Model(MODEL, BACK.all)
    found = find_probe_vectors(catalog, MODEL, tmp_path, lambda: asked.append(1) or model)
    assert found.all == pytest.approx(BACK.all)
    assert find_probe_vectors(catalog, MODEL, tmp_path / "elsewhere").all == pytest.approx(BACK.all)
    with Catalog.create(tmp_path / "next") as other:
        assert other.vectors.probe_vectors(MODEL) is None
        again = find_probe_vectors(other, MODEL, tmp_path, lambda: asked.append(2))
        assert again.all == pytest.approx(BACK.all)
        assert other.vectors.probe_vectors(MODEL) == pytest.approx(BACK.all)
    assert asked == [1]


def test_the_probe_texts_of_another_model_are_never_taken(catalog, tmp_path):
    """Two models of one dimension: neither collection, data folder nor model gives the other's."""
    other = ModelCard("other", "another print", MODEL.dimension)
    theirs = vectors(len(PROBE_TEXTS), 17)
    find_probe_vectors(catalog, MODEL, tmp_path, lambda: Model(MODEL, BACK.all))
    assert find_probe_vectors(catalog, other, tmp_path) is None
    assert find_probe_vectors(catalog, other, tmp_path, lambda: Model(MODEL, BACK.all)) is None
    assert catalog.vectors.probe_vectors(other) is None
    assert shared_vectors(tmp_path, other) is None
    found = find_probe_vectors(catalog, other, tmp_path, lambda: Model(other, theirs))
    assert found.all == pytest.approx(theirs)
    assert find_probe_vectors(catalog, MODEL, tmp_path).all == pytest.approx(BACK.all)


def test_a_large_collection_is_mended(catalog, monkeypatch):
    """Of a few new, changed and gone pictures only these are measured; of many, all."""
    monkeypatch.setattr(stored, "QUICK_UP_TO", 100)
    before = keep_calibrated(catalog, MODEL, all_texts)
    new = put(catalog, vectors(5, 11))
    catalog.vectors.put(MODEL, [1], list(vectors(1, 12)))
    catalog.pictures.remove([2])
    after = keep_calibrated(catalog, MODEL, all_texts)
    assert after.words == before.words
    assert after.changed == 7
    whole = measured(catalog)
    assert after.picture_ids.tolist() == whole.picture_ids.tolist()
    wanted = np.array([1, 3, *new])
    assert after.hubness_of(wanted) == pytest.approx(whole.hubness_of(wanted), abs=0.003)
    put(catalog, vectors(60, 13))
    assert keep_calibrated(catalog, MODEL, all_texts).changed == 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_no_pictures_can_be_calibrated(tmp_path, count):
    """With none, one or two pictures there is a calibration, of finite numbers."""
    with Catalog.create(tmp_path / "few") as few:
        put(few, vectors(count, 3))
        found = keep_calibrated(few, MODEL, all_texts)
        assert len(found.picture_ids) == count
        assert np.isfinite([*found.mean, found.words.cut, found.pictures.cut]).all()
        assert min(found.words.spread, found.pictures.spread) > 0


def test_a_collection_from_before_still_opens(pictures, settings, load, embedder):
    """Without a calibration it is made up for when the model is there, else there is no match."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    file = settings.collections_folder / name / CALIBRATION_FILE
    file.unlink()
    with Catalog.open(file.parent) as catalog:
        card = embedder.card
        catalog.vectors.keep_probe_vectors(card, embedder.embed_words(CAPTIONS[:131]))
    shutil.rmtree(settings.collections_folder / SHARED_FOLDER)
    with SearchEngine.open(name, settings, load=load) as engine:
        answer = engine.search("#1")
        assert (answer.verdict, answer.results[0].match) == (None, None)
        assert engine.search("red").results[0].match is not None
        assert engine.search("#1").verdict is not None
    assert file.is_file()


def test_a_large_one_from_before_is_told_to_be_brought_up_to_date(
    pictures, settings, load, monkeypatch
):
    """What would take long is left to a build: no match, no failure, and a way to mend it."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (settings.collections_folder / name / CALIBRATION_FILE).unlink()
    monkeypatch.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 3)
    with SearchEngine.open(name, settings, load=load) as engine:
        assert engine.search("red").verdict is None
        with pytest.raises(CollectionError, match="Update it"):
            engine.measure.presence()
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        assert engine.search("red").verdict is not None


def test_what_is_measured_later_is_seen_by_who_has_it_open(
    pictures, settings, load, embedder, monkeypatch
):
    """An index is published before it is calibrated: results come at once, their matches after."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    opened = []

    def search():
        engine = opened[-1]
        return engine.search(f"#{engine.store.ids()[0]}")

    embed = embedder.embed_words

    def embed_words(texts):
        if len(texts) == len(PROBE_TEXTS):
            opened.append(SearchEngine.open(name, settings, load=load))
            answer = search()
            assert len(answer.results) == 12
            assert (answer.verdict, answer.results[0].match) == (None, None)
        return embed(texts)

    monkeypatch.setattr(embedder, "embed_words", embed_words)
    build_collection(name, wanted, settings, load=load)
    assert search().results[0].match is not None
    before = opened[-1].mean_vector()
    paint(pictures / "many.png", (0, 250, 250), salt=4)
    build_collection(name, wanted, settings, load=load)
    assert opened[-1].mean_vector() != pytest.approx(before)
    opened[-1].close()


def test_a_build_embeds_the_texts_once(pictures, settings, load, embedder, monkeypatch):
    """The vectors of the probe texts are remembered with the collection."""
    asked = []
    embed = embedder.embed_words
    monkeypatch.setattr(embedder, "embed_words", lambda texts: asked.append(texts) or embed(texts))
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (pictures / "red" / "0.png").unlink()
    build_collection(name, wanted, settings, load=load)
    assert asked == [PROBE_TEXTS]
    with SearchEngine.open(name, settings, load=load) as engine:
        assert len(engine.search("red", k=50).results) == 11


def test_probe_texts_are_embedded_once_for_all_collections(build, pictures, embedder, settings):
    """A second collection of the same model takes them from the first; a broken file costs time."""
    embed, asked = embedder.embed_words, []
    embedder.embed_words = lambda texts: asked.append(len(texts)) or embed(texts)
    build()
    build(name="again")
    assert asked == [len(PROBE_TEXTS)]
    (file,) = (settings.collections_folder / SHARED_FOLDER).iterdir()
    file.write_bytes(b"broken")
    build(name="anew")
    assert asked == 2 * [len(PROBE_TEXTS)]
    assert shared_vectors(settings.collections_folder, embedder.card) is not None
