"""What tells one model from another: all that decides a vector.

Weights, vocabulary and picture steps are hashed always. What else decides is hashed where it is not
as the weights and the vocabulary let one expect of a CLIP model: then the fingerprint grows by it.
So those of the usual models stay what they were, and no picture has to be embedded again for that.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from search_engine.embedding.inputs import longest_text, processing_of_texts

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PICTURE_STEPS = (
    "do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale",
    "rescale_factor", "do_normalize", "image_mean", "image_std", "do_convert_rgb",
)  # fmt: skip
_SETTINGS = (
    "model_type", "num_attention_heads", "num_key_value_heads", "hidden_act", "layer_norm_eps",
    "eos_token_id", "projection_hidden_act", "position_embedding_type", "vision_use_head",
    "rope_theta", "pad_token_id",
)  # fmt: skip
"""Of a tower, what changes what it computes from the same weights."""
_EXPECTED = {"hidden_act": "quick_gelu", "layer_norm_eps": 1e-5}
"""Of CLIP as it was published."""
_WIDTH_OF_A_HEAD = 64
_OF_CLIP = {"clip", "clip_text_model", "clip_vision_model"}
_OLD_END = 2
"""With it, the last token is found as the one with the highest number; it is the same one."""

_MINI = "b28023b289b6f945"
"""The bundled model differs from CLIP in heads and activation, and always did."""

_WORDS = (
    "a photo of a red fish", "Two DOGS, running!", "it's 12,345.60 € — naïve café, Ünïcode",
    "  many\tblanks\n here ", "日本語 и русский", "antidisestablishmentarianism's", "", "x" * 400,
    "a_b-c/d\\e@f#g", "one two three four five six seven eight nine ten " * 12,
)  # fmt: skip
"""Texts that tokenizers read in different ways."""


def fingerprint_of(model: SentenceTransformer) -> str:
    """Hash whatever decides a vector."""
    import torch

    digest = hashlib.sha256()
    for name, weights in sorted(model.named_parameters()):
        digest.update(f"{name} {tuple(weights.shape)} {weights.dtype}".encode())
        flat = weights.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().data)
    digest.update(json.dumps(_preprocessing(model), sort_keys=True, default=str).encode())
    unusual = digest_of_unusual(model)
    return digest.hexdigest()[:32] + (f"-{unusual}" if unusual else "")


def digest_of_unusual(model: SentenceTransformer) -> str:
    """Hash what decides vectors and does not follow from the weights; nothing for the usual."""
    found = unusual(model)
    text = json.dumps(found, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16] if found else ""
    return "" if digest == _MINI else digest


def unusual(model: SentenceTransformer) -> dict[str, Any]:
    """Return what decides vectors and does not follow from weights and vocabulary, by its place."""
    found = {**_towers(model), **_buffers(model), **_modules(model), **_merges(model)}
    tokens = _tokens(model)
    if tokens != _expected_tokens(model):
        found["tokens"] = tokens
    return found


def _towers(model: SentenceTransformer) -> dict[str, Any]:
    config: Any = getattr(model[0], "config", None)
    if config is None:
        return {}
    halves = {"text": "text_config", "pictures": "vision_config"}
    parts = {name: getattr(config, half) for name, half in halves.items() if hasattr(config, half)}
    parts = parts or {"model": config}
    return {
        f"{name} {key}": value
        for name, part in parts.items()
        for key in _SETTINGS
        if (value := getattr(part, key, None)) is not None and not _is_usual(part, key, value)
    }


def _is_usual(part: Any, key: str, value: Any) -> bool:  # noqa: ANN401 - not typed
    if part.model_type not in _OF_CLIP:
        return False
    if key == "num_attention_heads":
        return bool(part.hidden_size == _WIDTH_OF_A_HEAD * value)
    if key == "eos_token_id":
        return value in {_OLD_END, getattr(part, "vocab_size", 0) - 1}
    return key in {"model_type", "pad_token_id"} or value == _EXPECTED.get(key)


def _buffers(model: SentenceTransformer) -> dict[str, str]:
    """Hash the numbers that are no weights, but those that only count up from zero."""
    found = {}
    for name, numbers in model.named_buffers():
        flat = numbers.detach().cpu().reshape(-1).tolist()
        if flat != list(range(len(flat))):
            found[f"buffer {name}"] = hashlib.sha256(repr(flat).encode()).hexdigest()
    return found


def _modules(model: SentenceTransformer) -> dict[str, Any]:
    """Return what follows the model itself: pooling, layers, normalization."""
    found: dict[str, Any] = {}
    for number, module in enumerate(list(model)[1:], 1):
        settings = module.get_config_dict() if hasattr(module, "get_config_dict") else {}
        found[f"module {number}"] = [type(module).__name__, settings]
    for kind, how in (getattr(model[0], "modality_config", None) or {}).items():
        method = how.get("method") if isinstance(how, dict) else None
        if method not in {None, f"get_{kind}_features"}:
            found[f"method {kind}"] = method
    return found


def _merges(model: SentenceTransformer) -> dict[str, str]:
    """Hash in which order signs are merged, where that is not the order of the vocabulary."""
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    reads = json.loads(backend.to_str())["model"] if backend else {}
    merges, vocabulary = reads.get("merges"), reads.get("vocab", {})
    if not merges:
        return {}
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in merges]
    ranks = [vocabulary.get("".join(pair), -1) for pair in pairs]
    if all(rank < following for rank, following in pairwise(ranks)):
        return {}
    return {"merges": hashlib.sha256(json.dumps(pairs).encode()).hexdigest()}


def _tokens(model: SentenceTransformer) -> list[list[int]]:
    """Read some texts as the model reads them."""
    longest = longest_text(model)
    read = model.tokenizer(list(_WORDS), truncation=longest is not None, max_length=longest)
    return [list(map(int, ids)) for ids in read["input_ids"]]


def _expected_tokens(model: SentenceTransformer) -> list[list[int]]:
    """Read some texts as CLIP does: the vocabulary tells what is merged, and in which order."""
    vocabulary: dict[str, int] = model.tokenizer.get_vocab()
    begin, end = vocabulary.get("<|startoftext|>"), vocabulary.get("<|endoftext|>")
    longest = model.max_seq_length
    if begin is None or end is None or longest is None:
        return []
    read = ([t for word in _words(text) for t in _merged(word, vocabulary, end)] for text in _WORDS)
    return [[begin, *tokens[: longest - 2], end] for tokens in read]


def _words(text: str) -> list[str]:
    plain = " ".join(unicodedata.normalize("NFC", text).split()).lower()
    return re.findall(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+", plain)


def _merged(word: str, vocabulary: dict[str, int], unknown: int) -> list[int]:
    parts = [_signs()[byte] for byte in word.encode()]
    parts[-1] += "</w>"
    while True:
        both = ["".join(pair) for pair in pairwise(parts)]
        known = [(vocabulary[pair], at) for at, pair in enumerate(both) if pair in vocabulary]
        if not known:
            return [vocabulary.get(part, unknown) for part in parts]
        at = min(known)[1]
        parts[at : at + 2] = [both[at]]


@lru_cache
def _signs() -> dict[int, str]:
    """Return the sign that stands for each byte: itself where it can be seen, as GPT-2 has it."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {b: chr(256 + n) for n, b in enumerate(hidden)}


def _preprocessing(model: SentenceTransformer) -> dict[str, object]:
    processor = getattr(model[0], "processor", None)
    image_processor = getattr(processor, "image_processor", None)
    steps = image_processor.to_dict() if image_processor else {}
    kept = {key: steps[key] for key in _PICTURE_STEPS if key in steps}
    padding = processing_of_texts(model)
    texts = {"texts": padding} if padding else {}
    return kept | texts | {"vocabulary": sorted(model.tokenizer.get_vocab().items())}
