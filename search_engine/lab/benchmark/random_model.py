"""Build a CLIP of ViT-B/32 size, or another one, with random weights: real cost, no meaning.

It is saved in the layout in which `clip-ViT-B-32` lies on the hub: ``modules.json`` naming
``sentence_transformers.models.CLIPModel``, and the files of the old kind in ``0_CLIPModel/``.

It stands in for the real one where that cannot be downloaded: tests and benchmarks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

VOCABULARY = 49_408

_SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "num_hidden_layers": 1,
}


@dataclass(frozen=True, slots=True)
class ClipShape:
    """How a CLIP differs from ViT-B/32, in the words of its settings."""

    vision: Mapping[str, object] = field(default_factory=dict)
    text: Mapping[str, object] = field(default_factory=dict)
    projection: int = 512


def build(
    folder: Path,
    seed: int = 0,
    *,
    small: bool = False,
    projection: int = 512,
    shape: ClipShape | None = None,
) -> Path:
    """Write the model (605 MB, 151.3 million parameters; small: 13 MB) and give its folder."""
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(seed)
    shape = shape or ClipShape(projection=projection)
    size = _SMALL if small else {}
    ends = {"bos_token_id": VOCABULARY - 2, "eos_token_id": VOCABULARY - 1}
    config = CLIPConfig(
        text_config={**ends, **size, **shape.text},
        vision_config={"patch_size": 32, **size, **shape.vision},
        projection_dim=shape.projection,
    )
    inner = folder / "0_CLIPModel"
    inner.mkdir(parents=True)
    CLIPModel(config).save_pretrained(inner)
    _write_tokenizer(inner)
    _write(inner / "preprocessor_config.json", _PREPROCESSING)
    module = {"idx": 0, "name": "0", "path": "0_CLIPModel"}
    _write(folder / "modules.json", [module | {"type": "sentence_transformers.models.CLIPModel"}])
    _write(folder / "config_sentence_transformers.json", {"__version__": {}})
    return folder


_PREPROCESSING = {
    "crop_size": 224,
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "feature_extractor_type": "CLIPFeatureExtractor",
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "size": 224,
}


def _write_tokenizer(folder: Path) -> None:
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = list(bytes_to_unicode().values())
    tokens = letters + [letter + "</w>" for letter in letters]
    merges = [(a, b) for a in letters for b in letters][: VOCABULARY - 2 - len(tokens)]
    tokens += [a + b for a, b in merges] + ["<|startoftext|>", "<|endoftext|>"]
    _write(folder / "vocab.json", {token: number for number, token in enumerate(tokens)})
    lines = ["#version: 0.2", *(f"{a} {b}" for a, b in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
    special |= {"pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    _write(folder / "special_tokens_map.json", special)
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "do_lower_case": True}
    _write(folder / "tokenizer_config.json", special | settings)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
