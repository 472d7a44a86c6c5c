"""What the training minimises, with the exact truth of every caption about every picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from search_engine.lab.mini_model.model import HIDDEN
from search_engine.lab.mini_model.truth import ASPECTS

_CERTAINTY_SHARE = 0.3
_SILENCE_SHARE = 2.0
_ASPECT_SHARES = (1.0, 0.3, 0.3, 0.3, 0.3, 0.3)
_PATCH_SHARE = 1.0
_BARE_PATCH = 0.1
"""Most patches show no object; they count less, so that the others are heard."""
_LARGEST_SCALE = 100.0
_NEVER = -1e4
_UNASKED = -1


class Matching(nn.Module):
    """Pull true pairs together and push false ones apart, in both directions.

    Several captions are true of a picture and the other way round, so a true pair competes with
    the false ones only. A sigmoid loss (after SigLIP, Zhai et al. 2023) makes cosines comparable
    between queries, and the best cosine of what names nothing is pushed to zero or less.
    """

    def __init__(self) -> None:
        super().__init__()
        self.offset = nn.Parameter(torch.tensor(-6.0))

    def forward(self, texts: Tensor, pictures: Tensor, truth: Tensor, log_scale: Tensor) -> Tensor:
        """Join the losses for unit vectors of shape (n, d) and (m, d) and truth of shape (n, m)."""
        cosines = texts @ pictures.T
        logits = cosines * log_scale.exp().clamp(max=_LARGEST_SCALE)
        matching = (_ranking(logits, truth) + _ranking(logits.T, truth.T)) / 2
        certainty = functional.softplus(torch.where(truth, -1, 1) * (logits + self.offset))
        certain = certainty[truth].mean() + certainty[~truth].mean() * 4
        loudest = cosines.max(dim=1).values[~truth.any(dim=1)]
        silent = loudest.clamp(min=0).square().sum() / max(1, len(loudest))
        return matching + _CERTAINTY_SHARE * certain + _SILENCE_SHARE * silent


def _ranking(logits: Tensor, truth: Tensor) -> Tensor:
    """Let each true column of a row win against all false ones (multi-positive InfoNCE)."""
    rivals = logits.masked_fill(truth, _NEVER).logsumexp(dim=1, keepdim=True)
    losses = functional.softplus(rivals - logits) * truth
    asked = truth.any(dim=1)
    return (losses.sum(dim=1)[asked] / truth.sum(dim=1)[asked]).mean()


class Lessons(nn.Module):
    """Ask the vision tower directly what it sees, as a whole and in each patch.

    Without these lessons a small model takes many times as long to begin to see; they are no part
    of the saved model.
    """

    def __init__(self) -> None:
        super().__init__()
        self.aspects = nn.ModuleList(nn.Linear(HIDDEN, len(values)) for values in ASPECTS)
        self.patch = nn.Linear(HIDDEN, len(ASPECTS[0]) + 1)

    def forward(
        self, pooled: Tensor, grid: Tensor, scenes: Tensor, patches: Tensor
    ) -> tuple[Tensor, float]:
        """Grade the answers; also tell how often the kind was right.

        Features are (n, d) for pictures and (n, patches, d) for patches. A picture of two scenes
        has no one kind or colour, so only its patches are asked.
        """
        alone = (scenes[:, 0] == scenes[:, 1]).all(dim=1)
        asked = scenes[alone, 0].clamp(min=_UNASKED)
        answers = [head(pooled[alone]).float() for head in self.aspects]
        losses = [
            share * functional.cross_entropy(answer, asked[:, column], ignore_index=_UNASKED)
            for column, (share, answer) in enumerate(zip(_ASPECT_SHARES, answers, strict=True))
        ]
        weights = torch.ones(self.patch.out_features)
        weights[0] = _BARE_PATCH
        seen = functional.cross_entropy(
            self.patch(grid).float().flatten(0, 1), patches.flatten(), weights
        )
        right = (answers[0].argmax(dim=1) == asked[:, 0]).float().mean().item()
        return torch.stack(losses).nansum() + _PATCH_SHARE * seen, right
