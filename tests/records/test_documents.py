"""What is read from a file of ours is the record that was written, or an error that names it."""

import json
import os
import re
import subprocess
import sys
import tracemalloc
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest

import search_engine
from search_engine.checking.faults import CheckReport, Fault, FaultKind
from search_engine.embedding.fast.precision import Measured
from search_engine.embedding.fast.vision import Precision
from search_engine.errors import Trouble, Way
from search_engine.files import documents
from search_engine.files.field_bounds import AtMost, Between, IfGiven, ReadAs, Text, ToldBy
from search_engine.jobs import JobState, JobStatus
from search_engine.records import (
    AwayPlace,
    AwayReason,
    BuildOrder,
    BuildProgress,
    BuildRequest,
    CollectionSettings,
    IndexKind,
    IndexManifest,
    ModelCard,
    ScanRules,
    Stage,
)

ROOT = Path(search_engine.__file__).parent.parent
ODD_NAME = os.fsdecode(b"/x/\xff.png")
PROGRESS = BuildProgress(Stage.EMBED, 3, 12, 1, 4.5, 9.5, ODD_NAME, ("a" * 64,))
SETTINGS = CollectionSettings(
    Path(ODD_NAME), ScanRules(("a",), (), hidden=True), "mini", IndexKind.HNSW
)
RECORDS = [
    JobStatus(
        JobState.FAILED, 7, 1.5, 2.5, PROGRESS, (("added", 1),), 3.0, "why",
        Trouble("It is not here", way=Way.REPAIR, about="things"), repairs=True,
    ),
    BuildRequest(SETTINGS, BuildOrder(verify=True, forget=(ODD_NAME,))),
    CheckReport("things", 7, faults=(Fault(FaultKind.FILES_GONE, 2, examples=("a.png",)),)),
    IndexManifest(
        3, "index.3.faiss", "a" * 64, IndexKind.EXACT, {"nlist": 4, "recall": 0.5}, 9,
        ModelCard("mini", "f" * 32, 256, "notes"), 2, "2026-11-26T10:00:00+00:00", 3,
        instead_of=IndexKind.IVF,
    ),
    Measured(Precision.BF16, 59.0, 0.9999, 1.0, 24, 512),
    AwayPlace("usb", 3, AwayReason.EMPTY),
]  # fmt: skip
"""One of each that is kept in a file or a catalog, with something in every field."""


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record, tmp_path):
    """Enums, paths, tuples, records in records and names that are not UTF-8 are what they were."""
    documents.write(tmp_path / "record", record, durable=True)
    assert documents.read(tmp_path / "record", type(record)) == record


