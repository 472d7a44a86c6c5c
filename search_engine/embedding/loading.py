"""Models from disk or from the hub."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from search_engine.embedding.embedder import ClipEmbedder, Embedder
from search_engine.embedding.fingerprints import fingerprint_of
from search_engine.embedding.hub import OFFER, cached_model, downloaded_model, first_line
from search_engine.embedding.inputs import encoded_pictures, encoded_texts
from search_engine.embedding.model_files import check_model_files
from search_engine.embedding.model_folders import require_model_in
from search_engine.embedding.rows import unit_rows
from search_engine.embedding.trust import WORDS_SEPARATOR, is_trusted, local_folder
from search_engine.errors import ModelUnavailable, passing_over
from search_engine.records import ModelCard
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_LOG = logging.getLogger(__name__)

_MOST_FILES = 2_000

_PICTURE_MODELS = {"clip-ViT-B-32-multilingual-v1": "clip-ViT-B-32"}
"""Models that know words only, and the model whose pictures they were trained to match."""

_ONE_AT_A_TIME = threading.Lock()
"""Transformers, imported by two threads at once, raises an ImportError."""

_INSTALL = "Install the packages that requirements.txt lists; this model needs one more of them."
_A_WORD = "picture"
_A_LONGER_TEXT = "a picture of a red fish that swims at night"
_SAME_WORD = 0.999
"""Cosine. Rounding leaves 0.99999 in bf16; what fills a text up, read as words, leaves 0.92."""

EmbedderLoader: TypeAlias = Callable[[str, Settings], Embedder]


def load_embedder(model_id: str, settings: Settings, device: str | None = None) -> ClipEmbedder:
    """Load a model for pictures and words; threads that do so at once do it one after another.

    Args:
        model_id: ``mini``, an id of the hub, a local folder, or two of these joined by ``::``,
            the model for pictures first and the one for words second.
        settings: Tells where the bundled model lies.
        device: ``cuda``, ``mps`` or ``cpu``; chosen automatically when None.

    Raises:
        ModelUnavailable: It is neither here nor to be had, or it is no model for pictures.
    """
    with _ONE_AT_A_TIME:
        return _loaded_embedder(model_id, settings, device)


def _loaded_embedder(model_id: str, settings: Settings, device: str | None) -> ClipEmbedder:
    for_pictures, for_words = _two_models(model_id)
    pictures = _load(for_pictures, settings, device)
    words = _load(for_words, settings, device) if for_words != for_pictures else pictures
    dimension = _checked_dimension(model_id, pictures, words)
    fingerprint = fingerprint_of(pictures)
    if words is not pictures:
        fingerprint = f"{fingerprint}+{fingerprint_of(words)}"
    card = ModelCard(model_id, fingerprint, dimension)
    return ClipEmbedder(card, pictures, words, settings.precisions_file)


def is_on_this_machine(model_id: str, settings: Settings) -> bool:
    """Return whether a model can be loaded, as far as one sees, without downloading anything."""
    return all(_folder(part, settings) or cached_model(part) for part in set(_two_models(model_id)))


def canonical_model_id(model_id: str) -> str:
    """Make local folders that a person typed absolute, so that the id means the same anywhere.

    The models that the program itself names are never folders.
    """
    return WORDS_SEPARATOR.join(_as_typed(part) for part in model_id.split(WORDS_SEPARATOR))


def _as_typed(part: str) -> str:
    if part in {MINI_MODEL, DEFAULT_MODEL}:
        return part
    try:
        folder = Path(part).expanduser() if part else None
        return str(folder.resolve()) if folder and folder.is_dir() else part
    except (OSError, ValueError, RuntimeError):  # no name for a folder, or of nobody's home
        return part


def quick_signature(model_id: str, settings: Settings) -> str:
    """Tell, without loading it, whether a model may be another than last time.

    Names, sizes and times of a local model's files; the id of one from the hub, whose files stay
    as they were downloaded, and of a folder that nobody chose here, which is not looked into.
    """
    digest = hashlib.sha256()
    for part in _two_models(model_id):
        digest.update(f"{part}\n".encode("utf-8", "surrogateescape"))
        folder = _folder(part, settings) if is_trusted(part, settings) else None
        for facts in _facts_of_files(folder) if folder else ():
            digest.update(facts.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _folder(name: str, settings: Settings) -> Path | None:
    return settings.mini_model_folder if name == MINI_MODEL else local_folder(name)


def _facts_of_files(folder: Path) -> Iterator[str]:
    for file in sorted(islice(folder.rglob("*"), _MOST_FILES)):
        with passing_over(_LOG, "a file of a model is passed over", OSError):
            facts = file.stat()
            stamps = f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns}"
            yield f"{file.relative_to(folder).as_posix()} {stamps}\n"


def _two_models(model_id: str) -> tuple[str, str]:
    pictures, _, words = model_id.partition(WORDS_SEPARATOR)
    if not words:
        words, pictures = pictures, _PICTURE_MODELS.get(pictures.rpartition("/")[2], pictures)
    return pictures, words


def _load(name: str, settings: Settings, device: str | None) -> SentenceTransformer:
    folder = _folder(name, settings)
    if folder:
        require_model_in(folder)
        remedy = "The folder must hold a complete sentence-transformers CLIP model."
        return _loaded(name, folder, device, remedy)
    cached = cached_model(name)
    if cached:
        try:
            return load_model_folder(cached, device)
        except ModelUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a download that was stopped lacks anything
            _LOG.info("the cached model is not whole: %s", error)
    return _loaded(name, downloaded_model(name), device, OFFER)


def _loaded(name: str, folder: Path, device: str | None, remedy: str) -> SentenceTransformer:
    try:
        return load_model_folder(folder, device)
    except ModelUnavailable:
        raise
    except Exception as error:  # the libraries below raise nearly anything for files they miss
        cause = f"The model '{name}' cannot be loaded: {first_line(error).rstrip('.')}"
        remedy = _INSTALL if isinstance(error, ImportError) else remedy
        raise ModelUnavailable(cause, place=str(folder), remedy=remedy) from error


def load_model_folder(folder: Path, device: str | None = None) -> SentenceTransformer:
    """Load a model by its files, none of which may run code; it goes to no network.

    Raises:
        ModelUnavailable: A file could run code.
        Exception: Nearly anything, for files that the libraries below miss or cannot read.
    """
    check_model_files(folder)
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    # The bar of reading weights from disk; the one of downloading them stays.
    transformers_logging.disable_progress_bar()
    # Said by the caller, these win over whatever the folder's own settings say.
    numbers_only = {"weights_only": True, "trust_remote_code": False}
    return SentenceTransformer(
        str(folder), device=device, local_files_only=True, trust_remote_code=False,
        model_kwargs=numbers_only,
    )  # fmt: skip


def _checked_dimension(
    model_id: str, pictures: SentenceTransformer, words: SentenceTransformer
) -> int:
    """Embed a picture and a word, which tells whether the model can do both in one space.

    The word also beside a longer text: it must mean the same there.
    """
    from PIL import Image

    remedy = "Use a CLIP model, which embeds both; clip-ViT-B-32 is the default."
    try:
        picture = encoded_pictures(pictures, [Image.new("RGB", (64, 64))])
        word = encoded_texts(words, [_A_WORD])
        beside = encoded_texts(words, [_A_WORD, _A_LONGER_TEXT])[:1]
    except Exception as error:
        cause = f"The model '{model_id}' does not embed both pictures and words"
        raise ModelUnavailable(cause, place=first_line(error), remedy=remedy) from error
    if picture.shape != word.shape:
        cause = (
            f"The model '{model_id}' gives pictures {picture.shape[1]} dimensions"
            f" and words {word.shape[1]}"
        )
        raise ModelUnavailable(cause, remedy=remedy)
    same = float((unit_rows(word) * unit_rows(beside)).sum())
    if same < _SAME_WORD:  # what is no number is another error, where words are embedded
        cause = (
            f"The model '{model_id}' gives a word another vector beside a longer text"
            f" (cosine {same:.3f}), because it reads what fills the shorter one up"
        )
        raise ModelUnavailable(cause, place=f"'{_A_WORD}' beside '{_A_LONGER_TEXT}'", remedy=remedy)
    return int(picture.shape[1])
