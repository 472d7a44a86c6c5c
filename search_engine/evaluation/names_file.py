"""The file that tells what folders named by codes are called.

A line for each code, with one name or several: ``n01440764,tench,Tinca tinca``. What tables save is
read, with commas, semicolons or tabs between, in quotes or not, with or without the mark of UTF-8;
and what data sets bring along, as ``n01440764 tench, Tinca tinca`` (``synset_words.txt`` of
ImageNet). A first line of headings is passed over.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from search_engine.errors import BadInput
from search_engine.evaluation.category_names import is_code
from search_engine.evaluation.labelling import FolderNames
from search_engine.names import compared, one_spelling

MOST_BYTES = 16_000_000
"""Of such a file; the 21,841 classes of ImageNet take one."""

_LONGEST_NAME = 1_000
_LONGEST_LINE = 100_000
_SHOWN = 60
_SEPARATORS = "\t;,"
_BLANKS = " "
_WAYS = (*"\t;", _BLANKS, ",")
"""As tried: between blanks and commas the former, as names may have commas between them."""
_HEADINGS = frozenset(
    "category class class_id classid code folder id index label name synset wnid".split()
)
_HOW = "Write a line for each folder, its name first: n01440764,tench"


def read_names_file(file: Path) -> FolderNames:
    """Read a file of names.

    Raises:
        BadInput: It cannot be read, or a line of it says nothing that can be used.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        cause = f"The file of names cannot be read: {error.strerror or error}"
        raise BadInput(
            cause, place=str(file), remedy="Is it there, and may you read it?"
        ) from error
    return names_from(content, str(file))


def names_from(content: bytes, place: str) -> FolderNames:
    """Read what a file of names holds; ``place`` is what errors call it.

    Raises:
        BadInput: A line of it says nothing that can be used; the place says which.
    """
    lines = _decoded(content, place).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: dict[str, tuple[str, tuple[str, ...], int]] = {}
    for number, code, names in _entries(lines, place):
        where = f"{place}, line {number}"
        before = found.setdefault(compared(code), (code, names, number))
        if before[1] != names:
            cause = f"'{code[:_SHOWN]}' has other names here than in line {before[2]}"
            raise BadInput(cause, place=where, remedy="Leave one of the two lines.")
    if not found:
        cause = "The file of names is empty"
        raise BadInput(cause, place=place, remedy=f"{_HOW}.")
    by_code = {key: names for key, (_, names, _) in found.items()}
    return FolderNames(
        MappingProxyType(by_code),
        tuple(code for code, _, _ in found.values()),
        _digest(by_code),
    )


def _digest(by_code: Mapping[str, tuple[str, ...]]) -> str:
    return hashlib.sha256(repr(by_code).encode()).hexdigest()[:16]


def _decoded(content: bytes, place: str) -> str:
    if len(content) > MOST_BYTES:
        cause = f"The file of names is larger than {MOST_BYTES // 1_000_000} MB"
        raise BadInput(cause, place=place, remedy=f"{_HOW}.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        cause = "The file of names is not in UTF-8"
        remedy = "Save it as UTF-8, which a spreadsheet offers as “CSV UTF-8”."
        raise BadInput(cause, place=f"{place}, line {line}", remedy=remedy) from error


def _entries(lines: Sequence[str], place: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Return the number of each line that is not empty, its code and its names."""
    for number, line in enumerate(lines, start=1):
        if len(line) > _LONGEST_LINE:
            cause = f"A line is longer than {_LONGEST_LINE:,} characters"
            raise BadInput(cause, place=f"{place}, line {number}", remedy=f"{_HOW}.")
    way = max(_WAYS, key=lambda one: sum(_fits(line, one) for line in lines))
    first = True
    for number, line in enumerate(lines, start=1):
        code, *rest = (one_spelling(" ".join(cell.split())) for cell in _cells(line, way))
        spoken = (" ".join(name.replace("_", " ").split()) for name in rest)
        names = tuple(dict.fromkeys(filter(None, spoken)))
        if not code and not names:
            continue
        heading, first = first and code.lower() in _HEADINGS, False
        if not heading:
            wrong = _wrong(code, names)
            if wrong:
                raise BadInput(wrong, place=f"{place}, line {number}", remedy=f"{_HOW}.")
            yield number, code, names


def _wrong(code: str, names: tuple[str, ...]) -> str:
    """Say what is wrong with a line; nothing if nothing is."""
    if not names:
        return f"'{code[:_SHOWN]}' has no name"
    if not code:
        return f"'{names[0][:_SHOWN]}' has no folder before it"
    if max(map(len, (code, *names))) > _LONGEST_NAME:
        return f"A name is longer than {_LONGEST_NAME:,} characters"
    return ""


def _cells(line: str, way: str) -> list[str]:
    """Part a line into code and names; names in one cell are parted at commas.

    A cell in quotes ends with its line: a quote that is missing spoils no other one.
    """
    if way == _BLANKS:
        code, *rest = line.split(maxsplit=1) or [""]
    else:
        code, *rest = next(csv.reader([line], delimiter=way, skipinitialspace=True), []) or [""]
    return [code, *(name for cell in rest for name in cell.split(","))]


def _fits(line: str, way: str) -> bool:
    """Return whether a line can be parted so: a code before what parts it, something behind."""
    code, *names = _cells(line, way)
    if way == _BLANKS and not is_code(code):
        return False
    in_quotes = way != _BLANKS and line.lstrip().startswith('"')
    return bool(code and names) and (in_quotes or not set(_SEPARATORS) & set(code))
