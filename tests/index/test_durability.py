"""What is published is on the disk in the order in which it is relied on."""

import os
from pathlib import Path

from search_engine.collection.manifest import MANIFEST_FILE
from search_engine.index.generations import publish
from search_engine.records import CatalogVersion, IndexKind, ModelCard
from tests.index.stores import DIMENSION, Bench, random_vectors


def test_a_power_cut_finds_no_name_before_its_content(tmp_path, monkeypatch):
    """Each file is on the disk before it takes its place, and its place before the manifest's."""
    flush, replace = os.fsync, Path.replace
    on_disk, moved = [], []

    def flushed(handle):
        on_disk.append(os.fstat(handle).st_ino)
        flush(handle)

    def replaced(self, target):
        assert self.stat().st_ino in on_disk
        if moved:
            assert on_disk[-2] == tmp_path.stat().st_ino
        moved.append(Path(target).name)
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", replaced)
    store = Bench(IndexKind.EXACT)
    store.add([1, 2, 3], random_vectors(3))
    model, made_of = ModelCard("model", "print", DIMENSION), CatalogVersion("catalog", 1, "token")
    manifest = publish(tmp_path, store.store, model, made_of)
    assert moved == [manifest.file, MANIFEST_FILE]
    assert on_disk[-1] == tmp_path.stat().st_ino
