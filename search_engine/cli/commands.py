"""What each command does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from search_engine.building import build_collection, plan_build
from search_engine.cli import (
    auditing,
    benchmark,
    cards,
    care,
    check,
    documents,
    duplicates,
    evaluate,
    reports,
    rules,
    wording,
)
from search_engine.cli.console import StopSignal, counted, printable, progress, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.explain import explain, note_negation
from search_engine.cli.options import chosen, collection_of, note_odd_names
from search_engine.cli.prompt import ask_again_and_again
from search_engine.collection.library import Library
from search_engine.embedding import canonical_model_id, trust
from search_engine.errors import BadInput, BadQuery
from search_engine.lab.benchmark.indexing_speed import FULL, QUICK, measure_indexing
from search_engine.lab.benchmark.machine import machine
from search_engine.lab.benchmark.search_speed import measure_search_fully, measure_search_quickly
from search_engine.query import ExamplePicture, IndexedPicture, Query
from search_engine.query.filters import chosen_categories, wider_pattern
from search_engine.records import Filters
from search_engine.records.builds import BuildReport
from search_engine.sample import ensure_gallery
from search_engine.search.engine import SearchEngine
from search_engine.search.results import SearchResults
from search_engine.settings import MINI_MODEL, SAMPLE_COLLECTION, Settings


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Run the command of a parsed command line."""
    return _COMMANDS[arguments.command](arguments, settings)


