"""The kind of index is chosen by size, measured on the collection, and told in the manifest."""

from functools import partial

import numpy as np
import pytest

from search_engine.calibration.background_texts import BackgroundText, BackgroundTexts
from search_engine.calibration.background_vectors import find_background, no_model
from search_engine.collection.catalog import Catalog
from search_engine.index import appraisal, faiss_indexes, policy, publication
from search_engine.index.exact_search import search_exactly
from search_engine.index.generations import open_published
from search_engine.index.policy import POLICY, Rule, kind_for
from search_engine.index.publishing import publish_index
from search_engine.index.tuning import RECALL_AT, RECALL_FLOOR, text_recall
from search_engine.records import IndexKind, ModelCard, PictureFacts, PictureFile
from search_engine.settings import Settings

MODEL = ModelCard("model", "print", 16)
COUNT = 1500
APPROXIMATE = (IndexKind.HNSW, IndexKind.IVF)


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def pictures(count, seed=0):
    rng = np.random.default_rng(seed)
    return unit(rng.normal(size=(count, MODEL.dimension)) + 1)


TEXTS = BackgroundTexts(tuple(BackgroundText(f"thing{n}") for n in range(400)))


def words():
    """Queries from the other side of the modality gap."""
    rows = np.random.default_rng(5).normal(size=(len(TEXTS.texts), MODEL.dimension))
    return unit(rows - 1)


class Model:
    """Embeds the background texts and nothing else."""

    card = MODEL
    logit_scale, logit_bias = 20.0, None

    def embed_words(self, texts):
        assert texts == TEXTS.plain
        return words()


def put(catalog, count, seed=0):
    with catalog.transaction():
        first = len(catalog.pictures)
        facts = [PictureFacts(f"{seed}-{number}", 1, 1) for number in range(count)]
        files = [PictureFile(f"{first + number}-{seed}.jpg", 1, 1) for number in range(count)]
        pairs = zip(files, facts, strict=True)
        ids = [catalog.pictures.add(file, fact) for file, fact in pairs]
        catalog.vectors.put(MODEL, ids, list(pictures(count, seed)))
    return ids


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "collection") as made:
        made.ids = put(made, COUNT)
        yield made


def published(catalog, kind, model=Model):
    settings = Settings(catalog.folder.parent)
    find = partial(find_background, catalog, MODEL, TEXTS, settings, model)
    return publish_index(catalog.folder, catalog, MODEL, kind, find)


def forbidden():
    pytest.fail("the model was asked")


def test_the_policy_covers_every_size_with_a_reason():
    """Limits rise to infinity, each kind is one that an index can be of, each row says why."""
    limits = [rule.up_to for rule in POLICY]
    assert limits == sorted(limits)
    assert limits[-1] == float("inf")
    assert all(rule.why and rule.kind is not IndexKind.AUTO for rule in POLICY)


def test_the_kind_changes_at_the_limit_and_back_below_it():
    """A collection that hovers round the limit keeps its kind; one that shrinks goes back."""
    limit = int(POLICY[0].up_to)
    small, large = POLICY[0].kind, POLICY[1].kind
    assert kind_for(limit) is small
    assert kind_for(limit + 1) is kind_for(limit + 1, small) is large
    assert kind_for(limit, large) is kind_for(int(0.8 * limit), large) is large
    assert kind_for(int(0.7 * limit), large) is small
    assert kind_for(10, IndexKind.HNSW) is small


def test_automatic_becomes_a_kind_when_published(catalog, monkeypatch):
    """The manifest names what automatic came to; it follows the size, with some patience."""
    rules = (Rule(1_400, IndexKind.EXACT, "small"), Rule(float("inf"), IndexKind.IVF, "large"))
    monkeypatch.setattr(policy, "POLICY", rules)
    assert published(catalog, IndexKind.AUTO).kind is IndexKind.IVF
    catalog.pictures.remove(catalog.ids[:200])
    assert published(catalog, IndexKind.AUTO).kind is IndexKind.IVF
    catalog.pictures.remove(catalog.ids[200:600])
    assert published(catalog, IndexKind.AUTO).kind is IndexKind.EXACT
    put(catalog, 300, seed=1)
    assert published(catalog, IndexKind.AUTO).kind is IndexKind.EXACT
    put(catalog, 300, seed=2)
    assert published(catalog, IndexKind.AUTO).kind is IndexKind.IVF


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_the_recall_in_the_manifest_is_the_true_one(catalog, kind):
    """Opened again, the index finds the share of true answers to words that its manifest states."""
    manifest = published(catalog, kind)
    _, store = open_published(catalog.folder, catalog.vectors.source)
    vectors = catalog.vectors.of(MODEL, np.array(catalog.ids))
    hits = 0
    asked = appraisal._some_texts(words())
    for query in asked:
        truth = np.array(catalog.ids)[np.argsort(-(vectors @ query))[:RECALL_AT]]
        hits += len(set(store.search(query, RECALL_AT).picture_ids) & set(truth))
    assert text_recall(manifest) == pytest.approx(hits / RECALL_AT / len(asked), abs=1e-4)
    assert text_recall(manifest) >= RECALL_FLOOR
    assert manifest.parameters["questions"] == len(asked)
    assert store.effort in manifest.parameters.values()
    assert manifest.note == ""


