"""What a benchmark measured, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from search_engine.cli.console import show, show_table
from search_engine.lab.benchmark.indexing_speed import IndexingFigures
from search_engine.lab.benchmark.machine import machine
from search_engine.lab.benchmark.search_speed import SearchFigures

_WAYS = {
    "ours": "this program",
    "plain": "open, encode, add, 32 at a time",
    "demo": "all into memory, one forward pass",
}


def show_machine() -> None:
    """Say what was measured on."""
    found = machine()
    show(f"{found['processor']}, {found['cores']} cores, {found['memory_gib']} GiB")
    show(f"Python {found['python']}, torch {found['torch']}, {found['system']}")


def show_indexing(figures: IndexingFigures) -> None:
    """Show what indexing costs, ratios first."""
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
        f"{figures.percent_of_limit:.0f} % of the forward pass alone in {limit.precision},"
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
    agreement = limit.agreement
    show(
        f"Against the plain way: mean cosine {agreement.mean_cosine:.5f},"
        f" lowest {agreement.lowest_cosine:.5f}, overlap of the ten nearest {agreement.overlap:.3f}"
    )
    show(f"Finding the precision took {limit.tuning_seconds:.1f} s, once for a model on a machine")


def of_indexing(figures: IndexingFigures) -> dict[str, Any]:
    """Return what indexing costs as a JSON document."""
    limit = figures.limit
    return {
        "ratio_to_plain": round(figures.ratio_to("plain"), 3),
        "ratio_to_demo": round(figures.ratio_to("demo"), 3),
        "percent_of_limit": round(figures.percent_of_limit, 1),
        "percent_of_gemm_peak": round(figures.percent_of_gemm_peak, 1),
        "ways": {
            way: {
                "pictures_per_second": round(figures.rate(way), 2),
                "cpu_ms_per_picture": round(figures.cpu_milliseconds(way), 2),
                "peak_mb": round(figures.peak_megabytes(way)),
            }
            for way in _WAYS
        },
        "stages": {name: round(value, 3) for name, value in limit.stages.items()},
        "precision": str(limit.precision),
        "tuning_seconds": round(limit.tuning_seconds, 2),
        "forward_pictures_per_second": _rounded(limit.forward_rates),
        "gemm_gflops": _rounded(limit.gemm_gflops),
        "decode_share_12_megapixels": round(limit.decode_share_12_megapixels, 3),
        "agreement": asdict(limit.agreement),
    }


def show_search(found: Sequence[SearchFigures]) -> None:
    """Show each kind of index at each size: questions in words first, then pictures and filters."""
    show()
    show("Search, one thread a question, vectors made up; times without embedding the words")
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
    show(f"Questions that got fewer answers than there are: {short}")


def of_search(found: Sequence[SearchFigures]) -> list[dict[str, Any]]:
    """Return each kind of index at each size as JSON."""
    return [asdict(one) for one in found]


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in values.items()}
