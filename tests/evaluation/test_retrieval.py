"""Categories as queries: on hand-made vectors, and on the sample gallery with its model."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from search_engine.collection.catalog import Catalog
from search_engine.embedding import unit_rows
from search_engine.errors import BadInput, BadQuery
from search_engine.evaluation import ground_truth as truth_module
from search_engine.evaluation import metrics, streaming
from search_engine.evaluation.ground_truth import read_ground_truth
from search_engine.evaluation.retrieval import RetrievalOptions, measure_retrieval, rankings
from search_engine.evaluation.templates import AVERAGE_WORDING, compare_templates
from search_engine.query.phrasing import CATEGORY_TEMPLATE, WORDINGS, name_as_words
from search_engine.records import ModelCard, PictureFacts, PictureFile


def quietly(_share):
    """Listen to progress."""


class Words:
    """Embeds a query as the vector of the category that it names."""

    def __init__(self, vectors):
        self.vectors = vectors
        self.card = ModelCard("by hand", "by hand", len(next(iter(vectors.values()))))

    def embed_words(self, texts):
        named = [next(v for name, v in self.vectors.items() if name in text) for text in texts]
        return unit_rows(np.array(named))


@pytest.fixture
def made(tmp_path):
    """Make a catalog of pictures with these vectors; the content is the second of three."""

    def make(words, pictures):
        embedder = Words(words)
        catalog = Catalog.create(tmp_path / "made")
        for number, (path, content, vector) in enumerate(pictures):
            file, facts = PictureFile(path, 10, number), PictureFacts(content, 4, 4)
            picture = catalog.pictures.add(file, facts)
            catalog.vectors.put(embedder.card, [picture], list(unit_rows(np.array([vector]))))
        return catalog, embedder

    return make


@pytest.fixture
def gallery(indexed_gallery):
    """The sample gallery with the bundled model."""
    return indexed_gallery


TWO = {"cat": [1, 0, 0], "dog": [0, 1, 0]}


def test_figures_worked_by_hand(made):
    """Cats at ranks 1 and 3 of the query for cats, dogs first for dogs."""
    catalog, embedder = made(
        TWO,
        [
            ("cat/1.jpg", "a", [0.9, 0.1, 0]),
            ("cat/2.jpg", "b", [0.5, 0.2, 0.8]),
            ("dog/1.jpg", "c", [0.7, 0.7, 0.1]),
            ("loose.jpg", "d", [0, 0.1, 1]),
        ],
    )
    found = measure_retrieval(catalog, embedder, RetrievalOptions(k=2), quietly)
    cat, dog = found.categories
    assert (cat.name, cat.query, cat.pictures) == ("cat", "a photo of a cat", 2)
    assert cat.average_precision.value == pytest.approx((1 + 2 / 3) / 2)
    assert (cat.precision, cat.recall) == (0.5, 0.5)
    assert cat.ndcg == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert cat.answers.tolist() == [1, 3]
    assert (dog.average_precision.value, dog.precision, dog.recall) == (1, 0.5, 1)
    assert found.mean_average_precision.value == pytest.approx((5 / 6 + 1) / 2)
    assert found.precision.value == 0.5
    pairs = {(one.asked, one.found): (one.share, one.pictures.tolist()) for one in found.confusions}
    assert pairs == {("cat", "dog"): (0.5, [3]), ("dog", "cat"): (0.5, [2])}
    assert found.zero_shot.matrix.tolist() == [[2, 0], [1, 0]]  # equal scores: the first category
    assert found.zero_shot.top_1.value == pytest.approx(2 / 3)
    assert found.zero_shot.mistakes() == [(1, 0, 1)]
    assert found.zero_shot.of_category(0) == (1, 1)
    assert found.zero_shot.of_category(1) == (0, 1)
    assert found.labelled.without == 1


def test_each_picture_asks_for_its_like(made):
    """Of a category of three, two are alike; the picture itself is never its own answer."""
    catalog, embedder = made(
        TWO,
        [
            ("cat/1.jpg", "a", [1, 0, 0]),
            ("cat/2.jpg", "b", [0.9, 0.1, 0]),
            ("cat/3.jpg", "c", [0, 0.9, 0.1]),
            ("dog/1.jpg", "d", [0, 1, 0]),
        ],
    )
    like = measure_retrieval(catalog, embedder, RetrievalOptions(k=1), quietly).image_queries
    assert like.queries == 3  # the only dog has nobody to find
    assert like.precision.value == pytest.approx(2 / 3)
    assert like.chance == pytest.approx(2 / 3)


def test_copies_and_near_duplicates_count_once(made):
    """Copies anywhere and near-duplicates on top are one picture; without that they are several."""
    catalog, embedder = made(
        TWO,
        [
            ("dog/copy.jpg", "same", [0.8, 0.5, 0.1]),
            ("cat/1.jpg", "same", [0.8, 0.5, 0.1]),
            ("cat/2.jpg", "b", [0.5, 0.1, 0.8]),
            ("cat/2 smaller.jpg", "c", [0.5, 0.1, 0.81]),
            ("dog/1.jpg", "d", [0.6, 0.8, 0]),
        ],
    )
    several = measure_retrieval(catalog, embedder, RetrievalOptions(k=3), quietly)
    once = measure_retrieval(catalog, embedder, RetrievalOptions(k=3, once=True), quietly)
    assert [one.pictures for one in several.categories] == [3, 2]
    assert [one.pictures for one in once.categories] == [2, 2]
    assert once.categories[0].answers.tolist() == [2, 5, 3]  # the copy that is right is kept
    assert once.categories[0].precision == pytest.approx(2 / 3)
    assert once.categories[1].answers.tolist()[:2] == [5, 1]
    assert several.categories[0].answers.tolist() == [1, 2, 5]  # equal scores by id
    assert once.image_queries.precision.value < several.image_queries.precision.value


def test_without_categories_there_is_nothing_to_measure(made):
    """Said with a remedy, as is a template without a place."""
    catalog, embedder = made(TWO, [("1.jpg", "a", [1, 0, 0])])
    with pytest.raises(BadInput, match="no categories"):
        measure_retrieval(catalog, embedder, RetrievalOptions(), quietly)
    with pytest.raises(BadInput, match="no categories"):
        compare_templates(catalog, embedder, 10, quietly)


def test_what_limits_the_figures_is_said(made):
    """One category, one picture, pictures without a category."""
    catalog, embedder = made(TWO, [("cat/1.jpg", "a", [1, 0, 0]), ("1.jpg", "b", [0, 1, 0])])
    found = measure_retrieval(catalog, embedder, RetrievalOptions(), quietly)
    told = " ".join(found.remarks())
    assert "only one category" in told
    assert "single picture" in told
    assert "1 picture belongs to no category" in told
    assert found.image_queries is None
    with pytest.raises(BadQuery, match="no place"):
        measure_retrieval(catalog, embedder, RetrievalOptions("a photo"), quietly)
    with pytest.raises(BadInput, match="cannot be judged"):
        measure_retrieval(catalog, embedder, RetrievalOptions(k=0), quietly)


def test_too_many_categories_leave_the_largest(made, monkeypatch):
    """The others' pictures are ranked, and right for nothing."""
    monkeypatch.setattr(truth_module, "MOST_CATEGORIES", 1)
    pictures = [(f"dog/{n}.jpg", f"d{n}", [0, 1, n / 10]) for n in range(2)]
    catalog, embedder = made(TWO, [("cat/1.jpg", "a", [1, 0, 0]), *pictures])
    found = measure_retrieval(catalog, embedder, RetrievalOptions(), quietly)
    assert [one.name for one in found.categories] == ["dog"]
    assert (found.labelled.categories, found.labelled.without) == (2, 1)
    assert any("largest of 2" in remark for remark in found.remarks())


