"""Indexing end to end: ours against the plain way, that of the demo, and its limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from search_engine.embedding import load_embedder
from search_engine.errors import SearchEngineError
from search_engine.lab.benchmark import random_model
from search_engine.lab.benchmark.limit import Limit, measure_limit
from search_engine.lab.benchmark.photographs import as_photograph, photographs, repeated
from search_engine.lab.benchmark.ways import WayFigures
from search_engine.settings import PROJECT_FOLDER, Settings

_TWELVE_MEGAPIXELS = (4000, 3000)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is timed."""

    ours: int
    plain: int
    demo: int
    rounds: int
    probe: int
    """Pictures that the parts are timed on."""


FULL = Amount(ours=2000, plain=500, demo=1000, rounds=3, probe=250)
QUICK = Amount(ours=320, plain=64, demo=64, rounds=1, probe=96)


@dataclass(frozen=True, slots=True)
class IndexingFigures:
    """What indexing costs here; ratios are medians of those of each round."""

    rounds: tuple[dict[str, WayFigures], ...]
    limit: Limit

    def rate(self, way: str) -> float:
        """Return the median of pictures a second."""
        return median(one[way].rate for one in self.rounds)

    def cpu_milliseconds(self, way: str) -> float:
        """Return the median of processor milliseconds a picture."""
        return median(1000 * one[way].cpu_seconds / one[way].pictures for one in self.rounds)

    def peak_megabytes(self, way: str) -> float:
        """Return the highest of all rounds."""
        return max(one[way].peak_megabytes for one in self.rounds)

    def ratio_to(self, way: str) -> float:
        """Return how many times as fast as another way ours is."""
        return median(one["ours"].rate / one[way].rate for one in self.rounds)

    @property
    def forward_rate(self) -> float:
        """Pictures a second of the forward pass alone, in the precision used."""
        return self.limit.forward_rates[str(self.limit.precision)]

    @property
    def percent_of_limit(self) -> float:
        """Our rate, in per cent of the forward pass alone or of decoding alone: the smaller one."""
        return 100 * self.rate("ours") / min(self.forward_rate, self.rate("decode"))

    @property
    def percent_without_model(self) -> float:
        """Our rate with a model that costs nothing, in per cent of decoding alone."""
        return 100 * median(one["stand-in"].rate / one["decode"].rate for one in self.rounds)

    @property
    def percent_of_gemm_peak(self) -> float:
        """What our rate uses of what the machine multiplies at best in that precision."""
        done = self.rate("ours") * self.limit.gflop_per_picture
        return 100 * done / self.limit.gemm_gflops[str(self.limit.precision)]


def measure_indexing(
    amount: Amount, pictures: Path | None, model: str | None, say: Callable[[str], None]
) -> IndexingFigures:
    """Time the ways in turn, each in a process of its own, and the parts of ours.

    Args:
        amount: How much is timed.
        pictures: A folder with JPEG files; None to draw some.
        model: A CLIP model on this machine; None for random weights of the size of ViT-B/32.
        say: Told what is being done.

    Raises:
        BadFolder: There is nothing to time with in the folder.
        ModelUnavailable: The model cannot be loaded.
        SearchEngineError: One of the ways failed.
    """
    with tempfile.TemporaryDirectory(prefix="image-search-benchmark-") as made:
        root = Path(made)
        say("preparing photographs and a model")
        contents = photographs(pictures, root / "drawn")
        model = model or str(random_model.build(root / "model"))
        folders = {}
        for way in ("ours", "plain", "demo"):
            folders[way] = root / way
            repeated(contents, getattr(amount, way), folders[way])
        folders |= {"decode": folders["ours"], "stand-in": folders["ours"]}
        say("timing the parts")
        embedder = load_embedder(model, Settings(root / "data"), device="cpu")
        probe = contents[: amount.probe]  # none twice: copies would share their neighbours
        large = as_photograph(next(folders["ours"].rglob("*.jpg")), _TWELVE_MEGAPIXELS)
        limit = measure_limit(embedder, probe, large)
        rounds = []
        for number in range(amount.rounds):
            say(f"timing the ways, round {number + 1} of {amount.rounds}")
            rounds.append({way: _time(way, folders[way], model, root / "data") for way in folders})
        return IndexingFigures(tuple(rounds), limit)


def _time(way: str, folder: Path, model: str, data: Path) -> WayFigures:
    data.mkdir(exist_ok=True)
    run = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "search_engine.lab.benchmark.ways", way, folder, model, data],
        cwd=PROJECT_FOLDER,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        last = (run.stderr.strip() or "no message").splitlines()[-1]
        cause = f"Timing the way '{way}' failed: {last}"
        raise SearchEngineError(cause, remedy="Is there enough memory and disk?")
    return WayFigures(**json.loads(run.stdout.splitlines()[-1]))
