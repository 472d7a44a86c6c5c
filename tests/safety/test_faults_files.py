"""Files of a collection flipped, cut, zeroed and exchanged: told or mended, never wrong."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from functools import cache

import pytest

from search_engine.checking import FaultKind, check_collection, repair_collection
from search_engine.collection.manifest import MANIFEST_FILE, read_manifest
from search_engine.errors import CollectionDamaged, CollectionError, IndexMissing, ModelError, Way
from tests.lookups import at_path
from tests.safety.history import NAME, World, exchange, painted
from tests.safety.invariant import all_right, mended_by_index, right_or_told

ODD = [
    None, True, 0, -1, 2**70, 1.5, "", "text", [], {}, [[]] * 3, "../x", "index.9.faiss", "\0",
    1e400, "exact", "hnsw", {"a": "b"},
]  # fmt: skip


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """Return the collection of a kind, and copies of its data to begin each trial with."""

    @cache
    def made(kind):
        world = World(tmp_path_factory.mktemp(kind), seed=31)
        world.add(40 if kind == "exact" else 1_020)
        world.build(kind)
        world.change()
        world.build()
        for part in ("data", "pictures"):
            shutil.copytree(world.place / part, world.place / "sound" / part)
        return world

    return made


@pytest.fixture
def kinds(made_once):
    """The same, whichever tests had it before."""

    def begun(kind):
        world = made_once(kind)
        world.forget_chance()
        return world

    return begun


@pytest.fixture
def world(kinds):
    return begin(kinds("exact"))


def begin(world):
    for part in ("data", "pictures"):
        shutil.rmtree(world.place / part)
        shutil.copytree(world.place / "sound" / part, world.place / part)
    return world


def flip(world, content):
    content = bytearray(content)
    content[world.chance.randrange(len(content))] ^= 1 << world.chance.randrange(8)
    return bytes(content)


def cut(world, content):
    return content[: world.chance.randrange(len(content))]


def zero(world, content):
    content = bytearray(content)
    start = world.chance.randrange(len(content))
    length = world.chance.choice((1, 100, 4_096, 16_384))
    content[start : start + length] = bytes(len(content[start : start + length]))
    return bytes(content)


@pytest.mark.parametrize("how", [flip, cut, zero])
@pytest.mark.parametrize(
    ("kind", "trials"),
    [
        ("exact", 2),
        pytest.param("exact", 60, marks=pytest.mark.long),
        pytest.param("hnsw", 10, marks=pytest.mark.long),
        pytest.param("ivf", 10, marks=pytest.mark.long),
    ],
)
def test_an_index_file_that_is_not_as_written(kinds, kind, how, trials):
    """It is made anew by itself; every answer is right, and nothing is embedded again."""
    world = kinds(kind)
    for _ in range(trials):
        begin(world)
        file = world.folder / read_manifest(world.folder).file
        content = how(world, file.read_bytes())
        is_other = content != file.read_bytes()
        file.write_bytes(content)
        embedded = world.embedder.pictures_embedded
        with world.open() as engine:
            assert engine.manifest.generation == 2 + is_other
            assert len(engine) == len(world.paths())
        assert world.embedder.pictures_embedded == embedded
        all_right(world)


@pytest.mark.parametrize("trials", [3, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("how", [flip, cut, zero])
def test_a_manifest_that_is_not_as_written(world, how, trials):
    """Read as it was, told, or made anew: never a wrong answer, and `index` makes it right."""
    for _ in range(trials):
        begin(world)
        file = world.folder / MANIFEST_FILE
        file.write_bytes(how(world, file.read_bytes()))
        right_or_told(world, kinds=(CollectionError, ModelError))
        check_collection(NAME, world.settings, sample=0, load=world.load)
        index_or_repair(world)


@pytest.mark.parametrize("trials", [10, pytest.param(200, marks=pytest.mark.long)])
def test_a_manifest_with_odd_values(world, trials):
    """Whatever stands in a field: only errors of ours, no wrong answer, and `index` mends it."""
    document = json.loads((world.folder / MANIFEST_FILE).read_text())
    fields = [(name,) for name in document] + [("model", name) for name in document["model"]]
    cases = [(field, value) for field in fields for value in ODD]
    for (*outer, field), value in world.chance.sample(cases, min(trials, len(cases))):
        begin(world)
        odd = json.loads(json.dumps(document))
        (odd[outer[0]] if outer else odd)[field] = value
        (world.folder / MANIFEST_FILE).write_text(json.dumps(odd))
        right_or_told(world, kinds=(CollectionError, ModelError))
        check_collection(NAME, world.settings, sample=0, load=world.load)
        index_or_repair(world)


def index_or_repair(world):
    """Run `index`; where it is refused, the one command that the message names."""
    try:
        world.build()
    except CollectionError as error:
        if "newer version" in error.cause:
            return
        if error.way is not Way.REPAIR:
            raise
    report = check_collection(NAME, world.settings, sample=5, load=world.load)
    if report.faults:
        repair_collection(report, world.settings, load=world.load)
    all_right(world)


@pytest.mark.parametrize("trials", [3, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("how", [flip, cut, zero])
def test_a_catalog_that_is_not_as_written(world, how, trials):
    """It is told as damage with the way out, or no answer is wrong; never another error."""
    told = 0
    for _ in range(trials):
        begin(world)
        world.catalog_file.write_bytes(how(world, world.catalog_file.read_bytes()))
        told += told_or_not_wrong(world)
        report = check_collection(NAME, world.settings, sample=99, load=world.load)
        lost = report.of(FaultKind.CATALOG_UNREADABLE, FaultKind.CATALOG_DAMAGED)
        if not lost:
            index_or_repair_vectors(world)
    print(f"{how.__name__}: told {told} of {trials}")  # noqa: T201


def told_or_not_wrong(world):
    """Ask, and look at each result: SQLite has no checksums, so a name may have another letter."""
    try:
        with world.open() as engine:
            for query in ("red", "green", "blue"):
                answer = engine.search(query, k=100)
                for result in answer.results:
                    if result.record.content_hash in world.contents:
                        truth = world.vector(result.record.content_hash)
                        assert abs(float(answer.encoded.vector @ truth) - result.score) < 0.01
    except CollectionError as error:
        if not isinstance(error, (CollectionDamaged, IndexMissing)):
            raise
        return True
    return False


def index_or_repair_vectors(world):
    """What `check` can see of a catalog without checksums, `check --repair` mends."""
    report = check_collection(NAME, world.settings, sample=99, load=world.load)
    try:
        if report.faults:
            repair_collection(report, world.settings, load=world.load)
        world.build()
    except CollectionDamaged:
        return
    report = check_collection(NAME, world.settings, sample=99, load=world.load)
    if not report.of(FaultKind.CATALOG_DAMAGED):
        assert {fault.kind for fault in report.faults} <= {FaultKind.LEFTOVERS}, report.faults
        assert right_or_told(world) == ""


def test_a_letter_of_a_path_or_hash_is_found_by_what_sqlite_sorts_by(world):
    """Where rows and what they are found by differ, `check` names it, and `--repair` mends it."""
    record = next(iter(world.committed().values()))
    content, tried = world.catalog_file.read_bytes(), 0
    for text in map(str.encode, record):
        places = [found.start() for found in re.finditer(re.escape(text), content)]
        for place in places:
            begin(world)
            at = place + len(text) - 6
            spoiled = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            world.catalog_file.write_bytes(spoiled)
            report = check_collection(NAME, world.settings, sample=0, load=world.load)
            if not report.faults:  # what was there before and is not used any more
                continue
            tried += 1
            assert [fault.kind for fault in report.faults] == [FaultKind.LOOKUP_WRONG]
            repair_collection(report, world.settings, load=world.load)
            report = check_collection(NAME, world.settings, sample=99, load=world.load)
            if report.faults:
                repair_collection(report, world.settings, load=world.load)
            assert right_or_told(world) == ""
            shown = world.shown()
            assert dict(world.committed().values()) == shown
    assert tried >= 3


def test_vectors_that_no_model_made(world):
    """An index that is made anew of them is refused, with the command that embeds them again."""
    with closing(sqlite3.connect(world.catalog_file)) as base, base:
        first = "rowid = (SELECT MIN(rowid) FROM vectors)"
        base.execute(f"UPDATE vectors SET vector = zeroblob(16) WHERE {first}")  # noqa: S608 - our own words
    (world.folder / read_manifest(world.folder).file).unlink()
    assert "check pictures --repair" in right_or_told(world)
    report = check_collection(NAME, world.settings, load=world.load)
    repair_collection(report, world.settings, load=world.load)
    all_right(world)


def test_thumbnails_that_were_exchanged(world):
    """The thumbnail of another picture is found, and not shown any more."""
    for number, colour in enumerate(("black", "white")):
        world.write(f"{colour}.png", painted(colour, number))
    world.build()
    with world.open() as engine:
        records = [at_path(engine.catalog, f"{c}.png") for c in ("black", "white")]
        exchange(*map(engine.thumbnail_path, records))
    report = check_collection(NAME, world.settings, sample=99, load=world.load)
    assert [(fault.kind, fault.count) for fault in report.faults] == [
        (FaultKind.THUMBNAILS_WRONG, 2)
    ]
    repair_collection(report, world.settings, load=world.load)
    assert right_or_told(world) == ""
    report = check_collection(NAME, world.settings, sample=99, load=world.load)
    assert not report.of(FaultKind.THUMBNAILS_WRONG)


def test_the_index_of_another_collection(world, tmp_path):
    """Index and manifest of a stranger are made anew; with only the file of one, it is refused."""
    other = World(tmp_path, seed=32)
    other.add(len(world.paths()))
    other.build()
    other.change()
    other.build()
    theirs = read_manifest(other.folder)
    ours = read_manifest(world.folder)
    shutil.copy(other.folder / theirs.file, world.folder / ours.file)
    assert right_or_told(world) == ""
    all_right(world)
    begin(world)
    for name in (theirs.file, MANIFEST_FILE):
        shutil.copy(other.folder / name, world.folder / name)
    assert right_or_told(world) == ""
    mended_by_index(world, world.committed())