@pytest.mark.parametrize("at_once", [1, 10**9])
def test_the_gallery_is_as_scikit_learn_measures_it(gallery, monkeypatch, at_once):
    """Every category's average precision equals that of scikit-learn, however it is streamed."""
    monkeypatch.setattr(streaming, "_SCORES_AT_ONCE", at_once)
    embedder = gallery.embedder()
    found = measure_retrieval(gallery.catalog, embedder, RetrievalOptions(), quietly)
    labelled = read_ground_truth(gallery.embeddings)
    vectors = gallery.catalog.vectors.of(embedder.card, labelled.ids)
    for place, one in enumerate(found.categories):
        scores = vectors @ embedder.embed_words([one.query])[0]
        expected = average_precision_score(labelled.category == place, scores)
        assert one.average_precision.value == pytest.approx(expected, abs=1e-9)
        best = np.argsort(-scores, kind="stable")[:10]
        assert one.precision == np.mean(labelled.category[best] == place)
    scores = vectors @ embedder.embed_words([one.query for one in found.categories]).T
    right = (scores.argmax(axis=1) == labelled.category).mean()
    assert found.zero_shot.top_1.value == pytest.approx(right)
    own = scores[np.arange(len(scores)), labelled.category]
    top_5 = ((scores > own[:, None]).sum(axis=1) < 5).mean()
    assert found.zero_shot.top_5.value == pytest.approx(top_5)


