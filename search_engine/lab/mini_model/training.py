"""Train the mini model from nothing: ``python -m search_engine.lab.mini_model --out FOLDER``.

Two stages. Seeing: both towers on a stream of fresh drawings. Reading: the text tower and both
projections on remembered pictures, a thousand at a time, which is cheap and sharpens the language.
Seeds and steps decide everything; only rounding differs between machines.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult, Pool
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from search_engine.lab.mini_model.batches import (
    Batch,
    Recipe,
    captions_of,
    draw_batch,
    unknown_captions,
)
from search_engine.lab.mini_model.losses import Lessons, Matching
from search_engine.lab.mini_model.model import new_model, save_model
from search_engine.lab.mini_model.schedule import Optimisers, Schedule
from search_engine.lab.mini_model.tokenizer import learned_tokenizer
from search_engine.lab.mini_model.towers import (
    bf16,
    picture_features,
    picture_vectors,
    text_vectors,
)
from search_engine.lab.mini_model.truth import claim_codes, truth
from search_engine.sample.chance import Chance

if TYPE_CHECKING:
    from transformers import CLIPModel, CLIPTokenizer

Task: TypeAlias = tuple[int, Recipe, float]
"""Seed, recipe and ease of one batch."""

_SEEING, _POOL = Recipe(), Recipe(captions=0, unknown=0)
_EASY_SHARE = 0.1
"""The first steps, in which most pictures show one large object in the middle."""
_EASE = 0.85
_SEEING_RATE, _READING_RATE = 2.5e-3, 1.2e-3
_READ_PICTURES, _READ_AGAINST, _READ_UNKNOWN = 160, 1024, 192
_SEEDS = 1_000_000
_AHEAD = 6
"""Batches drawn in advance; one is half a megabyte."""


class Reporter:
    """Tells how far training is, and how long it will take."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done, self._start = steps, 0, time.monotonic()

    def step(self, stage: str, loss: float) -> None:
        """Count a step; write a line now and then."""
        self._done += 1
        if self._done % 50 and self._done != self._steps:
            return
        spent = time.monotonic() - self._start
        left = spent / self._done * (self._steps - self._done)
        share = 100 * self._done // self._steps
        sys.stdout.write(f"{share:3} %  {stage}  loss {loss:.3f}  {left / 60:.1f} min left\n")
        sys.stdout.flush()


def train(schedule: Schedule, folder: Path) -> None:
    """Train a model and save it to a folder."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    reporter = Reporter(schedule.seeing + schedule.reading)
    tokenizer, model = learned_tokenizer(), new_model(schedule.seed)
    with get_context("spawn").Pool(1) as painter:
        learn_to_see(model, tokenizer, schedule, _drawn(painter, _seeing_tasks(schedule)), reporter)
        pool = list(_drawn(painter, _pool_tasks(schedule)))
    learn_to_read(model, tokenizer, schedule, pool, reporter)
    save_model(model, tokenizer, folder)


def _seeing_tasks(schedule: Schedule) -> Iterator[Task]:
    easy = schedule.seeing * _EASY_SHARE
    for step in range(schedule.seeing):
        yield schedule.seed * _SEEDS + step, _SEEING, _EASE if step < easy else 0.0


def _pool_tasks(schedule: Schedule) -> Iterator[Task]:
    for batch in range(schedule.pool // _POOL.pictures):
        yield schedule.seed * _SEEDS + 500_000 + batch, _POOL, 0.0


def _drawn(painter: Pool, tasks: Iterable[Task]) -> Iterator[Batch]:
    """Draw batches in the other process, in order and a few in advance."""
    waiting: deque[AsyncResult[Batch]] = deque()
    for task in tasks:
        waiting.append(painter.apply_async(draw_batch, task))
        if len(waiting) > _AHEAD:
            yield waiting.popleft().get()
    while waiting:
        yield waiting.popleft().get()


def learn_to_see(
    model: CLIPModel,
    tokenizer: CLIPTokenizer,
    schedule: Schedule,
    batches: Iterable[Batch],
    reporter: Reporter,
) -> None:
    """Train both towers on fresh drawings."""
    matching, lessons = Matching(), Lessons()
    parts = nn.ModuleList([model, matching, lessons])
    optimisers = Optimisers(parts, _SEEING_RATE, schedule.seeing, muon=True)
    for step, batch in enumerate(batches):
        true = torch.from_numpy(truth(batch.claims, batch.scenes))
        with bf16():
            pooled, grid = picture_features(model, batch.pixels)
            pictures = picture_vectors(model, pooled)
            texts = text_vectors(model, tokenizer, batch.texts)
            taught, right = lessons(
                pooled, grid, torch.from_numpy(batch.scenes), torch.from_numpy(batch.patches)
            )
        loss = matching(texts, pictures, true, model.logit_scale) + taught
        optimisers.step(loss, step)
        reporter.step(f"seeing, {right:4.0%} of kinds right", loss.item())


def learn_to_read(
    model: CLIPModel,
    tokenizer: CLIPTokenizer,
    schedule: Schedule,
    pool: Sequence[Batch],
    reporter: Reporter,
) -> None:
    """Train the text tower and both projections; what the pictures look like stays as it is."""
    model.vision_model.requires_grad_(requires_grad=False)
    matching = Matching()
    parts = nn.ModuleList([model, matching])
    optimisers = Optimisers(parts, _READING_RATE, schedule.reading, muon=False)
    features = _features(model, pool)
    views = [view for batch in pool for view in batch.views]
    scenes = np.concatenate([batch.scenes for batch in pool])
    for step in range(schedule.reading):
        chance = Chance(schedule.seed * _SEEDS + 900_000 + step)
        rows = chance.sample(range(len(views)), min(_READ_AGAINST, len(views)))
        captions = [
            said for row in rows[:_READ_PICTURES] for said in captions_of(views[row], 2, chance)
        ]
        captions += unknown_captions(_READ_UNKNOWN, chance)
        true = torch.from_numpy(truth(claim_codes(captions), scenes[rows]))
        with bf16():
            texts = text_vectors(model, tokenizer, [caption.text for caption in captions])
            pictures = picture_vectors(model, features[rows])
        loss = matching(texts, pictures, true, model.logit_scale)
        optimisers.step(loss, step)
        reporter.step("reading", loss.item())


def _features(model: CLIPModel, pool: Sequence[Batch]) -> Tensor:
    with torch.no_grad(), bf16():
        return torch.cat([picture_features(model, batch.pixels)[0].float() for batch in pool])


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="search_engine.lab.mini_model", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the new model")
    parser.add_argument("--seed", type=int, default=Schedule.seed)
    for name in ("seeing", "reading", "pool"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Schedule(), name))
    chosen = parser.parse_args(arguments)
    schedule = Schedule(chosen.seeing, chosen.reading, chosen.pool, chosen.seed)
    train(schedule, chosen.out.resolve())
    spent = sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    sys.stdout.write(f"{chosen.out} took {spent / 60:.1f} CPU minutes\n")
