"""Whatever is typed on the command line ends in an answer or an error that says what to do."""

import os
import socket
from functools import cache

import pytest
import torch
from PIL import Image

from search_engine import build_collection, plan_build
from search_engine.cli import main
from search_engine.embedding import loading
from search_engine.query.encoding import MOST_TERMS
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings

BYTES = "caf\udce9"
"""As ``$'caf\\xe9'`` arrives from a shell: bytes that are not UTF-8."""
DIGITS = "9" * 5_000
LETTERS = "a" * 5_000
HUGE = ("9223372036854775808", "99999999999999999999", "1" + "0" * 30, DIGITS)

QUERIES = [
    "", "   ", "+", "-", "+ +", "red +", "{}", "{", "}", '"', '""', '"""', '{""}', "{ }", "{{}}",
    "a" * 1_000_000, "fish " * 20_000, "?" * 100_000,
    "#0", "#1", "#-1", "#999999", "#x", "#" + "0" * 5_000 + "1", "2:#99999999999999999999",
    *(f"#{number}" for number in HUGE), "#٣", "#1.5",
    "./a\0b", "a\0b", "\0", "./", "../", "/", "/.", "./.", "~/", "~nosuchuser/x.jpg",
    "~nosuchuser/", "~root/x.jpg", f"~/{LETTERS}", f"./{LETTERS}", "./" + "a/" * 3_000,
    f"~{LETTERS}/x", "~\0/x", "/etc/passwd", "/dev/null", "/proc/self/mem", "/proc/self/environ",
    "/proc/self/root", r"\\host\share\x.png", "C:\\x.png", f"./{BYTES}.jpg", "./link in a circle",
    "./dead link", "./socket", "./pipe", "/dev/tty", "/dev/zero", "./folder.png", "./text.png",
    BYTES, "\udcff\udcfe", f"{BYTES} - {BYTES}", f"{{{BYTES}}}", f'"{BYTES}"', f"2:{BYTES}",
    "9" * 400 + ":fish", "1e308:fish", "0:fish", "0.0000001:fish", "1000001:fish", "- 1000001:fish",
    "999999:fish - 999999:fish", "nan:fish", "inf:fish", "-1:fish", "0." + "0" * 400 + "1:fish",
    "1." + "0" * 400 + ":fish", ".:fish", "::", "1:", ":1", "1:1:1", DIGITS, f"{DIGITS}:#1",
    "{0.__class__}", "%s%n", "$(id)", "`id`", "'; DROP TABLE pictures; --", "<|endoftext|>",
    "\x1b[31mred\x1b[0m", "\x07\x08", "red\r\nblue", "\u202egnp.x", "\u200b", "\ufeff",
    "e\u0301" * 99,
    " + ".join(f"thing {number}" for number in range(MOST_TERMS)),
    " + ".join(f"thing {number}" for number in range(3_000)),
    " - ".join(["fish"] * 300),
]  # fmt: skip

NAMES = ("..", "", ".", "a/b", "a\0b", BYTES, LETTERS, "nowhere", "\x1b[1m", "con")
FILES = (".", "", "a\0b", LETTERS, BYTES, "nowhere/x", "/dev/full", "text.png", "~nosuchuser/x")
DATES = (
    "0000", "9999", "0001-01-01", "9999-12-31", "10000", "2024-13", "2024-02-30", "٢٠٢٤", "",
    "2024-W01", "2024-05-0\0", LETTERS,
)  # fmt: skip
PATTERNS = ("", "a\0b", BYTES, "*" * 30 + "b", LETTERS, "[", "\\", "~nosuchuser/*", "../*")
MODELS = (
    LETTERS, "~nosuchuser/x", "a\0b", BYTES, "..", "::", "a::", "::b", "/etc", "a b", "text.png",
    "http://127.0.0.1:9/model", "mini::~nosuchuser/x", "a/b/c/d", "\x1b[1m",
)  # fmt: skip
NUMBERS = ("0", "-1", "x", "", "1.5", "9223372036854775807", *HUGE)
FIGURES = ("nan", "inf", "1e999", "-2", "5", "x", DIGITS)
TERMS = ("", "a\0b", BYTES, "~nosuchuser/x", "./text.png", f"#{HUGE[1]}", "9" * 400 + ":x", "#1")
TEMPLATES = ("", "x", "{} " * 9, BYTES + "{}", "{}" + LETTERS, "{0}", "{}\0", "./{}")


