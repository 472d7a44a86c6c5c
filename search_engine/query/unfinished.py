"""Words that somebody is still typing, told from those that are whole."""

from __future__ import annotations

import re

from search_engine.errors import BadQuery
from search_engine.query.syntax import SIGN, WEIGHT, cut_at_signs

_WEIGHT_ALONE = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*:")


def require_finished(text: str) -> None:
    """Tell words that are whole from those that somebody is still typing.

    Only what `Query.parse` would take for words as it stands is told here: a weight or a ``#`` with
    nothing behind it, a quote or a brace that is not closed.

    Raises:
        BadQuery: Something is missing at its end.
    """
    last = cut_at_signs(text.strip())[1][-1].strip()
    missing = ""
    if _WEIGHT_ALONE.fullmatch(last):
        missing = f"Nothing follows the weight “{last}”"
    elif last == "#":
        missing = "The number of a picture is missing after “#”"
    elif text.count('"') % 2 and _opens(text[: text.rindex('"')].rstrip()):
        missing = "A quote is not closed"
    elif _after_weight(last).startswith("{") and "}" not in last:
        missing = "A brace “{” is not closed"
    if missing:
        raise BadQuery(missing, remedy="Type on, or put words in quotes to keep them as they are.")


def _opens(before: str) -> bool:
    """Return whether a quote behind this text begins a term, unlike the one in 5" disk."""
    return not before or before[-1] in ":{" or bool(SIGN.search(before, len(before) - 1))


def _after_weight(text: str) -> str:
    match = WEIGHT.match(text)
    return text[match.end() :].strip() if match else text
