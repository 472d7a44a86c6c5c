"""What changed in a folder since its collection was built, and making the index anew."""

import shutil
import sys

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.building import pipeline, rebuild_index
from search_engine.building.changes import Changes, changes_since_build, preview_build
from search_engine.collection.decoding import Refusal
from search_engine.errors import IndexMissing
from search_engine.index.store import CONCRETE_KINDS
from search_engine.records import SkipReason
from search_engine.records.findings import AwayPlace, AwayReason
from tests.conftest import paint


@pytest.fixture
def built(pictures, settings, load):
    """The collection of coloured pictures, with a file that is none among them."""
    (pictures / "broken.jpg").write_bytes(b"x")
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return name


def test_nothing_has_changed_after_a_build(built, settings):
    """Directly after a build there is nothing to tell, although a file was left out."""
    assert changes_since_build(built, settings) == Changes()


def test_new_changed_and_gone_files_are_counted(built, settings, pictures):
    """Each kind of change is counted for itself."""
    paint(pictures / "red/new.png", "red", salt=50)
    paint(pictures / "green/0.png", "blue", size=(70, 70))
    shutil.rmtree(pictures / "black")
    assert changes_since_build(built, settings) == Changes(new=1, changed=1, gone=2)


def test_a_folder_that_is_not_there_is_told(built, settings, pictures):
    """A drive that is not connected is not a folder without pictures."""
    shutil.rmtree(pictures)
    assert changes_since_build(built, settings) == Changes(folder_missing=True)


def test_a_large_collection_is_not_looked_through_unasked(built, settings, monkeypatch):
    """Beyond a number of pictures nothing is said instead of the disk being kept busy."""
    monkeypatch.setattr("search_engine.building.changes.MOST_PICTURES", 11)
    assert changes_since_build(built, settings) is None


@pytest.mark.parametrize("kind", CONCRETE_KINDS)
def test_rebuilding_gives_the_same_answers_without_the_model(pictures, settings, load, kind):
    """A new generation from the catalog alone: same kind, same pictures, same scores."""
    name, wanted = plan_build(pictures, settings, model_id="colours", kind=kind)
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        before, generation = engine.search("red", 12).results, engine.manifest.generation
    rebuild_index(name, settings)
    with SearchEngine.open(name, settings, load=load) as engine:
        after = engine.search("red", 12).results
        assert engine.manifest.generation == generation + 1
        assert engine.manifest.kind is kind
    assert [r.record.picture_id for r in after] == [r.record.picture_id for r in before]
    assert [r.score for r in after] == pytest.approx([r.score for r in before])


def test_what_was_never_built_cannot_be_rebuilt(settings):
    """Without an index there is no model whose vectors could be taken."""
    Library(settings)
    from search_engine.collection.catalog import Catalog

    Catalog.create(settings.collections_folder / "empty").close()
    with pytest.raises(IndexMissing, match="no finished index"):
        rebuild_index("empty", settings)


def test_the_rate_of_a_model_is_that_of_its_last_build(built, settings, pictures, load):
    """Builds of a few pictures tell no rate; one of enough does, for its model alone."""
    library = Library(settings)
    assert library.rate("colours") is None
    for number in range(30):
        paint(pictures / f"many/{number}.png", "green", salt=100 + number)
    name, wanted = plan_build(pictures, settings)
    report = build_collection(name, wanted, settings, load=load)
    assert library.rate("colours") == pytest.approx(30 / report.seconds, rel=0.2)
    assert library.rate("other") is None