def each(*command, of, but=()):
    """Put each of some values behind a command."""
    return [[*command, value] for value in of if value not in but]


OPTIONS = [
    *each("search", "red", "--like", of=NUMBERS),
    *each("search", "red", "-k", of=NUMBERS),
    *each("search", "red", "--min-width", of=NUMBERS),
    *each("search", "red", "--max-width", of=NUMBERS),
    *each("search", "red", "--min-height", of=HUGE),
    *each("search", "red", "--max-height", of=HUGE),
    *each("search", "red", "--min-score", of=FIGURES),
    *each("search", "red", "--from", of=DATES),
    *each("search", "red", "--to", of=DATES),
    *each("search", "red", "--path", of=PATTERNS),
    *each("search", "red", "--category", of=PATTERNS),
    *each("search", "red", "--image", of=[*FILES, "/dev/null", "folder.png", "socket", "pipe"]),
    *each("search", "red", "--not", of=TERMS),
    *each("search", "red", "--tag", of=PATTERNS),
    *([*one, "1"] for one in each("tag", of=PATTERNS)),
    *each("tag", "red", of=NUMBERS),
    *each("tag", "red", "--rename", of=PATTERNS),
    *each("hide", of=NUMBERS),
    *each("search", "red", "--collection", of=NAMES),
    *each("search", "red", "--card", of=FILES, but=["text.png"]),
    *each("search", "red", "--save", of=NAMES[:8]),
    *each("explain", "red", "--picture", of=NUMBERS),
    *([*one, "--picture", "1"] for one in each("explain", of=[*TERMS, "fish " * 5_000])),
    *each("explain", "red", "--picture", "1", "--heat-map", of=(".", "a\0b", LETTERS, "/dev/full")),
    *each("wording", of=TERMS),
    *each("wording", "red", "-k", of=NUMBERS),
    *each("evaluate", "retrieval", "--template", of=TEMPLATES),
    *each("evaluate", "retrieval", "-k", of=HUGE),
    *each("evaluate", "templates", "-k", of=HUGE),
    *each("index", of=[*FILES, "/proc/self/mem", "a/" * 3_000]),
    *each("index", "pictures", "--model", of=MODELS),
    *each("index", "pictures", "--model", "mini", "--name", of=NAMES, but=["nowhere", ""]),
    *each("index", "pictures", "--model", "mini", "--exclude", of=("*", "*" * 30 + "b*")),
    *each("info", of=NAMES, but=[""]),
    *each("remove", of=NAMES),
    *each("check", of=NAMES, but=[""]),
    *each("check", "--sample", of=NUMBERS),
    *each("questions", "--forget", of=NAMES[2:]),
    *each("questions", "--collection", of=NAMES),
    *each("replay", of=[*FILES, "/dev/null", "/dev/zero", "link in a circle", "socket", "pipe"]),
    *each("duplicates", "--cosine", of=FIGURES),
    *each("duplicates", "--bits", of=NUMBERS),
    *each("duplicates", "--limit", of=HUGE),
    *each("duplicates", "--export", of=FILES, but=[""]),
    *each("outliers", "--k", of=NUMBERS),
    *each("outliers", "--tiny", of=HUGE),
    *(["outliers", f"--{what}", "nan"] for what in ("blur", "dark", "bright", "odd")),
    ["search", "red", "--orientation", "upside down"],
    ["nothing"],
    [],
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A collection of the bundled model, and odd files beside it."""
    root = tmp_path_factory.mktemp("hostile")
    settings = Settings(root / "data")
    draw_gallery(root / "pictures", pictures=24)
    name, wanted = plan_build(root / "pictures", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    (root / "text.png").write_text("no picture")
    (root / "folder.png").mkdir()
    (root / "dead link").symlink_to(root / "nowhere")
    (root / "link in a circle").symlink_to(root / "link in a circle")
    Image.new("RGB", (9, 9), "red").save(os.fsencode(root / f"{BYTES}.jpg"))
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(root / "socket"))
    return root


@pytest.fixture
def run(prepared, monkeypatch, capsys):
    """Run a command in the folder; the model is read from the disk once only.

    One thread for the model: with more, each waits for the others on a busy machine.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setenv(DATA_VARIABLE, str(prepared / "data"))
    monkeypatch.setattr(loading, "_load", _loaded)
    monkeypatch.chdir(prepared)

    def call(*arguments):
        try:
            code = main(list(arguments))
        except SystemExit as left:
            code = left.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    yield call
    torch.set_num_threads(threads)


_loaded = cache(loading._load)


def expect_an_answer_or_a_reason(code, out, err):
    """Nothing unforeseen, no advice to destroy anything, no escape sequences, no end in sight."""
    assert code in {0, 2, 3, 4, 5, 6}, err[-500:]
    assert "should not have happened" not in err
    assert "damaged" not in err
    assert "index its folder again" not in err
    assert "Was another model used" not in err
    assert not {"\x1b", "\x07", "\x08", "\u202e", "\0"} & {*out, *err}
    if code not in {0, 6}:
        reason = err.splitlines()[-1]
        assert "error: " in reason
        assert len(reason) < 6_500


@pytest.mark.parametrize("query", QUERIES, ids=lambda text: repr(text[:30]))
def test_every_query_has_an_answer_or_a_reason(run, query):
    """Ids, weights, paths, bytes and lengths of any kind."""
    expect_an_answer_or_a_reason(*run("search", "--", query))


@pytest.mark.parametrize("command", OPTIONS, ids=lambda command: repr(" ".join(command)[:50]))
def test_every_option_has_an_answer_or_a_reason(run, command):
    """Numbers, dates, names, patterns, models and files of any kind."""
    expect_an_answer_or_a_reason(*run(*command))


def test_there_are_as_many_as_were_found():
    """The list has no fewer commands than the 147 that were once tried by hand."""
    assert len(QUERIES) + len(OPTIONS) >= 147


def test_a_word_of_foreign_bytes_is_asked_like_its_letters(run):
    """What cannot be read of a word is a question mark, and the rest of it is asked."""
    foreign, plain = (run("search", one, "--json")[1] for one in (f"a red {BYTES}", "a red caf?"))
    assert (
        foreign.replace("caf\\udce9", "caf?").split('"results"')[1].split('"seconds')[0]
        == (plain.split('"results"')[1].split('"seconds')[0])
    )


def test_a_weight_beyond_reason_is_named(run):
    """Four hundred digits are told to be too much, and no model is blamed for it."""
    code, _, err = run("search", "9" * 400 + ":fish")
    assert (code, "The weight of a term is not between" in err) == (3, True)


def test_many_terms_are_embedded_together_and_too_many_refused(run, monkeypatch):
    """256 terms are a few batches of the model; 3,000 are counted and refused before any."""
    sizes = []
    encode = loading.ClipEmbedder.embed_words
    monkeypatch.setattr(
        loading.ClipEmbedder,
        "embed_words",
        lambda self, texts: (sizes.append(len(texts)), encode(self, texts))[1],
    )
    assert run("search", " + ".join(f"thing {n}" for n in range(MOST_TERMS)))[0] == 0
    assert MOST_TERMS in sizes
    sizes.clear()
    code, _, err = run("search", " + ".join(f"thing {n}" for n in range(3_000)))
    assert (code, "3,000 terms; 256 is the most" in err, sizes) == (3, True, [])
