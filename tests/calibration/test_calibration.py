"""A match says what a cosine is worth: how that is measured, kept and mended."""

import shutil

import numpy as np
import pytest

from search_engine import SearchEngine, Settings, build_collection, plan_build
from search_engine.calibration import stored
from search_engine.calibration.background_texts import (
    BackgroundText,
    BackgroundTexts,
    background_texts,
)
from search_engine.calibration.background_vectors import (
    SHARED_FOLDER,
    find_background,
    no_model,
    shared_background,
)
from search_engine.calibration.calibrate import calibrate
from search_engine.calibration.stored import CALIBRATION_FILE, keep_calibrated, read_calibration
from search_engine.collection.catalog import Catalog
from search_engine.embedding import trust
from search_engine.errors import CollectionError
from search_engine.records import ModelCard, PictureFacts, PictureFile
from search_engine.search import all_matches
from tests.calibration.made_up_vectors import BACK, MODEL, SCALE, TEXTS, vectors
from tests.conftest import paint


def texts_of(settings):
    return background_texts("colours", settings)


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


def read(catalog, model=MODEL):
    return read_calibration(catalog, model, BACK.digest)


class Model:
    """Embeds the background texts as the vectors that it is made with."""

    def __init__(self, card, vectors, scale=SCALE, bias=None):
        self.card = card
        self.logit_scale, self.logit_bias = scale, bias
        self.embed_words = lambda _texts: vectors


def test_each_picture_has_its_sum_over_the_background_texts(catalog):
    """And the collection its mean, and the level of the text that fits the typical picture best."""
    found = measured(catalog)
    held = catalog.vectors.of(MODEL, found.picture_ids).astype(np.float64)
    logits = SCALE * held @ BACK.vectors.T
    assert found.log_sums == pytest.approx(np.log(np.exp(logits).sum(axis=1)), abs=1e-4)
    assert found.mean == pytest.approx(held.mean(axis=0), abs=1e-6)
    assert found.highest_typical == pytest.approx(np.quantile(logits, 0.25, axis=0).max(), abs=1e-3)


def test_the_level_of_examples_is_that_of_the_nearest_pairs(catalog):
    """A quarter of the pictures have no other as near as the threshold."""
    found = measured(catalog)
    held = catalog.vectors.of(MODEL, found.picture_ids)
    cosines = held @ held.T
    np.fill_diagonal(cosines, -1)
    nearest = cosines.max(axis=1) - held @ found.mean
    assert (nearest < found.pictures.threshold).mean() == pytest.approx(0.25, abs=0.1)
    middle = found.pictures.threshold + found.pictures.spread
    assert (nearest < middle).mean() == pytest.approx(0.5, abs=0.1)


def test_it_is_kept_and_read_again(catalog, monkeypatch):
    """What was measured comes back from disk, and is not measured twice."""
    made = keep_calibrated(catalog, MODEL, all_texts)
    monkeypatch.setattr(stored, "calibrate", lambda *_: pytest.fail("it was measured again"))
    again = keep_calibrated(catalog, MODEL, all_texts)
    assert again.pictures == made.pictures
    assert again.highest_typical == made.highest_typical
    assert again.log_sums.tolist() == made.log_sums.tolist()
    assert again.made_of == catalog.version
    assert read(catalog, ModelCard("model", "another", 32)) is None
    assert read_calibration(catalog, MODEL, "other texts") is None


@pytest.mark.parametrize("content", [b"", b"broken", b"PK\x03\x04 broken"])
def test_a_broken_file_is_made_again(catalog, content):
    """It is derived; nothing is lost with it."""
    keep_calibrated(catalog, MODEL, all_texts)
    (catalog.folder / CALIBRATION_FILE).write_bytes(content)
    assert read(catalog) is None
    assert keep_calibrated(catalog, MODEL, all_texts) is not None
    assert read(catalog) is not None


def found_by(catalog, settings, embedder=no_model, model=MODEL, texts=TEXTS):
    return find_background(catalog, model, texts, settings, embedder)


def test_other_texts_are_embedded_anew(catalog, settings):
    """A user who adds a word gets the vectors of all once more, when there is a model."""
    catalog.vectors.keep_background(MODEL, BACK)
    trust(MODEL.model_id, settings)
    more = BackgroundTexts((*TEXTS.texts, BackgroundText("a chanterelle")))
    assert found_by(catalog, settings).digest == TEXTS.digest
    assert found_by(catalog, settings, texts=more) is None
    model = Model(MODEL, vectors(65, 1))
    assert len(found_by(catalog, settings, lambda: model, texts=more).vectors) == 65
    assert catalog.vectors.background(MODEL).digest == more.digest


@pytest.mark.parametrize(("scale", "bias"), [(20.0, None), (20.0, -9.5), (20.0, 0.0), (None, None)])
def test_background_vectors_are_found_in_one_order(catalog, settings, scale, bias):
    """The collection is asked first, then the data folder, then the model; all learn of it."""
    asked = []
    model = Model(MODEL, BACK.vectors, scale, bias)

    def is_it(found):
        assert found.vectors == pytest.approx(BACK.vectors)
        assert (found.digest, found.scale, found.bias) == (TEXTS.digest, scale, bias)

    is_it(found_by(catalog, settings, lambda: asked.append(1) or model))
    is_it(found_by(catalog, Settings(settings.data_folder / "elsewhere")))
    with Catalog.create(catalog.folder.parent / "next") as other:
        assert other.vectors.background(MODEL) is None
        is_it(found_by(other, settings, lambda: asked.append(2)))
        is_it(other.vectors.background(MODEL))
    assert asked == [1]