def leaves(value, place=()):
    """Return the way to each number, text, flag and nothing in a JSON document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        if isinstance(part, dict | list):
            yield from leaves(part, (*place, key))
        else:
            yield (*place, key), part


def changed(document, place, value):
    """Return a copy of a document with another value at a place."""
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return copy


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_no_part_is_taken_for_another(record):
    """What is read in place of any part is refused, or would be written again just so."""
    document = json.loads(documents.as_text(record))
    for place, sound in leaves(document):
        for odd in ("seven", "7", 7, 1, 1.5, True, None, [], {}):
            with_odd = changed(document, place, odd)
            try:
                read = documents.as_record(with_odd, type(record))
            except documents.NotARecord:
                continue
            again = json.loads(documents.as_text(read))
            is_whole = type(sound) is float and type(odd) is int and "parameters" not in place
            with_odd = changed(document, place, float(odd)) if is_whole else with_odd
            assert json.dumps(again) == json.dumps(with_odd)
        for number in (-1, 2**70, -0.5, float("inf"), float("nan")):
            if number != 2**70 or (type(sound) is int and "parameters" not in place):
                with pytest.raises(documents.NotARecord, match=re.escape(str(place[-1]))):
                    documents.as_record(changed(document, place, number), type(record))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_what_is_missing_or_more_is_named(record):
    """A field that every version writes must be there, and none that no version writes."""
    document = json.loads(documents.as_text(record))
    for field in fields(record):
        less = {name: value for name, value in document.items() if name != field.name}
        if field.default is MISSING and field.default_factory is MISSING:
            with pytest.raises(documents.NotARecord, match=field.name):
                documents.as_record(less, type(record))
        else:
            assert documents.as_record(less, type(record))
    with pytest.raises(documents.NotARecord, match="mood"):
        documents.as_record(document | {"mood": "good"}, type(record))


ODD_FILES = {
    "empty": b"", "an object": b"{}", "a list": b"[]", "null": b"null",
    "a binary": bytes(range(256)), "deep": b"[" * 100_000,
    "not UTF-8": b'{"a": "\xff"}', "NaN": b'{"x": NaN, "y": 1}',
    "many digits": b'{"x": ' + b"9" * 5_000 + b', "y": 1}', "endless": b'{"x": 1e999, "y": 1}',
}  # fmt: skip


class Colour(StrEnum):
    """A choice."""

    RED = "red"


@dataclass(frozen=True)
class Point:
    """A record."""

    x: float
    y: int
    colour: Colour = Colour.RED


@pytest.mark.parametrize("content", ODD_FILES.values(), ids=ODD_FILES)
def test_an_odd_file_is_an_error_that_names_it(content, tmp_path):
    """Whatever the bytes are, callers catch one kind of error."""
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(documents.NotARecord, match="odd does not hold a Point"):
        documents.read(tmp_path / "odd", Point)


@dataclass(frozen=True)
class Near:
    """Somewhat of one kind."""

    near: Annotated[float, Between(-1, 1)]


@dataclass(frozen=True)
class Named:
    """Of another kind."""

    name: Text


@dataclass(frozen=True)
class Bounded:
    """A record that says more of its fields than their types."""

    number: Annotated[int, Between(-5, 5)]
    kinds: Annotated[tuple[Annotated[Near | Named, ToldBy(("near",))], ...], AtMost(2)] = ()
    perhaps: IfGiven[Annotated[int, Between(1, 9)]] = None
    size: Annotated[Path, ReadAs(int, lambda size: Path("x" * size))] = Path()


@pytest.mark.parametrize(
    ("document", "record"),
    [
        ({"number": -5}, Bounded(-5)),
        ({"number": 5, "perhaps": 9, "size": 2}, Bounded(5, perhaps=9, size=Path("xx"))),
        ({"number": 0, "kinds": [{"near": -1}, {"name": "\udcff"}]},
         Bounded(0, (Near(-1.0), Named("\udcff")))),
    ],
)  # fmt: skip
def test_a_record_can_say_more_of_its_fields(document, record):
    """Its own bounds go before those that hold for all; what may be left out is None then."""
    assert documents.as_record(document, Bounded) == record


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"number": -6}, "number must be -5 or more"),
        ({"number": 6}, "number must be 5 or less"),
        ({"number": 1.5}, "number must be a whole number"),
        ({"number": True}, "number must be a whole number"),
        ({"perhaps": None}, "perhaps must be a whole number"),
        ({"perhaps": 0}, "perhaps must be 1 or more"),
        ({"size": -1}, "size must be 0 or more"),
        ({"kinds": [{"near": 0}] * 3}, "kinds must be a list of 2 at most"),
        ({"kinds": {}}, "kinds must be a list"),
        ({"kinds": [{"near": 0}, {"near": 2}]}, "kinds[1].near must be 1 or less"),
        ({"kinds": [{"near": 0, "name": ""}]}, "kinds[0].name is not known"),
        ({"kinds": [{}]}, "kinds[0].name is missing"),
        ({"kinds": [{"name": "\ud800"}]}, "kinds[0].name must be a text that can be written"),
        ({"kinds": ["near"]}, "kinds[0] must be an object"),
    ],
    ids=str,
)
def test_what_is_beyond_that_is_told_with_its_place(more, said):
    """The error is of the record that was meant, where there can be several."""
    with pytest.raises(documents.NotARecord) as told:
        documents.as_record({"number": 1} | more, Bounded)
    assert str(told.value) == said


@pytest.mark.parametrize(
    "more",
    [{"kinds": [5] * 200_000}, dict.fromkeys(map(str, range(200_000)))],
    ids=["list", "keys"],
)
def test_a_million_faults_cost_no_more_than_the_first(more):
    """No error is made for each entry and each field that a stranger wrote into a file."""
    documents.as_record({"number": 1}, Bounded)
    tracemalloc.start()
    with pytest.raises(documents.NotARecord, match=r"kinds\[0\] must|\d is not known"):
        documents.as_record({"number": 1} | more, Bounded)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_file_has_a_size_that_it_may_have(tmp_path):
    """A file beyond it is not read, and one that is not there is told as such."""
    (tmp_path / "large").write_bytes(b" " * 1_000 + b'{"x": 1.5, "y": 1, "colour": "red"}')
    assert documents.read(tmp_path / "large", Point) == Point(1.5, 1)
    with pytest.raises(OSError, match="larger"):
        documents.read(tmp_path / "large", Point, most=100)
    with pytest.raises(FileNotFoundError):
        documents.read(tmp_path / "none", Point)


def test_what_validates_comes_with_the_first_file():
    """A start that reads no JSON of ours does not wait for the library that checks it."""
    code = (
        "import sys, search_engine.cli, search_engine.jobs, search_engine.cards\n"
        "print('pydantic' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.strip() == "False"
