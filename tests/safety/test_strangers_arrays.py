"""Whatever is in a file that was derived from a collection, it is as it should be or made anew."""

import io
import zipfile
from functools import partial

import numpy as np
import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit.image_statistics import STATISTICS_FILE, measure_thumbnails
from search_engine.audit.neighbours import find_neighbours, saved_neighbours
from search_engine.calibration.background_texts import background_texts
from search_engine.calibration.background_vectors import (
    find_background,
    share_background,
    shared_background,
)
from search_engine.calibration.stored import CALIBRATION_FILE, keep_calibrated, read_calibration
from search_engine.embedding.fast.noted import remember, remembered
from search_engine.embedding.fast.precision import Measured, Precision
from search_engine.explore.picture_map import draw_picture_map
from search_engine.files import arrays
from search_engine.records import ModelCard
from search_engine.records.background import BackgroundVectors
from search_engine.settings import Settings
from tests.conftest import paint

COLOURS = ("red", "green", "blue", "yellow")
MODEL = ModelCard("m", "f" * 32, 8)
FILES = (CALIBRATION_FILE, "map.npz", STATISTICS_FILE, "neighbours.npz", "background.npz")


@pytest.fixture
def engine(tmp_path, settings, load):
    """A small collection with all of its derived files, and what reads each of them."""
    for colour in COLOURS:
        paint(tmp_path / "pictures" / colour / "0.png", colour)
    name, wanted = plan_build(tmp_path / "pictures", settings, name="c", model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open("c", settings, load=load) as opened:
        yield opened


def readers(engine):
    catalog, manifest = engine.catalog, engine.manifest
    model, folder = manifest.model, engine.catalog.folder
    ids = catalog.vectors.ids(model)
    hashes = np.array(sorted(r.content_hash.encode() for r in catalog.pictures), dtype="S64")
    texts = background_texts(model.model_id, engine.settings)
    rows = np.full((len(texts.texts), MODEL.dimension), 0.125, dtype=np.float32)

    def find():
        of = catalog.vectors.of
        return find_neighbours(len(ids), model.dimension, lambda at: of(model, ids[at]))

    def neighbours():
        found = saved_neighbours(folder / "neighbours.npz", "key", len(ids), find)
        return found.places, found.cosines, found.recall

    def background():
        beside = Settings(folder)
        if shared_background(MODEL, texts, beside) is None:
            made = BackgroundVectors(texts.digest, rows, 20.0, -9.5)
            share_background(MODEL, made, beside)
        found = shared_background(MODEL, texts, beside)
        return found and (found.vectors, found.scale, found.bias)

    def calibration():
        find = partial(find_background, catalog, model, texts, engine.settings)
        kept = read_calibration(catalog, model, texts.digest)
        kept = kept or keep_calibrated(catalog, model, find)
        return (kept.picture_ids, kept.log_sums, kept.mean, kept.highest_typical,
                kept.pictures.threshold, kept.pictures.spread)  # fmt: skip

    def drawn():
        found = draw_picture_map(catalog, manifest)
        return (found.picture_ids, found.points, found.laid_out, found.sheet_side,
                found.sheet_columns)  # fmt: skip

    def looks():
        return measure_thumbnails(folder, hashes)

    return dict(zip(FILES, (calibration, drawn, looks, neighbours, background), strict=True))


def file_of(engine, name):
    if name != "background.npz":
        return engine.catalog.folder / name
    return next((engine.catalog.folder / "collections" / ".background").glob("*.npz"))


def as_lists(value):
    return [np.asarray(part).tolist() for part in value]


def mutations(array):
    """Other arrays in the place of one: of another shape, type, length, or out of all bounds."""
    first = array.ravel()[:1] if array.size else np.zeros(1)
    yield "no dimension", first[0]
    yield "empty", array.ravel()[:0]
    yield "one more dimension", array[..., None]
    yield "twice", np.stack([array, array])
    yield "one less", array[:-1] if array.ndim else array[None]
    yield "longer", np.concatenate([array.ravel()] * 3)
    if array.ndim == 1 and array.dtype.kind == "i" and (np.diff(array) > 0).all():
        yield "backwards", array[::-1].copy()
    for value in (
        np.nan,
        np.inf,
        -np.inf,
        1e300,
        -5,
        2**62,
        1 + 2j,
        "x",
        "9" * 5000,
        b"\xff",
        True,
    ):
        yield repr(value)[:12], np.full(array.shape, value)
    yield "the largest", np.full(array.shape, 2**64 - 1, dtype=np.uint64)
    yield "no time", np.full(array.shape, np.datetime64("NaT"))
    yield "raw bytes", np.zeros(array.shape, dtype="V8")
    yield "records", np.zeros(array.shape, dtype=[("a", "f8"), ("b", "i4")])
    yield "long numbers", np.full(array.shape, np.longdouble("1e400"))
    yield "a hundred thousand", np.zeros(100_000, dtype=array.dtype)


HARMLESS = {
    STATISTICS_FILE: {"hashes", "looks"},
    "background.npz": {"vectors"},
    CALIBRATION_FILE: {"log_sums"},
}
"""Arrays any values of which could have been measured; the shapes and types are checked."""


@pytest.mark.parametrize("name", FILES)
def test_an_array_that_is_another_is_made_anew(name, engine):
    """No mutation of any array is an error, and none is believed."""
    for read in readers(engine).values():
        read()
    read = readers(engine)[name]
    file, right = file_of(engine, name), as_lists(read())
    content = file.read_bytes()
    with np.load(io.BytesIO(content)) as saved:
        before_all = dict(saved)
    for array, before in before_all.items():
        for what, after in mutations(before):
            arrays.write(file, **before_all | {array: after})
            found = read()
            assert found is not None, (array, what)
            is_possible = array in HARMLESS.get(name, ()) or (array, what) == ("cosines", "-inf")
            if not is_possible:
                assert as_lists(found) == right, (array, what)
    for odd in (b"", b"PK", content[:-5], content + b"x" * 2**24):
        file.write_bytes(odd)
        assert as_lists(read()) == right


def sparse(file, name, gigabytes):
    """Write an archive that is mostly a hole: no bytes on the disk, gigabytes in memory."""
    described = {"descr": "<f4", "fortran_order": False, "shape": (gigabytes * 2**28,)}
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, described)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}.npy", head.getvalue())
    with file.open("r+b") as target:
        target.truncate(gigabytes * 2**30)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_gigabytes_is_not_read(name, engine, monkeypatch):
    for read in readers(engine).values():
        read()
    read, file = readers(engine)[name], file_of(engine, name)
    right = as_lists(read())
    sparse(file, "picture_ids", 3)
    opened = []
    monkeypatch.setattr(zipfile, "ZipFile", lambda *a, **k: opened.append(a))
    monkeypatch.setattr(arrays, "write", lambda *_, **__: None)
    if name != "background.npz":
        assert as_lists(read()) == right
    else:
        assert read() is None
    assert not opened


@pytest.mark.parametrize(
    "figure", [10**400, float("inf"), float("nan"), "x", None, [], {}, "1e999"]
)
def test_odd_figures_of_a_precision_are_measured_again(tmp_path, figure):
    file = tmp_path / "precisions.json"
    remember(file, "f", "cpu", Measured(Precision.BF16, 10.0, 1.0, 1.0))
    assert remembered(file, "f", "cpu") is not None
    remember(file, "f", "cpu", Measured(Precision.BF16, figure, 1.0, 1.0))
    assert remembered(file, "f", "cpu") is None
