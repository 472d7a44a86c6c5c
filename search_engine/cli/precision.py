"""The command ``precision``: how many of the matches of a query are right, by twenty of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_engine.cards import SavedQueries, card_of
from search_engine.cli.console import printable, say, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.filter_options import FilterOptions, add_filters
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import CollectionOptions, add_collection, add_query, opened
from search_engine.cli.registry import Command
from search_engine.cli.values import number, positive
from search_engine.errors import BadInput
from search_engine.evaluation import CheckedPrecision, Judgement, PrecisionCheck, proposed
from search_engine.query import Query
from search_engine.records import Filters, PictureRecord, counted
from search_engine.search import DEFAULT_K, SearchEngine
from search_engine.settings import Settings

_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class PrecisionOptions(CollectionOptions, FilterOptions):
    """Which query is checked, and what a person said of its pictures."""

    words: list[str]
    right: list[int] | None
    wrong: list[int] | None
    unsure: list[int] | None
    save: str | None
    threshold: float | None
    json: bool

    def answers(self) -> dict[int, Judgement]:
        """Return what was said of each picture, by its id.

        Raises:
            BadInput: Two things were said of one.
        """
        said = {
            Judgement.RIGHT: self.right,
            Judgement.WRONG: self.wrong,
            Judgement.UNSURE: self.unsure,
        }
        answers: dict[int, Judgement] = {}
        for judgement, ids in said.items():
            for one in ids or ():
                if answers.setdefault(one, judgement) is not judgement:
                    cause = f"Picture #{one} cannot be both {answers[one]} and {judgement}"
                    raise BadInput(cause, remedy="Name each picture once.")
        return answers


@dataclass(frozen=True, slots=True)
class AskedPicture:
    """A picture to look at; the path is in full."""

    number: int
    picture_id: int
    path: str
    match: float
    judgement: Judgement | None
    """What was said of it; null where nothing was yet."""


@dataclass(frozen=True, slots=True)
class PrecisionAnswer:
    """The pictures to look at, and the precision that follows from what was said of them."""

    query: str
    collection: str
    model: str
    strong_matches: int
    pictures: tuple[AskedPicture, ...]
    figures: tuple[CheckedPrecision, ...]
    """From the highest threshold to the lowest; none before five pictures are judged."""
    proposed: float | None
    """The lowest threshold of which nine of ten were right; else that which is best for certain."""


def add_options(precision: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_query(precision)
    add_collection(precision)
    add_filters(precision)
    add = precision.add_argument
    add("--right", nargs="*", type=positive, metavar="ID", help="these show what was searched for")
    add("--wrong", nargs="*", type=positive, metavar="ID", help="these do not")
    add("--unsure", nargs="*", type=positive, metavar="ID", help="show others in place of these")
    add("--save", metavar="NAME", help="keep the query, and the precision from a threshold up")
    which = "the threshold that --save keeps, one of the table (the proposed one)"
    add("--threshold", type=number, metavar="PERCENT", help=which)


def run(options: PrecisionOptions, settings: Settings) -> ExitCode:
    """List the pictures, or tell what follows from the answers."""
    answers = options.answers()
    with opened(options, settings) as engine:
        query = Query.parse(" ".join(options.words), paths=True)
        filters = options.filters(engine)
        check = engine.measure.precision(query, filters)
        _refuse_others(check, answers)
        figures = check.figures(answers)
        chosen = _chosen(options, figures)
        if options.json:
            show_json(_answer(engine, query, check, answers))
        elif options.right or options.wrong:
            _show_figures(query, check, answers, chosen)
        else:
            _show_pictures(engine, query, check, answers)
        if options.save and chosen:
            _keep(engine, options.save, query, filters, chosen)
    return ExitCode.DONE


def _refuse_others(check: PrecisionCheck, answers: Mapping[int, Judgement]) -> None:
    asked, pool = check.asked(answers), check.picture_ids.tolist()
    for one, said in answers.items():
        if one not in (pool if said is Judgement.UNSURE else asked):
            cause = f"Picture #{one} was not to be judged"
            remedy = "Run it without --right and --wrong, but with --unsure, to see which are."
            raise BadInput(cause, remedy=remedy)


def _chosen(
    options: PrecisionOptions, figures: Sequence[CheckedPrecision]
) -> CheckedPrecision | None:
    """Return the figure that is meant; None where none is to be kept and there is none.

    Raises:
        BadInput: There is none of the threshold, or none to be kept.
    """
    if options.threshold is not None and not options.save:
        cause = "A threshold is for what is kept"
        raise BadInput(cause, remedy="Give --save NAME as well.")
    if options.threshold is None:
        chosen = proposed(list(figures))
    else:
        chosen = next((one for one in figures if one.threshold == options.threshold), None)
    if chosen is None and options.save:
        known = ", ".join(f"{one.threshold:g}" for one in figures)
        cause = (
            "There is no figure to keep" if not known else "There is no figure of this threshold"
        )
        remedy = (
            f"Choose one of {known}." if known else "Say of five pictures at least what they are."
        )
        raise BadInput(cause, remedy=remedy)
    return chosen


def _keep(
    engine: SearchEngine, name: str, query: Query, filters: Filters, chosen: CheckedPrecision
) -> None:
    card = card_of(engine, engine.search(query, DEFAULT_K, filters), DEFAULT_K, filters)
    SavedQueries(engine.catalog.folder).save(name, card.checked(chosen))
    say(f"saved as '{name}' with: {chosen.text}")


def _answer(
    engine: SearchEngine, query: Query, check: PrecisionCheck, answers: Mapping[int, Judgement]
) -> PrecisionAnswer:
    asked, figures = check.asked(answers), check.figures(answers)
    records, best = engine.records(asked), proposed(figures)
    return PrecisionAnswer(
        query=str(query),
        collection=engine.name,
        model=engine.manifest.model.model_id,
        strong_matches=check.strong,
        pictures=tuple(
            AskedPicture(
                number, one, _path(engine, records.get(one)), round(check.match_of(one), 2),
                answers.get(one),
            )
            for number, one in enumerate(asked, 1)
        ),
        figures=tuple(figures),
        proposed=best.threshold if best else None,
    )  # fmt: skip


def _path(engine: SearchEngine, record: PictureRecord | None) -> str:
    return str(engine.path(record)) if record else ""


def _show_pictures(
    engine: SearchEngine, query: Query, check: PrecisionCheck, answers: Mapping[int, Judgement]
) -> None:
    asked = check.asked(answers)
    if not asked:
        show(f"{printable(str(query))}: no picture comes near it, so there is nothing to look at.")
        return
    records = engine.records(asked)
    strong = counted(check.strong, "strong match", "strong matches")
    show(f"{printable(str(query))}: {strong}. Which of these pictures show it?")
    for place, one in enumerate(asked, 1):
        path, number = printable(_path(engine, records.get(one))), f"#{one}"
        show(f"{place:3}.  {number:<7} {path}  (match {check.match_of(one):.0f} %)")
    say("Then again with: --right ID … --wrong ID … (--unsure ID … for others in their place)")


def _show_figures(
    query: Query, check: PrecisionCheck, answers: Mapping[int, Judgement],
    chosen: CheckedPrecision | None,
) -> None:  # fmt: skip
    asked = check.asked(answers)
    looked_at = sum(one in answers for one in asked)
    show(f"{printable(str(query))}: {looked_at} of {len(asked)} pictures judged")
    left = [f"#{one}" for one in asked if one not in answers]
    if left:
        say(f"note: nothing was said yet of {', '.join(left)}.")
    if chosen is None:
        show("No figure before five of them are judged.")
        return
    rows = [
        [
            f"{one.threshold:g}",
            f"{one.pictures:,}",
            f"{one.right} of {one.answered}",
            f"{one.precision:.2f}",
            f"{one.low:.2f} – {one.high:.2f}",
            f"{one.pictures * one.precision:,.0f}",
        ]
        for one in check.figures(answers)
    ]
    header = ["MATCH FROM", "PICTURES", "RIGHT", "PRECISION", "95 %", "RIGHT IN ALL, ABOUT"]
    show_table(header, rows)
    show(chosen.text)


COMMAND = Command(
    name="precision",
    help="tell how many matches of a query are right, by what you say of twenty pictures",
    description="List twenty pictures, spread over the matches of a query. Given which of them are"
    " right and which are wrong, tell the precision from each threshold up, with Wilson's 95 %"
    " interval; with --save keep it with the query. The same query lists the same pictures.",
    add_options=add_options,
    options=PrecisionOptions,
    run=run,
    answer=PrecisionAnswer,
)
