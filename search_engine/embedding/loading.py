"""Models from disk or from the hub, and what tells one from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from search_engine.embedding.embedder import ClipEmbedder, Embedder
from search_engine.embedding.inputs import encoded_pictures, encoded_texts, processing_of_texts
from search_engine.errors import ModelUnavailable
from search_engine.records import ModelCard
from search_engine.settings import MINI_MODEL, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

HUB_SECONDS = 5
"""How long the hub may take to answer before we say that it cannot be reached."""

WORDS_SEPARATOR = "::"
"""Joins the model for pictures and the model for words where they are two."""

_PICTURE_MODELS = {"clip-ViT-B-32-multilingual-v1": "clip-ViT-B-32"}
"""Models that know words only, and the model whose pictures they were trained to match."""

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
    card = ModelCard(model_id, fingerprint, dimension)
    return ClipEmbedder(card, pictures, words, settings.precisions_file)


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
            with suppress(OSError):  # a dead link
                facts = file.stat()
                line = f"{file.name} {facts.st_size} {facts.st_mtime_ns}\n"
                digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _folder(name: str) -> Path | None:
    try:
        path = Path(name).expanduser()
        return path.resolve() if path.is_dir() else None
    except (OSError, ValueError, RuntimeError):  # no name for a folder, or of nobody's home
        return None


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
        cause = f"The model '{name}' is not on this machine, and HF_HUB_OFFLINE forbids fetching it"
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
        picture = encoded_pictures(pictures, [Image.new("RGB", (64, 64))])
        word = encoded_texts(words, ["picture"])
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
    padding = processing_of_texts(model)
    texts = {"texts": padding} if padding else {}
    return kept | texts | {"vocabulary": sorted(model.tokenizer.get_vocab().items())}


_PICTURE_STEPS = (
    "do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale",
    "rescale_factor", "do_normalize", "image_mean", "image_std", "do_convert_rgb",
)  # fmt: skip
