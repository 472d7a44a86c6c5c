"""Whatever a link says, the page shows an answer or an error, and opens no file for it."""

from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.ui.search import new_query, terms
from search_engine import SearchEngine, build_collection, plan_build
from search_engine.cards import SavedQueries, card_of
from search_engine.collection.decoding import content_hash
from search_engine.query import Query
from search_engine.records import Filters
from search_engine.settings import DATA_VARIABLE, Settings
from tests.conftest import COLOURS, ColourEmbedder, paint

ROOT = Path(__file__).parent.parent.parent
DIGITS = "9" * 5_000
HUGE = ("9223372036854775808", "99999999999999999999", "1" + "0" * 30, DIGITS)
SEARCH, SCORES, CATEGORIES = "2_Search.py", "4_Scores.py", "3_Categories.py"
CLEAN_UP, QUALITY = "5_Clean_up.py", "6_Quality.py"
TEXTS = [
    "", " ", "+", "- ", '"', '""', "{}", "{", "#", "#0", "#-1", *(f"#{number}" for number in HUGE),
    f"2:#{DIGITS}", "9" * 400 + ":fish", "0:fish", "nan:fish", "1000001:fish", ".:fish", "1:", "\0",
    "a\0b", "\x1b[31m", "red\r\nblue", "\u202egnp.x", "<img src=x onerror=alert(1)>",
    "$x^2$ **b** :red[y]", "{0.__class__}", "'; DROP TABLE pictures; --", "fish " * 5_000,
    "a" * 20_000, " + ".join(f"t{n}" for n in range(300)), 'a 5" disk - box',
    "dog without leash " * 500, "@" + "0" * 64, "@../../etc/passwd", f"2:@{'f' * 64}",
    "1.2.3:@" + "0" * 64, f"x@{'0' * 64}",
]  # fmt: skip
PATHS = [
    "./secret.png", "/etc/passwd", "~/secret.png", "~nosuchuser/x", "./a\0b", r"\\host\share\x.png",
    "C:\\x.png", "/dev/zero", "2:/etc/passwd", "- ./secret.png", "red + ./secret.png",
]  # fmt: skip
NUMBERS = ("", "x", "-1", "0", "1e3", "nan", "inf", "-inf", "1e400", "٣", *HUGE)
DATES = (
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2024-13-01", "x", "2024",
    "\0", DIGITS,
)  # fmt: skip
CHOICES = ("size", "view", "orientation", "asked", "tab", "collection", "category", "path")
MANY = {
    "q": ["red", "blue"],
    "t": ["#1"] * 300,
    "label": [f"label {n}" for n in range(1_500)],
    "category": [f"c{n}" for n in range(500)],
    "path": [f"p{n}" for n in range(500)],
}


def each(page, *fields, of, **more):
    """Make links that say one of some texts in some fields at once."""
    return [(page, {"q": "red"} | more | dict.fromkeys(fields, value)) for value in of]


