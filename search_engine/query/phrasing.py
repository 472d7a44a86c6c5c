"""Names as words, and words in several wordings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search_engine.errors import BadQuery
from search_engine.names import one_spelling

PLACE = "{}"
"""Stands in a template where the words go."""
CATEGORY_TEMPLATE = "a photo of a {}"
"""How the paper of CLIP asks for a category (Radford et al., ICML 2021, section 3.1.4)."""
WORDINGS = (
    PLACE,
    "a photo of {}",
    "a picture showing {}",
    "an image of {}",
    "a picture of {}",
    "a drawing of {}",
)
"""Ways to word the same; what is searched in all of them is searched by their mean."""

_NUMBERS_BEFORE = re.compile(
    r"^(?:(?:n\d{8}|\d+)\s*(?:[^\w\s]|_)+\s*|(?:0\d*|\d{4,})\s+)+(?=.*[^\W\d_])"
)
"""An order number, a date or a WordNet id; ``3 cats`` begins with none of these."""
_ARTICLE = re.compile(rf"\b([Aa]) {re.escape(PLACE)}")
_LONGEST_NAME = 1_000
"""No file system has longer names; only a catalog that was made by hand."""
_LONGEST_TEXT = 10_000_000
_SHOWN = 80
_VOWELS = {"a", "e", "i", "o", "u"}
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_WORD_BEGINS = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


def name_as_words(name: str) -> str:
    """Write the name of a folder as words: ``012_GoldenRetriever`` is ``golden retriever``.

    Underscores, hyphens and other signs part words, and so does a capital after small letters. An
    order number, a date or a WordNet id at the beginning is left out if letters follow. Words all
    in capitals stay so. A name without letters or digits stays as it is.
    """
    readable = one_spelling(name[:_LONGEST_NAME].encode("utf-8", "replace").decode())
    parts = _BETWEEN_WORDS.split(_NUMBERS_BEFORE.sub("", readable))
    words = [word for part in parts for word in _WORD_BEGINS.split(part) if word]
    return " ".join(word if word.isupper() else word.lower() for word in words) or readable


_SAYS_NOTHING = frozenset(
    "album albums backup camera desktop documents downloads edited export img images import jpeg"
    " jpg misc none original originals other others photo photos pics picture pictures png raw"
    " sorted test tmp temp train training unknown unsorted untitled val validation various".split()
).union(["camera roll", "new folder", "saved pictures", "untitled folder", "whatsapp images"])
"""Names of folders that tell how pictures came there, not what they show."""
_CODE = re.compile(r"[A-Z]{1,5}|[^aeiouyAEIOUY]+")
_NOT_COUNTED = frozenset(
    "children clothing food fruit furniture grass ice men nature people sand sky snow water"
    " women black blue brown green grey pink purple red white yellow".split()
)
_PLURAL = re.compile(r".*[^suai]s|.*[^aeiou]es", re.DOTALL)
_FEWEST_LETTERS, _MOST_LETTERS, _MOST_WORDS = 3, 40, 4


def query_for(name: str) -> str | None:
    """Return a query for what a folder is named after; None where that is no word.

    ``apple`` is asked for as “a photo of an apple”, ``cats`` as “a photo of cats”, and ``Alps``,
    which may be a name, as it is. A year, a code, what a camera writes, and names like *misc* say
    nothing of what is in the pictures.
    """
    words = name_as_words(name)
    first = name.lstrip("0123456789nN_- ")[:1]
    is_word = (
        words.replace(" ", "").isalpha()
        and len(words) <= _MOST_LETTERS
        and (len(words) >= _FEWEST_LETTERS or not words.isascii())
        and len(words.split()) <= _MOST_WORDS
        and words.casefold() not in _SAYS_NOTHING
    )
    if not is_word or re.match(r"\d{4}", name) or (words.isascii() and _CODE.fullmatch(words)):
        return None
    if first.isupper():
        return name if name.isalpha() else words
    last = words.split()[-1]
    if last in _NOT_COUNTED or _PLURAL.fullmatch(last):
        return filled("a photo of {}", words)
    return filled(CATEGORY_TEMPLATE, words)


def category_queries(names: Iterable[str], template: str = CATEGORY_TEMPLATE) -> list[str]:
    """Return the query for each category, by its name as words.

    Raises:
        BadQuery: The template has no place for a name.
    """
    return [filled(template, name_as_words(name)) for name in names]


def filled(template: str, words: str) -> str:
    """Put words into a template, where “a” before a vowel becomes “an”.

    Raises:
        BadQuery: The template has no place for them, or both are too long.
    """
    if PLACE not in template:
        cause = f"The template '{template[:_SHOWN]}' has no place for the words"
        raise BadQuery(cause, remedy="Write {} where they go: a photo of a {}")
    if len(template) + template.count(PLACE) * len(words) > _LONGEST_TEXT:
        cause = "The template and the words are too long together"
        raise BadQuery(cause, remedy="Shorten one of them.")
    if words[:1].lower() in _VOWELS:
        template = _ARTICLE.sub(rf"\1n {PLACE}", template)
    return template.replace(PLACE, words)
