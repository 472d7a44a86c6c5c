"""Two models on the same pictures: what differs is found, and what does not is not."""

import numpy as np
import pytest

from search_engine.collection.catalog import Catalog
from search_engine.embedding import unit_rows
from search_engine.errors import BadInput, BadQuery, NeedsCategories
from search_engine.evaluation.model_comparison import (
    ComparedCategory,
    ModelComparison,
    QueryFigures,
    SharedPictures,
    compare_models,
)
from search_engine.records import ModelCard, PictureFacts, PictureFile

NAMES = {"cat": [1, 0, 0], "dog": [0, 1, 0], "emu": [0, 0, 1]}


def quietly(_share):
    """Listen to progress."""


class Words:
    """Embeds a query as the vector of the category that it names, and nothing else."""

    def __init__(self, model):
        self.card = ModelCard(model, model, 3)

    def embed_words(self, texts):
        named = [next(v for name, v in NAMES.items() if name in text) for text in texts]
        return unit_rows(np.array(named))


@pytest.fixture
def side(tmp_path):
    """Make a collection of pictures, by path and content, as one model sees them."""

    def make(model, pictures):
        embedder = Words(model)
        catalog = Catalog.create(tmp_path / model)
        for number, (path, content, vector) in enumerate(pictures):
            picture = catalog.pictures.add(
                PictureFile(path, 10, number), PictureFacts(content, 4, 4)
            )
            catalog.vectors.put(embedder.card, [picture], list(unit_rows(np.array([vector]))))
        return catalog, embedder

    return make


RIGHT = [
    ("cat/1.jpg", "a", [1, 0.1, 0]),
    ("cat/2.jpg", "b", [1, 0.2, 0]),
    ("dog/1.jpg", "c", [0, 1, 0.1]),
    ("emu/1.jpg", "d", [0, 0.1, 1]),
]
CONFUSED = [
    ("emu/1.jpg", "d", [0, 0.1, 1]),
    ("dog/1.jpg", "c", [1, 0.5, 0]),
    ("cat/2.jpg", "b", [0.9, 1, 0]),
    ("cat/1.jpg", "a", [0.2, 0, 1]),
]
"""The same pictures, indexed in another order: a cat for an emu, and the others mixed."""


def test_figures_worked_by_hand(side):
    """Whatever their ids, the same pictures are judged; each difference is second less first."""
    found = compare_models(side("good", RIGHT), side("bad", CONFUSED), quietly, k=2)
    cat, dog, emu = found.categories
    assert [one.name for one in found.categories] == ["cat", "dog", "emu"]
    assert (cat.query, cat.pictures, dog.pictures) == ("a photo of a cat", 2, 1)
    assert cat.first == QueryFigures(1, 1, 1, 1, 1)
    assert cat.second.average_precision == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert (cat.second.first_right, cat.second.precision, cat.second.recall) == (0, 0.5, 0.5)
    assert dog.second.average_precision == pytest.approx(1 / 2)
    assert emu.second.average_precision == pytest.approx(1)
    assert cat.second.ndcg == pytest.approx(1 / np.log2(3) / (1 + 1 / np.log2(3)))
    whole = found.mean_average_precision
    assert (whole.first.value, whole.second.value) == (1, pytest.approx((7 / 12 + 3 / 2) / 3))
    assert whole.difference.value == pytest.approx(-11 / 36)
    assert found.figure(lambda one: one.first_right).difference.value == pytest.approx(-2 / 3)
    back = compare_models(side("b", CONFUSED), side("g", RIGHT), quietly, k=2)
    assert back.mean_average_precision.difference.value == pytest.approx(11 / 36)
    assert back.figure(lambda one: one.recall).difference.value == pytest.approx(1 / 6)


def test_k_and_template_change_what_is_judged(side):
    """The template makes the query, and k says how many answers count."""
    sides = side("good", RIGHT), side("bad", CONFUSED)
    found = compare_models(*sides, quietly, template="{} at night", k=4)
    assert found.categories[0].query == "cat at night"
    assert found.categories[0].second.recall == 1
    assert found.categories[0].second.precision == 0.5
    with pytest.raises(BadQuery, match="no place"):
        compare_models(*sides, quietly, template="a photo")
    with pytest.raises(BadInput, match="cannot be judged"):
        compare_models(*sides, quietly, k=0)


def test_only_pictures_that_both_have_are_compared(side):
    """One that came since, one that changed, one that went: none counts, and all are told."""
    more = [*RIGHT, ("cat/3.jpg", "new", [0, 0, 1])]
    other = [*CONFUSED[1:], ("emu/1.jpg", "changed", [0, 0, 1]), ("emu/2.jpg", "e", [1, 0, 0])]
    found = compare_models(side("good", more), side("bad", other), quietly)
    shared = found.shared
    assert (len(shared), shared.only_first, shared.only_second) == (3, 2, 2)
    assert [one.name for one in found.categories] == ["cat", "dog"]
    assert found.categories[0].first.average_precision == 1
    told = " ".join(found.remarks())
    assert "Only the 3 pictures that both have" in told
    assert "2 are in the first alone, 2 in the second alone" in told
    assert "2 categories are rough" in told


def test_what_cannot_be_compared_is_explained(side):
    """One model twice, two folders, no categories: each with what to do instead."""
    good = side("good", RIGHT)
    with pytest.raises(BadInput, match=r"the same model, 'good'.*another model") as refused:
        compare_models(good, good, quietly)
    assert refused.value.remedy
    elsewhere = [(path.replace(".jpg", ".png"), content, v) for path, content, v in RIGHT]
    with pytest.raises(BadInput, match=r"not of the same folder: of 4 and 4 pictures 0.*'good'"):
        compare_models(good, side("elsewhere", elsewhere), quietly)
    strangers = [(f"cow/{n}.jpg", f"x{n}", [1, 0, 0]) for n in range(3)]
    with pytest.raises(BadInput, match="of 4 and 4 pictures 1 are the same"):
        compare_models(good, side("strangers", [RIGHT[0], *strangers]), quietly)
    loose = [(f"{n}.jpg", f"x{n}", [1, 0, 0]) for n in range(3)]
    with pytest.raises(NeedsCategories, match="no categories"):
        compare_models(side("loose", loose), side("loose too", loose), quietly)


def made_up(first, second):
    """A comparison with these average precisions."""
    rows = [
        ComparedCategory(
            f"{n}", f"{n}", 1, QueryFigures(a, 0, 0, 0, 0), QueryFigures(b, 0, 0, 0, 0)
        )
        for n, (a, b) in enumerate(zip(first, second, strict=True))
    ]
    return ModelComparison("{}", 10, SharedPictures(np.arange(9), np.arange(9)), tuple(rows))


def test_the_interval_is_that_of_paired_categories():
    """A small gain in every category is no chance, however much categories differ."""
    rng = np.random.default_rng(1)
    hard = rng.uniform(0.1, 0.9, 40)
    gained = made_up(hard, hard + rng.uniform(0.01, 0.03, 40)).mean_average_precision
    assert gained.difference.low > 0.015
    assert gained.difference.high < 0.025
    assert gained.second.low < gained.first.high  # apart they would tell nothing


def test_a_difference_of_nothing_is_told_as_chance():
    """Of pairs that differ at random the interval holds 0 in about 95 of 100 draws."""
    rng = np.random.default_rng(2)
    holds = 0
    for _ in range(200):
        hard = rng.uniform(0.3, 0.7, 40)
        found = made_up(hard, hard + rng.normal(0, 0.1, 40)).mean_average_precision
        holds += found.difference.low <= 0 <= found.difference.high
    assert 180 <= holds <= 199