def test_the_bundled_model_finds_the_categories_of_the_gallery(gallery):
    """Far above chance, with intervals around the figures and every picture classified."""
    found = measure_retrieval(gallery.catalog, gallery.embedder(), RetrievalOptions(), quietly)
    whole = found.mean_average_precision
    assert whole.low < whole.value < whole.high
    assert whole.low > 0.9 > 10 * found.chance
    assert found.zero_shot.pictures == 150
    assert found.zero_shot.top_1.low > 0.9
    assert found.image_queries.precision.low > 2 * found.image_queries.chance


def test_permuted_labels_fall_to_chance(gallery):
    """Over 20 permutations, average precision and precision@10 are those of a random order."""
    embedder = gallery.embedder()
    labelled = read_ground_truth(gallery.embeddings)
    texts = [f"a photo of a {name_as_words(name)}" for name in labelled.names]
    queries = embedder.embed_words(texts)
    rng = np.random.default_rng(0)
    averages, precisions = [], []
    for _ in range(20):
        permuted = replace(labelled, category=rng.permutation(labelled.category))
        found = rankings(gallery.embeddings, permuted, queries, RetrievalOptions(), quietly)
        for place, ranked in enumerate(found):
            averages.append(ranked.ranks.average_precision)
            precisions.append(np.mean(permuted.category[ranked.first] == place))
    chance = np.mean([metrics.chance_of(150, count) for count in labelled.counts])
    assert chance == pytest.approx(0.05, abs=0.01)
    assert np.mean(averages) == pytest.approx(chance, abs=0.005)
    assert np.mean(precisions) == pytest.approx(1 / 50, abs=0.003)


def test_templates_are_compared_with_the_bare_words(gallery):
    """Each wording, the common template and their mean, best first, as measured one by one."""
    embedder = gallery.embedder()
    found = compare_templates(gallery.catalog, embedder, 10, quietly)
    by_name = {one.template: one for one in found.figures}
    assert set(by_name) == {*WORDINGS, CATEGORY_TEMPLATE, AVERAGE_WORDING}
    values = [one.mean_average_precision.value for one in found.figures]
    assert values == sorted(values, reverse=True)
    assert found.best == found.figures[0]
    alone = measure_retrieval(gallery.catalog, embedder, RetrievalOptions(), quietly)
    common = by_name[CATEGORY_TEMPLATE]
    assert common.mean_average_precision.value == pytest.approx(alone.mean_average_precision.value)
    assert common.precision == pytest.approx(alone.precision.value)
    assert by_name["{}"].gain.value == 0
    for one in found.figures:
        difference = one.mean_average_precision.value - by_name["{}"].mean_average_precision.value
        assert one.gain.value == pytest.approx(difference)
