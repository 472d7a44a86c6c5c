"""What the log of the server says about a fault: its kind and where it happened, no more.

What people ask, and the names of their pictures, are in the messages of exceptions as well as in
the variables that some tracebacks print. Neither belongs into a log.
"""

from __future__ import annotations

import logging
import traceback

_OTHERS = ("streamlit", "uvicorn", "asyncio")
"""Whose loggers print the exceptions of a page."""


class _WithoutValues(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Put the places in the code where a traceback with a message would be."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.exc_text = _places(error)
            record.exc_info = None
        return True


_FILTER = _WithoutValues()


def keep_values_out() -> None:
    """Let no logger of the server print what an exception says, from now on."""
    for name in tuple(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _OTHERS:
            logging.getLogger(name).addFilter(_FILTER)


def _places(error: BaseException) -> str:
    lines, seen = [], set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        lines += [f"{type(following).__name__} in", *traceback.format_tb(following.__traceback__)]
        following = following.__cause__ or following.__context__
    return "\n".join(line.rstrip("\n") for line in lines)
