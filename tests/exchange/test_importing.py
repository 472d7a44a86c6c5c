"""A collection of vectors alone can do what others can, and loses nothing."""

import numpy as np
import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.audit import Audit, Oddity, find_unusual
from search_engine.building import changes_since_build
from search_engine.checking import check_collection
from search_engine.collection import Measure
from search_engine.errors import BadName, ModelMismatch
from search_engine.exchange import VectorFormat, VectorImport, export_vectors, import_vectors
from search_engine.explore import count_in_steps, draw_picture_map
from search_engine.query import Query
from search_engine.records import Filters, Orientation
from tests.conftest import ColourEmbedder, counts, paint
from tests.exchange.conftest import vectors_of


@pytest.fixture
def alone(shared, take, tmp_path):
    """The vectors of the pictures, without a picture, a size or a date."""
    export_vectors(shared, VectorFormat.DEMO, tmp_path / "pair")
    return take(tmp_path / "pair", "demo", name="alone")[1]


def test_it_is_searched_by_words_and_by_example(alone):
    """As any other; the example is a picture of which there is only a vector."""
    assert {one.record.category for one in alone.search("blue", k=2).results} == {"blue"}
    first = next(iter(alone.catalog.pictures))
    found = alone.search(Query.like(first.picture_id), k=2, leave_out_examples=True).results
    assert found[0].record.category == first.category
    assert found[0].record.dimensions == "size not known"


def test_it_is_mapped_audited_and_checked(alone, settings, load):
    """Nothing divides by a size that nobody knows, and no picture is called tiny for it."""
    assert len(draw_picture_map(alone.catalog, alone.manifest).points) == 12
    audit = Audit(alone)
    for oddity in (Oddity.TINY, Oddity.ODD_SHAPED, Oddity.BLURRED, Oddity.DARK, Oddity.BRIGHT):
        assert len(find_unusual(audit, oddity).picture_ids) == 0
    assert find_unusual(audit, Oddity.FAR).measure
    assert audit.duplicates() == audit.exact_duplicates() == []
    report = check_collection("alone", settings, load=load)
    assert report.faults == ()
    assert (report.pictures, report.vectors, report.thumbnails, report.files) == (12, 12, 0, 0)


def test_what_nobody_knows_passes_no_filter(alone):
    """Neither up to a size nor a date, nor as a square; and is in no step of a count."""
    matching = alone.catalog.pictures.matching
    for filters in (
        Filters(max_width=10**6), Filters(max_height=10**6), Filters(max_pixels=10**9),
        Filters(max_bytes=10**9), Filters(dated_to="2100"), Filters(dated_from="1900"),
        Filters(min_width=1),
        Filters(orientation=Orientation.SQUARE),
    ):  # fmt: skip
        assert len(matching(filters)) == 0
    for measure in Measure:
        assert count_in_steps(alone.catalog, measure) == []
    facts = alone.catalog.statistics.categories()
    assert {(one.mean_pixels, one.first_date, one.last_date) for one in facts} == {(0, "", "")}
    assert len(alone.catalog.timeline.ids(Filters())) == 12


def test_an_update_keeps_it(alone, settings, load):
    """Its folder holds no picture, and that is how it always was."""
    before = vectors_of(alone)
    root = alone.collection.root
    report = build_collection(*plan_build(root, settings, name="alone"), settings, load=load)
    assert counts(report) == {"unchanged": 12}
    assert changes_since_build("alone", settings).gone == 0
    with SearchEngine.open("alone", settings, load=load) as again:
        assert vectors_of(again) == before


def test_a_file_that_comes_is_read(alone, settings, load):
    """Its picture keeps id and tags, and is embedded as the others would be."""
    root = alone.collection.root
    paint(root / "red/0.png", "green")
    ids = {one.path: one.picture_id for one in alone.catalog.pictures}
    report = build_collection(*plan_build(root, settings, name="alone"), settings, load=load)
    assert counts(report) == {"changed": 1, "unchanged": 11, "embedded": 1}
    with SearchEngine.open("alone", settings, load=load) as again:
        record = again.records([ids["red/0.png"]])[ids["red/0.png"]]
        assert (record.path, record.width, record.height) == ("red/0.png", 60, 40)
        assert again.thumbnail_path(record).is_file()
    (root / "red/0.png").unlink()
    paint(root / "red/other.png", "red", salt=9)
    report = build_collection(*plan_build(root, settings, name="alone"), settings, load=load)
    assert counts(report) == {"added": 1, "removed": 1, "unchanged": 11, "embedded": 1}


def test_another_model_cannot_take_it_over(alone, settings):
    """There is nothing to embed, and the vectors are all there is of the pictures."""
    before = vectors_of(alone)
    root = alone.collection.root
    paint(root / "new.png", "red", salt=3)
    other = ColourEmbedder("others", "others-1")
    plan = plan_build(root, settings, name="alone", model_id="others")
    with pytest.raises(ModelMismatch, match="only vectors of another model"):
        build_collection(*plan, settings, load=lambda model_id, settings: other)
    with Library(settings).open_catalog("alone") as catalog:
        assert len(catalog.pictures) == 12
    assert vectors_of(alone) == before


def test_a_file_that_cannot_be_read_costs_no_vector(shared, take, tmp_path):
    """It is named with its reason, and its picture is found as one without a file."""
    root = shared.collection.root
    export_vectors(shared, VectorFormat.DEMO, tmp_path / "pair")
    (root / "red/0.png").write_text("no picture")
    report, taken = take(tmp_path / "pair", "demo", root=root)
    assert (report.with_file, report.missing, report.unreadable) == (11, 0, 1)
    assert [skip.path for skip in taken.catalog.skipped] == ["red/0.png"]
    assert vectors_of(taken) == vectors_of(shared)


def test_a_name_that_is_taken_is_refused_before_anything_is_read(settings, load, shared, tmp_path):
    """And the collection of that name is as it was."""
    order = VectorImport(tmp_path / "nothing", VectorFormat.DEMO, "PICTURES", "colours")
    with pytest.raises(BadName, match="already"):
        import_vectors(order, settings, load=load)
    assert len(shared.catalog.pictures) == 12


def test_an_import_that_is_stopped_leaves_nothing(shared, settings, load, tmp_path):
    """Neither a collection nor a lock: the same name can be taken at once."""
    export_vectors(shared, VectorFormat.NUMPY, tmp_path / "out")
    order = VectorImport(
        tmp_path / "out", VectorFormat.NUMPY, "new", "colours", root=shared.collection.root
    )

    def stop(progress):
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_vectors(order, settings, load=load, on_progress=stop)
    assert Library(settings).names() == ["pictures"]
    assert not (settings.collections_folder / "new").exists()
    assert import_vectors(order, settings, load=load).pictures == 12


def test_the_comparison_bears_half_precision(shared, take, tmp_path):
    """Vectors of float16 are of the model; they become of length one, and stay near."""
    out = tmp_path / "half"
    export_vectors(shared, VectorFormat.NUMPY, out)
    rows = np.load(out / "vectors.npy")
    np.save(out / "vectors.npy", (rows * 5).astype(np.float16))
    report, taken = take(out, "numpy", root=shared.collection.root)
    assert report.scaled == 12
    assert report.cosine > 0.999
    assert taken.embeddings.of(taken.embeddings.ids()) == pytest.approx(rows, abs=1e-3)
