"""Pictures through a model in several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from PIL import Image

from search_engine.capacity import usable_cores
from search_engine.records import Vectors
from search_engine.records.model_inputs import Pixels

Picture: TypeAlias = "Image.Image | Pixels"
"""An RGB picture of any size, or what `Embedder.looks_at` leaves of one."""
PictureEmbedding: TypeAlias = Callable[[Sequence[Picture]], Vectors]
"""Embeds RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""

PART_SIZE = 8
"""Pictures that a thread takes at once: 128 a second on two cores, with 32 it were 117."""

FEW = 8
"""Texts of a query, in several wordings as well."""

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Lanes:
    """How pictures are embedded in several threads at once."""

    embed: PictureEmbedding
    count: int
    """Threads, each busy with its own pictures."""
    part_size: int
    """Pictures that one takes at once."""


@contextmanager
def a_core_each(embed: PictureEmbedding) -> Iterator[Lanes]:
    """Return lanes in which each thread takes one core for itself.

    So none waits for another in the middle of a layer: 128 pictures a second, all the time, where
    two threads for one batch gave 81 to 128.
    """
    with _torch_as_before():
        yield Lanes(_alone(embed), usable_cores(), PART_SIZE)


def on_each_core(work: Callable[[_Item], _Found], items: Sequence[_Item]) -> list[_Found]:
    """Do work on each of the items in a thread for each core, torch keeping to one in each."""
    threads = max(1, min(usable_cores(), len(items)))
    with _torch_as_before(), ThreadPoolExecutor(threads) as pool:
        return list(pool.map(_alone(work), items))


@contextmanager
def leaving_cores(inputs: int) -> Iterator[None]:
    """Let torch take half of the cores, where it is about a query and not about many inputs.

    Torch splits each layer over its threads and waits for the last of them, which comes late where
    a browser or a server is busy as well. On two cores a text took 10 and 6 ms in one thread, 13
    and 20 in two beside such work, and no longer on an idle machine.
    """
    import torch

    few = max(1, usable_cores() // 2)
    if inputs > FEW or torch.get_num_threads() <= few:
        yield
        return
    with _torch_as_before():
        torch.set_num_threads(few)
        yield


def over_cores(embed: PictureEmbedding) -> PictureEmbedding:
    """Embed one picture or more as a build does: in parts, in a thread for each core."""

    def over_all(images: Sequence[Picture]) -> Vectors:
        parts = [images[at : at + PART_SIZE] for at in range(0, len(images), PART_SIZE)]
        return np.concatenate(on_each_core(embed, parts))

    return over_all


def in_turn(embed: PictureEmbedding) -> PictureEmbedding:
    """Let one thread at a time use the graphics card."""
    lock = threading.Lock()

    def one_at_a_time(images: Sequence[Picture]) -> Vectors:
        with lock:
            return embed(images)

    return one_at_a_time


@contextmanager
def _torch_as_before() -> Iterator[None]:
    import torch

    together = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(together)


def _alone(work: Callable[[_Item], _Found]) -> Callable[[_Item], _Found]:
    def alone(item: _Item) -> _Found:
        import torch

        torch.set_num_threads(1)  # of this thread; of those that come after it, too
        return work(item)

    return alone