def test_a_preview_counts_what_a_build_would_find(built, settings, pictures):
    """New, changed and gone files are counted, and of what kind and size all of them are."""
    paint(pictures / "red/new.png", "red", salt=50)
    paint(pictures / "red/0.png", "yellow", size=(90, 90))
    (pictures / "blue/0.png").unlink()
    _, wanted = plan_build(pictures, settings)
    found = preview_build(built, wanted, settings)
    assert (found.changes, found.unchanged) == (Changes(new=1, changed=1, gone=1), 10)
    assert (found.files, found.types) == (13, (("png", 12), ("jpg", 1)))
    assert found.size_bytes == sum(f.stat().st_size for f in pictures.rglob("*.*"))
    assert preview_build("another", wanted, settings).changes == Changes(new=13)


def test_every_picture_is_counted_once_before_and_after(built, settings, pictures, load):
    """Two deleted, one renamed, one cut short, one new: so say the look, the preview and the build.

    What became unreadable is left out; it is not gone. All that was there before is accounted for.
    """
    for colour in ("blue", "green"):
        (pictures / f"{colour}/0.png").unlink()
    (pictures / "red/0.png").rename(pictures / "red/renamed.png")
    (pictures / "red/1.png").write_bytes((pictures / "red/1.png").read_bytes()[:60])
    paint(pictures / "red/new.png", "red", salt=50)
    _, wanted = plan_build(pictures, settings)
    seen = preview_build(built, wanted, settings)
    assert seen.changes == Changes(new=1, changed=1, moved=1, gone=2)
    assert changes_since_build(built, settings) == seen.changes
    report = build_collection(built, wanted, settings, load=load)
    done = (report.added, report.changed, report.moved, report.removed, report.lost)
    assert (*done, report.unchanged) == (1, 0, 1, 2, 1, seen.unchanged)
    assert seen.unchanged + seen.changes.changed + seen.changes.moved + seen.changes.gone == 12
    with Library(settings).open_catalog(built) as catalog:
        assert len(catalog.pictures) == report.added + report.moved + report.unchanged
    assert len(report.skipped) == 2


def test_a_picture_kept_although_it_cannot_be_read_now_is_counted(
    built, settings, pictures, load, monkeypatch
):
    """It is in the collection as it was, so it is unchanged, beside being named as left out."""
    paint(pictures / "red/0.png", "yellow", size=(90, 90))
    refused = Refusal(SkipReason.UNREADABLE, "no permission")

    def read(request, owner, whole=pipeline.read):
        found = whole(request, owner)
        bad = [file.parts[-2:] == ("red", "0.png") for file in request.files]
        return [refused if is_bad else one for is_bad, one in zip(bad, found, strict=True)]

    monkeypatch.setattr(pipeline, "read", read)
    _, wanted = plan_build(pictures, settings)
    report = build_collection(built, wanted, settings, load=load)
    assert (report.unchanged, report.lost, report.removed, report.changed) == (12, 0, 0, 0)


def test_what_cannot_be_seen_is_not_gone(built, settings, monkeypatch):
    """Pictures in a folder that cannot be listed stay as they were."""
    from search_engine.collection import scanning

    def without_red(root, rules, *, leave_out):
        whole = scanning.scan(root, rules, leave_out=leave_out)
        seen = tuple(file for file in whole.files if not file.path.startswith("red/"))
        return scanning.Scan(seen, ("red",))

    monkeypatch.setattr("search_engine.building.looking.scan", without_red)
    kept = AwayPlace("red", 2, AwayReason.UNREADABLE)
    assert changes_since_build(built, settings) == Changes(away=(kept,))


_opened = None


def _note(event, arguments):
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


def test_an_unchanged_folder_is_looked_through_without_opening_a_file(
    built, settings, pictures, load, monkeypatch
):
    """Neither another build, nor its preview, nor the look for changes opens a picture."""
    sys.addaudithook(_note)
    monkeypatch.setattr(sys.modules[__name__], "_opened", [])
    name, wanted = plan_build(pictures, settings)
    assert build_collection(name, wanted, settings, load=load).unchanged == 12
    preview_build(name, wanted, settings)
    changes_since_build(name, settings)
    assert _opened
    assert not [path for path in _opened if path.startswith(str(pictures))]