def test_the_background_of_another_model_is_never_taken(catalog, settings):
    """Two models of one dimension: neither collection, data folder nor model gives the other's."""
    other = ModelCard("other", "another print", MODEL.dimension)
    ours, theirs = Model(MODEL, BACK.vectors), vectors(64, 17)
    found_by(catalog, settings, lambda: ours)
    assert found_by(catalog, settings, model=other) is None
    assert found_by(catalog, settings, lambda: ours, model=other) is None
    assert catalog.vectors.background(other) is None
    assert shared_background(other, TEXTS, settings) is None
    found = found_by(catalog, settings, lambda: Model(other, theirs), model=other)
    assert found.vectors == pytest.approx(theirs)
    assert found_by(catalog, settings).vectors == pytest.approx(BACK.vectors)


def test_a_large_collection_is_mended(catalog, monkeypatch):
    """Of a few new, changed and gone pictures only these are measured; of many, all."""
    monkeypatch.setattr(stored, "QUICK_UP_TO", 100)
    before = keep_calibrated(catalog, MODEL, all_texts)
    new = put(catalog, vectors(5, 11))
    catalog.vectors.put(MODEL, [1], list(vectors(1, 12)))
    catalog.pictures.remove([2])
    after = keep_calibrated(catalog, MODEL, all_texts)
    assert after.highest_typical == before.highest_typical
    assert after.changed == 7
    whole = measured(catalog)
    assert after.picture_ids.tolist() == whole.picture_ids.tolist()
    wanted = np.array([1, 3, *new])
    assert after.sums_of(wanted) == pytest.approx(whole.sums_of(wanted), abs=1e-4)
    put(catalog, vectors(60, 13))
    assert keep_calibrated(catalog, MODEL, all_texts).changed == 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_no_pictures_can_be_calibrated(tmp_path, count):
    """With none, one or two pictures there is a calibration, of finite numbers."""
    with Catalog.create(tmp_path / "few") as few:
        put(few, vectors(count, 3))
        found = keep_calibrated(few, MODEL, all_texts)
        assert len(found.picture_ids) == count
        assert np.isfinite([*found.mean, found.highest_typical, found.pictures.threshold]).all()
        assert found.pictures.spread > 0


def test_a_collection_from_before_still_opens(pictures, settings, load):
    """Without a calibration it is made up for when the model is there, else there is no match."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    file = settings.collections_folder / name / CALIBRATION_FILE
    file.unlink()
    with Catalog.open(file.parent) as catalog:
        catalog._state._database.rows("DELETE FROM collection WHERE key LIKE 'background%'")
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
        if len(texts) == len(texts_of(settings).texts):
            opened.append(SearchEngine.open(name, settings, load=load))
            answer = search()
            assert len(answer.results) == 12
            assert (answer.verdict, answer.results[0].match) == (None, None)
        return embed(texts)

    monkeypatch.setattr(embedder, "embed_words", embed_words)
    build_collection(name, wanted, settings, load=load)
    assert search().results[0].match is not None
    before = opened[-1].backdrop().mean
    paint(pictures / "many.png", (0, 250, 250), salt=4)
    build_collection(name, wanted, settings, load=load)
    assert opened[-1].backdrop().mean != pytest.approx(before)
    opened[-1].close()


def test_a_build_embeds_the_texts_once(pictures, settings, load, embedder, monkeypatch):
    """The vectors of the background texts are remembered with the collection."""
    asked = []
    embed = embedder.embed_words
    monkeypatch.setattr(embedder, "embed_words", lambda texts: asked.append(texts) or embed(texts))
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (pictures / "red" / "0.png").unlink()
    build_collection(name, wanted, settings, load=load)
    assert asked == [texts_of(settings).plain]
    with SearchEngine.open(name, settings, load=load) as engine:
        assert len(engine.search("red", k=50).results) == 11


def test_background_texts_are_embedded_once_for_all_collections(
    build, pictures, embedder, settings
):
    """A second collection of the same model takes them from the first; a broken file costs time."""
    embed, asked = embedder.embed_words, []
    embedder.embed_words = lambda texts: asked.append(len(texts)) or embed(texts)
    build()
    build(name="again")
    assert asked == [len(texts_of(settings).texts)]
    (file,) = (settings.collections_folder / SHARED_FOLDER).iterdir()
    file.write_bytes(b"broken")
    build(name="anew")
    assert asked == 2 * [len(texts_of(settings).texts)]
    assert shared_background(embedder.card, texts_of(settings), settings) is not None


def test_words_have_no_match_with_a_model_that_gives_no_probabilities(
    pictures, settings, load, embedder
):
    """Pictures do: no model says how alike two of them are. What cannot be proved says why."""
    embedder.logit_scale = None
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        assert engine.measure.lacks_probability()
        answer = engine.search("red")
        assert (answer.verdict, answer.results[0].match) == (None, None)
        assert engine.search("#1").results[0].match is not None
        assert engine.search("#1 + red").results[0].match is None
        for ask in (engine.measure.presence, lambda: all_matches(engine, "red")):
            with pytest.raises(CollectionError, match="no probabilities"):
                ask()


def test_a_model_that_rates_each_text_by_itself_is_taken_at_its_word(
    pictures, settings, load, embedder
):
    """As SigLIP: a sigmoid of scale × cosine + bias."""
    embedder.logit_scale, embedder.logit_bias = 10.0, -4.0
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        assert not engine.measure.lacks_probability()
        for result in engine.search("red").results:
            expected = 100 / (1 + np.exp(4 - 10 * result.score))
            assert result.match == pytest.approx(expected, abs=0.01)
