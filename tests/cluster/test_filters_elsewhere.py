"""Filters let through the same pictures where a Milvus filters as where the catalog does."""

import pytest

from search_engine import Filters
from search_engine.records import Orientation
from tests.cluster.homes import promises
from tests.seams import test_filters
from tests.seams.test_filters import found, indexed_variety, tagged  # noqa: F401 - a fixture

globals().update(promises(test_filters, of=("varied", "tagged")))

STORES = ["lite", pytest.param("server", marks=pytest.mark.long)]


@pytest.fixture(scope="module", params=STORES)
def varied(request, tmp_path_factory):
    """The same pictures, with their vectors in a Milvus."""
    root = tmp_path_factory.mktemp("varied")
    if request.param == "lite":
        pytest.importorskip("milvus_lite", reason="the package milvus-lite is not installed")
        address = f"milvus-lite://{root}/vectors.db"
    else:
        address = request.getfixturevalue("one_milvus").address
    with indexed_variety(root, address) as engine:
        yield engine


@pytest.mark.parametrize(
    ("filters", "is_said"),
    [
        (Filters(categories=frozenset({"red"}), min_width=50, hidden=False), True),
        (Filters(orientation=Orientation.PORTRAIT, dated_from="2024", dated_to="2024-05"), True),
        (Filters(min_bytes=1, max_pixels=10**9), True),
        (Filters(path="red/"), False),
        (Filters(tags=frozenset({"sea"})), False),
        (Filters(hidden=True), False),
        (Filters(categories=frozenset(map(str, range(2000)))), False),
    ],
)
def test_what_milvus_can_say_is_no_list_of_pictures(varied, filters, is_said):
    """Only what the catalog alone knows is told to a Milvus picture by picture."""
    within = varied._ranking.admitted(filters).within
    assert isinstance(within, Filters) is is_said
    assert found(varied, filters) == varied.catalog.pictures.matching(filters).tolist()


@pytest.mark.parametrize("name", ['a "b" \\ c', "día/ñ".replace("/", " "), "it's", "日本"])
def test_names_of_categories_are_no_language(varied, name):
    """Quotes and other letters in a name are only ever letters."""
    assert found(varied, Filters(categories=frozenset({name}))) == []
