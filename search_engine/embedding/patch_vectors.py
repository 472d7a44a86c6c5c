"""What each patch of a picture shows, as a vector in the space of pictures and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from PIL import Image

from search_engine.embedding.fast.vision import as_bytes
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.embedding.rows import unit_rows
from search_engine.records import Vectors

if TYPE_CHECKING:
    import torch

Module: TypeAlias = Any  # the modules of transformers are not typed


def patch_vectors_of(clip: Module, steps: PictureSteps, images: list[Image.Image]) -> Vectors:
    """Embed the patches of prepared pictures, shape (n, rows, columns, dimension), unit rows.

    CLIP trains the class token only; in its last layer the other tokens look all over the picture
    and no longer say what lies at their place. So there each patch gathers values from the patches
    that are like itself, by query and by key: F. Wang, J. Mei and A. Yuille, "SCLIP: Rethinking
    Self-Attention for Dense Vision-Language Inference", ECCV 2024, which follows the value path of
    C. Zhou, C. C. Loy and B. Dai, "Extract Free Dense Labels from CLIP", ECCV 2022. On the 200
    collages of `lab.model_quality.pointing` the peak is right in 195, by the value path in 190.
    (The bundled model needs neither: its tokens were trained to say what lies at their place.)
    """
    import torch

    vision = clip.vision_model
    with torch.inference_mode():
        hidden = vision(pixel_values=_pixels(clip, steps, images), output_hidden_states=True)
        tokens = _last_layer(vision.encoder.layers[-1], hidden.hidden_states[-2])
        patches = clip.visual_projection(vision.post_layernorm(tokens)[:, 1:])
    side = round(patches.shape[1] ** 0.5)
    return unit_rows(patches.reshape(len(images), side, side, -1).float().cpu().numpy())


def _pixels(clip: Module, steps: PictureSteps, images: list[Image.Image]) -> torch.Tensor:
    import torch

    mean = torch.tensor(steps.mean, device=clip.device) * 255
    std = torch.tensor(steps.std, device=clip.device) * 255
    pixels = (as_bytes(images).to(clip.device).float() - mean) / std
    return pixels.permute(0, 3, 1, 2).to(clip.dtype)


def _last_layer(layer: Module, tokens: torch.Tensor) -> torch.Tensor:
    """Go through a layer whose tokens look at those like themselves, instead of where they do."""
    attention, seen = layer.self_attn, layer.layer_norm1(tokens)
    count, length, width = seen.shape
    queries, keys, values = (
        part(seen).view(count, length, attention.num_heads, -1).transpose(1, 2)
        for part in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    shrink = float(queries.shape[-1] ** -0.5)
    alike = sum((one @ one.transpose(-1, -2) * shrink).softmax(-1) for one in (queries, keys))
    mixed = (alike @ values).transpose(1, 2).reshape(count, length, width)
    tokens = tokens + attention.out_proj(mixed)
    through: torch.Tensor = tokens + layer.mlp(layer.layer_norm2(tokens))
    return through
