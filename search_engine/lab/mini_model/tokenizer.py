"""A small byte-level BPE vocabulary, learned from the words of the captions.

The algorithm is that of Sennrich et al. (2016), as CLIP uses it: bytes, word ends marked ``</w>``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.unknown_words import UNKNOWN_WORDS

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

Pair: TypeAlias = tuple[str, str]

VOCABULARY_SIZE = 1536
POSITIONS = 32
START, END = "<|startoftext|>", "<|endoftext|>"
_WORD_END = "</w>"


def learned_tokenizer() -> CLIPTokenizer:
    """Learn the vocabulary; the result is the same every time."""
    from transformers import CLIPTokenizer

    vocabulary, merges = _vocabulary(_word_counts())
    return CLIPTokenizer(
        vocab=vocabulary,
        merges=merges,
        unk_token=END,
        bos_token=START,
        eos_token=END,
        pad_token=END,
        model_max_length=POSITIONS,
    )


def _word_counts() -> Counter[str]:
    """Weigh the words: those of the captions many times those of unknown things."""
    known: list[str] = []
    for nouns in words.NOUNS.values():
        known += [form for noun in nouns for form in (noun.one, noun.many)] * 4
    for noun, _ in words.UMBRELLA_TERMS:
        known += [noun.one, noun.many] * 3
    for table in (words.COLOUR_WORDS, words.SIZE_WORDS, words.COUNT_WORDS):
        known += [word for choices in table.values() for word in choices] * 4
    for phrases in (*words.PLACE_PHRASES.values(), *words.SPOT_PHRASES.values()):
        known += [*phrases] * 3
    known += [*words.PRAISE, *words.FILLERS, *words.SENTENCES] * 2
    texts = [*known, *known, *known, *UNKNOWN_WORDS]
    return Counter(word for text in texts for word in _letters(text).split())


def _letters(text: str) -> str:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower())


def _vocabulary(counts: Mapping[str, int]) -> tuple[dict[str, int], list[Pair]]:
    alphabet = _byte_letters()
    tokens = [*alphabet, *(letter + _WORD_END for letter in alphabet)]
    merges = _merges(counts, VOCABULARY_SIZE - len(tokens) - 2)
    tokens += ["".join(merge) for merge in merges]
    return {token: index for index, token in enumerate((*tokens, START, END))}, merges


def _byte_letters() -> list[str]:
    """List the 256 printable letters that byte-level BPE writes bytes with."""
    from tokenizers.pre_tokenizers import ByteLevel

    letters: list[str] = sorted(ByteLevel.alphabet())
    return letters


def _merges(counts: Mapping[str, int], number: int) -> list[Pair]:
    """Join the most frequent pair of tokens again and again; ties go to the first by alphabet."""
    splits = {word: (*word[:-1], word[-1] + _WORD_END) for word in counts if word.isascii()}
    merges: list[Pair] = []
    while len(merges) < number:
        pairs: Counter[Pair] = Counter()
        for word, parts in splits.items():
            for pair in pairwise(parts):
                pairs[pair] += counts[word]
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        splits = {word: _joined(parts, best) for word, parts in splits.items()}
    return merges


def _joined(parts: tuple[str, ...], pair: Pair) -> tuple[str, ...]:
    if pair[0] not in parts:
        return parts
    joined: list[str] = []
    for part in parts:
        if joined and (joined[-1], part) == pair:
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
