"""What a collection takes in and leaves out: options of ``index``, and how it is told."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from search_engine.cli.console import printable, say, show
from search_engine.records import RuleChange, RuleEffects, ScanRules

PATTERNS = (
    "a word, or whole names with * and ? for anything, like 'beach*.jpg', 'private/', './cat'"
)


@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """What is to change about the rules; what is not given stays."""

    include: list[str] | None
    no_include: bool
    exclude: list[str] | None
    no_exclude: bool
    hidden: bool | None

    @property
    def change(self) -> RuleChange:
        """The change that they ask for."""
        return RuleChange(
            tuple(self.include or ()),
            tuple(self.exclude or ()),
            self.hidden,
            forget_include=self.no_include,
            forget_exclude=self.no_exclude,
        )

    @property
    def change_nothing(self) -> bool:
        """Whether the rules stay as they are."""
        return self.change == RuleChange()


def add_rules(index: argparse.ArgumentParser) -> None:
    """Let the rules of a collection be changed."""
    group = index.add_argument_group(
        "what is included and excluded",
        f"Patterns are added to those that the collection has. A pattern is {PATTERNS}.",
    )
    add = group.add_argument
    add("--include", action="append", metavar="PATTERN", help="only these, like '*.jpg' (repeat)")
    add("--no-include", action="store_true", help="forget the patterns of what is included")
    add("--exclude", action="append", metavar="PATTERN", help="not these, like 'private/' (repeat)")
    add("--no-exclude", action="store_true", help="forget the patterns of what is excluded")
    add(
        "--hidden",
        action=argparse.BooleanOptionalAction,
        help="hidden and system folders and files as well, or not",
    )


def lines_of(rules: ScanRules) -> list[str]:
    """Say what the rules are; nothing where they are as usual."""
    told = (
        ("Includes only", ", ".join(map(printable, rules.include))),
        ("Excludes", ", ".join(map(printable, rules.exclude))),
        ("Includes", "hidden and system folders and files as well" if rules.hidden else ""),
    )
    return [f"{what}: {which}" for what, which in told if which]


def show_effects(effects: RuleEffects) -> None:
    """Say what was kept out by the rules, and which patterns do nothing."""
    if effects.keep_back:
        show(f"By the rules of the collection: {effects.told()}.")
    for remark in effects.remarks():
        say(f"note: {printable(remark)}")


@dataclass(frozen=True, slots=True)
class RuleEffectsAnswer:
    """What the rules kept out in one build; each pattern with how much it fits."""

    include: Mapping[str, int]
    exclude: Mapping[str, int]
    folders_left_out: int
    pictures_left_out: int
    pictures_not_included: int


def effects_answer(effects: RuleEffects) -> RuleEffectsAnswer:
    """Return what was kept out as it is told."""
    return RuleEffectsAnswer(
        dict(effects.taken_in),
        dict(effects.left_out),
        effects.folders_left_out,
        effects.pictures_left_out,
        effects.pictures_not_included,
    )
