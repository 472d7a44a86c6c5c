"""Words that mean nothing, made up by chance."""

from __future__ import annotations

from random import Random

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ONSETS = "b bl br ch d dr f fl g gr h j k kl m n p pl qu r s sk sl st t tr v w z".split()
_VOWELS = "a e i o u oo ai ee".split()
_CODAS = ("", "", "n", "r", "l", "s", "m", "x", "ng", "ck", "zz")


def nonsense_queries(count: int, seed: int = 1) -> list[str]:
    """Make up queries without a meaning: pseudo-words and struck keys, bare and in a sentence."""
    chance = Random(seed)  # noqa: S311 - nothing is secret here
    words: dict[str, None] = {}
    while len(words) < count:
        word = _pseudo_word(chance) if len(words) % 2 else _struck_keys(chance)
        words[word] = None
    forms = ("{}", "{}", "a photo of a {}", "a photo of a {}")
    return [forms[place % len(forms)].format(word) for place, word in enumerate(words)]


def _pseudo_word(chance: Random) -> str:
    syllables = (_ONSETS, _VOWELS, _CODAS) * chance.choice((2, 2, 3))
    return "".join(chance.choice(parts) for parts in syllables)


def _struck_keys(chance: Random) -> str:
    row = chance.choice((*_ROWS, "".join(_ROWS)))
    return "".join(chance.choice(row) for _ in range(chance.randint(5, 12)))
