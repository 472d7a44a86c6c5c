"""Measure, without labels, how good answers are on a collection: ``evaluate WHAT``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from search_engine.cli import presence
from search_engine.engine import SearchEngine

Evaluation: TypeAlias = Callable[[SearchEngine, argparse.Namespace], None]

EVALUATIONS: dict[str, Evaluation] = {"presence": presence.evaluate}


def add_arguments(evaluate: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Add what can be evaluated; give the parsers that take a collection and ``--json``."""
    what = evaluate.add_subparsers(dest="what", required=True, metavar="WHAT")
    return [presence.add_parser(what)]
