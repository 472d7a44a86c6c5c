"""How long training lasts, and which optimisers take which weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.optim import Optimizer

_MATRIX = 2


@dataclass(frozen=True)
class Schedule:
    """Steps of the two stages; a step is one batch, so the result does not depend on the clock."""

    seeing: int = 2500
    reading: int = 600
    pool: int = 8064
    """Pictures drawn for the second stage."""
    seed: int = 1


def rate(step: int, steps: int) -> float:
    """Warm up for a twentieth of the steps, then fall along a cosine to two hundredths."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.49 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


class Optimisers:
    """Muon (Jordan et al. 2024) for the matrices of the towers, AdamW for everything else."""

    def __init__(self, parts: nn.Module, peak: float, steps: int, *, muon: bool) -> None:
        named = [
            (name, weights) for name, weights in parts.named_parameters() if weights.requires_grad
        ]
        matrices = [
            weights
            for name, weights in named
            if muon and weights.dim() == _MATRIX and ".layers." in name
        ]
        chosen = {id(weights) for weights in matrices}
        others = [weights for _, weights in named if id(weights) not in chosen]
        self._all: list[Optimizer] = [
            torch.optim.AdamW(others, lr=peak, betas=(0.9, 0.98), weight_decay=0.02)
        ]
        if matrices:
            self._all.append(
                torch.optim.Muon(
                    matrices, lr=peak, weight_decay=0.02, adjust_lr_fn="match_rms_adamw", ns_steps=4
                )
            )
        self._weights = [weights for _, weights in named]
        self._peak, self._steps = peak, steps

    def step(self, loss: torch.Tensor, step: int) -> None:
        """Follow the gradient of a loss."""
        for optimiser in self._all:
            optimiser.zero_grad(set_to_none=True)
            for group in optimiser.param_groups:
                group["lr"] = self._peak * rate(step, self._steps)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        for optimiser in self._all:
            optimiser.step()
