"""The command ``index``: a folder made searchable, or its collection brought up to date."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.building import Folders, plan_build, plan_move
from search_engine.cli.build_run import built
from search_engine.cli.console import finish_answer, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.index_answer import (
    IndexAnswer,
    index_answer,
    say_embedded_again,
    say_resumable,
    show_build,
)
from search_engine.cli.index_order import places_meant, refuse_moved
from search_engine.cli.json_answers import line_of_json, show_json
from search_engine.cli.options import add_trust
from search_engine.cli.registry import Command
from search_engine.cli.rules import RuleOptions, add_rules
from search_engine.cli.values import workers
from search_engine.cli.watching import watch
from search_engine.cluster import choose_store
from search_engine.embedding import trust
from search_engine.errors import BadInput
from search_engine.records import BuildOrder, CollectionSettings, IndexKind, WorkerPlace
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL, Settings


@dataclass(frozen=True, kw_only=True)
class IndexOptions(RuleOptions):
    """Which folder, and what is to be made of it."""

    folder: list[str]
    take_out: list[str]
    name: str | None
    model: str | None
    trust_model: bool
    kind: IndexKind | None
    store: str | None
    rebuild: bool
    verify: bool
    forget: bool
    forget_place: list[str]
    move: str | None
    watch: bool
    workers: WorkerPlace | None
    json: bool

    def plan(self, settings: Settings) -> tuple[str, CollectionSettings]:
        """Settle which collection is built, and how.

        Raises:
            BadInput: The folder or an option cannot be used, or they contradict one another.
            CollectionError: There is no such collection.
        """
        if self.move:
            if self.name or self.model or self.kind or self.store or not self.change_nothing:
                cause = "A collection is taken over as it is"
                raise BadInput(cause, remedy="Give --move alone; change the rest by another index.")
            return plan_move(self.move, self._only_folder(), settings)
        if not self.name and len(self.folder) == 1:
            refuse_moved(self.folder[0], settings)
        return plan_build(
            Folders(tuple(self.folder), tuple(self.take_out)),
            settings,
            name=self.name,
            model_id=self.model,
            kind=self.kind,
            rules=self.change,
            store=self.store,
        )

    def _only_folder(self) -> str:
        if len(self.folder) == 1:
            return self.folder[0]
        cause = "A collection moves to one folder"
        raise BadInput(cause, remedy="Give one folder with --move.")

    def order(self, name: str, settings: Settings) -> BuildOrder:
        """Return what the build is asked for beside its usual work.

        Raises:
            BadInput: A place that is to be forgotten is not out of reach.
        """
        places = places_meant(self.forget_place, name, settings) if self.forget_place else ()
        return BuildOrder(self.verify, ("",) if self.forget else places, self.rebuild, self.workers)


def add_options(index: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = index.add_argument
    folders = "of pictures; several are one collection, each a category of it"
    add("folder", metavar="FOLDER", nargs="+", help=folders)
    out = "with --name: this folder is in the collection no longer (repeat)"
    add("--take-out", action="append", default=[], metavar="FOLDER", help=out)
    add("--name", help="of the collection; default: made from the folder's name")
    add(
        "--model",
        help=f"a CLIP model of sentence-transformers: its id, or a folder; '{MINI_MODEL}' is the "
        f"bundled one, PICTURES::WORDS takes two (default: the last one, at first {DEFAULT_MODEL})",
    )
    add_trust(index)
    kind = "of index; at first automatic: exact as long as that is fast"
    add("--kind", type=IndexKind, choices=list(IndexKind), help=kind)
    store = "where the index lies: milvus://HOST:19530, or local; at first local"
    add("--store", metavar="ADDRESS", help=store)
    anew = "make the index anew of the vectors that there are; nothing is embedded for it"
    add("--rebuild", action="store_true", help=anew)
    add_rules(index)
    verify = "read every file again, also where size and times say that nothing changed"
    add("--verify", action="store_true", help=verify)
    forget = "forget the pictures of all places that are out of reach; without it they are kept"
    add("--forget", action="store_true", help=forget)
    place = "the same for one of these places, as index and info name it (repeat)"
    add("--forget-place", action="append", default=[], metavar="PLACE", help=place)
    move = "this is the folder of that collection, moved or copied: take it over as it is"
    add("--move", metavar="NAME", help=move)
    stay = "stay, and update whenever the folder has changed and rests, until Ctrl-C"
    add("--watch", action="store_true", help=stay)
    elsewhere = "read and embed there: local:N, or a Ray cluster by ray://HOST:10001 or HOST:6379"
    add("--workers", type=workers, metavar="PLACE", help=elsewhere)


def run(options: IndexOptions, settings: Settings) -> ExitCode:
    """Build; stopped by Ctrl-C, what is done is kept."""
    name, wanted = options.plan(settings)
    if options.model or options.trust_model:
        trust(wanted.model_id, settings)
    if options.store and wanted.store:
        choose_store(wanted.store, settings.collections_folder)
    say_embedded_again(name, wanted, settings)
    report = built(name, wanted, settings, options.order(name, settings))
    if options.json and options.watch:
        show(line_of_json(index_answer(report)))
    elif options.json:
        show_json(index_answer(report))
    else:
        show_build(report)
    if report.cancelled:
        say_resumable(report)
    elif options.watch:
        finish_answer()
        again = BuildOrder(workers=options.workers)
        return watch(name, wanted, settings, again, as_json=options.json)
    return ExitCode.STOPPED if report.cancelled else ExitCode.DONE


COMMAND = Command(
    name="index",
    help="make a folder searchable, or update its collection",
    description="Make a folder searchable, or update its collection. Nothing is written"
    " into the folder. Stopped with Ctrl-C, it goes on where it was the next time.",
    add_options=add_options,
    options=IndexOptions,
    run=run,
    answer=IndexAnswer,
)
