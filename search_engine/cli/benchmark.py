"""The command ``benchmark``: indexing and search timed; the only user of the laboratory."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.console import say, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.registry import Command
from search_engine.cli.values import path
from search_engine.embedding import canonical_model_id
from search_engine.lab.benchmark.indexing_speed import (
    FULL,
    QUICK,
    IndexingFigures,
    measure_indexing,
)
from search_engine.lab.benchmark.limit import Agreement
from search_engine.lab.benchmark.machine import machine
from search_engine.lab.benchmark.search_speed import (
    SearchFigures,
    measure_search_fully,
    measure_search_quickly,
)
from search_engine.settings import Settings

_WAYS = {
    "ours": "this program",
    "stand-in": "this program, with a model that costs nothing",
    "decode": "reading and decoding alone",
    "plain": "open, encode, add, 32 at a time",
    "demo": "all into memory, one forward pass",
}


@dataclass(frozen=True, kw_only=True)
class BenchmarkOptions:
    """What is timed, and with what."""

    quick: bool
    pictures: Path | None
    model: str | None
    only: str | None
    json: bool


@dataclass(frozen=True, slots=True)
class WayAnswer:
    """What one way of indexing costs."""

    pictures_per_second: float
    cpu_ms_per_picture: float
    peak_mb: int


@dataclass(frozen=True, slots=True)
class IndexingAnswer:
    """What indexing costs."""

    ratio_to_plain: float
    ratio_to_demo: float
    percent_of_limit: float
    percent_without_model: float
    percent_of_gemm_peak: float
    ways: dict[str, WayAnswer]
    stages: dict[str, float]
    precision: str
    tuning_seconds: float
    forward_pictures_per_second: dict[str, float]
    gemm_gflops: dict[str, float]
    decode_share_12_megapixels: float
    agreement: Agreement


Machine = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class BenchmarkAnswer:
    """What indexing and search cost."""

    machine: Machine
    indexing: IndexingAnswer
    search: tuple[SearchFigures, ...]


@dataclass(frozen=True, slots=True)
class IndexingAlone:
    """What indexing costs, with ``--only indexing``."""

    machine: Machine
    indexing: IndexingAnswer


@dataclass(frozen=True, slots=True)
class SearchAlone:
    """What search costs, with ``--only search``."""

    machine: Machine
    search: tuple[SearchFigures, ...]


def add_options(benchmark: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = benchmark.add_argument
    add("--quick", action="store_true", help="less of everything, in under three minutes")
    add("--pictures", type=path, metavar="FOLDER", help="with JPEG files to time with (drawn ones)")
    add("--model", metavar="FOLDER", help="a CLIP model on this machine (random weights)")
    add("--only", choices=("indexing", "search"), help="one half of it (both)")


def run(options: BenchmarkOptions, _settings: Settings) -> ExitCode:
    """Time what is asked for; people see each half when it is done."""
    measured_on = machine()
    if not options.json:
        _show_machine(measured_on)
    if options.only == "search":
        answer: object = SearchAlone(measured_on, _search(options))
    elif options.only == "indexing":
        answer = IndexingAlone(measured_on, _indexing(options))
    else:
        answer = BenchmarkAnswer(measured_on, _indexing(options), _search(options))
    if options.json:
        show_json(answer)
    return ExitCode.DONE


def _indexing(options: BenchmarkOptions) -> IndexingAnswer:
    amount = QUICK if options.quick else FULL
    model = options.model and canonical_model_id(options.model)
    figures = measure_indexing(amount, options.pictures, model, say)
    if not options.json:
        _show_indexing(figures)
    return indexing_answer(figures)


def _search(options: BenchmarkOptions) -> tuple[SearchFigures, ...]:
    say("timing search: each kind of index at several sizes")
    found = tuple(measure_search_quickly() if options.quick else measure_search_fully())
    if not options.json:
        _show_search(found)
    return found


def _show_machine(found: Machine) -> None:
    show(f"{found['processor']}, {found['cores']} cores, {found['memory_gib']} GiB")
    show(f"Python {found['python']}, torch {found['torch']}, {found['system']}")


def _show_indexing(figures: IndexingFigures) -> None:
    limit = figures.limit
    show()
    show(
        f"Indexing, {figures.ratio_to('plain'):.1f} times as fast as the plain way,"
        f" {figures.ratio_to('demo'):.1f} times as the demo's way"
    )
    rows = [
        [
            label,
            f"{figures.rate(way):.1f}",
            f"{figures.cpu_milliseconds(way):.1f}",
            f"{figures.peak_megabytes(way):,.0f}",
        ]
        for way, label in _WAYS.items()
    ]
    show_table(["way", "pictures/s", "CPU ms/picture", "peak MB"], rows)
    show()
    show(
        f"{figures.percent_of_limit:.0f} % of the smaller limit: decoding alone"
        f" {figures.rate('decode'):.0f} a second, the forward pass alone"
        f" {figures.forward_rate:.0f} in {limit.precision}"
    )
    show(
        f"{figures.percent_without_model:.0f} % of decoding alone with a model that costs nothing,"
        f" {figures.percent_of_gemm_peak:.0f} % of what the machine multiplies at best"
    )
    show_table(
        ["precision", "forward pictures/s", "GEMM GFLOP/s"],
        [
            [name, f"{rate:.1f}", f"{limit.gemm_gflops.get(name, 0):,.0f}"]
            for name, rate in limit.forward_rates.items()
        ],
    )
    show()
    stages = ", ".join(f"{name} {value:.1f}" for name, value in limit.stages.items())
    show(f"CPU ms of one picture: {stages}")
    show(
        f"12-megapixel photographs: decoding is {limit.decode_share_12_megapixels:.0%} of the time"
    )
    _show_agreement(limit.agreement)
    show(f"Finding the precision took {limit.tuning_seconds:.1f} s, once for a model on a machine")


def _show_agreement(agreement: Agreement) -> None:
    show(
        f"Against the plain way: mean cosine {agreement.mean_cosine:.5f},"
        f" lowest {agreement.lowest_cosine:.5f}, overlap of the ten nearest {agreement.overlap:.3f}"
    )


def indexing_answer(figures: IndexingFigures) -> IndexingAnswer:
    """Return what indexing costs as it is told."""
    limit = figures.limit
    return IndexingAnswer(
        ratio_to_plain=round(figures.ratio_to("plain"), 3),
        ratio_to_demo=round(figures.ratio_to("demo"), 3),
        percent_of_limit=round(figures.percent_of_limit, 1),
        percent_without_model=round(figures.percent_without_model, 1),
        percent_of_gemm_peak=round(figures.percent_of_gemm_peak, 1),
        ways={
            way: WayAnswer(
                pictures_per_second=round(figures.rate(way), 2),
                cpu_ms_per_picture=round(figures.cpu_milliseconds(way), 2),
                peak_mb=round(figures.peak_megabytes(way)),
            )
            for way in _WAYS
        },
        stages={name: round(value, 3) for name, value in limit.stages.items()},
        precision=str(limit.precision),
        tuning_seconds=round(limit.tuning_seconds, 2),
        forward_pictures_per_second=_rounded(limit.forward_rates),
        gemm_gflops=_rounded(limit.gemm_gflops),
        decode_share_12_megapixels=round(limit.decode_share_12_megapixels, 3),
        agreement=limit.agreement,
    )


def _show_search(found: Sequence[SearchFigures]) -> None:
    show()  # queries in words first, then pictures and filters
    show("Search, one thread for each query, vectors made up; times without embedding the words")
    header = [
        "vectors", "kind", "build s", "MB", "text p50 ms", "p95", "recall@10", "@24",
        "picture p50 ms", "recall@10", "20 % p50 ms", "recall@10", "1 % p50 ms", "recall@10",
    ]  # fmt: skip
    rows = []
    for one in found:
        answers = {(a.questions, a.share): a for a in one.answers}
        text, picture = answers["text", 1.0], answers["picture", 1.0]
        filtered = [answers["text", share] for share in (0.2, 0.01)]
        rows.append(
            [
                f"{one.vectors:,}", str(one.kind), f"{one.build_seconds:.1f}",
                f"{one.resident_mb:,.0f}", f"{text.p50_ms:.1f}", f"{text.p95_ms:.1f}",
                f"{text.recall_at_10:.3f}", f"{text.recall_at_24:.3f}",
                f"{picture.p50_ms:.1f}", f"{picture.recall_at_10:.3f}",
                *(x for a in filtered for x in (f"{a.p50_ms:.1f}", f"{a.recall_at_10:.3f}")),
            ]
        )  # fmt: skip
    show_table(header, rows)
    short = sum(answer.short for one in found for answer in one.answers)
    show(f"Queries with fewer results than there are: {short}")


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in values.items()}


COMMAND = Command(
    name="benchmark",
    help="time indexing and search on this machine",
    description="Time indexing against the plain way, and every kind of index at several sizes, on"
    " this machine. Needs nothing from outside: without a model of yours, one with random weights"
    " of the same size is timed.",
    add_options=add_options,
    options=BenchmarkOptions,
    run=run,
    answer=BenchmarkAnswer | IndexingAlone | SearchAlone,
)
