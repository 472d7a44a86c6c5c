"""Background texts: what else a picture could show, which a question has to stand out from.

They are a file that belongs to the model: ``background_texts.txt`` in its folder where the model
brings one, as the bundled one does, else everyday nouns, which suit a general CLIP. A file of the
same name in the data folder adds the words of a user's own field to either. One text a line; a
line that begins with ``#`` starts a group and says what its texts are kinds of.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_engine.embedding.trust import WORDS_SEPARATOR, is_trusted, local_folder
from search_engine.errors import passing_over
from search_engine.settings import BACKGROUND_FILE, MINI_MODEL, Settings

_LOG = logging.getLogger(__name__)

_EVERYDAY = Path(__file__).parent / "everyday.txt"
MOST_TEXTS = 2_000
"""All take a million pictures 20 s on two cores; far more are no background any more."""
_LONGEST = 300
_MOST_BYTES = MOST_TEXTS * _LONGEST
_TOKEN = re.compile(r"\w+")
_SAYS_NOTHING = frozenset(
    "a an and are at by for from in into is it its of on or that the their this to with"
    " photo photos photograph picture pictures image some something".split()
)


@dataclass(frozen=True, slots=True)
class BackgroundText:
    """One of them."""

    text: str
    kind_of: frozenset[str] = frozenset()
    """What it is a kind of, in single words: whoever asks for an animal asks for a dog, too."""


@dataclass(frozen=True)
class BackgroundTexts:
    """The background texts of a model, in the order in which their vectors are kept."""

    texts: tuple[BackgroundText, ...]

    @property
    def plain(self) -> list[str]:
        """The texts alone."""
        return [one.text for one in self.texts]

    @cached_property
    def digest(self) -> str:
        """A name for just these texts in this order, 16 digits."""
        return hashlib.sha256("\n".join(self.plain).encode()).hexdigest()[:16]

    def saying_the_same(self, asked: Iterable[str]) -> NDArray[np.bool_]:
        """Return which of them say what a question asks for, or are a kind of it; shape (n,).

        One does if its words are all among those of the question, or the other way round. Whether
        it does without sharing a word, its vector tells.
        """
        questions = [words for words in map(content_words, asked) if words]
        every = frozenset[str]().union(*questions)
        found = [
            bool(own & every and (own <= every or any(words <= own for words in questions)))
            or any(words <= one.kind_of for words in questions)
            for one, own in zip(self.texts, self._words, strict=True)
        ]
        return np.array(found, dtype=bool)

    @cached_property
    def _words(self) -> list[frozenset[str]]:
        return [content_words(one.text) for one in self.texts]


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that say something, each in the singular of plain English."""
    words = (token for token in _TOKEN.findall(text.casefold()) if token not in _SAYS_NOTHING)
    return frozenset(map(_singular, words))


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):  # noqa: PLR2004 - as short as "bus"
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]


def background_texts(model_id: str, settings: Settings) -> BackgroundTexts:
    """Return the background texts of a model, those of the user included.

    A file that cannot be read, or a line of it that is no text, is passed over and logged.

    Args:
        model_id: As in `load_embedder`.
        settings: Tells where the bundled model and the user's own texts lie.
    """
    own = read_texts(settings.data_folder / BACKGROUND_FILE)
    found = _of_model(model_id, settings) or read_texts(_EVERYDAY)
    by_text = {one.text: one for one in [*found, *own]}
    return BackgroundTexts(tuple(islice(by_text.values(), MOST_TEXTS)))


def _of_model(model_id: str, settings: Settings) -> list[BackgroundText]:
    for part in reversed(model_id.split(WORDS_SEPARATOR)):  # the one for words comes last
        if part == MINI_MODEL:
            return read_texts(settings.mini_model_folder / BACKGROUND_FILE)
        folder = local_folder(part) if is_trusted(part, settings) else None
        if folder and (found := read_texts(folder / BACKGROUND_FILE)):
            return found
    return []


def read_texts(file: Path) -> list[BackgroundText]:
    """Read a file of background texts; nothing where there is none."""
    content = ""
    with passing_over(_LOG, f"'{file}' is passed over", OSError, ValueError):
        if not file.is_file():
            return []
        with file.open(encoding="utf-8-sig") as lines:
            content = lines.read(_MOST_BYTES)
    found: list[BackgroundText] = []
    kinds: frozenset[str] = frozenset()
    for number, line in enumerate(content.splitlines(), 1):
        text = " ".join(line.split())
        if text.startswith("#"):
            kinds = content_words(text)
        elif len(text) > _LONGEST:
            _LOG.warning("line %d of '%s' is passed over: it is too long for a text", number, file)
        elif text:
            found.append(BackgroundText(text, kinds))
    return list(islice(found, MOST_TEXTS))
