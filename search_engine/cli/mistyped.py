"""What to say of something on the command line that is no option."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from search_engine.names import did_you_mean

_ASKS = {"search": " or --not {}", "explain": "", "demo": "", "wording": ""}
"""Commands that take a query, and what else takes something away there."""
_WORD = re.compile(r"-(?!(?:[hk]|k\d+)$)([^\W\d_].*)")


def dashed_word(arguments: Sequence[str]) -> str:
    """Return how to take away a word that was typed right after a dash, as in ``dog -cat``.

    Nothing where there is none. Some such words would be taken for options: ``-hat`` for help.
    """
    command = next((one for one in arguments if not one.startswith("-")), "")
    if command not in _ASKS:
        return ""
    start = arguments.index(command) + 1
    end = arguments.index("--") if "--" in arguments else len(arguments)
    for place, one in enumerate(arguments[:end]):
        found = _WORD.fullmatch(one)
        if found:
            before = [text for text in arguments[start:place] if not text.startswith("-")]
            asked = " ".join([*before[-2:], "-", found[1]])
            also = _ASKS[command].format(found[1])
            return f"'{one}' is no option; to take it away, write: {asked}{also}"
    return ""


def unknown_options(unknown: Sequence[str], options: Iterable[str]) -> str:
    """Name what is not known, and the options that may be meant."""
    names = [one.partition("=")[0] for one in unknown if one.startswith("--")]
    meant = did_you_mean(names[0], options) if names else ""
    text = f"unrecognized arguments: {' '.join(unknown)}"
    return f"{text}. {meant}" if meant else text
