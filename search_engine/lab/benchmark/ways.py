"""Three ways from a folder to a searchable index, and what they are measured by.

Each runs in a process of its own:

``python -m search_engine.lab.benchmark.ways WAY FOLDER MODEL DATA`` prints its figures as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from search_engine.building import build_collection, plan_build
from search_engine.building.pipeline import FILES_TOGETHER
from search_engine.collection.decoding import CHILDREN, ReadRequest, read
from search_engine.embedding import Embedder, load_embedder, load_model_folder, unit_rows
from search_engine.index import new_store
from search_engine.lab.benchmark.machine import MemoryWatch, cpu_seconds
from search_engine.lab.benchmark.stand_in import LOOKS_AT, StandIn
from search_engine.records import IndexKind, Vectors
from search_engine.settings import Settings

_PLAIN_BATCH = 32


@dataclass(frozen=True, slots=True)
class WayFigures:
    """What one way cost, without loading the model."""

    pictures: int
    seconds: float
    cpu_seconds: float
    """Of all threads and processes."""
    peak_megabytes: float
    """Of all processes together, libraries and model included."""

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self.pictures / self.seconds


def _ours(folder: Path, model_id: str, data: Path) -> Callable[[], int]:
    return _built(folder, model_id, data, load_embedder(model_id, Settings(data)))


def _stand_in(folder: Path, model_id: str, data: Path) -> Callable[[], int]:
    """Take our way with a model that costs nothing."""
    return _built(folder, model_id, data, StandIn())


def _built(folder: Path, model_id: str, data: Path, embedder: Embedder) -> Callable[[], int]:
    settings = Settings(data)
    # The precision of this machine and model is remembered in ``data`` from one run to the next.
    scratch = Path(tempfile.mkdtemp(dir=data)).name
    name, wanted = plan_build(folder, settings, name=scratch, model_id=model_id)
    return lambda: build_collection(name, wanted, settings, load=lambda *_: embedder).added


def _decode(folder: Path, _model_id: str, data: Path) -> Callable[[], int]:
    """Read the files, decode and shrink them and write their thumbnails, and do nothing else."""
    scratch = Path(tempfile.mkdtemp(dir=data))
    files = sorted(folder.rglob("*.jpg"))
    starts = range(0, len(files), FILES_TOGETHER)
    some = [files[at : at + FILES_TOGETHER] for at in starts]
    requests = [ReadRequest(part, scratch, LOOKS_AT) for part in some]

    def run() -> int:
        with ThreadPoolExecutor(CHILDREN.most) as pool:
            return sum(map(len, pool.map(read, requests)))

    return run


def _plain(folder: Path, model_id: str, _data: Path) -> Callable[[], int]:
    """Take one loop of opening, encoding and adding, as most scripts do."""
    model = load_model_folder(Path(model_id), _device())
    files = sorted(folder.rglob("*.jpg"))

    def run() -> int:
        parts = []
        for start in range(0, len(files), _PLAIN_BATCH):
            images = [
                Image.open(file).convert("RGB") for file in files[start : start + _PLAIN_BATCH]
            ]
            parts.append(model.encode(images, batch_size=_PLAIN_BATCH, show_progress_bar=False))
        return _indexed(np.concatenate(parts))

    return run


def _demo(folder: Path, model_id: str, _data: Path) -> Callable[[], int]:
    """Preprocess every picture into memory, then take one forward pass."""
    import torch

    model = load_model_folder(Path(model_id), _device())[0]
    files = sorted(folder.rglob("*.jpg"))

    def run() -> int:
        images = [Image.open(file).convert("RGB") for file in files]
        pixels = model.processor.image_processor(images, return_tensors="pt")["pixel_values"]
        with torch.no_grad():
            found = model.model.get_image_features(pixel_values=pixels.to(_device()))
        return _indexed(found.pooler_output.float().cpu().numpy())

    return run


def _device() -> str:
    """Return the device that sentence-transformers itself would take."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _indexed(vectors: Vectors) -> int:
    rows = unit_rows(vectors)
    store = new_store(IndexKind.EXACT, rows.shape[1], lambda _: rows)
    store.add(np.arange(len(rows), dtype=np.int64), rows)
    return len(store)


WAYS = {
    "ours": _ours, "plain": _plain, "demo": _demo, "decode": _decode, "stand-in": _stand_in,
}  # fmt: skip


def main(way: str, folder: str, model_id: str, data: str) -> None:
    """Run a way and print what it cost."""
    run = WAYS[way](Path(folder), model_id, Path(data))
    with MemoryWatch() as memory:
        began, cpu = time.perf_counter(), cpu_seconds()
        pictures = run()
        seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    figures = WayFigures(pictures, seconds, cpu, memory.peak_megabytes)
    sys.stdout.write(json.dumps(asdict(figures)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
