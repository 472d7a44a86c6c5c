"""What can be typed after ``python -m search_engine``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from search_engine.cli import (
    auditing,
    cards,
    care,
    check,
    duplicates,
    evaluate,
    mistyped,
    rules,
    wording,
)
from search_engine.cli.explain import add_explain
from search_engine.cli.options import add_collection, add_json, add_trust, number, path, positive
from search_engine.collection.dating import as_asked
from search_engine.errors import BadInput
from search_engine.records import IndexKind, Orientation
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL

_SYNTAX = """\
A question may have several terms: a red fish + 0.5:./boat.jpg - night
asks for red fish, somewhat like the picture boat.jpg, and away from night. Signs stand between
blanks; #12 is the picture with that id; "quotes" keep words as they are; {words} are asked in
several wordings, whose vectors are averaged.
"""

_RESULTS = """\
Each line has rank, cosine similarity, match and path. The match, 0 to 100, says how far the cosine
stands out in this collection; pictures below 50 are probably none of what was asked for.
"""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; a wrong one ends the program with exit code 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if told := mistyped.dashed_word(given):
        parser.error(told)
    found, unknown = parser.parse_known_args(given)
    if unknown:
        parser.error(mistyped.unknown_options(unknown, _options_of(parser, found.command)))
    return found


def _options_of(parser: argparse.ArgumentParser, command: str) -> list[str]:
    """Return the options of a command, those of its parts included."""
    options: list[str] = []
    for action in parser._actions:  # noqa: SLF001 - argparse has no public name for it
        options += action.option_strings
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - nor for this
            for name, inner in action.choices.items():
                options += _options_of(inner, "") if command in {"", name} else []
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m search_engine",
        description="Find pictures by what they show.",
        epilog="The variable IMAGE_SEARCH_DATA names the folder that all collections are kept in.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_demo(commands)
    _add_index(commands)
    _add_search(commands)
    add_explain(commands)
    _add_prompt(commands)
    _add_list(commands)
    _add_info(commands)
    check.add(commands)
    care.add_rename(commands)
    _add_remove(commands)
    duplicates.add_command(commands)
    auditing.add_commands(commands)
    _add_benchmark(commands)
    cards.add_commands(commands)
    evaluate.add(commands)
    wording.add(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _add_demo(commands: _Commands[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="draw the sample gallery, index it with the bundled model, and search it",
        description="Draw the sample gallery, index it with the bundled model, and search it. "
        "Nothing is downloaded.",
    )
    demo.add_argument("words", nargs="*", metavar="WORDS", help="default: a red fish")
    demo.add_argument("-k", "--k", type=positive, default=5, help="how many pictures (5)")
    add_json(demo)


def _add_index(commands: _Commands[argparse.ArgumentParser]) -> None:
    index = commands.add_parser(
        "index",
        help="make a folder searchable, or bring its collection up to date",
        description="Make a folder searchable, or bring its collection up to date. Nothing is "
        "written into the folder. Stopped with Ctrl-C, it goes on where it was the next time.",
    )
    index.add_argument("folder", metavar="FOLDER")
    index.add_argument("--name", help="of the collection; default: made from the folder's name")
    index.add_argument(
        "--model",
        help=f"a CLIP model of sentence-transformers: its id, or a folder; '{MINI_MODEL}' is the "
        f"bundled one, PICTURES::WORDS takes two (default: the last one, at first {DEFAULT_MODEL})",
    )
    add_trust(index)
    index.add_argument(
        "--kind",
        type=IndexKind,
        choices=list(IndexKind),
        help="of index; at first automatic: exact as long as that is fast",
    )
    rules.add_rules(index)
    care.add_options(index)
    add_json(index)


def _add_search(commands: _Commands[argparse.ArgumentParser]) -> None:
    search = commands.add_parser(
        "search",
        help="find pictures by words and example pictures",
        description=f"Find pictures by words and example pictures.\n\n{_SYNTAX}\n{_RESULTS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    search.add_argument("words", nargs="*", metavar="WORDS")
    add_collection(search)
    add = search.add_argument
    add("--image", action="append", type=path, metavar="FILE", help="like this picture (repeat)")
    add("--like", action="append", type=positive, metavar="ID", help="like one of the collection")
    add(
        "--not",
        action="append",
        dest="without",
        metavar="WORDS",
        help="away from this, by half (repeat)",
    )
    add("--average-wordings", action="store_true", help="ask the words in several wordings at once")
    add("--leave-out-examples", action="store_true", help="do not find the examples themselves")
    add("-k", "--k", type=positive, default=10, help="how many pictures (10)")
    add("--category", action="append", metavar="NAME", help="only in this category (repeat)")
    add("--path", metavar="PATTERN", help=f"only what fits: {rules.PATTERNS}")
    add(
        "--from",
        dest="dated_from",
        type=_date,
        metavar="DATE",
        help="taken on or after, like 2024-05",
    )
    add(
        "--to",
        dest="dated_to",
        type=_date,
        metavar="DATE",
        help="taken on or before, like 2024-05-31",
    )
    for name in ("min-width", "max-width", "min-height", "max-height"):
        add(f"--{name}", type=positive, metavar="PIXELS")
    add("--orientation", type=Orientation, choices=list(Orientation))
    add("--min-score", type=number, metavar="SCORE", help="cosine similarity, -1 to 1")
    cards.add_card_options(search)
    add_json(search)


def _add_prompt(commands: _Commands[argparse.ArgumentParser]) -> None:
    prompt = commands.add_parser(
        "prompt",
        help="ask again and again, and see the best picture",
        description="Ask again and again, and see the best picture. Ends on 'exit' or Ctrl-D; "
        f"to search for the word exit, put it in quotes.\n\n{_SYNTAX}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_collection(prompt)
    prompt.add_argument("--no-open", action="store_true", help="do not open a picture viewer")


def _add_benchmark(commands: _Commands[argparse.ArgumentParser]) -> None:
    benchmark = commands.add_parser(
        "benchmark",
        help="time indexing and search on this machine",
        description="Time indexing against the plain way, and every kind of index at several sizes,"
        " on this machine. Needs nothing from outside: without a model of yours, one with random"
        " weights of the same size is timed.",
    )
    add = benchmark.add_argument
    add("--quick", action="store_true", help="less of everything, in under three minutes")
    add("--pictures", type=path, metavar="FOLDER", help="with JPEG files to time with (drawn ones)")
    add("--model", metavar="FOLDER", help="a CLIP model on this machine (random weights)")
    add("--only", choices=("indexing", "search"), help="one half of it (both)")
    add_json(benchmark)


def _add_list(commands: _Commands[argparse.ArgumentParser]) -> None:
    add_json(commands.add_parser("list", help="show all collections"))


def _add_info(commands: _Commands[argparse.ArgumentParser]) -> None:
    info = commands.add_parser("info", help="show what is known about a collection")
    info.add_argument("name", nargs="?", help="needed when there are several")
    info.add_argument("--skipped", action="store_true", help="name every file that was left out")
    help_ = "name every picture that was read with a remark, as one whose end is missing"
    info.add_argument("--remarks", action="store_true", help=help_)
    add_json(info)


def _add_remove(commands: _Commands[argparse.ArgumentParser]) -> None:
    remove = commands.add_parser("remove", help="delete a collection, never its pictures")
    remove.add_argument("name")
    remove.add_argument("--yes", action="store_true", help="do not ask")


def _date(text: str) -> str:
    """Read a year, a month or a day."""
    try:
        return as_asked(text)
    except BadInput as error:
        cause = f"{text[:40]!r} is no date like 2024, 2024-05 or 2024-05-31"
        raise argparse.ArgumentTypeError(cause) from error
