"""Pictures and words to unit vectors: the CLIP models of sentence-transformers.

torch, transformers and sentence-transformers are imported when a model is loaded, not before.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadVectors, ModelUnavailable
from search_engine.records import ModelCard, Vectors
from search_engine.settings import MINI_MODEL, Settings

if TYPE_CHECKING:
    from PIL import Image
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32
HUB_SECONDS = 5
"""How long the hub may take to answer before we say that it cannot be reached."""

WORDS_SEPARATOR = "::"
"""Joins the model for pictures and the model for words where they are two."""

_PICTURE_MODELS = {"clip-ViT-B-32-multilingual-v1": "clip-ViT-B-32"}
"""Models that know words only, and the model whose pictures they were trained to match."""

_SHORTEST_NORM = 1e-6
_MARKERS = re.compile(r"<\|(?:start|end)oftext\|>")


class Embedder(Protocol):
    """Turns pictures and words into unit vectors of one space."""

    card: ModelCard
    logit_scale: float | None
    """What the model multiplies cosines with before a softmax over texts; None if it has none."""

    def embed_pictures(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """

    def words_over_limit(self, text: str) -> bool:
        """Tell whether the model reads only the beginning of a text."""


def unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """Scale rows to length one, as float32; rows that cannot be scaled become NaN."""
    rows = np.asarray(vectors, dtype=np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        norms = np.linalg.norm(rows, axis=-1, keepdims=True)
        usable = np.isfinite(norms) & (norms > _SHORTEST_NORM)
        return np.where(usable, rows / np.where(usable, norms, 1), np.nan).astype(np.float32)


class ClipEmbedder:
    """Embeds with a CLIP model of sentence-transformers."""

    def __init__(
        self, card: ModelCard, pictures: SentenceTransformer, words: SentenceTransformer
    ) -> None:
        self.card = card
        self.logit_scale = _logit_scale(pictures)
        self._pictures = pictures
        self._words = words

    def embed_pictures(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""
        return unit_rows(_encode(self._pictures, list(images), self.card.dimension))

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """
        # The tokenizer takes its own end marker seriously, wherever it is typed.
        plain = [_MARKERS.sub(" ", text) for text in texts]
        vectors = unit_rows(_encode(self._words, plain, self.card.dimension))
        if not np.isfinite(vectors).all():
            cause = "The model gave a vector that cannot be compared"
            remedy = "Its weights may be damaged: delete them from the model cache and try again."
            raise BadVectors(cause, place=self.card.model_id, remedy=remedy)
        return vectors

    def words_over_limit(self, text: str) -> bool:
        """Tell whether the model reads only the beginning of a text."""
        tokenizer, limit = self._words.tokenizer, self._words.max_seq_length
        tokens = tokenizer(text, truncation=False, verbose=False)["input_ids"]
        return limit is not None and len(tokens) > limit


def _encode(
    model: SentenceTransformer, inputs: Sequence[object], dimension: int
) -> NDArray[np.float32]:
    if not inputs:
        return np.empty((0, dimension), dtype=np.float32)
    vectors = model.encode(
        inputs, batch_size=BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True
    )
    return np.asarray(vectors, dtype=np.float32)


def _logit_scale(model: SentenceTransformer) -> float | None:
    """Read the learned temperature, which CLIP keeps as the logarithm of its inverse."""
    found = (p for name, p in model.named_parameters() if name.endswith("logit_scale"))
    parameter = next(found, None)
    return None if parameter is None else float(parameter.detach().exp())


EmbedderLoader: TypeAlias = Callable[[str, Settings], Embedder]


def load_embedder(model_id: str, settings: Settings, device: str | None = None) -> ClipEmbedder:
    """Load a model for pictures and words.

    Args:
        model_id: ``mini``, an id of the hub, a local folder, or two of these joined by ``::``,
            the model for pictures first and the one for words second.
        settings: Tells where the bundled model lies.
        device: ``cuda``, ``mps`` or ``cpu``; chosen automatically when None.

    Raises:
        ModelUnavailable: It is neither here nor to be had, or it is no model for pictures.
    """
    for_pictures, for_words = _two_models(model_id)
    pictures = _load(for_pictures, settings, device)
    words = _load(for_words, settings, device) if for_words != for_pictures else pictures
    dimension = _checked_dimension(model_id, pictures, words)
    fingerprint = _fingerprint(pictures)
    if words is not pictures:
        fingerprint = f"{fingerprint}+{_fingerprint(words)}"
    return ClipEmbedder(ModelCard(model_id, fingerprint, dimension), pictures, words)


def canonical_model_id(model_id: str) -> str:
    """Make local folders absolute, so that the id means the same wherever it is read again."""
    return WORDS_SEPARATOR.join(
        str(_folder(part)) if _folder(part) else part for part in model_id.split(WORDS_SEPARATOR)
    )


def quick_signature(model_id: str, settings: Settings) -> str:
    """Tell, without loading it, whether a model may be another than last time.

    Names, sizes and times of a local model's files; the id of one from the hub, whose files stay
    as they were downloaded.
    """
    digest = hashlib.sha256()
    for part in _two_models(model_id):
        folder = settings.mini_model_folder if part == MINI_MODEL else _folder(part)
        digest.update(f"{part}\n".encode())
        for file in sorted(folder.rglob("*")) if folder else ():
            facts = file.stat()
            digest.update(f"{file.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def _folder(name: str) -> Path | None:
    path = Path(name).expanduser()
    return path.resolve() if path.is_dir() else None


def _two_models(model_id: str) -> tuple[str, str]:
    pictures, _, words = model_id.partition(WORDS_SEPARATOR)
    if not words:
        words, pictures = pictures, _PICTURE_MODELS.get(pictures.rpartition("/")[2], pictures)
    return pictures, words


def _load(name: str, settings: Settings, device: str | None) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    # The bar of reading weights from disk; the one of downloading them stays.
    transformers_logging.disable_progress_bar()
    folder = settings.mini_model_folder if name == MINI_MODEL else _folder(name)
    source = str(folder) if folder else name
    try:
        # Without this, the hub is asked about every file even when all are here.
        return SentenceTransformer(source, device=device, local_files_only=True)
    except Exception as error:  # the libraries below raise nearly anything for files they miss
        if folder:
            raise _broken_folder(name, folder, error) from error
    _ask_the_hub(name)
    try:
        return SentenceTransformer(name, device=device)
    except Exception as error:
        cause = f"The model '{name}' could not be downloaded: {_first_line(error)}"
        raise ModelUnavailable(cause, remedy=_OFFER) from error


_OFFER = (
    "Connect once to download it, give --model the folder of a model on this machine, or take the"
    " bundled one with --model mini, which knows only the drawings of the sample gallery."
)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _broken_folder(name: str, folder: Path, error: Exception) -> ModelUnavailable:
    cause = f"The model '{name}' cannot be loaded: {_first_line(error)}"
    remedy = "The folder must hold a complete sentence-transformers CLIP model."
    return ModelUnavailable(cause, place=str(folder), remedy=remedy)


def _ask_the_hub(name: str) -> None:
    """Make sure that the hub answers and has the model, before minutes go into retrying."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        hub_id = name if "/" in name else f"sentence-transformers/{name}"
        HfApi().model_info(hub_id, timeout=HUB_SECONDS)
    except RepositoryNotFoundError as error:
        cause = f"There is no model '{name}', neither as a folder here nor on the hub"
        remedy = "Check its spelling; the usual one is clip-ViT-B-32, the bundled one is mini."
        raise ModelUnavailable(cause, remedy=remedy) from error
    except OfflineModeIsEnabled as error:
        cause = f"The model '{name}' is not on this machine, and HF_HUB_OFFLINE forbids to fetch it"
        raise ModelUnavailable(cause, remedy=_OFFER) from error
    except Exception as error:  # the ways in which a network can fail are many
        cause = f"The model '{name}' is not on this machine, and the hub cannot be reached"
        raise ModelUnavailable(cause, place=_first_line(error), remedy=_OFFER) from error


def _checked_dimension(
    model_id: str, pictures: SentenceTransformer, words: SentenceTransformer
) -> int:
    """Embed one picture and one word, which tells whether the model can do both in one space."""
    from PIL import Image

    remedy = "Use a CLIP model, which embeds both; clip-ViT-B-32 is the usual one."
    try:
        picture = pictures.encode([Image.new("RGB", (64, 64))], show_progress_bar=False)
        word = words.encode(["picture"], show_progress_bar=False)
    except Exception as error:
        cause = f"The model '{model_id}' does not embed both pictures and words"
        raise ModelUnavailable(cause, place=_first_line(error), remedy=remedy) from error
    if picture.shape != word.shape:
        cause = (
            f"The model '{model_id}' gives pictures {picture.shape[1]} dimensions"
            f" and words {word.shape[1]}"
        )
        raise ModelUnavailable(cause, remedy=remedy)
    return int(picture.shape[1])


def _fingerprint(model: SentenceTransformer) -> str:
    """Hash weights, vocabulary and picture preprocessing: whatever decides a vector."""
    import torch

    digest = hashlib.sha256()
    for name, weights in sorted(model.named_parameters()):
        digest.update(f"{name} {tuple(weights.shape)} {weights.dtype}".encode())
        flat = weights.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().data)
    digest.update(json.dumps(_preprocessing(model), sort_keys=True, default=str).encode())
    return digest.hexdigest()[:32]


def _preprocessing(model: SentenceTransformer) -> dict[str, object]:
    processor = getattr(model[0], "processor", None)
    image_processor = getattr(processor, "image_processor", None)
    steps = image_processor.to_dict() if image_processor else {}
    kept = {key: steps[key] for key in _PICTURE_STEPS if key in steps}
    return kept | {"vocabulary": sorted(model.tokenizer.get_vocab().items())}


_PICTURE_STEPS = (
    "do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale",
    "rescale_factor", "do_normalize", "image_mean", "image_std", "do_convert_rgb",
)  # fmt: skip
