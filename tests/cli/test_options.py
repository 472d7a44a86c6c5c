"""Every option reaches the command, and does there what its help says."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pytest
from PIL import Image

from search_engine.cli.arguments import parse, parsers_of_all
from search_engine.cli.commands import COMMANDS
from search_engine.cli.duplicates import DuplicatesOptions
from search_engine.cli.outliers import OutliersOptions
from search_engine.sample import draw_gallery
from tests.conftest import paint

NEEDED = {
    "index": ["folder"],
    "explain": ["a", "fish", "--picture", "1"],
    "rename": ["old", "new"],
    "remove": ["old"],
    "replay": ["card"],
    "compare": ["a", "b"],
    "compare-models": ["a", "b"],
    "wording": ["a fish"],
    "precision": ["a fish"],
    "export": ["name", "--as", "demo", "--to", "folder"],
    "import": ["folder", "--as", "demo", "--name", "name", "--model", "mini"],
    "completion": ["bash"],
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_options_are_the_fields_of_a_frozen_record(command):
    """What is parsed has exactly the fields of the record, so no option is lost or made up."""
    assert is_dataclass(command.options)
    assert command.options.__dataclass_params__.frozen
    call = parse([*command.name.split(), *NEEDED.get(command.name, [])])
    assert call.command is command
    assert set(call.values) == {field.name for field in fields(command.options)}
    assert set(call.values) == set(get_type_hints(command.options))
    assert command.options(**call.values)


def test_every_command_has_its_place_in_help():
    """Each has a line in the list of commands, and a help of its own."""
    whole, parsers = parsers_of_all()
    listed = whole.format_help()
    assert set(parsers) == {command.name for command in COMMANDS}
    for name, parser in parsers.items():
        assert f"    {name.split()[0]}" in listed
        assert parser.format_help().startswith(f"usage: python -m search_engine {name} ")


@pytest.mark.parametrize(
    ("option", "place"),
    [("far", 1), ("off", 2), ("typical", 3), ("blur", 4), ("dark", 5), ("bright", 6), ("odd", 7)],
)
def test_each_limit_of_oddness_is_its_own(option, place):
    """Every one is another number, so that none can stand in for another."""
    numbers = ("far", "off", "typical", "blur", "dark", "bright", "odd")
    typed = [text for at, name in enumerate(numbers, 1) for text in (f"--{name}", str(at))]
    limits = OutliersOptions(**parse(["outliers", *typed]).values).limits
    owner = limits if option in {"far", "off", "typical"} else limits.quality
    assert getattr(owner, option) == place


def test_each_threshold_of_duplicates_is_its_own():
    """Cosine, bits and overlay are not taken for one another."""
    typed = ["duplicates", "--cosine", "0.1", "--bits", "2", "--overlay", "0.3"]
    found = DuplicatesOptions(**parse(typed).values).thresholds
    assert (found.cosine, found.bits, found.overlay) == (0.1, 2, 0.3)


@pytest.fixture
def shades(run, tmp_path):
    """Pictures of all shades of grey between 20 and 240, and of many heights."""
    folder = tmp_path / "shades"
    for number, shade in enumerate(range(20, 250, 20)):
        paint(folder / "grey" / f"{shade}.png", (shade, shade, shade), (200, 150 + 10 * number))
    assert run("index", folder, "--model", "mini")[0] == 0
    return folder


def outliers(run, what, *options):
    """Return the shades of the pictures that are odd in one way."""
    out = run("outliers", "--what", what, *options, "--json")[1]
    (ranking,) = json.loads(out)["rankings"]
    return sorted(int(one["path"].rsplit("/")[-1].removesuffix(".png"))
                  for one in ranking["pictures"][: ranking["found"]])  # fmt: skip


def test_dark_and_bright_have_limits_of_their_own(run, shades):
    """Raising one of them changes its own list, and not the other one."""
    dark, bright = outliers(run, "dark"), outliers(run, "bright")
    more = outliers(run, "dark", "--dark", "125")
    fewer = outliers(run, "bright", "--bright", "225")
    assert dark == [shade for shade in range(20, 250, 20) if shade < 64]
    assert more == [shade for shade in range(20, 250, 20) if shade < 125]
    assert bright == [shade for shade in range(20, 250, 20) if shade >= 200]
    assert fewer == [240]
    assert outliers(run, "bright", "--dark", "125") == bright
    assert outliers(run, "dark", "--bright", "100") == dark


def height_of(path):
    with Image.open(path) as image:
        return image.height


@pytest.mark.parametrize(
    ("option", "keeps"),
    [
        ("--max-height", lambda height: height <= 200),
        ("--min-height", lambda height: height >= 200),
    ],
)
def test_a_height_is_compared_with_heights(run, shades, option, keeps):
    """The bound itself is let through; all widths are the same."""
    out = run("search", "grey", option, "200", "-k", "100", "--json")[1]
    heights = sorted(height_of(one["path"]) for one in json.loads(out)["results"])
    assert heights == [height for height in range(150, 270, 10) if keeps(height)]


def test_no_words_leaves_the_names_out(run, tmp_path):
    """Suspects then come from neighbours alone: no words are measured, and no model is loaded."""
    draw_gallery(tmp_path / "drawings", pictures=100)
    boats, fish = tmp_path / "drawings/boat", tmp_path / "drawings/fish"
    wrong = next(fish.iterdir())
    wrong.rename(boats / f"wrong {wrong.name}")
    assert run("index", tmp_path / "drawings", "--model", "mini")[0] == 0
    with_words = json.loads(run("suspects", "--all", "--json")[1])["suspects"]
    without = json.loads(run("suspects", "--all", "--no-words", "--json")[1])["suspects"]
    assert with_words
    assert all(one["words"] is not None for one in with_words)
    assert without
    assert all(one["words"] is None for one in without)


def test_hidden_folders_come_in_when_they_are_asked_for(run, tmp_path):
    """They stay out at first, come with the option, stay in, and go with its opposite."""
    folder = tmp_path / "pictures"
    paint(folder / "seen.png")
    paint(folder / ".hidden" / "unseen.png", "blue")
    counts = []
    for option in ((), ("--hidden",), (), ("--no-hidden",)):
        assert run("index", folder, "--model", "mini", *option)[0] == 0
        counts.append(json.loads(run("info", "--json")[1])["pictures"])
    assert counts == [1, 2, 2, 1]


_STUCK = """
import ctypes, sys, time
if "without glibc" in sys.argv:
    ctypes.CDLL = None
