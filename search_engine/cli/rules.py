"""What a collection takes in and leaves out: options of ``index``, and how it is told."""

from __future__ import annotations

import argparse
from typing import Any

from search_engine.cli.console import printable, say, show
from search_engine.records.rules import RuleChange, RuleEffects, ScanRules

PATTERNS = (
    "a word, or whole names with * and ? for anything, like 'beach*.jpg', 'private/', './cat'"
)


def add_rules(index: argparse.ArgumentParser) -> None:
    """Let the rules of a collection be changed; what is not given stays."""
    group = index.add_argument_group(
        "what to take in and leave out",
        f"Patterns are added to those that the collection has. A pattern is {PATTERNS}.",
    )
    add = group.add_argument
    add("--include", action="append", metavar="PATTERN", help="only these, like '*.jpg' (repeat)")
    add("--no-include", action="store_true", help="forget the patterns of what to take in")
    add("--exclude", action="append", metavar="PATTERN", help="not these, like 'private/' (repeat)")
    add("--no-exclude", action="store_true", help="forget the patterns of what to leave out")
    add(
        "--hidden",
        action=argparse.BooleanOptionalAction,
        help="hidden and system folders and files as well, or not",
    )


def change_of(arguments: argparse.Namespace) -> RuleChange:
    """Return what is to change about the rules."""
    return RuleChange(
        tuple(arguments.include or ()),
        tuple(arguments.exclude or ()),
        arguments.hidden,
        forget_include=arguments.no_include,
        forget_exclude=arguments.no_exclude,
    )


def lines_of(rules: ScanRules) -> list[str]:
    """Say what the rules are; nothing where they are as usual."""
    told = (
        ("Takes in only", ", ".join(map(printable, rules.include))),
        ("Leaves out", ", ".join(map(printable, rules.exclude))),
        ("Takes in", "hidden and system folders and files as well" if rules.hidden else ""),
    )
    return [f"{what}: {which}" for what, which in told if which]


def show_effects(effects: RuleEffects) -> None:
    """Say what was kept out by the rules, and which patterns do nothing."""
    if effects.keep_back:
        show(f"By the rules of the collection: {effects.told()}.")
    for remark in effects.remarks():
        say(f"note: {printable(remark)}")


def of_rules(rules: ScanRules) -> dict[str, Any]:
    """Return the rules for the stable JSON."""
    return {
        "include": list(rules.include), "exclude": list(rules.exclude), "hidden": rules.hidden,
    }  # fmt: skip


def of_effects(effects: RuleEffects) -> dict[str, Any]:
    """Return what was kept out for the stable JSON; each pattern with how much it fits."""
    return {
        "include": dict(effects.taken_in),
        "exclude": dict(effects.left_out),
        "folders_left_out": effects.folders_left_out,
        "pictures_left_out": effects.pictures_left_out,
        "pictures_not_included": effects.pictures_not_included,
    }
