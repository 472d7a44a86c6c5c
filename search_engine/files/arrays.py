"""Arrays in files of our own, read only as they were written: no code, no bombs, no surprises.

Such a file may come with somebody's collection. So whoever reads one says what each array in it
has to be, and how long it can be for this collection. From that follows how large the file can be,
which is looked at before any of it is read; and every array is what was said, or none is read.
"""

from __future__ import annotations

import logging
import math
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from search_engine import files

_LOG = logging.getLogger(__name__)

_KEY = "key"
_LONGEST_TEXT = 1_000
_HEAD = 20_000
"""More bytes than an archive and NumPy put before and after an array."""
_BYTES_OF_A_NUMBER = 8
_BYTES_OF_A_SIGN = 4
_NUMBERS = {"iu", "f"}

Forms: TypeAlias = Mapping[str, "Form"]
"""By name of the array."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an array has to be, to be taken for one that we wrote."""

    kinds: str
    """Letters of NumPy: ``iu`` whole numbers, ``f`` others, ``U`` text, more with ``dtype``."""
    shape: tuple[int | str, ...]
    """A length is a number, or a name; lengths of one name are the same in all arrays."""
    low: float = -math.inf
    high: float = math.inf
    """Between these, themselves included, lies every number, and so none is NaN."""
    ascending: bool = False
    dtype: np.dtype[Any] | None = None
    """Exactly this one."""

    @property
    def most_bytes(self) -> int:
        """What one value takes at most."""
        text = _LONGEST_TEXT * _BYTES_OF_A_SIGN
        return (
            self.dtype.itemsize if self.dtype else text if "U" in self.kinds else _BYTES_OF_A_NUMBER
        )


def whole(*shape: int | str, low: int = 0, high: int = 2**53, ascending: bool = False) -> Form:
    """Describe whole numbers."""
    return Form("iu", shape, low, high, ascending)


def real(*shape: int | str, low: float = -4.0, high: float = 4.0) -> Form:
    """Describe numbers; sums of some cosines are in bounds."""
    return Form("f", shape, low, high)


def text(*shape: int | str) -> Form:
    """Describe texts, no longer than those that we write."""
    return Form("U", shape)


def exactly(dtype: DTypeLike, *shape: int | str) -> Form:
    """Describe bytes or records of one type, whatever they say."""
    known = np.dtype(dtype)
    return Form(known.kind, shape, dtype=known)


class OtherArrays(OSError):
    """A file holds whole arrays of other names, as another version of this program wrote."""


def write(file: Path, **arrays: ArrayLike) -> None:
    """Write arrays by name as `read` reads them, whole or not at all."""
    with files.replacing(file) as target:
        np.savez(target, allow_pickle=False, **{name: np.asarray(a) for name, a in arrays.items()})


def read(file: Path, forms: Forms, **most: int) -> dict[str, NDArray[Any]]:
    """Read what `write` wrote, if each array is there and is what it has to be.

    Args:
        file: Where they lie.
        forms: What each array has to be.
        most: The largest that each length with a name may be.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read, is larger than such arrays are, or is not what `write` writes.
    """
    largest = sum(
        _HEAD
        + form.most_bytes * math.prod(most[n] if isinstance(n, str) else n for n in form.shape)
        for form in forms.values()
    )
    with files.open_own(file) as source:
        if os.fstat(source.fileno()).st_size > largest:
            raise _odd(file, f"it is larger than {largest:,} bytes")
        try:
            arrays = _arrays(source, forms)
            _check_lengths(arrays, forms, most)
        except OSError:
            raise
        except Exception as error:  # a byte that is another may lead to nearly any
            raise _odd(file, f"{type(error).__name__}: {error}") from error
    return arrays


