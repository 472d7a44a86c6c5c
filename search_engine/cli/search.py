"""The command ``search``: pictures by words and example pictures."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from search_engine.calibration import THRESHOLD
from search_engine.cards import SavedQueries, card_of, write_card
from search_engine.cli import search_answer
from search_engine.cli.console import printable, say
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.export_options import ExportOptions, add_exporting, hand_on
from search_engine.cli.exports import to_standard_output, write_new
from search_engine.cli.filter_options import FilterOptions, add_filters
from search_engine.cli.listing_options import ListingOptions, add_listing
from search_engine.cli.options import CollectionOptions, add_collection, add_k, opened
from search_engine.cli.previews import show_previews
from search_engine.cli.registry import Command
from search_engine.cli.values import number, path, positive
from search_engine.errors import BadInput, BadQuery
from search_engine.exchange import read_vector
from search_engine.files import desktop
from search_engine.query import (
    ExamplePicture,
    GivenVector,
    IndexedPicture,
    Marks,
    Query,
    wider_pattern,
)
from search_engine.records import Filters, SearchResult
from search_engine.search import (
    Grouping,
    Order,
    SearchAnswer,
    SearchEngine,
    SearchResults,
    all_matches,
    in_groups,
    in_order,
    in_order_of_match,
    read,
)
from search_engine.settings import Settings

_USUAL = 10
_RESULTS = """\
Best match first. Each line has the match, the id, the path, the cosine similarity and the rank by
it. The match is the probability, in per cent, that a picture shows what was searched for; below
50 % it probably does not.
"""


@dataclass(frozen=True, kw_only=True)
class SearchOptions(CollectionOptions, FilterOptions, ExportOptions, ListingOptions):
    """What is asked, and what may answer."""

    words: list[str]
    image: list[Path] | None
    like: list[int] | None
    vector: list[Path] | None
    without: list[str] | None
    good: list[int] | None
    bad: list[int] | None
    average_wordings: bool
    leave_out_examples: bool
    k: int | None
    matches: bool
    threshold: float | None
    sort: Order | None
    group: Grouping | None
    card: Path | None
    save: str | None
    open: bool
    preview: bool

    def query(self) -> Query:
        """Return what is asked.

        Raises:
            BadQuery: It is nothing.
        """
        text = " ".join(self.words)
        query = Query.parse(text, paths=True) if text.strip() else Query(())
        for file in self.image or ():
            query = query.plus(ExamplePicture(file))
        for picture_id in self.like or ():
            query = query.plus(IndexedPicture(picture_id))
        for file in self.vector or ():
            query = query.plus(GivenVector(tuple(read_vector(file))))
        for words in self.without or ():
            away = Query.parse(words, paths=True, away=True)
            query = replace(query, terms=(*query.terms, *away.terms)).marked(away.marks)
        query = query.marked(Marks.of(self.good or (), self.bad or ()))
        if not (query.terms or query.marks):
            cause, remedy = (
                "There is nothing to look for",
                "Give words, --image, --like, --vector or --not.",
            )
            raise BadQuery(cause, remedy=remedy)
        return query.averaged() if self.average_wordings else query

    def answer(self, engine: SearchEngine, filters: Filters) -> SearchResults:
        """Return what is found.

        Raises:
            BadInput: Options contradict one another.
            BadQuery: The query cannot be run as it stands.
        """
        if not self.matches:
            if self.sort or self.group:
                cause = "Only matches can be sorted and grouped; the rest are no matches"
                raise BadInput(cause, remedy="Give --matches as well.")
            if self.threshold is not None:
                cause = "Only matches can have a threshold"
                raise BadInput(cause, remedy="Give --matches as well.")
            query = self.query()

            def search(k: int) -> SearchResults:
                left_out = self.leave_out_examples
                return engine.search(query, k, filters, leave_out_examples=left_out)

            return read(search, self.usual_k).answer
        if self.leave_out_examples or self.card or self.save:
            cause = "--matches cannot skip examples, nor be kept as a card"
            raise BadInput(cause, remedy="Give one of them.")
        threshold = THRESHOLD if self.threshold is None else self.threshold
        return all_matches(engine, self.query(), filters, threshold)

    @property
    def usual_k(self) -> int:
        """How many results, where not all matches are asked for."""
        return self.k or _USUAL

    def shown(self, answer: SearchResults) -> dict[str, list[SearchResult]]:
        """Return the results to tell, in order, by group; one without a name for no groups."""
        if not self.matches:
            return {"": in_order_of_match(answer.results)[: self.usual_k]}
        ordered = in_order(answer.results, self.sort or Order.MATCH)[: self.k]
        return in_groups(ordered, self.group) if self.group else {"": ordered}


def add_options(search: argparse.ArgumentParser) -> None:
    """Add the options."""
    search.add_argument("words", nargs="*", metavar="WORDS")
    add_collection(search)
    add = search.add_argument
    add("--image", action="append", type=path, metavar="FILE", help="like this picture (repeat)")
    add("--like", action="append", type=positive, metavar="ID", help="like one of the collection")
    vector = "like a vector of the model: a NumPy file, or a list in JSON (repeat)"
    add("--vector", action="append", type=path, metavar="FILE", help=vector)
    away = "away from this, by half (repeat)"
    add("--not", action="append", dest="without", metavar="WORDS", help=away)
    good, bad = "a good result, to find more of its kind (repeat)", "a bad result (repeat)"
    add("--good", action="append", type=positive, metavar="ID", help=good)
    add("--bad", action="append", type=positive, metavar="ID", help=bad)
    add("--average-wordings", action="store_true", help="search in several phrasings at once")
    add("--leave-out-examples", action="store_true", help="do not find the examples themselves")
    add_k(search, None, "how many pictures (10; all of --matches)")
    add_filters(search)
    add("--matches", action="store_true", help="only what matches; all of it without -k")
    least = f"the least match that counts, of --matches ({THRESHOLD:g})"
    add("--threshold", type=number, metavar="PERCENT", help=least)
    by = "of the matches: best, newest, by name, largest first (match)"
    add("--sort", type=Order, choices=list(Order), help=by)
    apart = "put the matches apart by this"
    add("--group", type=Grouping, choices=list(Grouping), help=apart)
    card = "write the query and its results, to replay them later"
    add("--card", type=path, metavar="FILE", help=card)
    save = "keep the query with the collection, to check it later"
    add("--save", metavar="NAME", help=save)
    add("--open", action="store_true", help="open the best picture in the system's viewer")
    preview = "show the best pictures on the terminal, where it can"
    add("--preview", action="store_true", help=preview)
    add_listing(search)
    add_exporting(search)


def run(options: SearchOptions, settings: Settings) -> ExitCode:
    """Search, and write down what the options ask for."""
    options.refuse_two_forms()
    _ = options.exports_to  # refused before anything is looked for
    if options.preview and (options.json or options.lists):
        cause = "Both pictures and what programs read are to go to standard output"
        raise BadInput(cause, remedy="Give --preview alone, without --json, --paths and --csv.")
    with opened(options, settings) as engine:
        filters = options.filters(engine)
        answer = options.answer(engine, filters)
        _keep(engine, answer, options, filters)
        shown = options.shown(answer)
        results = [one for some in shown.values() for one in some]
        if options.lists:
            content = options.listed(engine, results)
            search_answer.note_limits(engine, answer)
            to_standard_output(content)
        else:
            search_answer.tell(engine, answer, as_json=options.json, shown=shown)
        hand_on(engine, results, options)
        if options.preview:
            show_previews(engine, results)
        if options.open and results:
            _open(engine.path(results[0].record))
        _note_no_match(engine, answer, filters)
        nothing = None if answer.considered else wider_pattern(engine.catalog, filters)
        if nothing:
            say(f"note: {printable(str(nothing))}")
    return ExitCode.DONE


def _open(best: Path) -> None:
    if desktop.open_in_viewer(best):
        say(f"Opening {printable(str(best))}")
    else:
        say(f"note: no picture viewer was found here; the best picture is {printable(str(best))}")


def _note_no_match(engine: SearchEngine, answer: SearchResults, filters: Filters) -> None:
    why = None if filters.min_match is None else engine.measure.why_no_match(answer)
    if why:
        say(f"note: --min-match does nothing here. {printable(why.cause)}. {printable(why.remedy)}")


def _keep(
    engine: SearchEngine, answer: SearchResults, options: SearchOptions, filters: Filters
) -> None:
    if not (options.card or options.save):
        return
    nearest = engine.search(
        answer.query, options.usual_k, filters, leave_out_examples=options.leave_out_examples
    )
    card = card_of(engine, nearest, options.usual_k, filters)
    if options.save:
        saved = SavedQueries(engine.catalog.folder)
        before = saved.kept_as(options.save)
        saved.save(options.save, card)
        instead = f", in place of the query that was kept as '{before}'" if before else ""
        say(f"saved as '{before or options.save}'{instead}; check it with: questions --check")
    if options.card:
        write_new(options.card, write_card(card).encode(), "card")


COMMAND = Command(
    name="search",
    help="find pictures by words and example pictures",
    description=f"Find pictures by words and example pictures.\n\n{search_answer.SYNTAX}\n"
    f"{_RESULTS}",
    keeps_line_breaks=True,
    add_options=add_options,
    options=SearchOptions,
    run=run,
    answer=SearchAnswer,
)
