"""The command ``demo``: the sample gallery drawn, indexed and searched."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.building import plan_build
from search_engine.cli import search_answer
from search_engine.cli.build_run import built
from search_engine.cli.console import say
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.index_answer import say_resumable
from search_engine.cli.options import add_k
from search_engine.cli.registry import Command
from search_engine.query import Query
from search_engine.records import BuildOrder, Filters
from search_engine.sample import ensure_gallery
from search_engine.search import SearchAnswer, SearchEngine
from search_engine.settings import MINI_MODEL, SAMPLE_COLLECTION, Settings

_QUERY = "a red fish"


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """What the gallery is asked."""

    words: list[str]
    k: int
    json: bool


def add_options(demo: argparse.ArgumentParser) -> None:
    """Add the options."""
    demo.add_argument("words", nargs="*", metavar="WORDS", help=f"default: {_QUERY}")
    add_k(demo, 5, "how many pictures (5)")


def run(options: DemoOptions, settings: Settings) -> ExitCode:
    """Draw what is not drawn yet, bring its collection up to date, and search it."""
    if ensure_gallery(settings.gallery_folder):
        say(f"The sample gallery was drawn into {settings.gallery_folder}")
    name, wanted = plan_build(
        settings.gallery_folder, settings, name=SAMPLE_COLLECTION, model_id=MINI_MODEL
    )
    report = built(name, wanted, settings, BuildOrder())
    if report.cancelled:
        say_resumable(report)
        return ExitCode.STOPPED
    with SearchEngine.open(name, settings) as engine:
        query = Query.parse(" ".join(options.words) or _QUERY, paths=True)
        answer = engine.search(query, options.k, Filters(hidden=False))
        search_answer.tell(engine, answer, as_json=options.json)
    return ExitCode.DONE


COMMAND = Command(
    name="demo",
    help="draw the sample gallery, index it with the bundled model, and search it",
    description="Draw the sample gallery, index it with the bundled model, and search it."
    " Nothing is downloaded.",
    add_options=add_options,
    options=DemoOptions,
    run=run,
    answer=SearchAnswer,
)
