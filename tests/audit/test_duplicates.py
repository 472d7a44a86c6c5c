"""Copies are found, other drawings of the same thing are not, and nothing is touched."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from search_engine.audit.crop_registration import overlay_correlation
from search_engine.audit.decisions import decide_removals, keep_or_remove
from search_engine.audit.duplicates import duplicate_groups
from search_engine.audit.evidence import Thresholds
from search_engine.audit.image_statistics import (
    HASH_BITS,
    STATISTICS_FILE,
    measure_thumbnails,
    perceptual_hash,
)
from search_engine.audit.lists import ListKind, list_of_duplicates
from search_engine.lab.proofs.prove_duplicates import cropped
from tests.audit.conftest import COPIED, WAYS
from tests.conftest import paint


@pytest.fixture(scope="module")
def groups(audit):
    """What the audit finds with its own thresholds."""
    return audit.duplicates()


def is_copy(record):
    return "/copy-" in record.path


def found_copies(groups):
    return {record.path for group in groups for record in group.records if is_copy(record)}


def test_every_way_of_copying_is_found(audit, groups, drawn):
    """Equal, smaller, coarser, cropped, brighter and darker copies: nearly all are found."""
    there = {str(path.relative_to(drawn)) for path in drawn.glob("*/copy-*")}
    found = found_copies(groups)
    assert {path.split("copy-")[1][:-4] for path in found} == set(WAYS)
    assert len(found & there) >= 0.95 * len(there)


def test_nothing_else_is_found(groups):
    """Every group is about one original; other drawings of its description are left alone."""
    wrong = [
        group
        for group in groups
        if len({record.category for record in group.records}) > 1
        or any(not is_copy(copy.record) and not is_copy(group.kept) for copy in group.copies)
    ]
    redrawn = [g for g in groups if any("redrawn" in record.path for record in g.records)]
    assert len(wrong) <= 1
    assert len(redrawn) <= 1
    assert COPIED <= len(groups) <= COPIED + 2


def test_exact_copies_say_so(groups):
    """A copy with the same bytes is told from one that only looks the same."""
    copies = [copy for group in groups for copy in group.copies if "copy-" in copy.record.path]
    exact = [copy for copy in copies if "exact" in copy.record.path]
    assert exact
    assert all(copy.exact and copy.cosine == 1 and copy.bits == 0 for copy in exact)
    assert not any(copy.exact for copy in copies if copy not in exact)


def test_the_largest_is_kept(groups):
    """No copy has more pixels than what is kept, and the files that take most space come first."""
    for group in groups:
        pixels = [record.width * record.height for record in group.records]
        assert pixels[0] == max(pixels)
    gains = [group.bytes_to_gain for group in groups]
    assert gains == sorted(gains, reverse=True)


def test_thresholds_are_obeyed(audit, groups):
    """Stricter thresholds leave only what passes them; equal bytes always count."""
    strict = Thresholds(cosine=1.01)
    assert all(group.exact for group in audit.duplicates(strict))
    assert audit.duplicates(strict)
    for group in audit.duplicates(Thresholds(bits=4)):
        assert all(copy.bits <= 4 for copy in group.copies)
    assert len(found_copies(audit.duplicates(Thresholds(bits=0)))) < len(found_copies(groups))


def test_no_chain_brings_distant_pictures_together(audit):
    """Of a chain one–two–three the ends are never in one group unless they are close themselves."""
    inventory, pairs = audit.inventory, audit.pairs()
    places = [int(inventory.contents[at]) for at in range(0, 30, 10)]
    chain = replace(
        pairs,
        ones=np.array(places[:2]), others=np.array(places[1:]), cosines=np.ones(2, np.float32),
        bits=np.zeros(2, np.int64), overlays=np.ones(2, np.float32),
    )  # fmt: skip
    by_id = audit.engine.catalog.pictures.by_id(inventory.content_ids[places].tolist())
    ids = set(by_id)
    for group in duplicate_groups(audit.engine.catalog, inventory, chain):
        members = {record.picture_id for record in group.records} & ids
        if len(members) == 3:
            assert group.kept.picture_id == int(inventory.content_ids[places[1]])


def test_lists_split_every_group(audit, groups):
    """Each picture of a group is on one list, the kept one alone on the first; files stay."""
    engine = audit.engine
    decisions = decide_removals(engine, groups)
    keep, remove = (
        list_of_duplicates(engine, decisions, kind).decode().splitlines()
        for kind in (ListKind.KEEP, ListKind.REMOVE)
    )
    assert keep == [str(engine.path(group.kept)) for group in groups]
    assert len(remove) == sum(len(group.copies) for group in groups)
    assert not set(keep) & set(remove)
    table = list_of_duplicates(engine, decisions, ListKind.TABLE).decode().splitlines()
    assert len(table) == 1 + len(keep) + len(remove)
    assert all(engine.path(record).is_file() for group in groups for record in group.records)


def test_somebody_may_keep_another(groups):
    """A choice of another picture of the group is kept; an id from elsewhere is not."""
    group = groups[0]
    other = group.copies[-1].record
    kept, removed = keep_or_remove(group, {group.kept.picture_id: other.picture_id})
    assert kept == other
    assert group.kept in removed
    assert keep_or_remove(group, {group.kept.picture_id: -5})[0] == group.kept


def test_the_perceptual_hash_tells_pictures_apart(drawn):
    """A coarse small copy has nearly the same hash, another picture a very different one."""
    paths = sorted(drawn.glob("*/0002.jpg"))
    images = [Image.open(path).convert("L") for path in paths[:8]]
    hashes = [perceptual_hash(image) for image in images]
    small = [perceptual_hash(image.resize((100, 100))) for image in images]
    between = [(one ^ other).bit_count() for one, other in pairwise(hashes)]
    assert max((one ^ other).bit_count() for one, other in zip(hashes, small, strict=True)) <= 6
    assert min(between) > 6
    assert max(hashes) < 2**HASH_BITS


def test_a_crop_fits_and_another_drawing_does_not(drawn, tmp_path):
    """Laid over one another, a crop correlates, a drawing of the same description does not."""
    again = sorted(drawn.glob("*/redrawn-*.jpg"))[:12]
    worst, best = 1.0, []
    for path in again:
        original = path.with_name(path.name.removeprefix("redrawn-"))
        cropped(Image.open(original), 0.03).save(tmp_path / "crop.jpg", quality=88)
        worst = min(worst, overlay_correlation(original, tmp_path / "crop.jpg"))
        best.append(overlay_correlation(original, path))
    assert worst > Thresholds().overlay
    assert sum(fit > Thresholds().overlay for fit in best) == 0
    assert np.isnan(overlay_correlation(original, tmp_path / "gone.jpg"))


def test_looks_are_measured_once(audit, tmp_path):
    """What is known is read, what is new is added, and what was measured before a stop is kept."""
    folder, hashes = audit.engine.catalog.folder, audit.inventory.hashes
    (tmp_path / "thumbnails").symlink_to(folder / "thumbnails")
    few = measure_thumbnails(tmp_path, hashes[:5])
    heard = []
    everything = measure_thumbnails(tmp_path, hashes, heard.append)
    assert (heard[-1].done, heard[-1].total) == (len(hashes) - 5, len(hashes) - 5)
    assert (everything[:5] == few).all()
    heard.clear()
    assert (measure_thumbnails(tmp_path, hashes[::-1], heard.append) == everything[::-1]).all()
    assert not heard
    (tmp_path / STATISTICS_FILE).write_bytes(b"no such thing")
    assert (measure_thumbnails(tmp_path, hashes[:5]) == few).all()


def test_even_colours_are_compared_by_bytes_alone(settings, load, tmp_path):
    """Two even pictures have no structure to compare, so only an equal file is a copy."""
    from search_engine import SearchEngine, build_collection, plan_build
    from search_engine.audit.audit import Audit

    for name in ("a", "b", "c"):
        paint(tmp_path / f"p/{name}.png", "red", size=(300, 300), salt=int(name == "c") * 40)
    name, wanted = plan_build(tmp_path / "p", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        (group,) = Audit(engine).duplicates()
    assert [record.path for record in group.records] == ["a.png", "b.png"]
