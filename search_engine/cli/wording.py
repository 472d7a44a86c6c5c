"""The command ``wording``: how far an answer depends on how the query is worded."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.cli.console import printable, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import (
    CollectionOptions,
    add_collection,
    add_k,
    add_query,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.evaluation import (
    FRAGILE_BELOW,
    STABLE_FROM,
    Stability,
    WordingCheck,
)
from search_engine.query import Query
from search_engine.records import PictureRecord
from search_engine.settings import Settings

_UNSTABLE_SHOWN = 12
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class WordingOptions(CollectionOptions):
    """Which query is checked, and how many of its results."""

    words: list[str]
    k: int
    json: bool


@dataclass(frozen=True, slots=True)
class WordingOverlapAnswer:
    """How far the answers of one wording are those of the bare words."""

    template: str
    query: str
    overlap: float
    shared_at_k: int
    mean_overlap_with_others: float


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """A picture; the path is relative to the collection's folder."""

    picture_id: int
    path: str | None


@dataclass(frozen=True, slots=True)
class PassingPicture(NamedPicture):
    """A picture that some wordings find."""

    wordings: int
    ranks: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class WordingAnswer:
    """How far an answer depends on the wording of the query."""

    collection: str
    model: str
    query: str
    k: int
    verdict: Stability
    agreement: float
    stable_from: float
    fragile_below: float
    wordings: tuple[WordingOverlapAnswer, ...]
    always: tuple[NamedPicture, ...]
    come_and_go: tuple[PassingPicture, ...]


def add_options(wording: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_query(wording)
    add_collection(wording)
    add_k(wording, 10, "top k that are looked at")


def run(options: WordingOptions, settings: Settings) -> ExitCode:
    """Check and report."""
    with opened(options, settings) as engine:
        query = Query.parse(" ".join(options.words), paths=True)
        found = engine.measure.wording(query, options.k)
        wanted = [*found.always, *(one.picture_id for one in found.unstable)]
        records = engine.records(wanted)
        if options.json:
            model = engine.manifest.model.model_id
            show_json(wording_answer(engine.name, model, found, records))
        else:
            _show(found, records)
    return ExitCode.DONE


def wording_answer(
    collection: str, model: str, found: WordingCheck, records: dict[int, PictureRecord]
) -> WordingAnswer:
    """Return a check as it is told."""
    return WordingAnswer(
        collection=collection,
        model=model,
        query=str(found.query),
        k=found.k,
        verdict=found.stability,
        agreement=round(found.agreement, _DIGITS),
        stable_from=STABLE_FROM,
        fragile_below=FRAGILE_BELOW,
        wordings=tuple(
            WordingOverlapAnswer(
                template=one.template,
                query=one.query,
                overlap=round(one.overlap, _DIGITS),
                shared_at_k=one.shared,
                mean_overlap_with_others=round(one.others, _DIGITS),
            )
            for one in (*found.wordings, found.average)
        ),
        always=tuple(NamedPicture(one, _path(one, records)) for one in found.always),
        come_and_go=tuple(
            PassingPicture(
                one.picture_id, _path(one.picture_id, records), one.within, tuple(one.ranks)
            )
            for one in found.unstable
        ),
    )


def _path(picture_id: int, records: dict[int, PictureRecord]) -> str | None:
    record = records.get(picture_id)
    return record.path if record else None


def _show(found: WordingCheck, records: dict[int, PictureRecord]) -> None:
    asked = printable(str(found.query))
    show(
        f"{asked}: {found.stability}, mean rank-biased overlap {found.agreement:.2f}"
        f" ({STABLE_FROM:g} or more is stable, less than {FRAGILE_BELOW:g} fragile)"
    )
    rows = [
        [one.template, f"{one.overlap:.2f}", f"{one.shared}", f"{one.others:.2f}"]
        for one in (*found.wordings, found.average)
    ]
    header = ["wording", "overlap with bare words", f"shared of {found.k}", "agreement"]
    show_table(header, rows)
    show()
    show(f"{len(found.always)} pictures are among the first {found.k} in every phrasing;")
    show(f"{len(found.unstable)} are unstable:")
    for one in found.unstable[:_UNSTABLE_SHOWN]:
        record = records.get(one.picture_id)
        path = printable(record.path) if record else f"picture {one.picture_id}"
        show(f"  {path}  in {one.within} of {len(found.wordings)}")
    if len(found.unstable) > _UNSTABLE_SHOWN:
        show(f"  … and {len(found.unstable) - _UNSTABLE_SHOWN} more: --json")


COMMAND = Command(
    name="wording",
    help="tell how far results depend on how the query is phrased",
    description="Run a query in several phrasings and tell how far the results agree.",
    add_options=add_options,
    options=WordingOptions,
    run=run,
    answer=WordingAnswer,
)
