"""Files of other programs, read with limits: no code runs, nothing is larger than it says.

A file may say that it holds more than memory takes. So what it says is compared with how large it
is before anything is made of it.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadInput
from search_engine.exchange.vector_set import MOST_DIMENSIONS, MOST_ROWS
from search_engine.files import documents, tables

_MOST_TEXT = 2**29
"""Bytes of JSON or CSV: paths of some million pictures."""
_MOST_PARTS = 10_000
_NUMBERS = {"float16", "float32", "float64"}
_AGAIN = "Write it anew, or choose another one."


def refused(file: Path, cause: str, remedy: str = _AGAIN) -> BadInput:
    """Return the error that a file of another program is not what it has to be."""
    return BadInput(cause, place=str(file), remedy=remedy)


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file of another program.

    Raises:
        BadInput: It is not there, cannot be read, or is no file.
    """
    # A pipe would have us wait for ever. Windows has none of these flags, and no such pipes.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(file, flags)
        with os.fdopen(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                raise refused(file, "This is no file")
            yield source
    except FileNotFoundError as error:
        cause, remedy = f"There is no {file.name}", "Is it the right folder, and the right format?"
        raise BadInput(cause, place=str(file.parent), remedy=remedy) from error
    except OSError as error:
        raise refused(file, f"It cannot be read: {error.strerror or error}") from error
    except MemoryError as error:
        raise refused(file, "It is larger than the memory") from error


def size_of(source: BinaryIO) -> int:
    """Return how many bytes a file has from where it is read."""
    return os.fstat(source.fileno()).st_size - source.tell()


def check_shape(file: Path, rows: int, dimension: int) -> None:
    """Make sure that so many vectors of such a dimension can be had.

    Raises:
        BadInput: They cannot.
    """
    if not (0 <= rows <= MOST_ROWS and 0 < dimension <= MOST_DIMENSIONS):
        cause = f"It says that it holds {rows:,} vectors of {dimension:,} dimensions"
        remedy = f"Up to {MOST_ROWS:,} of {MOST_DIMENSIONS:,} are read."
        raise refused(file, cause, remedy)


def read_vector(file: Path) -> list[float]:
    """Read one vector: a NumPy file with one row, or a list of numbers in JSON.

    Raises:
        BadInput: It holds something else.
    """
    if file.suffix == ".npy":
        rows = read_array(file)
        if len(rows) != 1:
            raise refused(file, f"It holds {len(rows):,} vectors", "Save one row alone.")
        return [float(number) for number in rows[0]]
    found = read_json(file)
    if not isinstance(found, list) or not all(type(one) in {int, float} for one in found):
        raise refused(file, "It is no list of numbers", "Write a JSON list of numbers.")
    try:
        return [float(number) for number in found]
    except OverflowError as error:
        raise refused(file, "A number in it is too large") from error


def read_array(file: Path) -> NDArray[np.floating]:
    """Read the vectors of a NumPy file, shape (n, dimension), as the numbers that they are.

    Raises:
        BadInput: It holds something else: objects, which may be code, whole numbers, another shape.
    """
    with opened(file) as source:
        try:
            version = np.lib.format.read_magic(source)
            head = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, by_columns, dtype = head(source)
        except (ValueError, KeyError, EOFError, TypeError, RecursionError, MemoryError) as error:
            raise refused(file, "It is no array as NumPy writes it") from error
        if dtype.hasobject:
            cause = "It holds Python objects, which may be code, and is not read"
            raise refused(file, cause, "Save an array of float32 with allow_pickle=False.")
        if dtype.name not in _NUMBERS or len(shape) != 2:  # noqa: PLR2004 - rows and columns
            form = " × ".join(f"{length:,}" for length in shape) or "one number"
            cause = f"It holds {form} of the type {dtype.name}, and no vectors"
            remedy = "Save one row a picture, of float16, float32 or float64."
            raise refused(file, cause, remedy)
        check_shape(file, *shape)
        size = math.prod(shape) * dtype.itemsize
        if size_of(source) != size:
            cause = f"It has {size_of(source):,} bytes of vectors, and says that it has {size:,}"
            raise refused(file, cause, "It was cut off, or changed: copy or write it again.")
        values: NDArray[np.floating] = np.fromfile(source, dtype, math.prod(shape))
    rows = values.reshape(shape, order="F" if by_columns else "C")
    return np.ascontiguousarray(rows, dtype=dtype.newbyteorder("="))


def write_array(file: Path, rows: NDArray[np.floating]) -> None:
    """Write vectors as `read_array` and ``numpy.load`` read them."""
    with file.open("xb") as target:
        np.save(target, rows, allow_pickle=False)


def _text_of(file: Path) -> bytes:
    with opened(file) as source:
        if size_of(source) > _MOST_TEXT:
            raise refused(file, f"It is larger than {_MOST_TEXT:,} bytes", "Write fewer at once.")
        return source.read(_MOST_TEXT)


def read_json(file: Path) -> object:
    """Read JSON.

    Raises:
        BadInput: It is none, too large, or too deep.
    """
    try:
        return documents.parsed(_text_of(file))
    except documents.NotARecord as error:
        raise refused(file, f"It cannot be read: {error}") from error


def write_json(file: Path, value: object) -> None:
    """Write JSON as every program reads it; bytes that are not UTF-8 are kept as surrogates."""
    with file.open("x", encoding="ascii", newline="\n") as target:
        json.dump(value, target, indent=1)
        target.write("\n")


def texts(file: Path, value: object, what: str) -> list[str]:
    """Return a list of texts out of JSON.

    Raises:
        BadInput: It is something else.
    """
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise refused(file, f"It is no list of {what}", "Write a JSON list of texts.")
    if len(value) > MOST_ROWS:
        raise refused(file, f"It has more than {MOST_ROWS:,} {what}", "Write fewer at once.")
    return cast("list[str]", value)


def read_csv(file: Path) -> list[dict[str, str]]:
    """Read a table with a line of names, as spreadsheets and we write it.

    Raises:
        BadInput: It is none, or too large.
    """
    try:
        text = _text_of(file).decode(tables.ENCODING, "surrogateescape")
        lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except (csv.Error, UnicodeError) as error:
        raise refused(file, f"It is no table: {error}") from error
    for number, line in enumerate(lines, start=2):
        if None in line or None in line.values():
            cause = f"Line {number:,} has not as many cells as the first"
            raise refused(file, cause, "Write one line a picture, as long as the first.")
    return [{name: tables.as_named(cell) for name, cell in line.items()} for line in lines]


def parts_of(folder: Path, stem: str, ending: str) -> list[Path]:
    """Return files such as ``img_emb_0.npy`` in the order of their numbers.

    Raises:
        BadInput: The folder cannot be read, or holds none.
    """
    try:
        names = [file for file in folder.iterdir() if file.suffix == ending]
    except OSError as error:
        cause = f"The folder cannot be read: {error.strerror or error}"
        raise refused(folder, cause, "Is it the right folder, and the right format?") from error
    numbered = {
        int(number): file
        for file in names
        if (number := file.stem.removeprefix(stem)).isascii() and number.isdigit()
    }
    if not numbered or len(numbered) > _MOST_PARTS:
        cause = f"There is no {stem}0{ending}" if not numbered else "There are too many parts"
        raise refused(folder, cause, "Is it the right folder, and the right format?")
    return [numbered[number] for number in sorted(numbered)]
