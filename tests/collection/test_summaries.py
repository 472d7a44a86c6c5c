"""What a line about a collection says, and what the removal of one takes away."""

from pathlib import Path

import numpy as np
import pytest

from search_engine.collection.catalog import CATALOG_FILE, Catalog
from search_engine.collection.library import Library
from search_engine.collection.manifest import MANIFEST_FILE
from search_engine.errors import CollectionBusy, CollectionMissing
from search_engine.index import new_store
from search_engine.index.generations import publish
from search_engine.records import (
    CollectionSettings,
    IndexKind,
    ModelCard,
    PictureFacts,
    PictureFile,
    ScanRules,
    SkippedFile,
    SkipReason,
)

MODEL = ModelCard("model", "print", 4)


@pytest.fixture
def library(settings):
    return Library(settings)


@pytest.fixture
def unfinished(library, pictures):
    """A collection as a build leaves it that was stopped before its end."""
    with Catalog.create(library.folder("cats")) as catalog, catalog.transaction():
        catalog.settings = CollectionSettings(pictures, ScanRules(), "model", IndexKind.EXACT)
        ids = [
            catalog.pictures.add(PictureFile(path, 1, 1), PictureFacts(path, 1, 1))
            for path in ("red/0.png", "red/1.png", "blue/0.png", "top.png")
        ]
        catalog.vectors.put(MODEL, ids, list(np.eye(4, dtype=np.float32)))
        catalog.skipped.put([SkippedFile("x.jpg", SkipReason.EMPTY, "")])
    return library.folder("cats")


@pytest.fixture
def finished(library, unfinished):
    """A collection with a published index."""
    with library.open_catalog("cats") as catalog:
        store = new_store(IndexKind.EXACT, 4, catalog.vectors.source(MODEL))
        for ids, vectors in catalog.vectors.batches(MODEL):
            store.add(ids, vectors)
        publish(unfinished, store, MODEL, catalog.version)
    return unfinished


def test_a_good_collection(library, finished, pictures):
    """Name, folder and counts are told, and that it is ready."""
    summary = library.summary("cats")
    assert (summary.name, summary.folder) == ("cats", str(pictures))
    assert (summary.pictures, summary.categories, summary.skipped) == (4, 2, 1)
    assert (summary.model_id, summary.manifest.count) == ("model", 4)
    assert (summary.stale, summary.damaged, summary.problem) == (False, False, "")
    assert summary.state == "ready"


def test_a_changed_collection_is_stale(library, finished):
    """Once vectors have changed since the index was published, that is said."""
    with library.open_catalog("cats") as catalog:
        catalog.pictures.remove([1])
    summary = library.summary("cats")
    assert summary.stale
    assert not summary.damaged
    assert "changed" in summary.state


def test_an_unfinished_collection_has_a_problem_but_no_damage(library, unfinished, pictures):
    """Without an index it cannot be used yet; what is there is counted all the same."""
    summary = library.summary("cats")
    assert summary.problem
    assert not summary.damaged
    assert (summary.pictures, summary.folder, summary.manifest) == (4, str(pictures), None)
    assert summary.state == summary.problem


def test_a_damaged_collection_says_why(library, finished):
    """A broken catalog makes the summary a problem with place and remedy instead of an error."""
    for leftover in finished.glob(f"{CATALOG_FILE}-*"):
        leftover.unlink()
    (finished / CATALOG_FILE).write_bytes(b"nonsense, and enough of it to look at" * 40)
    summary = library.summary("cats")
    assert summary.damaged
    assert summary.name == "cats"
    assert CATALOG_FILE in summary.problem
    assert summary.state == summary.problem


@pytest.mark.parametrize("built", [True, False])
def test_an_index_that_is_of_no_use_is_made_anew_only_if_there_was_one(library, finished, built):
    """With a broken manifest the catalog is whole; counts stay, and what will happen is said."""
    with library.open_catalog("cats") as catalog:
        catalog.builds.finish(catalog.builds.start("model"), "done" if built else "failed")
    (finished / MANIFEST_FILE).write_text("nonsense")
    summary = library.summary("cats")
    assert (summary.damaged, summary.pictures, summary.manifest) == (False, 4, None)
    assert (summary.needs_index, "made anew" in summary.state) == (built, built)


def tree(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_a_removal_takes_the_collection_and_no_picture(library, finished, pictures):
    """All that was made is deleted, and nothing else: not even through a link."""
    before = tree(pictures)
    (finished / "shortcut").symlink_to(pictures)
    (finished / "thumbnails").mkdir()
    (finished / "thumbnails" / "shortcut.webp").symlink_to(pictures / "red" / "0.png")
    library.remove("cats")
    assert library.names() == []
    assert not finished.exists()
    assert tree(pictures) == before
    with pytest.raises(CollectionMissing):
        library.remove("cats")


def test_others_stay_when_one_is_removed(library, finished):
    """A removal touches the collection of that very name only."""
    for other in ("cat", "cats2", "Cats"):
        Catalog.create(library.folder(other)).close()
    library.remove("cats")
    assert library.names() == ["Cats", "cat", "cats2"]


def test_a_damaged_collection_can_be_removed(library, unfinished):
    """What cannot be read can still be deleted, as its remedy says."""
    (unfinished / CATALOG_FILE).write_bytes(b"nonsense, and enough of it to look at" * 40)
    library.remove("cats")
    assert library.names() == []


def test_a_collection_that_is_being_built_is_not_removed(library, finished):
    """While somebody holds it, nothing of it is deleted."""
    before = tree(finished)
    with library.lock("cats"), pytest.raises(CollectionBusy):
        library.remove("cats")
    assert tree(finished) == before
    library.remove("cats")
    assert not finished.exists()


def test_what_a_build_left_empty_can_be_discarded(library, unfinished):
    """The holder of the lock may delete what came of nothing, and do so twice."""
    with library.lock("cats"):
        library.discard("cats")
        library.discard("cats")
    assert library.names() == []


def test_a_collection_that_is_removed_while_all_are_summed_up_is_left_out(
    library, finished, monkeypatch
):
    """The list of a data folder survives that one of it goes just then."""
    Catalog.create(library.folder("dogs")).close()
    names = library.names()
    library.remove("dogs")
    monkeypatch.setattr(library, "names", lambda: names)
    assert [summary.name for summary in library.summaries()] == ["cats"]
