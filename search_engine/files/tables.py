"""Tables as CSV that every spreadsheet opens and none runs.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break is a formula to a
spreadsheet, whatever quotes stand around it, and folders may be named so by anybody. Such a cell
gets an apostrophe before it, as spreadsheets themselves mark text; so does one that begins with an
apostrophe, so that `as_named` gets every name back. What comes after a semicolon or a tab begins a
cell as well where the spreadsheet takes those for separators, as it does in half of Europe.
Numbers stay numbers. The text is UTF-8 with a mark at its beginning, without which Excel garbles
``é``; names that are not UTF-8 come through byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Real

_BEGINS = r"(?:\A|(?<=[;\t\r\n]))"
_RUNS = r"(?=[ \xa0]*['=+\-@\t\r\n＝＋－＠])"
_TO_MARK = re.compile(_BEGINS + _RUNS)
_MARKED = re.compile(f"{_BEGINS}'{_RUNS}")

ENCODING = "utf-8-sig"
"""To read the tables with; together with ``errors="surrogateescape"`` for any name."""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table: numbers as they are, nothing for None and NaN, all else as text."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([as_cell(name) for name in header])
    writer.writerows([as_cell(value) for value in row] for row in rows)
    return target.getvalue().encode(ENCODING, "surrogateescape")


def as_line(values: Iterable[str]) -> str:
    """Return several texts as one line of CSV, for a single cell; `as_values` reads it."""
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="").writerow(list(values))
    return target.getvalue()


def as_values(line: str) -> list[str]:
    """Return the texts that `as_line` made a line of."""
    return next(csv.reader([line]), [])


def as_cell(value: object) -> object:
    """Return what stands in a cell for a value."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone is unlike itself
        return ""
    if isinstance(value, bool | int | float | Real | Decimal):
        return value
    return _TO_MARK.sub("'", str(value))


def as_named(cell: str) -> str:
    """Return the text that `as_cell` made a cell of."""
    return _MARKED.sub("", cell)
