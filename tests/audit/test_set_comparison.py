"""What two sets of pictures have in common is found, nothing is invented, and gaps are told."""

import csv
import io
import shutil

import numpy as np
import pytest
from PIL import Image, ImageOps

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit import PictureSet, Relation, compare_sets, table_of_comparison
from search_engine.audit.audit import Audit
from search_engine.audit.coverage import UNLIKE_SHARE, limit_of
from search_engine.errors import BadInput, Way
from search_engine.files import tables
from search_engine.lab.benchmark import random_model
from search_engine.lab.proofs.prove_duplicates import cropped
from search_engine.sample import draw_gallery
from search_engine.sample.gallery import plan_gallery
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import View
from search_engine.settings import MINI_MODEL, Settings
from tests.calibration.real_vectors import RealVectors, needs_vectors
from tests.conftest import paint

PICTURES, LEAKED, REDRAWN = 600, 8, 60
FOUND = ("exact", "smaller", "coarse", "cropped")
OTHERS = ("mirrored", "turned")


def leak(path, way, target):
    """Copy a drawing into the other folder in one of the ways."""
    if way == "exact":
        shutil.copy(path, target)
        return
    image = Image.open(path).convert("RGB")
    made = {
        "smaller": lambda: image.resize((240, 240), Image.Resampling.LANCZOS),
        "coarse": lambda: image,
        "cropped": lambda: cropped(image, 0.04),
        "mirrored": lambda: ImageOps.mirror(image),
        "turned": lambda: image.rotate(90),
    }[way]()
    made.save(target, "JPEG", quality=45 if way == "coarse" else 88)


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    """A gallery in two folders, train and test, with leaks from one to the other."""
    root = tmp_path_factory.mktemp("split")
    draw_gallery(root / "all", pictures=PICTURES)
    files = sorted((root / "all").glob("*/*.jpg"))
    for number, path in enumerate(files):
        kind = path.parent.name
        part = "test" if number % 2 else "train"
        target = root / "split" / part / kind / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    train = sorted((root / "split/train").glob("*/*.jpg"))
    for number, path in enumerate(train[:: len(train) // LEAKED][:LEAKED]):
        for way in (*FOUND, *OTHERS):
            leak(path, way, root / f"split/test/leak-{way}-{number}.jpg")
    for picture in plan_gallery(PICTURES, 2026)[-REDRAWN:]:
        again = paint_picture(
            480, picture.seed + 1, View(picture.scene.background, (picture.scene,))
        )
        target = root / "split/test" / f"redrawn-{picture.path.replace('/', '-')}"
        again.save(target, "JPEG", quality=88)
    (root / "split/test/broken.jpg").write_bytes(b"no picture")
    return root / "split"


@pytest.fixture(scope="module")
def audit(split, tmp_path_factory):
    """The audit of the collection that has both folders."""
    settings = Settings(tmp_path_factory.mktemp("compared"))
    name, wanted = plan_build(split, settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        yield Audit(engine)


@pytest.fixture(scope="module")
def found(audit):
    """What the comparison of test with train finds."""
    return compare_sets(PictureSet.of(audit, "test"), PictureSet.of(audit, "train"))


def names(audit, ids):
    """Return the last parts of paths, by id."""
    return {record.path.split("/")[-1] for record in audit.engine.records(ids).values()}


def common(audit, found, *relations):
    """Return the names of the pictures of the first set that both have."""
    return names(
        audit,
        [
            one.picture_id
            for group in found.groups
            for one in group.first
            if one.relation in (relations or tuple(Relation))
        ],
    )


def test_every_leak_is_found_and_none_is_invented(audit, found):
    """Equal, smaller, coarser and cropped copies are in both; what is drawn anew is not."""
    leaks = {f"leak-{way}-{number}.jpg" for way in FOUND for number in range(LEAKED)}
    assert common(audit, found) == leaks
    exact = {name for name in leaks if "exact" in name}
    assert common(audit, found, Relation.SAME_BYTES) == exact
    assert len(found.groups) == LEAKED
    assert found.common_first == len(leaks)
    assert found.common_second == LEAKED


def test_what_is_not_in_both_is_in_one(audit, found):
    """Each picture is in both sets or in one alone; mirrored and turned ones are others."""
    everything = names(audit, audit.inventory.picture_ids.tolist())
    only = names(audit, found.only_first.tolist())
    assert {f"leak-{way}-0.jpg" for way in OTHERS} <= only
    assert sum("redrawn" in name for name in only) == REDRAWN
    assert only.isdisjoint(common(audit, found))
    assert "broken.jpg" not in everything
    assert found.first_counts.skipped == 1
    assert found.second_counts.skipped == 0
    assert (found.first_counts.missing, found.second_counts.missing) == (0, 0)
    assert any("could not be read" in text for text in found.remarks())


def test_either_order_finds_the_same(audit, found):
    """What is common does not depend on which of the two comes first."""
    back = compare_sets(found.second, found.first)
    assert [(group.second, group.first) for group in back.groups] == sorted(
        ((group.first, group.second) for group in found.groups),
        key=lambda pair: pair[1][0].picture_id,
    )
    assert (back.only_second == found.only_first).all()


def test_drawings_of_one_kind_are_covered(audit, found):
    """Of drawings against drawings about as many are listed as is said, furthest first."""
    gap = found.gap
    assert 0 < len(gap) <= 2 * UNLIKE_SHARE * len(found.first.picture_ids)
    assert gap.expected == round(UNLIKE_SHARE * len(found.first.picture_ids))
    assert (np.diff(gap.cosines) >= 0).all()
    assert (gap.cosines < gap.limit).all()
    assert set(gap.nearest_ids.tolist()) <= set(found.second.picture_ids.tolist())
    vectors = audit.engine.embeddings
    nearest = vectors.of(gap.nearest_ids)
    own = vectors.of(gap.picture_ids)
    assert np.allclose((own * nearest).sum(axis=1), gap.cosines, atol=1e-3)
    assert ((own @ vectors.of(found.second.picture_ids).T).max(axis=1) < gap.limit + 1e-3).all()


def test_a_small_set_says_nothing_of_what_it_covers(split, tmp_path):
    """With a handful of pictures no gap is told, and a sentence says why."""
    settings = Settings(tmp_path / "data")
    for part in ("train", "test"):
        for path in sorted((split / part).glob("*/*.jpg"))[::40]:
            target = tmp_path / part / path.parent.name / path.name
            target.parent.mkdir(parents=True)
            shutil.copy(path, target)
        name, wanted = plan_build(tmp_path / part, settings, model_id=MINI_MODEL)
        build_collection(name, wanted, settings)
    with SearchEngine.open("train", settings) as one, SearchEngine.open("test", settings) as other:
        found = compare_sets(PictureSet.of(Audit(one)), PictureSet.of(Audit(other)))
        assert found.gap is None
        assert any("fewer than 40" in text for text in found.remarks())


def test_what_one_does_not_cover_is_told(settings, load, tmp_path):
    """Blue pictures are like nothing in a folder of red ones; other red ones are."""
    random = np.random.default_rng(0)
    for part, count in (("train", 80), ("test", 40)):
        for number in range(count):
            red = tuple(int(random.integers(*ends)) for ends in ((180, 256), (0, 60), (0, 60)))
            paint(tmp_path / f"both/{part}/{number}.png", red)
    for number in range(6):
        paint(tmp_path / f"both/test/blue-{number}.png", (10 + number, 40, 200))
    name, wanted = plan_build(tmp_path / "both", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        audit = Audit(engine)
        found = compare_sets(PictureSet.of(audit, "test"), PictureSet.of(audit, "train"))
        paths = [engine.records([i])[i].path for i in found.gap.picture_ids.tolist()]
    assert all("blue" in path for path in paths[:6])
    assert len(paths) <= 6 + 6


@needs_vectors
def test_real_photographs_are_covered_by_their_like():
    """Of photographs one in twenty is listed against others of them, of dishes nearly all."""
    real = RealVectors()
    photographs, dishes = real.array("photographs.npy"), real.array("dishes.npy")

    def listed(ones, others):
        own = others @ others.T
        np.fill_diagonal(own, -1)
        return ((ones @ others.T).max(axis=1) < limit_of(own.max(axis=1))).mean()

    order = np.random.default_rng(0).permutation(len(photographs))
    halves = photographs[order[::2]], photographs[order[1::2]]
    assert 0.02 <= listed(*halves) <= 0.08
    assert listed(dishes, photographs) >= 0.95
    assert listed(photographs, dishes) >= 0.95


def test_a_set_of_near_copies_still_covers_its_kind(split, tmp_path):
    """Where each picture of the second set is there twice, its kind is no gap."""
    settings = Settings(tmp_path / "data")
    drawings = sorted((split / "train").glob("*/*.jpg"))[:120]
    for number, path in enumerate(drawings):
        part = tmp_path / ("one" if number % 2 else "two")
        part.mkdir(exist_ok=True)
        shutil.copy(path, part / f"{number}.jpg")
        if part.name == "two":
            leak(path, "smaller", part / f"{number}-again.jpg")
    engines = []
    for part in ("one", "two"):
        name, wanted = plan_build(tmp_path / part, settings, model_id=MINI_MODEL)
        build_collection(name, wanted, settings)
        engines.append(SearchEngine.open(name, settings))
    found = compare_sets(*(PictureSet.of(Audit(engine)) for engine in engines))
    assert not found.groups
    assert len(found.gap) <= 4 * UNLIKE_SHARE * len(found.first.picture_ids)
    for engine in engines:
        engine.close()


def test_a_file_that_is_away_leaves_a_likely_copy(split, tmp_path):
    """Without an original nothing is confirmed: the pair is told as likely, the file as missing."""
    settings = Settings(tmp_path / "data")
    path = sorted((split / "train").glob("*/*.jpg"))[3]
    for part, way in (("one", "exact"), ("two", "smaller")):
        (tmp_path / part).mkdir()
        leak(path, way, tmp_path / part / "1.jpg")
        name, wanted = plan_build(tmp_path / part, settings, model_id=MINI_MODEL)
        build_collection(name, wanted, settings)
    (tmp_path / "two/1.jpg").unlink()
    with SearchEngine.open("one", settings) as one, SearchEngine.open("two", settings) as other:
        found = compare_sets(PictureSet.of(Audit(one)), PictureSet.of(Audit(other)))
        (group,) = found.groups
        assert group.relation is Relation.UNCONFIRMED
        assert (found.first_counts.missing, found.second_counts.missing) == (0, 1)
        assert any("not certain" in text for text in found.remarks())
        assert not len(found.only_first)
        assert not compare_sets(found.first, found.second, by_bytes=True).groups


def test_other_models_leave_the_bytes(split, tmp_path):
    """Collections of two models share the files of equal bytes; more than that is refused."""
    settings = Settings(tmp_path / "data")
    other = str(random_model.build(tmp_path / "model", small=True))
    files = sorted((split / "train").glob("*/*.jpg"))[:3]
    for part, model in (("one", MINI_MODEL), ("two", other)):
        (tmp_path / part).mkdir()
        for path in files[part == "two" :]:
            shutil.copy(path, tmp_path / part / path.name)
        name, wanted = plan_build(tmp_path / part, settings, model_id=model)
        build_collection(name, wanted, settings)
    with SearchEngine.open("one", settings) as one, SearchEngine.open("two", settings) as two:
        sets = PictureSet.of(Audit(one)), PictureSet.of(Audit(two))
        with pytest.raises(BadInput, match="different models") as refused:
            compare_sets(*sets)
        assert refused.value.way is Way.BYTES_ALONE
        found = compare_sets(*sets, by_bytes=True)
        assert [group.relation for group in found.groups] == [Relation.SAME_BYTES] * 2
        assert (len(found.only_first), len(found.only_second)) == (1, 0)
        assert found.gap is None


def test_one_in_the_other_is_refused(audit):
    """A folder is not compared with itself, nor with the collection around it; typos are told."""
    whole, test = PictureSet.of(audit), PictureSet.of(audit, "TEST")
    assert test.name.endswith("/test")
    for pair in ((whole, test), (test, whole), (test, test), (whole, whole)):
        with pytest.raises(BadInput, match="two things"):
            compare_sets(*pair)
    with pytest.raises(BadInput, match="Did you mean 'train'"):
        PictureSet.of(audit, "trian")


def test_it_can_be_stopped(audit):
    """What hears of progress may raise, and nothing goes on."""

    class Stopped(Exception):
        pass

    def stop(step):
        raise Stopped

    with pytest.raises(Stopped):
        compare_sets(PictureSet.of(audit, "test"), PictureSet.of(audit, "train"), progress=stop)


def test_the_table_has_every_picture_once(audit, found):
    """Each picture of both sets is on one line, with where it is and what it is like."""
    text = table_of_comparison(found).decode(tables.ENCODING)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(found.first.picture_ids) + len(found.second.picture_ids)
    assert len({row["picture_id"] for row in rows}) == len(rows)
    both = [row for row in rows if row["where"] == "both"]
    assert {row["set"] for row in both} == {found.first.name, found.second.name}
    assert len({row["group"] for row in both}) == LEAKED
    unlike = [row for row in rows if row["nothing_alike"] == "yes"]
    assert {int(row["picture_id"]) for row in unlike} == set(found.gap.picture_ids.tolist())
    assert all(row["where"] == row["set"] for row in rows if row["where"] != "both")
