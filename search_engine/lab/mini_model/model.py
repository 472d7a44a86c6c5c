"""The architecture of the mini model, and how it is saved for sentence-transformers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from search_engine.lab.mini_model.augmentation import INPUT_SIDE, PATCHES
from search_engine.lab.mini_model.tokenizer import POSITIONS, VOCABULARY_SIZE

if TYPE_CHECKING:
    from transformers import CLIPModel, CLIPTokenizer

DIMENSION = 256
HIDDEN = 160
IMAGE_MEAN = (0.48145466, 0.4578275, 0.40821073)
IMAGE_DEVIATION = (0.26862954, 0.26130258, 0.27577711)

_CARD = "README.md"
_READABLE = 0o644
"""safetensors may write files that only their owner can read."""

_TEXT = {
    "vocab_size": VOCABULARY_SIZE,
    "hidden_size": 128,
    "intermediate_size": 512,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": POSITIONS,
    "hidden_act": "gelu",
    "projection_dim": DIMENSION,
    # The defaults are those of the large vocabulary; with them every text would get one vector.
    "bos_token_id": VOCABULARY_SIZE - 2,
    "eos_token_id": VOCABULARY_SIZE - 1,
    "pad_token_id": VOCABULARY_SIZE - 1,
}
_VISION = {
    "image_size": INPUT_SIDE,
    "patch_size": INPUT_SIDE // PATCHES,
    "hidden_size": HIDDEN,
    "intermediate_size": 640,
    "num_hidden_layers": 4,
    "num_attention_heads": 5,
    "hidden_act": "gelu",
    "projection_dim": DIMENSION,
}


def new_model(seed: int) -> CLIPModel:
    """Make an untrained model; the same seed gives the same weights."""
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(seed)
    config = CLIPConfig(text_config=_TEXT, vision_config=_VISION, projection_dim=DIMENSION)
    model = CLIPModel(config)
    # On a CPU, eager attention in bf16 takes a third of the time of every other combination.
    model.set_attn_implementation("eager")
    with torch.no_grad():
        embeddings = model.vision_model.embeddings
        embeddings.patch_embedding.weight.mul_(2)
        embeddings.position_embedding.weight[1:] = 0.3 * _grid_waves(PATCHES, HIDDEN)
    return model


def _grid_waves(side: int, width: int) -> torch.Tensor:
    """Return every patch sines and cosines of its place; shape (side², width)."""
    rates = 1 / 100 ** (torch.arange(width // 4) / (width // 4))
    angles = torch.arange(side)[:, None] * rates
    waves = torch.cat([angles.sin(), angles.cos()], dim=1)
    down = waves[:, None].expand(side, side, -1)
    across = waves[None].expand(side, side, -1)
    return torch.cat([down, across], dim=2).reshape(side * side, width)


def save_model(model: CLIPModel, tokenizer: CLIPTokenizer, folder: Path) -> None:
    """Save a folder that ``SentenceTransformer`` loads, written beside and renamed when ready."""
    beside, old = (folder.with_name(f".{folder.name}.{name}") for name in ("new", "old"))
    for stale in (beside, old):
        shutil.rmtree(stale, ignore_errors=True)
    beside.mkdir(parents=True)
    _write_parts(model, tokenizer, beside)
    if (folder / _CARD).exists():
        shutil.copy(folder / _CARD, beside)
    for path in beside.iterdir():
        path.chmod(_READABLE)
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write_parts(model: CLIPModel, tokenizer: CLIPTokenizer, folder: Path) -> None:
    half = {name: weights.half() for name, weights in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=half)
    tokenizer.save_pretrained(folder)
    # Stored in half precision, used in full: a half-precision model is four times slower on a CPU.
    _write(folder / "config.json", {**_read(folder / "config.json"), "dtype": "float32"})
    _write(folder / "processor_config.json", _PROCESSOR)
    _write(folder / "sentence_bert_config.json", _MODALITIES)
    _write(folder / "modules.json", _MODULES)


_PROCESSOR = {
    "processor_class": "CLIPProcessor",
    "image_processor": {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"shortest_edge": INPUT_SIDE},
        "resample": 3,
        "do_center_crop": True,
        "crop_size": {"height": INPUT_SIDE, "width": INPUT_SIDE},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": IMAGE_MEAN,
        "image_std": IMAGE_DEVIATION,
    },
}
_MODALITIES = {
    "transformer_task": "feature-extraction",
    "modality_config": {
        "text": {"method": "get_text_features", "method_output_name": "pooler_output"},
        "image": {"method": "get_image_features", "method_output_name": "pooler_output"},
    },
    "module_output_name": "sentence_embedding",
}
"""Said in full: sentence-transformers would find the text of a CLIP model only."""
_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.base.modules.transformer.Transformer",
    }
]


def _read(path: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
