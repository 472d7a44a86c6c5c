"""What each command does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from search_engine.benchmark.indexing import FULL, QUICK, measure_indexing
from search_engine.benchmark.resources import machine
from search_engine.benchmark.search import measure_search_fully, measure_search_quickly
from search_engine.cli import auditing, benchmark, documents, reports
from search_engine.cli.console import StopSignal, progress, say, show
from search_engine.cli.prompt import ask_again_and_again
from search_engine.engine import SearchEngine, SearchResults
from search_engine.errors import BadInput, BadQuery, CollectionDamaged, CollectionMissing
from search_engine.indexing import build_collection, plan_build
from search_engine.library import Library
from search_engine.querying import ExamplePicture, IndexedPicture, Query
from search_engine.records import BuildReport, Filters, ScanRules
from search_engine.sample import ensure_gallery
from search_engine.settings import MINI_MODEL, SAMPLE_COLLECTION, Settings


def run(arguments: argparse.Namespace, settings: Settings) -> bool:
    """Run the command of a parsed command line; False if the user stopped it."""
    return _COMMANDS[arguments.command](arguments, settings)


def _demo(arguments: argparse.Namespace, settings: Settings) -> bool:
    if ensure_gallery(settings.gallery_folder):
        say(f"The sample gallery was drawn into {settings.gallery_folder}")
    name, wanted = plan_build(
        settings.gallery_folder, settings, name=SAMPLE_COLLECTION, model_id=MINI_MODEL
    )
    with StopSignal().listening() as stop, progress() as listener:
        report = build_collection(name, wanted, settings, on_progress=listener, cancelled=stop)
    if report.cancelled:
        _tell_resumable(report)
        return False
    with SearchEngine.open(name, settings) as engine:
        query = " ".join(arguments.words) or "a red fish"
        _answer(engine, engine.search(query, arguments.k), as_json=arguments.json)
    return True


def _index(arguments: argparse.Namespace, settings: Settings) -> bool:
    given = arguments.include or arguments.exclude or arguments.hidden
    rules = ScanRules(
        tuple(arguments.include or ()), tuple(arguments.exclude or ()), arguments.hidden
    )
    name, wanted = plan_build(
        arguments.folder,
        settings,
        name=arguments.name,
        model_id=arguments.model,
        kind=arguments.kind,
        rules=rules if given else None,
    )
    with StopSignal().listening() as stop, progress() as listener:
        report = build_collection(name, wanted, settings, on_progress=listener, cancelled=stop)
    if arguments.json:
        show(documents.as_json(documents.of_build(report)))
    else:
        reports.show_build(report)
    if report.cancelled:
        _tell_resumable(report)
    return not report.cancelled


def _tell_resumable(report: BuildReport) -> None:
    say(
        f"Stopped. {report.added + report.changed:,} pictures of this run are kept; the same"
        " command goes on from here."
    )


def _search(arguments: argparse.Namespace, settings: Settings) -> bool:
    with SearchEngine.open(_chosen(arguments.collection, settings), settings) as engine:
        answer = engine.search(
            _query(arguments),
            arguments.k,
            _filters(arguments),
            leave_out_examples=arguments.leave_out_examples,
        )
        _answer(engine, answer, as_json=arguments.json)
    return True


def _answer(engine: SearchEngine, answer: SearchResults, *, as_json: bool) -> None:
    if as_json:
        show(documents.as_json(documents.of_search(engine, answer)))
    else:
        reports.show_answer(engine, answer)


def _query(arguments: argparse.Namespace) -> Query:
    text = " ".join(arguments.words)
    query = Query.parse(text) if text.strip() else Query(())
    for file in arguments.image or ():
        query = query.plus(ExamplePicture(file))
    for picture_id in arguments.like or ():
        query = query.plus(IndexedPicture(picture_id))
    for words in arguments.without or ():
        for term in Query.parse(words).terms:
            query = query.minus(term.subject, term.weight)
    if not query.terms:
        cause, remedy = "There is nothing to look for", "Give words, --image, --like or --not."
        raise BadQuery(cause, remedy=remedy)
    return query


def _filters(arguments: argparse.Namespace) -> Filters:
    names = ("path", "dated_from", "dated_to", "min_width", "max_width", "min_height")
    given = {
        name: getattr(arguments, name)
        for name in (*names, "max_height", "orientation", "min_score")
    }
    categories = None if arguments.category is None else frozenset(arguments.category)
    return Filters(categories=categories, **given)


def _prompt(arguments: argparse.Namespace, settings: Settings) -> bool:
    with SearchEngine.open(_chosen(arguments.collection, settings), settings) as engine:
        engine.embedder()
        ask_again_and_again(engine, open_pictures=not arguments.no_open)
    return True


def _chosen(name: str | None, settings: Settings) -> str:
    """Take the named collection, or the only one."""
    if name:
        return name
    names = Library(settings).names()
    if len(names) == 1:
        return names[0]
    if not names:
        cause, remedy = (
            "There is no collection yet",
            "Make one: python -m search_engine index FOLDER",
        )
        raise CollectionMissing(cause, remedy=f"{remedy}, or try python -m search_engine demo.")
    cause = f"There are {len(names)} collections"
    raise BadInput(cause, remedy=f"Name one of them: {', '.join(names)}")


def _list(arguments: argparse.Namespace, settings: Settings) -> bool:
    library = Library(settings)
    summaries = [library.summary(name) for name in library.names()]
    if arguments.json:
        show(documents.as_json([documents.of_collection(summary) for summary in summaries]))
    else:
        reports.show_collections(summaries)
    return True


def _info(arguments: argparse.Namespace, settings: Settings) -> bool:
    library, name = Library(settings), _chosen(arguments.name, settings)
    summary = library.summary(name)
    if summary.damaged:
        raise CollectionDamaged(summary.problem)
    with library.open_catalog(name) as catalog:
        if arguments.json:
            show(documents.as_json(documents.of_catalog(summary, catalog)))
        else:
            reports.show_collection(summary, catalog, all_skips=arguments.skipped)
    return True


def _remove(arguments: argparse.Namespace, settings: Settings) -> bool:
    library = Library(settings)
    pictures = library.summary(arguments.name).pictures
    if not arguments.yes:
        question = f"Remove '{arguments.name}' with its index of {pictures:,} pictures? [y/N] "
        if not sys.stdin.isatty():
            cause = "Removing a collection needs a yes"
            raise BadInput(cause, remedy="Add --yes.")
        if input(question).strip().lower() not in {"y", "yes"}:
            show("Nothing was removed.")
            return True
    library.remove(arguments.name)
    show(f"'{arguments.name}' was removed. The pictures themselves were not touched.")
    return True


def _audit(arguments: argparse.Namespace, settings: Settings) -> bool:
    with SearchEngine.open(_chosen(arguments.collection, settings), settings) as engine:
        auditing.run(engine, arguments)
    return True


def _benchmark(arguments: argparse.Namespace, _settings: Settings) -> bool:
    document: dict[str, object] = {"machine": machine()}
    amount = QUICK if arguments.quick else FULL
    if not arguments.json:
        benchmark.show_machine()
    if arguments.only != "search":
        figures = measure_indexing(amount, arguments.pictures, arguments.model, say)
        document["indexing"] = benchmark.of_indexing(figures)
        if not arguments.json:
            benchmark.show_indexing(figures)
    if arguments.only != "indexing":
        say("timing search: each kind of index at several sizes")
        found = measure_search_quickly() if arguments.quick else measure_search_fully()
        document["search"] = benchmark.of_search(found)
        if not arguments.json:
            benchmark.show_search(found)
    if arguments.json:
        show(documents.as_json(document))
    return True


_COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], bool]] = {
    "demo": _demo,
    "index": _index,
    "search": _search,
    "prompt": _prompt,
    "list": _list,
    "info": _info,
    "remove": _remove,
    "benchmark": _benchmark,
    **dict.fromkeys(("duplicates", "suspects", "outliers"), _audit),
}
