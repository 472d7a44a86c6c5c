"""A collection whose index lies in a Milvus: made, changed, searched and removed as any other."""

import json
import os
import shutil

import numpy as np
import pytest

from search_engine import Library, SearchEngine
from search_engine.cli.remedies import told
from search_engine.cluster import MilvusCollection, StoreAddress
from search_engine.collection.manifest import read_manifest
from search_engine.errors import CollectionDamaged, StoreAway, StoreNotConfirmed
from search_engine.index.store_home import StoreHome, names_in_milvus
from search_engine.records import BuildOrder, Filters
from search_engine.settings import Settings
from tests.cluster.homes import point_to
from tests.cluster.milvus_machines import free_ports
from tests.conftest import counts, ids_by_path, paint


@pytest.fixture
def lite(tmp_path):
    pytest.importorskip("milvus_lite", reason="the package milvus-lite is not installed")
    return f"milvus-lite://{tmp_path}/vectors.db"


@pytest.fixture
def nowhere():
    """An address where nothing is."""
    return f"milvus://127.0.0.1:{free_ports(1)[0]}"


@pytest.fixture
def folder(settings):
    return Library(settings).folder("pictures")


def held_there(settings, address):
    """Return which of a catalog's two collections are in a Milvus, with their ids."""
    with Library(settings).open_catalog("pictures") as catalog:
        home = StoreHome.of(catalog, address)
        found = (home.collection(name) for name in names_in_milvus(home.identity))
        return {one.name[-1]: one.ids().tolist() for one in found if one.exists()}


def answers(engine, query="red", **filters):
    """Return paths and scores of what is found."""
    found = engine.search(query, 30, Filters(**filters)).results
    return [(one.record.path, round(one.score, 5)) for one in found]


def test_answers_are_those_of_an_index_here(build, engine, settings, folder, lite):
    """The same pictures with the same scores in the same order, with filters and without."""
    build(store="local")
    with engine() as here:
        expected = [answers(here), answers(here, categories=frozenset({"blue", "red"}))]
    build(store=lite)
    with engine() as there:
        assert [answers(there), answers(there, categories=frozenset({"blue", "red"}))] == expected
        assert (there.manifest.store, len(there)) == (lite, 12)
    assert read_manifest(folder).file.endswith(".milvus")
    assert [file.suffix for file in folder.glob("index.*")] == [".milvus"]


def test_an_update_writes_what_changed_and_no_more(build, settings, pictures, lite, monkeypatch):
    """What is new is added, what is gone is deleted, and all other rows are left alone."""
    build(store=lite)
    before = held_there(settings, lite)
    (pictures / "red/0.png").unlink()
    paint(pictures / "green/new.png", "green", salt=9)
    written = []
    put = MilvusCollection.put
    monkeypatch.setattr(
        MilvusCollection,
        "put",
        lambda self, ids, *rest: (written.extend(ids), put(self, ids, *rest)),
    )
    assert counts(build()) == {"added": 1, "removed": 1, "unchanged": 11, "embedded": 1}
    there = ids_by_path(settings)
    assert written == [there["green/new.png"]]
    assert held_there(settings, lite) == {next(iter(before)): sorted(there.values())}


def test_a_moved_picture_is_filtered_by_where_it_is(build, engine, settings, pictures, lite):
    """A category is that of the last update, there as well, though the vector is the same."""
    build(store=lite)
    (pictures / "crimson").mkdir()
    (pictures / "red/0.png").rename(pictures / "crimson/0.png")
    in_crimson = {"categories": frozenset({"crimson"})}
    with engine() as opened:
        assert answers(opened, **in_crimson) == []
        assert counts(build())["moved"] == 1
        in_red = answers(opened, categories=frozenset({"red"}))
        assert [path for path, _ in in_red] == ["red/1.png"]
    with engine() as again:
        assert [path for path, _ in answers(again, **in_crimson)] == ["crimson/0.png"]


def test_names_that_are_no_text_stay_apart(build, engine, pictures, lite):
    """A Milvus holds only Unicode; folders that look the same in it are not the same."""
    odd, like_it = os.fsdecode(b"\xff"), "\\udcff"
    for number, name in enumerate((odd, like_it)):
        paint(pictures / name / "a.png", "red", salt=number + 20)
    build(store=lite)
    with engine() as opened:
        for name in (odd, like_it):
            found = answers(opened, categories=frozenset({name}))
            assert [path for path, _ in found] == [f"{name}/a.png"]