@dataclass(frozen=True, slots=True)
class ArrayCache:
    """Arrays in a file that are made again where it does not hold them; that only costs time."""

    file: Path
    what: str
    """What they are, for the log, as in ``the map``."""
    forms: Forms
    level: int = logging.INFO
    """Of what is logged of failures."""

    def read(self, key: str | None, **most: int) -> dict[str, NDArray[Any]] | None:
        """Return the arrays, without their key; None where there are none of this key.

        Args:
            key: What they were made of; None where the name of the file says it.
            most: The largest that each length with a name may be.
        """
        forms = self.forms if key is None else {**self.forms, _KEY: text()}
        try:
            arrays = read(self.file, forms, **most)
        except FileNotFoundError:
            return None
        except OtherArrays:
            _LOG.info("%s is of another version, and is made again", self.what)
            return None
        except OSError as error:
            _LOG.log(self.level, "%s cannot be read, and is made again: %s", self.what, error)
            return None
        if key is not None and str(arrays.pop(_KEY)) != key:
            _LOG.debug("%s is of another state, and is made again", self.what)
            return None
        return arrays

    def write(self, key: str | None, **arrays: ArrayLike) -> None:
        """Keep arrays under a key, in place of what was kept; a full disk keeps nothing."""
        try:
            write(self.file, **({} if key is None else {_KEY: key}), **arrays)
        except OSError as error:
            _LOG.log(self.level, "%s cannot be kept: %s", self.what, error.strerror or error)


def _arrays(source: BinaryIO, forms: Forms) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(source) as packed:
        members = {m.filename.removesuffix(".npy"): m for m in packed.infolist()}
        stored = all(member.compress_type == zipfile.ZIP_STORED for member in members.values())
        _need(stored, "an array is compressed")
        if set(members) != set(forms):
            cause = "it has other arrays"
            raise OtherArrays(cause)
        return {name: _array(packed, members[name], name, form) for name, form in forms.items()}


def _array(packed: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, form: Form) -> NDArray[Any]:
    """Read one array whose size is that of its content."""
    with packed.open(member) as source:
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[np.lib.format.read_magic(source)]
        shape, by_columns, dtype = read_header(source)
        is_plain = not by_columns and not dtype.hasobject and min(shape, default=0) >= 0
        _need(is_plain, f"'{name}' is not of plain numbers")
        _need(_is_kind(dtype, form) and len(shape) == len(form.shape), f"'{name}' is no such array")
        size = math.prod(shape) * dtype.itemsize
        content = source.read(size + 1)
    _need(len(content) == size, f"'{name}' is of another size than it says")
    array: NDArray[Any] = np.frombuffer(content, dtype).reshape(shape)
    _need(_is_of_form(array, form), f"the values of '{name}' are not what they can be")
    return array


def _is_kind(dtype: np.dtype[Any], form: Form) -> bool:
    if form.dtype is not None:
        return dtype == form.dtype
    return dtype.kind in form.kinds and dtype.itemsize <= form.most_bytes


def _is_of_form(array: NDArray[Any], form: Form) -> bool:
    if form.kinds not in _NUMBERS:
        return True
    fits = bool(((array >= form.low) & (array <= form.high)).all())
    return fits and (not form.ascending or bool((array[1:] > array[:-1]).all()))


def _check_lengths(
    arrays: Mapping[str, NDArray[Any]], forms: Forms, most: Mapping[str, int]
) -> None:
    lengths: dict[str, int] = {}
    for name, form in forms.items():
        for length, wanted in zip(arrays[name].shape, form.shape, strict=True):
            if isinstance(wanted, str):
                _need(length <= most[wanted], f"'{name}' is too long")
                wanted = lengths.setdefault(wanted, length)  # noqa: PLW2901 - now it is known
            _need(length == wanted, f"'{name}' is of another shape")


def _need(fits: bool, cause: str) -> None:  # noqa: FBT001 - what has to be true
    if not fits:
        raise ValueError(cause)


def _odd(file: Path, reason: str) -> OSError:
    cause = f"{file.name} is not as it was written: {reason}"
    return OSError(cause)
