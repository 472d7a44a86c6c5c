"""Words by which a group of pictures can be called, out of the background texts of a model."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from search_engine.calibration.background_texts import BackgroundTexts, content_words
from search_engine.records import Vectors
from search_engine.records.background import BackgroundVectors

_ARTICLES = ("a ", "an ", "the ")
_SEVERAL = 3
"""Texts that share a word: it names what they have in common."""


def named_words(
    texts: BackgroundTexts, background: BackgroundVectors
) -> tuple[tuple[str, ...], Vectors]:
    """Return words and their vectors of length one, shape (words, dimension).

    These are the background texts, and each word that several of them share, at their mean: where
    texts say “a red fish” and “a blue fish”, fish of all colours are called “fish”.
    """
    sharing: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts.plain):
        for word in content_words(text):
            sharing[word].append(place)
    names = [_bare(text) for text in texts.plain]
    vectors = list(background.vectors)
    for word, places in sharing.items():
        if len(places) >= _SEVERAL and word not in names:
            mean = background.vectors[places].mean(axis=0)
            names.append(word)
            vectors.append(mean / max(float(np.linalg.norm(mean)), 1e-12))
    return tuple(names), np.array(vectors, dtype=np.float32)


def _bare(text: str) -> str:
    article = next((one for one in _ARTICLES if text.startswith(one)), "")
    return text[len(article) :]
