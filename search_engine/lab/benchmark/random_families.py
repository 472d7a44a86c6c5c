"""Build models of other families than CLIP with random weights, as their makers publish them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LETTERS = [chr(code) for code in range(32, 127)]
SCALE, BIAS = 4.7, -12.9
"""Near what SigLIP has learned; the first is the logarithm."""
_POSITIONS = 64
_SPECIAL = {"pad_token": "<pad>", "unk_token": "<unk>", "eos_token": "</s>"}
_OF_WORDS = {"pad_token": "[PAD]", "unk_token": "<unk>", "sep_token": "[SEP]"}


@dataclass(frozen=True, slots=True)
class SiglipShape:
    """Sizes of a SigLIP, the same for pictures and words."""

    width: int = 768
    inner: int = 3072
    layers: int = 12
    heads: int = 12
    patch: int = 16
    side: int = 224
    vocabulary: int = 32_000
    resample: int = 3


SIGLIP_BASE = SiglipShape()
SIGLIP_2_BASE = SiglipShape(vocabulary=256_000, resample=2)
SIGLIP_2_SO400M = SiglipShape(1152, 4304, 27, 16, 14, 384, 256_000, 2)
SMALL = SiglipShape(32, 64, 1, 2, 32, 64, 200)


def build_siglip(folder: Path, shape: SiglipShape = SIGLIP_BASE, seed: int = 3) -> Path:
    """Write a SigLIP (base: 813 MB), whose tokenizer knows the letters alone; give its folder."""
    import torch
    from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel, SiglipProcessor

    torch.manual_seed(seed)
    tower = {
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
    }
    text = {"vocab_size": shape.vocabulary, "max_position_embeddings": _POSITIONS}
    ends = {"bos_token_id": 2, "eos_token_id": 2, "pad_token_id": 0}
    vision = {"image_size": shape.side, "patch_size": shape.patch}
    config = SiglipConfig(text_config=tower | text | ends, vision_config=tower | vision)
    model = SiglipModel(config)
    torch.nn.init.constant_(model.logit_scale, SCALE)
    torch.nn.init.constant_(model.logit_bias, BIAS)
    model.save_pretrained(folder)
    square = {"height": shape.side, "width": shape.side}
    pictures = SiglipImageProcessorPil(size=square, resample=shape.resample)
    SiglipProcessor(pictures, letters(_POSITIONS, _SPECIAL)).save_pretrained(folder)
    return folder


def build_words(folder: Path, *, small: bool = False, seed: int = 4) -> Path:
    """Write a model for words alone (539 MB), as `clip-ViT-B-32-multilingual-v1` is one.

    DistilBERT, the mean of its tokens, and a layer to the 512 dimensions of ViT-B/32.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import DistilBertConfig, DistilBertModel

    torch.manual_seed(seed)
    tokenizer = letters(128, _OF_WORDS)
    sizes = {"dim": 32, "hidden_dim": 64, "n_heads": 2, "n_layers": 1} if small else {}
    vocabulary = len(tokenizer) if small else 119_547
    config = DistilBertConfig(vocab_size=vocabulary, **sizes)
    with tempfile.TemporaryDirectory() as inner:
        DistilBertModel(config).save_pretrained(inner)
        tokenizer.save_pretrained(inner)
        tower = Transformer(inner)
        parts = [tower, Pooling(config.dim), Dense(config.dim, 512, bias=False)]
        SentenceTransformer(modules=parts, device="cpu").save(str(folder))
    return folder


def letters(length: int, special: dict[str, str]) -> Any:  # noqa: ANN401 - not typed
    """Return a tokenizer that knows the letters and its special tokens, which come first."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = [*special.values(), *LETTERS]
    known = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token=special["unk_token"]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=length, **special)
