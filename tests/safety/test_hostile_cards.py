"""A result card that somebody made up ends in an answer or an error that names the field."""

import base64
import json
import os
import threading
from dataclasses import replace

import pytest

from search_engine import Filters, SearchEngine, build_collection, plan_build
from search_engine.cards import SavedQueries, card_of, load_card, read_card, replay, write_card
from search_engine.cards.card import checksum
from search_engine.cards.parsing import MOST_BYTES
from search_engine.cli import main
from search_engine.errors import BadInput
from search_engine.query import Query
from search_engine.settings import DATA_VARIABLE, Settings
from tests.conftest import COLOURS, ColourEmbedder, paint

WORDS = {"weight": 1.0, "words": "red"}
RESULT = {
    "rank": 1, "picture_id": 1, "path": "a", "category": None, "score": 0.5, "match": 50.0,
    "stands_out": None, "content_hash": "b",
}  # fmt: skip
ODD = (None, [], {}, "x", -1, 1.5, True, 2**63, 10**400, [[]], {"a": 1}, "\ud800", ["x"])


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The small collection of colours, open."""
    root = tmp_path_factory.mktemp("cards")
    settings = Settings(root / "data")
    for colour in COLOURS:
        for number in range(2):
            paint(root / "pictures" / colour / f"{number}.png", colour, salt=number)
    embedder = ColourEmbedder()
    name, wanted = plan_build(root / "pictures", settings, model_id="colours")
    build_collection(name, wanted, settings, load=lambda *_: embedder)
    with SearchEngine.open(name, settings, load=lambda *_: embedder) as engine:
        yield engine


@pytest.fixture
def document(opened):
    """A card of two terms and some filters, as the JSON that it is."""
    filters = Filters(categories=frozenset({"red", "blue"}), min_width=3, path="*")
    answer = opened.search("red - 0.5:blue", 3, filters)
    return json.loads(write_card(card_of(opened, answer, 3, filters)))


def signed(document):
    """Write a document with a checksum that fits, which anybody can compute."""
    rest = {name: value for name, value in document.items() if name != "checksum"}
    return json.dumps(rest | {"checksum": checksum(rest)})


def answered(opened, text):
    """Read a card and run it again; give what is wrong with it, or an empty text."""
    told = None
    try:
        replay(opened, read_card(text, "a.json"))
    except BadInput as error:
        told = error
    assert told is None or (
        told.remedy and "is damaged" not in str(told) and len(str(told)) < 1_000
    )
    return told.cause if told else ""


FIELDS = [
    "query", "terms", "k", "filters", "collection", "model_id", "model_fingerprint", "generation",
    "kind", "pictures", "exact", "results",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_checked(opened, document, field):
    """Whatever stands in a field, its name is in the error, or the card can be run."""
    for value in ODD:
        if isinstance(value, type(document[field])) and value not in (-1, "\ud800"):
            continue
        cause = answered(opened, signed(document | {field: value}))
        assert field in cause, value
    missing = {name: value for name, value in document.items() if name != field}
    assert f"{field} is missing" in answered(opened, signed(missing))


@pytest.mark.parametrize("field", [*WORDS, "picture", "content_hash", "example"])
def test_every_field_of_a_term_is_checked(opened, document, field):
    """A term is a weight and words, an id with a content, or a picture."""
    whole = {
        "weight": WORDS, "words": WORDS,
        "picture": {"weight": 1, "picture": 1, "content_hash": "b"},
        "content_hash": {"weight": 1, "picture": 1, "content_hash": "b"},
        "example": {"weight": 1, "example": ""},
    }[field]  # fmt: skip
    for value in ODD:
        if field in {"words", "content_hash", "example"} and value == "x":
            continue
        if field in {"weight", "picture"} and value in (-1, 1.5) and field == "weight":
            continue
        text = signed(document | {"terms": [whole | {field: value}]})
        assert f"terms[0].{field}" in answered(opened, text), value


@pytest.mark.parametrize("field", RESULT)
def test_every_field_of_a_result_is_checked(opened, document, field):
    """An answer then is a rank, an id, a path, a content, a score; what may be null is no more."""
    nullable = {"category": "x", "match": 1.5, "stands_out": True}
    for value in ODD:
        if field in nullable and (value is None or value == nullable[field]):
            continue
        if isinstance(value, str) and value == "x" and isinstance(RESULT[field], str):
            continue
        if field == "score" and value in (-1, 1.5):
            continue
        text = signed(document | {"results": [RESULT | {field: value}]})
        assert f"results[0].{field}" in answered(opened, text), value


FILTERS = [
    ("min_width", 3), ("max_width", 3), ("min_height", 3), ("max_height", 3), ("min_bytes", 3),
    ("max_bytes", 3), ("min_pixels", 3), ("max_pixels", 3), ("min_score", 0.5), ("path", "*"),
    ("dated_from", "2024"), ("dated_to", "2024"), ("orientation", "square"), ("tags", ["x"]),
    ("categories", ["x"]), ("min_match", 0.5), ("patterns", ["*"]),
]  # fmt: skip


def test_hidden_is_a_yes_or_no(opened, document):
    """And nothing that only looks like one."""
    for value in (None, 0, 1, "true", [], {}, True, False):
        told = answered(opened, signed(document | {"filters": {"hidden": value}}))
        assert ("filters.hidden" in told) == (not isinstance(value, bool)), value


@pytest.mark.parametrize(("field", "right"), FILTERS)
def test_every_filter_is_checked(opened, document, field, right):
    """A filter of another type than it has is named; numbers of any size are answered."""
    assert answered(opened, signed(document | {"filters": {field: right}})) == ""
    for value in (None, {}, "\ud800", True, [[]], [1], "x" if not isinstance(right, str) else 5):
        text = signed(document | {"filters": {field: value}})
        assert f"filters.{field}" in answered(opened, text), value


HOSTILE = {
    "no JSON": "{",
    "nothing": "",
    "a list": "[]",
    "a number": "5",
    "deep lists": "[" * 200_000,
    "deep objects": '{"a":' * 200_000,
    "a deep value": None,
    "digits": '{"checksum": "", "format": "", "k": ' + "9" * 5_000 + "}",
    "not a number": '{"checksum": "", "format": "", "k": NaN}',
    "endless": '{"checksum": "", "format": "", "k": Infinity}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_text_that_is_no_card_is_refused(opened, document, name):
    """Broken, deep and endless JSON is no whole result card."""
    deep = "[" * 50_000 + "]" * 50_000
    text = HOSTILE[name] or signed(document).replace('"query": "', f'"x": {deep}, "query": "')
    assert "no whole result card" in answered(opened, text)


def heic():
    """The head of a HEIC file, whose decoder a card has no business with."""
    return base64.b64encode(b"\0\0\0\x18ftypheic" + b"\0" * 600).decode()


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"terms": []}, "empty"),
        ({"terms": [WORDS] * 300}, "a list of 256 at most"),
        ({"terms": [WORDS | {"weight": 1e300}]}, "terms[0].weight must be 1,000,000 or less"),
        ({"terms": [WORDS | {"weight": 0}]}, "cancel each other out"),
        ({"terms": [WORDS | {"words": " "}]}, "empty"),
        ({"terms": [WORDS | {"words": "\ud800"}]}, "terms[0].words must be a text"),
        ({"terms": [WORDS | {"averaged": "yes"}]}, "terms[0].averaged must be true or false"),
        ({"terms": [WORDS | {"path": "/etc/passwd"}]}, "terms[0].path is not known"),
        ({"terms": [WORDS | {"example": ""}]}, "terms[0].example is not known"),
        ({"terms": [{"weight": 1, "example": "!"}]}, "an example that is no picture"),
        ({"terms": [{"weight": 1, "example": "é"}]}, "an example that is no picture"),
        ({"terms": [{"weight": 1, "example": heic()}]}, "an example that is no picture"),
        ({"terms": [{"weight": 1, "example": "iVBORw0KGgo="}]}, "cannot be used"),
        ({"terms": [{"weight": 1, "picture": 2**70, "content_hash": "x"}]}, "terms[0].picture"),
        ({"terms": [{"weight": 1, "picture": -1, "content_hash": "x"}]}, "terms[0].picture"),
        ({"terms": [WORDS | {"weight": -1e300}]}, "terms[0].weight must be -1,000,000 or more"),
        ({"terms": [WORDS, {"weight": 1}]}, "terms[1].picture is missing"),
        ({"terms": ["red"]}, "terms[0] must be an object"),
        ({"terms": [{"weight": 1, "picture": 1, "content_hash": "x"}]}, "is no longer there"),
        ({"k": 0}, "k must be 1 or more"),
        ({"filters": {"path": "*a" * 5_000}}, "characters"),
        ({"filters": {"path": "*" * 30 + "b"}}, ""),
        ({"filters": {"categories": ["x"] * 40_000}}, "filters.categories"),
        ({"filters": {"min_width": 2**62, "max_pixels": -(2**62)}}, ""),
        ({"filters": {"dated_from": "9999-12-31", "dated_to": "0001"}}, ""),
        ({"filters": {"dated_to": "x" * 10_000}}, ""),
        ({"filters": {"unknown": 1}}, "filters.unknown is not known"),
        ({"results": [RESULT] * 3}, ""),
        ({"results": [RESULT | {"match": 1e9}]}, "results[0].match must be 100 or less"),
        ({"results": [RESULT | {"stands_out": 1}]}, "results[0].stands_out must be true or false"),
        ({"results": [RESULT | {"category": ["x"]}]}, "results[0].category must be a text"),
        ({"results": [RESULT | {"match": -0.1}]}, "results[0].match must be 0 or more"),
        ({"results": [RESULT | {"score": -2.1}]}, "results[0].score must be -2 or more"),
        ({"results": [RESULT | {"score": 2.1}]}, "results[0].score must be 2 or less"),
        ({"results": [RESULT | {"path": "\udcff"}]}, ""),
        ({"results": [RESULT | {"rank": 0}]}, "results[0].rank must be 1 or more"),
        ({"filters": {"min_width": -(2**63)}}, "filters.min_width must be -9"),
        ({"filters": {"min_score": float("inf")}}, "it is no JSON"),
        ({"k": 2**63 - 1, "results": []}, ""),
        ({"extra": 1}, "extra is not known"),
        ({"format": "image search result card 9"}, "card 9"),
        ({"format": ["x"]}, "is not known"),
    ],
    ids=str,
)
def test_cards_that_were_made_up(opened, document, change, cause):
    """Each of these has a checksum that fits; it is answered, or told what is wrong with it."""
    found = answered(opened, signed(document | change))
    assert (cause in found) if cause else (found == "")


def test_many_answers_of_one_content_are_counted_quickly(opened, document):
    """50,000 equal answers are compared in the time that they take to read."""
    text = signed(document | {"results": [RESULT] * 50_000})
    card = read_card(text)
    assert len(replay(opened, replace(card, results=card.results[:200])).then.results) == 200
    assert len(card.results) == 50_000
    cause = answered(opened, signed(document | {"results": [RESULT] * 100_001}))
    assert "results must be a list of 100,000 at most" in cause


def test_words_in_several_wordings_stay_so(opened):
    """An averaged query is the same query when its card is run again."""
    query = Query.parse("{red} - 0.5:blue")
    card = read_card(write_card(card_of(opened, opened.search(query, 3), 3, Filters())))
    assert replay(opened, card).now.terms == card.terms
    assert card.terms[0].averaged is True


@pytest.fixture
def run(opened, monkeypatch, capsys, tmp_path):
    """Run a command in a folder of the test."""
    monkeypatch.setenv(DATA_VARIABLE, str(opened.catalog.folder.parent.parent))
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = main([str(one) for one in arguments])
        return code, *capsys.readouterr()

    return call


@pytest.mark.parametrize("made", ["pipe", "endless", "folder", "circle", "large", "bytes", "link"])
def test_a_card_is_read_from_files_only(run, document, tmp_path, made):
    """A pipe, a device, a folder and a file without end are refused at once; a link is followed."""
    card = tmp_path / "card.json"
    if made == "pipe":
        os.mkfifo(card)
    elif made == "endless":
        card.symlink_to("/dev/zero")
    elif made == "folder":
        card.mkdir()
    elif made == "circle":
        card.symlink_to(card)
    elif made == "large":
        with card.open("wb") as file:
            file.truncate(MOST_BYTES + 1)
    elif made == "bytes":
        card.write_bytes(b"\xff\xfe")
    else:
        (tmp_path / "real.json").write_text("{}")
        card.symlink_to(tmp_path / "real.json")
    waiting = threading.Timer(20, os._exit, (99,))  # a pipe would be waited for without end
    waiting.start()
    code, _, err = run("replay", card)
    waiting.cancel()
    wanted = "no whole result card" if made == "link" else "The card cannot be read"
    assert (code, wanted in err) == (3, True), err
    with pytest.raises(BadInput):
        load_card(card)


def test_escape_sequences_of_a_card_do_not_reach_the_terminal(run, document, tmp_path):
    """Names that a card makes up are written with escapes."""
    odd = {"collection": "\x1b[2J", "model_id": "\x1b]0;x\x07", "query": "\x1b[31mred"}
    (tmp_path / "card.json").write_text(signed(document | odd))
    for options in ((), ("--collection", "pictures")):
        _, out, err = run("replay", "card.json", *options)
        assert not {"\x1b", "\x07"} & {*out, *err}


@pytest.mark.parametrize("made", ["pipe", "link", "folder", "text"])
def test_a_saved_query_that_is_no_file_is_an_error_of_its_own(opened, made, tmp_path):
    """One odd file among the saved queries is told by its name and stops nothing else."""
    saved = SavedQueries(opened.catalog.folder)
    saved.save("good", card_of(opened, opened.search("red", 2), 2, Filters()))
    odd = saved.folder / "odd.json"
    if made == "pipe":
        os.mkfifo(odd)
    elif made == "link":
        odd.symlink_to(saved.folder / "good.json")
    elif made == "folder":
        odd.mkdir()
    else:
        odd.write_text("[")
    with pytest.raises(BadInput):
        saved.read("odd")
    assert saved.read("good").query == "red"
    odd.rmdir() if made == "folder" else odd.unlink()


def test_the_lists_are_as_long_as_what_was_found():
    """There are no fewer made-up cards than the 28 that were once tried by hand."""
    assert len(FIELDS) + len(WORDS) + len(RESULT) + len(FILTERS) + len(HOSTILE) >= 28
