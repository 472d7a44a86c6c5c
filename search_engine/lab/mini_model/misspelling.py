"""Slips of the pen, and words that look like ours but are none."""

from __future__ import annotations

import string

from search_engine.sample.chance import Chance

_SHORTEST = 3
_NEIGHBOURS = {
    letter: row[max(0, index - 1) : index] + row[index + 1 : index + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for index, letter in enumerate(row)
}
_ONSETS = (
    "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sc sh sk sl sm sn sp st "
    "str t th tr v w x y z"
).split()
_VOWELS = "a e i o u ai ea ee ie oa oo ou y".split()
_CODAS = "b ck d f g l lk ll m mp n nd ng nk nt p r rd rk rm rn rt s sh sk ss st t th x z".split()


def misspell(text: str, chance: Chance, *, known: frozenset[str]) -> str:
    """Make one slip in one longer word, if possible one we know, and never into one we know."""
    parts = text.split(" ")
    places = [
        index for index, part in enumerate(parts) if len(part) >= _SHORTEST and part.isalpha()
    ]
    if not places:
        return text
    ours = [index for index in places if parts[index] in known]
    index = chance.choice(ours or places)
    slipped = slip(parts[index], chance)
    if slipped not in known:
        parts[index] = slipped
    return " ".join(parts)


def slip(word: str, chance: Chance) -> str:
    """Swap, drop, double, add or replace one letter after the first."""
    at = chance.randrange(1, len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    near = chance.choice(_NEIGHBOURS.get(letter, letter) or letter)
    ways = [before + letter + letter + after, before + near + after, before + near + letter + after]
    if after:
        ways += [before + after[0] + letter + after[1:]] * 2
    if len(word) > _SHORTEST:
        ways += [before + after] * 2
    return chance.choice(ways)


def invented_word(chance: Chance) -> str:
    """Make up a word that could be English."""
    syllables = chance.choice((1, 2, 2, 2, 3))
    parts = [chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables)]
    return "".join(parts) + chance.choice(_CODAS)


def gibberish(chance: Chance) -> str:
    """Hit random keys."""
    keys = string.ascii_lowercase + string.digits
    return "".join(chance.choices(keys, k=chance.randint(1, 12)))


def prefixed(word: str, chance: Chance) -> str:
    """Put a syllable before a word we know, as in ``donkey``: it looks like it and is none."""
    syllable = chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(["", *_CODAS])
    return syllable + word


def suffixed(word: str, chance: Chance) -> str:
    """Put a syllable behind a word we know, as in ``carpet``: it looks like it and is none."""
    return word + chance.choice(["", *_ONSETS]) + chance.choice(_VOWELS) + chance.choice(_CODAS)
