"""The command ``outliers``: pictures that are unlike the others, never found, blurred, dark, …."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.audit import (
    Audit,
    Oddity,
    QualityLimits,
    UnusualLimits,
    UnusualPictures,
    find_unusual,
    note_of_file,
    table_of_unusual,
)
from search_engine.cli.console import printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import Lines, export, refuse_what_is_there
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import (
    CollectionOptions,
    add_collection,
    add_export,
    add_limit,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.cli.values import number, positive
from search_engine.errors import ModelError
from search_engine.search import SearchEngine
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class OutliersOptions(CollectionOptions):
    """What is looked for, from where on it is odd, and what is written of it."""

    what: list[Oddity] | None
    k: int
    far: float
    off: float
    typical: float
    blur: float
    dark: float
    bright: float
    tiny: int
    odd: float
    limit: int
    export: Path | None
    json: bool

    @property
    def limits(self) -> UnusualLimits:
        """From where on a picture is odd."""
        quality = QualityLimits(
            blur=self.blur, dark=self.dark, bright=self.bright, tiny=self.tiny, odd=self.odd
        )
        return UnusualLimits(
            k=self.k, far=self.far, off=self.off, typical=self.typical, quality=quality
        )


@dataclass(frozen=True, slots=True)
class OutlierAnswer:
    """An odd picture."""

    rank: int
    picture_id: int
    path: str
    on_disk: str
    category: str | None
    value: float


@dataclass(frozen=True, slots=True)
class OutlierRankingAnswer:
    """The pictures that are odd in one way, the oddest first."""

    what: Oddity
    measure: str
    note: str
    found: int
    pictures: tuple[OutlierAnswer, ...]


@dataclass(frozen=True, slots=True)
class OutliersAnswer:
    """The odd pictures of a collection."""

    collection: str
    pictures: int
    rankings: tuple[OutlierRankingAnswer, ...]


def add_options(outliers: argparse.ArgumentParser) -> None:
    """Add the options."""
    usual, quality, add = UnusualLimits(), QualityLimits(), outliers.add_argument
    add("--what", type=Oddity, choices=list(Oddity), action="append", help="(all; repeat)")
    add("--k", type=positive, default=usual.k, help="results of a query (10)")
    for name, kind, value, what in (
        ("--far", number, usual.far, "robust deviations above the median distance"),
        ("--off", number, usual.off, "times as far as usual in the category"),
        ("--typical", number, usual.typical, "at most so many times as far as usual"),
        ("--blur", number, quality.blur, "robust deviations"),
        ("--dark", number, quality.dark, "luminance up to 255"),
        ("--bright", number, quality.bright, "luminance"),
        ("--tiny", positive, quality.tiny, "pixels"),
        ("--odd", number, quality.odd, "longer in shorter sides"),
    ):
        add(name, type=kind, default=value, help=f"{what} ({value:g})")
    add_limit(outliers, "shown of each list (20)")
    add_export(outliers, "write all of it there")
    add_collection(outliers)


def run(options: OutliersOptions, settings: Settings) -> ExitCode:
    """Find them; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The file to export to exists, or cannot be written.
        ModelError: The model is needed and cannot be used.
    """
    with opened(options, settings) as engine:
        refuse_what_is_there(options.export)
        rankings = _rankings(Audit(engine), options.what, options.limits)
        if options.json:
            show_json(outliers_answer(engine, rankings, options.limit))
        else:
            for ranking in rankings:
                _show(engine, ranking, options.limit)
        export(options.export, lambda: table_of_unusual(engine, rankings))
    return ExitCode.DONE


def _rankings(
    audit: Audit, wanted: Sequence[Oddity] | None, limits: UnusualLimits
) -> list[UnusualPictures]:
    """Return what was asked for; what nobody named is left out where the model is not to be had."""
    progress, rankings = Lines(), []
    for oddity in wanted or Oddity:
        try:
            rankings.append(find_unusual(audit, oddity, limits, progress))
        except ModelError as error:
            if wanted:
                raise
            say(f"note: '{oddity}' is skipped: {error}")
    return rankings


def outliers_answer(
    engine: SearchEngine, rankings: Sequence[UnusualPictures], most: int
) -> OutliersAnswer:
    """Return what was found as it is told."""
    told = tuple(_ranking_answer(engine, ranking, most) for ranking in rankings)
    return OutliersAnswer(engine.name, len(engine), told)


def _ranking_answer(
    engine: SearchEngine, ranking: UnusualPictures, most: int
) -> OutlierRankingAnswer:
    head = ranking.head(most)
    records = engine.records(head.picture_ids.tolist())
    listed = zip(head.picture_ids.tolist(), head.values.tolist(), strict=True)
    return OutlierRankingAnswer(
        what=ranking.oddity,
        measure=ranking.measure,
        note=ranking.note,
        found=len(ranking.picture_ids),
        pictures=tuple(
            OutlierAnswer(
                rank=rank,
                picture_id=picture_id,
                path=str(engine.path(records[picture_id])),
                on_disk=note_of_file(engine, records[picture_id]),
                category=records[picture_id].category,
                value=round(value, 6),
            )
            for rank, (picture_id, value) in enumerate(listed, start=1)
            if picture_id in records
        ),
    )


def _show(engine: SearchEngine, ranking: UnusualPictures, most: int) -> None:
    show(f"{ranking.oddity}: {len(ranking.picture_ids):,} pictures, by {ranking.measure}")
    if ranking.note:
        show(f"  {ranking.note}")
    head = ranking.head(most)
    records = engine.records(head.picture_ids.tolist())
    for picture_id, value in zip(head.picture_ids.tolist(), head.values.tolist(), strict=True):
        if picture_id in records:
            show(f"  {value:>9.4g}  {printable(str(engine.path(records[picture_id])))}")
    show()


COMMAND = Command(
    name="outliers",
    help="find pictures that are unlike the others, never found, blurred, dark, …",
    description="Find pictures that are unlike the others, found too often or never, blurred, dark,"
    " bright, tiny or of an extreme aspect ratio.",
    add_options=add_options,
    options=OutliersOptions,
    run=run,
    answer=OutliersAnswer,
)