LINKS = [
    *each(SEARCH, "q", of=TEXTS),
    *each(SEARCH, "t", of=TEXTS[7:]),
    *each(SCORES, "other", of=TEXTS[11:24], tab="pair"),
    *each(SEARCH, "page", "per_page", "min_side", "min_score", "min_match", of=NUMBERS),
    *each(SEARCH, "min_side", of=HUGE),
    *each(SCORES, "page", of=HUGE),
    *each(SCORES, "subject", of=NUMBERS, tab="words"),
    *each(SEARCH, "dated_from", "dated_to", of=DATES),
    *each(SEARCH, "dated_to", of=DATES[:4]),
    *each(SEARCH, *CHOICES, of=("nothing", "\0", "a" * 9_000, "../..")),
    *each(SEARCH, "path", of=("*" * 30 + "b", "[", "\\", "*?" * 50, "a" * 9_000)),
    *each(SEARCH, "category", of=("bytes:%FF%00", "bytes:", "bytes:%ED%A0%80")),
    *each(SCORES, "label", of=("", "\0", "./secret.png", "{}", "a" * 9_000, "#1"), tab="words"),
    *each(
        SCORES, "template", tab="words",
        of=("x", "", "{}" * 500, "{0.__class__}", "./secret.png {}", "{}\0"),
    ),
    *each(CATEGORIES, "name", of=("", "\0", DIGITS, "bytes:%FF", "./x.png"), show="One category"),
    *each(QUALITY, "question", of=("", "\0", DIGITS, "{}", "./x.png {}"), show="Retrieval"),
    *each(QUALITY, "first", "copies", of=("\0", DIGITS), show="Retrieval"),
    *each(CATEGORIES, "show", of=("\0", "Map", "nothing")),
    *each(CLEAN_UP, "show", "level", of=("\0", DIGITS, "nothing")),
    (SEARCH, MANY),
    (SCORES, MANY | {"tab": "words"}),
    ("1_Build_index.py", {"folder": "/etc", "start": "1", "name": "../.."}),
    ("Home.py", {"q": "./secret.png", "collection": "\0"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A collection asked with the fake embedder, and no sample gallery."""
    root = tmp_path_factory.mktemp("links")
    settings = Settings(root / "data")
    for colour in COLOURS:
        for number in range(2):
            paint(root / "pictures" / colour / f"{number}.png", colour, salt=number)
    name, wanted = plan_build(root / "pictures", settings, model_id="colours")
    embedder = ColourEmbedder()
    build_collection(name, wanted, settings, load=lambda *_: embedder)
    (settings.collections_folder / ".no-sample").touch()
    return settings, embedder


@pytest.fixture
def page(data, monkeypatch, tmp_path):
    """Open a page by a link, in a folder with a picture that no link may show."""
    settings, embedder = data
    st.cache_resource.clear()
    monkeypatch.setenv(DATA_VARIABLE, str(settings.data_folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", lambda *_: embedder)
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (60, 40), COLOURS["blue"]).save("secret.png")
    return _opened


def _opened(name, link):
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    if name != "Home.py":
        app.switch_page(f"pages/{name}")
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


@pytest.fixture
def opened_files(monkeypatch):
    """The example pictures that were opened by a path."""
    opened = []

    def noting(path):
        opened.append(str(path))
        return (path if path.is_file() else Path("secret.png")).read_bytes()

    monkeypatch.setattr("search_engine.query.encoding.read_content", noting)
    return opened


@pytest.mark.one_in(5)
@pytest.mark.parametrize(("name", "link"), LINKS, ids=lambda value: repr(value)[:60])
def test_every_link_has_an_answer_or_a_reason(page, name, link):
    """No field of a link makes a page fail: ids, numbers, dates, texts, patterns, names."""
    app = page(name, link)
    assert not app.exception, [one.message for one in app.exception]
    for error in app.error:
        assert "damaged" not in error.value
        assert len(error.value) < 30_000


def test_there_are_as_many_as_were_found():
    """The list has no fewer links than the 46 that were once tried by hand."""
    assert len(LINKS) >= 46


@pytest.mark.parametrize("text", PATHS)
@pytest.mark.parametrize(
    ("name", "field", "more"),
    [
        (SEARCH, "q", {}),
        (SEARCH, "t", {"q": "red"}),
        (SCORES, "q", {}),
        (SCORES, "other", {"q": "red", "tab": "pair"}),
    ],
)
def test_no_field_of_a_link_opens_a_file(page, opened_files, name, field, more, text):
    """A path in a link is refused with the way to do it, and the box is left empty for it."""
    app = page(name, more | {field: text})
    assert not app.exception
    assert opened_files == []
    assert any("only by a path that you typed here" in error.value for error in app.error)
    if field in {"q", "other"}:
        assert app.text_input(key=field).value == ""


def test_a_path_that_is_typed_opens_and_stays_open(page, opened_files):
    """Typed in the box, a picture answers by its path; so it does by Back and Forward."""
    app = page(SEARCH, {})
    app.text_input(key="q").set_value("./secret.png").run()
    assert not app.exception
    assert opened_files == ["secret.png"]
    assert not app.error
    app.query_params["q"] = "blue"
    app.query_params["visit"] = "1"
    app.run()
    app.query_params["q"] = "./secret.png"
    app.query_params["visit"] = "2"
    app.run()
    assert app.text_input(key="q").value == "./secret.png"
    assert not app.error


def test_what_was_typed_opens_nothing_else(page, opened_files):
    """A path that was typed says nothing for another one in a link, nor for another tab."""
    app = page(SEARCH, {})
    app.text_input(key="q").set_value("red + ./secret.png").run()
    opened_files.clear()
    app.query_params["q"] = "red + ./secret.png + /etc/passwd"
    app.query_params["visit"] = "1"
    app.run()
    assert opened_files == []
    assert "only by a path" in app.error[0].value
    page(SEARCH, {"q": "./secret.png"})
    assert opened_files == []


def test_a_path_typed_on_the_first_page_is_one_that_was_typed(page, opened_files):
    """The box of Home is as good as that of the search page."""
    app = page("Home.py", {})
    app.text_input[0].set_value("./secret.png").run()
    assert not app.exception
    assert opened_files == ["secret.png"]


def test_a_second_query_may_be_a_picture_by_its_path(page, opened_files):
    """The box for the second query takes a path that is typed there."""
    app = page(SCORES, {"q": "red", "tab": "pair"})
    app.text_input(key="other").set_value("./secret.png").run()
    assert not app.exception
    assert opened_files == ["secret.png"]


def test_a_saved_query_opens_no_file(page, data, opened_files):
    """A card that came with a collection is run by its terms, whatever it says that they are."""
    settings, embedder = data
    with SearchEngine.open("pictures", settings, load=lambda *_: embedder) as engine:
        card = card_of(engine, engine.search("red", 2), 2, Filters())
        kept = SavedQueries(engine.catalog.folder)
        kept.save("odd", replace(card, query="red + ./secret.png"))
    app = page(SCORES, {"tab": "saved"})
    next(button for button in app.button if button.label == "Run it").click().run()
    kept.forget("odd")
    assert opened_files == []
    assert not app.error
    assert app.text_input(key="q").value == "red"


def test_words_and_uploads_of_a_link_still_work(page, data, monkeypatch):
    """Words, ids and pictures that were uploaded are what a link is for."""
    settings, _ = data
    monkeypatch.setattr("pages.ui.frame.uploads.visitor", lambda: "v" * 32)
    content = Path("secret.png").read_bytes()
    term = terms.keep_example(content)
    assert term == f"@{content_hash(content)}"
    app = page(SEARCH, {"q": "red", "t": [f"2:{term}", "#1", '- "night"']})
    assert not app.exception
    assert not app.error
    chip = terms.chip(f"2:{term}")
    assert (chip.label, chip.weighted(-0.5)) == ("+ 2 × uploaded picture", f"- {term}")
    assert settings.collections_folder in chip.term.subject.source.parents


@pytest.mark.parametrize(
    "name",
    ["~", "./x", "~/x.png", "cats - dogs", 'a 5" disk', "#12", "2:x", "{x}", " ", "+", "caf\udce9",
     "http:⁄⁄x⁄y.jpg", "C:\\x", '"quoted"'],
)  # fmt: skip
def test_a_name_is_asked_for_as_words(name):
    """Queries that the pages make of categories are these words, whatever signs are in them."""
    query = Query.parse(new_query.as_words(f"a photo of {name}"))
    assert query == Query.words(f"a photo of {name}".replace("\udce9", "?"))
    assert Query.parse(new_query.as_words(name)) == Query.words(name.replace("\udce9", "?"))


def test_a_weight_is_changed_whatever_the_words_are():
    """A chip keeps its words when its weight changes, digits and colons at their beginning too."""
    for text in ("12:30", "- 3 cats", '"a - b"', "#7", "2 : red", '{"5"" disk"}'):
        chip = terms.chip(text)
        again = Query.parse(chip.weighted(0.25)).terms
        assert [(one.subject, one.weight) for one in again] == [(chip.term.subject, 0.25)]


def test_the_address_is_cleared_of_a_refused_path(page):
    """What was refused is not shown in the address line as if it had been asked."""
    app = page(SEARCH, {"q": "./secret.png", "view": "table"})
    shown = app.session_state["search"].shown
    assert (shown.q, shown.view) == ("", "table")