def _demo(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    if ensure_gallery(settings.gallery_folder):
        say(f"The sample gallery was drawn into {settings.gallery_folder}")
    name, wanted = plan_build(
        settings.gallery_folder, settings, name=SAMPLE_COLLECTION, model_id=MINI_MODEL
    )
    with StopSignal().listening() as stop, progress() as listener:
        report = build_collection(name, wanted, settings, on_progress=listener, cancelled=stop)
    if report.cancelled:
        _tell_resumable(report)
        return ExitCode.STOPPED
    with SearchEngine.open(name, settings) as engine:
        query = Query.parse(" ".join(arguments.words) or "a red fish", paths=True)
        _answer(engine, engine.search(query, arguments.k), as_json=arguments.json)
    return ExitCode.DONE


def _index(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    if arguments.move:
        name, wanted = care.moved(arguments, settings)
    else:
        care.refuse_moved(arguments, settings)
        name, wanted = plan_build(
            arguments.folder,
            settings,
            name=arguments.name,
            model_id=arguments.model,
            kind=arguments.kind,
            rules=rules.change_of(arguments),
        )
    if arguments.model or arguments.trust_model:
        trust(wanted.model_id, settings)
    reports.tell_embedded_again(name, wanted, settings)
    order = care.order_of(arguments, name, settings)
    with StopSignal().listening() as stop, progress() as listener:
        report = build_collection(
            name, wanted, settings, on_progress=listener, cancelled=stop,
            order=order,
        )  # fmt: skip
    if arguments.json:
        show(documents.as_json(documents.of_build(report)))
    else:
        reports.show_build(report)
    if report.cancelled:
        _tell_resumable(report)
    return ExitCode.STOPPED if report.cancelled else ExitCode.DONE


def _tell_resumable(report: BuildReport) -> None:
    done = counted(report.added + report.changed, "picture", "pictures")
    say(f"Stopped. Kept of this run: {done}; the same command goes on from here.")


def _search(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        filters = _filters(engine, arguments)
        answer = engine.search(
            _query(arguments),
            arguments.k,
            filters,
            leave_out_examples=arguments.leave_out_examples,
        )
        cards.keep(engine, answer, arguments, filters)
        _answer(engine, answer, as_json=arguments.json)
        nothing = None if answer.considered else wider_pattern(engine.catalog, filters)
        if nothing:
            say(f"note: {printable(str(nothing))}")
    return ExitCode.DONE


def _explain(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        document = explain(engine, arguments)
    if arguments.json:
        show(documents.as_json(document))
    return ExitCode.DONE


def _answer(engine: SearchEngine, answer: SearchResults, *, as_json: bool) -> None:
    note_negation(answer.query)
    care.note_unseen(engine, answer.results)
    if as_json:
        show(documents.as_json(documents.of_search(engine, answer)))
    else:
        reports.show_answer(engine, answer)


def _query(arguments: argparse.Namespace) -> Query:
    text = " ".join(arguments.words)
    query = Query.parse(text, paths=True) if text.strip() else Query(())
    for file in arguments.image or ():
        query = query.plus(ExamplePicture(file))
    for picture_id in arguments.like or ():
        query = query.plus(IndexedPicture(picture_id))
    for words in arguments.without or ():
        query = Query((*query.terms, *Query.parse(words, paths=True, away=True).terms))
    if not query.terms:
        cause, remedy = "There is nothing to look for", "Give words, --image, --like or --not."
        raise BadQuery(cause, remedy=remedy)
    return query.averaged() if arguments.average_wordings else query


def _filters(engine: SearchEngine, arguments: argparse.Namespace) -> Filters:
    names = ("path", "dated_from", "dated_to", "min_width", "max_width", "min_height")
    given = {
        name: getattr(arguments, name)
        for name in (*names, "max_height", "orientation", "min_score")
    }
    if arguments.category is None:
        return Filters(**given)
    chosen = chosen_categories(engine.catalog, arguments.category)
    chosen.refuse_unknown(engine.name)
    return Filters(categories=chosen.known, **given)


def _prompt(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        engine.embedder()
        ask_again_and_again(engine, open_pictures=not arguments.no_open)
    return ExitCode.DONE


def _list(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    library = Library(settings)
    summaries = library.summaries()
    if arguments.json:
        show(documents.as_json([documents.of_collection(summary) for summary in summaries]))
    else:
        reports.show_collections(summaries)
    return ExitCode.DONE


def _info(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    library, name = Library(settings), chosen(arguments.name, settings)
    summary = library.readable_summary(name)
    with library.open_catalog(name) as catalog:
        if arguments.json:
            show(documents.as_json(documents.of_catalog(summary, catalog)))
        else:
            every = {"all_skips": arguments.skipped, "all_remarks": arguments.remarks}
            reports.show_collection(summary, catalog, **every)
    return ExitCode.DONE


def _rename(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    care.rename(arguments, settings)
    return ExitCode.DONE


def _remove(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    library = Library(settings)
    pictures = counted(library.summary(arguments.name).pictures, "picture", "pictures")
    if not arguments.yes:
        question = f"Remove '{arguments.name}' with its index of {pictures}? [y/N] "
        if not sys.stdin.isatty():
            cause = "Removing a collection needs a yes"
            raise BadInput(cause, remedy="Add --yes.")
        if input(question).strip().lower() not in {"y", "yes"}:
            show("Nothing was removed.")
            return ExitCode.DONE
    library.remove(arguments.name)
    show(f"'{arguments.name}' was removed. The pictures themselves were not touched.")
    return ExitCode.DONE


def _audit(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        if arguments.command == "suspects":
            note_odd_names(engine)
        command = duplicates if arguments.command == "duplicates" else auditing
        command.run(engine, arguments)
    return ExitCode.DONE


def _benchmark(arguments: argparse.Namespace, _settings: Settings) -> ExitCode:
    document: dict[str, object] = {"machine": machine()}
    amount = QUICK if arguments.quick else FULL
    if not arguments.json:
        benchmark.show_machine()
    if arguments.only != "search":
        model = arguments.model and canonical_model_id(arguments.model)
        figures = measure_indexing(amount, arguments.pictures, model, say)
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
    return ExitCode.DONE


def _questions(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    name = collection_of(arguments, settings)
    same = cards.run_questions(arguments, settings, name)
    return ExitCode.DONE if same else ExitCode.DIFFERENT


def _replay(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    return ExitCode.DONE if cards.run_replay(arguments, settings) else ExitCode.DIFFERENT


_COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], ExitCode]] = {
    "demo": _demo,
    "index": _index,
    "search": _search,
    "explain": _explain,
    "prompt": _prompt,
    "check": check.run,
    "list": _list,
    "info": _info,
    "rename": _rename,
    "remove": _remove,
    "benchmark": _benchmark,
    "evaluate": evaluate.run,
    "wording": wording.run,
    "questions": _questions,
    "replay": _replay,
    **dict.fromkeys(("duplicates", "suspects", "outliers"), _audit),
}