def test_an_emptied_store_is_filled_again_without_the_model(
    build, engine, settings, embedder, lite
):
    """What a Milvus has lost is told, and the next update writes it from the catalog."""
    build(store=lite)
    with Library(settings).open_catalog("pictures") as catalog:
        home = StoreHome.of(catalog, lite)
        for name in names_in_milvus(home.identity):
            home.collection(name).drop()
    with engine() as emptied, pytest.raises(CollectionDamaged, match="does not hold"):
        emptied.search("red")
    seen = embedder.pictures_embedded
    build()
    with engine() as filled:
        assert len(answers(filled)) == 12
    assert embedder.pictures_embedded == seen


def test_a_check_compares_what_lies_there(build, run, settings, folder, lite, nowhere):
    """Rows that a Milvus lost are named and come back by a repair; one that is away is told."""

    def checked(*options):
        return json.loads(run("check", "pictures", "--sample", 0, "--json", *options)[1])

    build(store=lite)
    assert (checked()["in_index"], checked()["sound"]) == (12, True)
    with Library(settings).open_catalog("pictures") as catalog:
        home = StoreHome.of(catalog, lite)
        first, second = (home.collection(name) for name in names_in_milvus(home.identity))
        (first if first.exists() else second).delete(np.array([3, 4]))
    assert checked()["faults"][0]["detail"] == "10 of 12 vectors are there"
    checked("--repair")
    assert (checked()["in_index"], checked()["sound"]) == (12, True)
    point_to(folder, lite, nowhere)
    assert any("does not reply" in line for line in checked()["not_checked"])


def test_back_to_an_index_here(build, engine, settings, embedder, lite):
    """One update brings the index home; nothing is embedded, and nothing stays in the Milvus."""
    build(store=lite)
    seen = embedder.pictures_embedded
    build(store="local")
    with engine() as here:
        assert (here.manifest.store, len(answers(here))) == ("", 12)
    assert embedder.pictures_embedded == seen
    assert held_there(settings, lite) == {}


def test_a_new_index_is_made_beside_the_one_in_use(build, engine, settings, lite):
    """Made anew, the vectors go to another collection; then the one before goes."""
    build(store=lite)
    (before,) = held_there(settings, lite)
    build(order=BuildOrder(rebuild=True))
    (after,) = held_there(settings, lite)
    assert {before, after} == {"a", "b"}
    with engine() as opened:
        assert len(answers(opened)) == 12


def test_removed_with_its_collection(build, run, settings, lite):
    """A collection that is removed leaves nothing in the Milvus."""
    build(store=lite)
    with Library(settings).open_catalog("pictures") as catalog:
        home = StoreHome.of(catalog, lite)
    code, out, _ = run("remove", "pictures", "--yes")
    assert (code, "stay" in out) == (0, False)
    assert not any(home.collection(name).exists() for name in names_in_milvus(home.identity))


def test_a_server_that_is_away_loses_nothing(build, engine, settings, embedder, nowhere):
    """The build says where it does not come through; what was embedded is kept for the next."""
    with pytest.raises(StoreAway) as away:
        build(store=nowhere)
    assert nowhere in str(away.value)
    seen = embedder.pictures_embedded
    assert seen == 12
    build(store="local")
    with engine() as here:
        assert len(answers(here)) == 12
    assert embedder.pictures_embedded == seen


def test_without_the_server_all_but_the_search_goes_on(build, engine, folder, lite, nowhere):
    """A collection opens, and tells of its pictures; only what needs the index says why not."""
    build(store=lite)
    point_to(folder, lite, nowhere)
    with engine() as opened:
        assert len(opened) == 12
        assert len(opened.catalog.pictures.some(Filters(), 20)) == 12
        with pytest.raises(StoreAway):
            opened.search("red")


def test_a_store_that_nobody_chose_is_not_spoken_with(build, settings, load, tmp_path, lite):
    """A collection of somebody else names a store: it is not opened, and told, with a way on."""
    build(store=lite)
    shutil.copytree(settings.data_folder, tmp_path / "theirs")
    with pytest.raises(StoreNotConfirmed) as refused:
        SearchEngine.open("pictures", Settings(tmp_path / "theirs"), load=load)
    assert f"--store {lite}" in told(refused.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("milvus://Host", "milvus://host:19530"),
        ("milvus+tls://a.b.c:443/photos", "milvus+tls://a.b.c:443/photos"),
        ("milvus://[::1]:1?replicas=2", "milvus://[::1]:1?replicas=2"),
        ("milvus-lite:///tmp/a%20b.db", "milvus-lite:///tmp/a%20b.db"),
    ],
)
def test_an_address_is_kept_in_one_way(typed, kept):
    """However it is typed, an address is written in one way, and reads as the same again."""
    assert str(StoreAddress.parse(typed)) == kept
    assert StoreAddress.parse(kept) == StoreAddress.parse(typed)