def test_effort_is_no_higher_than_needed(catalog):
    """The effort is the first one that reaches the aim, not simply the highest."""
    manifest = published(catalog, IndexKind.IVF)
    assert manifest.parameters["nprobe"] < manifest.parameters["nlist"]


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_it_can_be_searched_before_it_is_measured(catalog, kind):
    """While the model embeds the captions the index is there, finds all, and claims no figure."""
    seen = []

    def model():
        manifest, store = open_published(catalog.folder, catalog.vectors.source)
        vectors = catalog.vectors.of(MODEL, np.array(catalog.ids))
        truth = np.array(catalog.ids)[np.argsort(-(vectors @ words()[0]))[:RECALL_AT]]
        found = store.search(words()[0], RECALL_AT).picture_ids
        seen.append((manifest, set(found) == set(truth)))
        return Model()

    measured = published(catalog, kind, model)
    ((before, finds_all),) = seen
    assert finds_all
    assert (before.kind, before.count, text_recall(before)) == (kind, COUNT, None)
    assert "not measured yet" in before.note
    assert (measured.generation, measured.note) == (before.generation + 1, "")
    assert text_recall(measured) >= RECALL_FLOOR


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_what_was_published_and_not_measured_is_measured_by_the_next_build(
    catalog, kind, monkeypatch
):
    """Killed in between, nothing is made anew for it; once it is measured, nothing is due."""
    with monkeypatch.context() as killed:
        killed.setattr(publication, "appraise", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            published(catalog, kind)
    _, store = open_published(catalog.folder, catalog.vectors.source)
    assert store.effort == store.efforts[-1]
    monkeypatch.setattr(publication, "new_store", lambda *_: pytest.fail("it was made anew"))
    measured = published(catalog, kind)
    assert text_recall(measured) >= RECALL_FLOOR
    assert published(catalog, kind, forbidden) == measured


def test_an_exact_index_is_not_measured(catalog):
    """What is certain needs neither queries nor a model."""
    manifest = published(catalog, IndexKind.EXACT, forbidden)
    assert manifest.parameters == {}
    assert text_recall(manifest) is None


def test_the_texts_are_embedded_once(catalog):
    """Measured again, the index needs no model: the catalog remembers what it made of the texts."""
    published(catalog, IndexKind.IVF)
    published(catalog, IndexKind.EXACT, forbidden)
    assert text_recall(published(catalog, IndexKind.IVF, forbidden)) >= RECALL_FLOOR


def test_without_a_model_the_note_says_so(catalog):
    """Measured with pictures, no recall of words is claimed, and the note says what was done."""
    manifest = published(catalog, IndexKind.IVF, no_model)
    assert text_recall(manifest) is None
    assert manifest.parameters["picture_recall_at_10"] >= RECALL_FLOOR
    assert "measured with pictures" in manifest.note
    assert (
        manifest.parameters["nprobe"] == manifest.parameters["nlist"]
    )  # four times what pictures needed


def test_a_kind_that_loses_too_much_is_not_published(catalog, monkeypatch):
    """An exact index comes instead, says so, and is kept up without trying the other each time."""
    with monkeypatch.context() as weak:
        weak.setattr(faiss_indexes, "_HNSW_EFFORTS", (1, 2))
        manifest = published(catalog, IndexKind.HNSW)
    assert (manifest.kind, manifest.instead_of) == (IndexKind.EXACT, IndexKind.HNSW)
    assert "HNSW found" in manifest.note
    assert text_recall(manifest) is None
    _, store = open_published(catalog.folder, catalog.vectors.source)
    assert store.search(words()[0], 3).exact
    catalog.pictures.remove(catalog.ids[:2])
    monkeypatch.setattr(publication, "appraise", lambda *_: pytest.fail("it was tried again"))
    mended = published(catalog, IndexKind.HNSW)
    assert (mended.kind, mended.instead_of, mended.count) == (
        IndexKind.EXACT, IndexKind.HNSW, COUNT - 2,
    )  # fmt: skip


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_measured_again_when_a_quarter_has_changed(catalog, kind, monkeypatch):
    """Small changes carry the figures over, and add up; a quarter of all makes them new."""
    first = published(catalog, kind)
    measured = []
    appraise = publication.appraise
    monkeypatch.setattr(publication, "appraise", lambda *a: measured.append(1) or appraise(*a))
    catalog.pictures.remove(catalog.ids[:200])
    second = published(catalog, kind)
    assert not measured
    assert text_recall(second) == text_recall(first)
    assert second.parameters["changed_since"] == 200
    catalog.pictures.remove(catalog.ids[200:400])
    third = published(catalog, kind)
    assert measured
    assert third.parameters["measured_vectors"] == COUNT - 400
    assert third.parameters["changed_since"] == 0


def test_an_index_that_grows_into_its_kind_is_measured(tmp_path):
    """Below a thousand vectors clusters are not made; when they are, they are measured at once."""
    with Catalog.create(tmp_path / "small") as small:
        put(small, 900)
        assert text_recall(published(small, IndexKind.IVF, forbidden)) is None
        put(small, 200, seed=3)
        assert text_recall(published(small, IndexKind.IVF)) >= RECALL_FLOOR


def test_truth_comes_from_comparing_with_everything():
    """The true scores are the best of all, however the vectors come."""
    vectors, queries = pictures(300), words()[:7]
    ids = np.arange(300)
    parts = [(ids[start : start + 64], vectors[start : start + 64]) for start in range(0, 300, 64)]
    expected = np.sort(queries @ vectors.T, axis=1)[:, :-11:-1]
    assert search_exactly(parts, queries, RECALL_AT).scores == pytest.approx(expected, abs=1e-6)


def test_an_index_is_judged_by_single_words(catalog, monkeypatch):
    """By 256 of the background texts, spread over all of them: they ask more than sentences do."""
    asked = []
    monkeypatch.setattr(
        appraisal, "tune", lambda _store, queries, _truth: asked.append(queries) or 1
    )
    manifest = published(catalog, IndexKind.IVF)
    assert manifest.parameters["questions"] == 256
    places = [words().tolist().index(row) for row in asked[0].tolist()]
    assert places == sorted(set(places))
    assert places[-1] >= 390
