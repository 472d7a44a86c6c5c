"""Arrays in files of our own, read only as they were written: no code, no bombs, no surprises."""

from __future__ import annotations

import io
import math
import os
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search_engine import files

_LARGEST = 4 * 2**30


def write(file: Path, **arrays: ArrayLike) -> None:
    """Write arrays by name as `read` reads them, whole or not at all."""
    with files.replacing(file) as target:
        np.savez(target, allow_pickle=False, **{name: np.asarray(a) for name, a in arrays.items()})


def read(file: Path, most: int = _LARGEST) -> dict[str, NDArray[Any]]:
    """Read what `write` wrote, if it has no more than ``most`` bytes.

    Only what lies in the file as it is is read, so a small file never becomes a large array.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read, is larger, or is not what `write` writes.
    """
    with files.open_own(file) as source:
        if os.fstat(source.fileno()).st_size > most:
            raise _odd(file, f"it is larger than {most:,} bytes")
        try:
            return _arrays(source)
        except OSError:
            raise
        except Exception as error:  # a byte that is another may lead to nearly any
            raise _odd(file, f"{type(error).__name__}: {error}") from error


def _arrays(source: BinaryIO) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(source) as packed:
        members = packed.infolist()
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            cause = "an array is compressed"
            raise ValueError(cause)
        return {m.filename.removesuffix(".npy"): _array(packed.read(m)) for m in members}


def _array(content: bytes) -> NDArray[Any]:
    """Read one array whose size is that of its content."""
    source = io.BytesIO(content)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0,
    }[np.lib.format.read_magic(source)]  # fmt: skip
    shape, by_columns, dtype = read_header(source)
    if dtype.hasobject or by_columns or min(shape, default=0) < 0:
        cause = "an array is not of plain numbers"
        raise ValueError(cause)
    if math.prod(shape) * dtype.itemsize != len(content) - source.tell():
        cause = "an array is of another size than it says"
        raise ValueError(cause)
    return np.frombuffer(content, dtype, offset=source.tell()).reshape(shape)


def _odd(file: Path, reason: str) -> OSError:
    cause = f"{file.name} is not as it was written: {reason}"
    return OSError(cause)