from search_engine.cli.console import StopSignal
with StopSignal().listening() as stop:
    sys.stdout.write("ready" + chr(10))
    sys.stdout.flush()
    while True:
        time.sleep(0.05)
        if stop():
            sys.stdout.write("asked" + chr(10))
            sys.stdout.flush()
"""


@pytest.mark.parametrize("system", ["with glibc", "without glibc"])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_second_ctrl_c_ends_what_does_not_stop(stop, system):
    """The first is a wish, which something stuck does not hear; the second ends the process."""
    running = subprocess.Popen(
        [sys.executable, "-c", _STUCK, system],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout.readline() == "ready\n"
        running.send_signal(stop)
        assert running.stdout.readline() == "asked\n"
        assert running.poll() is None
        running.send_signal(stop)
        assert running.wait(timeout=20) == -stop
        assert "press Ctrl-C again to stop at once" in running.stderr.read()
    finally:
        running.kill()
        running.communicate()


def test_verbose_shows_what_the_loggers_say(run, tmp_path, monkeypatch):
    """Nothing of it without; information with one, everything with two, before or behind."""
    import logging

    logger = logging.getLogger("search_engine.collection")

    def talk(self):
        logger.debug("a detail \x1b[31m")
        logger.info("something")
        logger.warning("beware")
        return []

    monkeypatch.setattr("search_engine.collection.library.Library.summaries", talk)
    told = [
        run(*arguments)[2]
        for arguments in (
            ("list",), ("--verbose", "list"), ("list", "--verbose"),
            ("list", "--verbose", "--verbose"),
        )
    ]  # fmt: skip
    assert told[0] == "WARNING search_engine.collection: beware\n"
    assert told[1] == f"INFO search_engine.collection: something\n{told[0]}"
    assert told[2] == told[1]
    assert told[3] == f"DEBUG search_engine.collection: a detail \\x1b[31m\n{told[1]}"
    logger.info("nobody hears this any more")
    assert run("list")[2] == told[0]


def test_a_word_behind_a_dash_is_told_also_after_verbose(run):
    """Options of the whole come before the command, and are no part of the query."""
    told = run("--verbose", "search", "dog", "-cat")[2]
    assert "to take it away, write: dog - cat or --not cat" in told


def test_python_m_gives_the_exit_code(tmp_path):
    """The process ends with what the command gives."""
    environment = os.environ | {"IMAGE_SEARCH_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "search_engine", "info", "nothing"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 4
