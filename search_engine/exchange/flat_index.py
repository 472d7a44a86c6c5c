"""A flat index as Faiss keeps it in a file, read and written without Faiss.

Faiss trusts what a file says, and reads a dozen forms that lead anywhere in memory. A flat index is
a head and the vectors, so no more than that is read here. The layout is that of
``faiss/impl/index_write.cpp`` of version 1.15; a file has the bytes that ``faiss.write_index`` of a
flat inner product gives it.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from search_engine.exchange.foreign_files import check_shape, opened, refused, size_of
from search_engine.records import Vectors

_FLAT = (b"IxFI", b"IxF2")
"""Inner product and Euclidean distance: the vectors in them are the same."""
_HEAD = struct.Struct("<4siqqqBiQ")
"""Form, dimension, count, two numbers of no use, whether trained, metric, how many numbers."""
_NO_USE = 1 << 20
_TRAINED, _INNER_PRODUCT = 1, 0
_REMEDY = (
    "Write the vectors as a flat index: faiss.IndexFlatIP(d), add(index.reconstruct_n(0, ntotal))."
)


def read_flat_index(file: Path) -> Vectors:
    """Return the vectors of a flat index, shape (n, dimension), in their order.

    Raises:
        BadInput: It is none, or was cut off.
    """
    with opened(file) as source:
        head = source.read(_HEAD.size)
        if head[:4] not in _FLAT or len(head) != _HEAD.size:
            form = head[:4].decode("ascii", "replace")
            cause = f"It is no flat index of Faiss (it begins with {form!r})"
            raise refused(file, cause, _REMEDY)
        _, dimension, count, *_, numbers = _HEAD.unpack(head)
        check_shape(file, count, dimension)
        if numbers != count * dimension or size_of(source) != 4 * numbers:
            cause = f"It has not the {count:,} vectors of {dimension:,} dimensions that it says"
            raise refused(file, cause, "It was cut off, or changed: copy or write it again.")
        vectors: Vectors = np.fromfile(source, "<f4", numbers)
        return vectors.reshape(count, dimension).astype(np.float32, copy=False)


def write_flat_index(file: Path, vectors: Vectors) -> None:
    """Write vectors as a flat index of inner products, which ``faiss.read_index`` reads."""
    count, dimension = vectors.shape
    head = _HEAD.pack(
        _FLAT[0], dimension, count, _NO_USE, _NO_USE, _TRAINED, _INNER_PRODUCT, count * dimension
    )
    with file.open("xb") as target:
        target.write(head)
        np.ascontiguousarray(vectors, dtype="<f4").tofile(target)
