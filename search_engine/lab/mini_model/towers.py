"""The two towers during training: texts and pictures to unit vectors, fast on a CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from search_engine.lab.mini_model.model import IMAGE_DEVIATION, IMAGE_MEAN

if TYPE_CHECKING:
    from transformers import CLIPModel, CLIPTokenizer


def bf16() -> torch.autocast:
    """Compute in bf16 while the weights stay in full precision."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def picture_features(model: CLIPModel, pixels: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Return the features of whole pictures (n, d) and of their patches (n, patches, d)."""
    values = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    mean, deviation = (torch.tensor(part)[:, None, None] for part in (IMAGE_MEAN, IMAGE_DEVIATION))
    output = model.vision_model(pixel_values=(values - mean) / deviation)
    return output.pooler_output, output.last_hidden_state[:, 1:]


def picture_vectors(model: CLIPModel, pooled: Tensor) -> Tensor:
    """Project the features of pictures to unit vectors."""
    return functional.normalize(model.visual_projection(pooled).float(), dim=1)


def text_vectors(model: CLIPModel, tokenizer: CLIPTokenizer, texts: list[str]) -> Tensor:
    """Turn texts into unit vectors."""
    tokens = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    pooled = model.text_model(**tokens).pooler_output
    return functional.normalize(model.text_projection(pooled).float(), dim=1)
