"""Pictures and words, each handed to a model as what it is.

``SentenceTransformer.encode`` guesses what a string is: it fetches one that looks like the address
of a picture, and opens one that looks like the path of a file that exists. So a text goes in under
the name ``text``, by which it is tokenized without being looked at, and nothing but a picture that
was decoded here goes in as a picture. No other module calls ``encode`` of a model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.names import one_spelling

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32

_SIGLIP = {"siglip", "siglip2"}
"""Kinds of models that were trained on lower case, padded to full length, and read the padding.

The multilingual ones of SigLIP and all of SigLIP 2 have tokenizers that leave capitals as they are;
M. Tschannen et al., "SigLIP 2", arXiv 2502.14786, 2025, section 2.1, writes texts in lower case
before these.
"""

_NO_LIMIT = 10**9
"""Transformers writes 10³⁰ where the makers of a tokenizer said nothing."""


def encoded_pictures(
    model: SentenceTransformer, images: Sequence[Image.Image], batch_size: int = BATCH_SIZE
) -> NDArray[np.float32]:
    """Embed decoded pictures as the model was loaded, shape (n, dimension), of any length.

    Raises:
        TypeError: One of them is no decoded picture; a string might be opened or fetched.
    """
    for image in images:
        if not isinstance(image, Image.Image):
            cause = f"a picture must be decoded, not {type(image).__name__}"
            raise TypeError(cause)
    return _encoded(model, list(images), batch_size)


def encoded_texts(
    model: SentenceTransformer, texts: Sequence[str], batch_size: int = BATCH_SIZE
) -> NDArray[np.float32]:
    """Embed texts, shape (n, dimension), of any length; nothing is guessed from what they say."""
    named = [{"text": plain_text(model, text)} for text in texts]
    return _encoded(model, named, batch_size, processing_of_texts(model))


def plain_text(model: SentenceTransformer, text: str) -> str:
    """Write a text so that its tokenizer can read it, and reads nothing but words.

    Letters with accents are written in one way, so that words of a Mac mean the same. Bytes that
    are not UTF-8 become question marks. Markers of the tokenizer, which takes its own end marker
    seriously wherever it is typed, become blanks. Capitals go where the model was trained without.
    """
    markers = _any_of(tuple(model.tokenizer.all_special_tokens))
    plain = markers.sub(" ", one_spelling(text.encode("utf-8", "replace").decode()))
    return plain.lower() if _is_siglip(model) else plain


@lru_cache
def _any_of(markers: tuple[str, ...]) -> re.Pattern[str]:
    # Some models pad with a sign like "!", which is a word of a text as well.
    long_ones = sorted((re.escape(one) for one in markers if len(one) > 1), key=len, reverse=True)
    return re.compile("|".join(long_ones) or r"(?!)")


def longest_text(model: SentenceTransformer) -> int | None:
    """Return how many tokens of a text a model reads; None if it reads all."""
    if _is_siglip(model):
        positions: int = _config(model).text_config.max_position_embeddings
        return positions
    limit: int | None = model.max_seq_length
    return limit if limit is not None and limit < _NO_LIMIT else None


def processing_of_texts(model: SentenceTransformer) -> dict[str, Any] | None:
    """Return how texts are padded where that is not as long as the longest beside them."""
    if not _is_siglip(model):
        return None
    length = longest_text(model)
    full = {"padding": "max_length", "padding_side": "right", "max_length": length}
    return {"text": full | {"truncation": True, "return_attention_mask": False}}


def _is_siglip(model: SentenceTransformer) -> bool:
    return getattr(_config(model), "model_type", None) in _SIGLIP


def _config(model: SentenceTransformer) -> Any:  # noqa: ANN401 - not typed
    return getattr(model[0], "config", None)


def _encoded(
    model: SentenceTransformer,
    inputs: list[Any],
    batch_size: int,
    processing: dict[str, Any] | None = None,
) -> NDArray[np.float32]:
    vectors = model.encode(
        inputs,
        batch_size=batch_size,
        show_progress_bar=False,
        convert_to_numpy=True,
        processing_kwargs=processing,
    )
    return np.asarray(vectors, dtype=np.float32)
