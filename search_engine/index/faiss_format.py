"""The form of an index file, looked through before Faiss reads it.

Faiss reads many forms, one of which maps any file that it names for writing, and trusts the numbers
in all of them: an odd link of a graph is an address in memory. So only the three forms that are
written here are let through, with every size and every link in its place. The vectors themselves
are not read for it.

The layouts are those of ``faiss/impl/index_write.cpp`` of version 1.15.
"""

from __future__ import annotations

import re
import struct
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from search_engine.records import IndexKind

_MOST_DIMENSIONS = 65_536
_MOST_EFFORT = 65_536
_INNER_PRODUCT = 0
_LINKS = 32
_UPPER_BEAM = 1
_EIGHT_BITS = 0
_NO_MAP = b"\0"
_NUMPY = b"\x93NUMPY\x01\x00"
_IDS = re.compile(rb"\{'descr': '<i8', 'fortran_order': False, 'shape': \((\d{1,15}),\), \} *\n")
_DEAD = -1

_FORMS = {
    IndexKind.EXACT: {b"IxFI"},
    IndexKind.HNSW: {b"IxFI", b"IHNf"},
    IndexKind.IVF: {b"IxFI", b"IwSq"},
}
"""Few vectors are compared with everything, whatever the kind."""


class OddIndex(ValueError):
    """The file is not one that a store of this kind wrote."""


def check_form(file: BinaryIO, kind: IndexKind) -> None:
    """Make sure that the rest of a file is what a store of this kind wrote; it stays where it was.

    Raises:
        OddIndex: It is something else, and is not to be given to Faiss.
    """
    start = file.tell()
    try:
        _Form(file).check(kind)
    finally:
        file.seek(start)


class _Form:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.tell()
        self._end = file.seek(0, 2)
        file.seek(start)

    def check(self, kind: IndexKind) -> None:
        form = self._bytes(4)
        _need(form in _FORMS.get(kind, ()), "it is of a form that is not written for its kind")
        dimension, count = self._head()
        if form == b"IxFI":
            self._flat(dimension, count)
        elif form == b"IHNf":
            self._graph(count)
            self._inner(dimension, count)
        else:
            self._clusters(dimension, count)
        self._slots(count)

    def _head(self) -> tuple[int, int]:
        dimension, count, _, _, trained, metric = self._numbers("<iqqqBi")
        _need(0 < dimension <= _MOST_DIMENSIONS, "its dimension is out of bounds")
        _need(0 <= count <= self._end, "its size is out of bounds")
        _need(trained == 1 and metric == _INNER_PRODUCT, "it does not compare as ours do")
        return dimension, count

    def _inner(self, dimension: int, count: int) -> None:
        """Look through the flat index that another one holds."""
        _need(self._bytes(4) == b"IxFI", "what is inside it is not flat")
        _need(self._head() == (dimension, count), "what is inside it is of another size")
        self._flat(dimension, count)

    def _flat(self, dimension: int, count: int) -> None:
        (values,) = self._numbers("<Q")
        _need(values == dimension * count, "its vectors are not as many as it says")
        self._skip(4 * values)

    def _graph(self, count: int) -> None:
        chances = self._array("<f8")
        rooms = self._array("<i4").astype(np.int64)
        expected = np.concatenate([[0], _LINKS * np.arange(2, len(rooms) + 1)])
        _need(len(rooms) == len(chances) + 1 > 1, "its levels are not as many as it says")
        _need(np.array_equal(rooms, expected[: len(rooms)]), "its nodes have odd numbers of links")
        _need(bool(np.isfinite(chances).all()), "its levels have odd chances")
        levels, offsets = self._array("<i4"), self._array("<u8")
        links = self._array("<i4")
        _need(len(levels) == count == len(offsets) - 1, "its nodes are not as many as it says")
        _need(bool(((levels >= 1) & (levels < len(rooms))).all()), "its nodes have odd levels")
        places = np.concatenate([[0], np.cumsum(rooms[levels])])
        _need(np.array_equal(offsets, places.astype(np.uint64)), "its links are not in their place")
        _need(len(links) == places[-1], "its links are not as many as it says")
        _need(bool(((links >= -1) & (links < count)).all()), "its links lead out of it")
        for level in range(1, int(levels.max(initial=0))):
            own = places[:-1][levels > level][:, None] + np.arange(rooms[level], rooms[level + 1])
            others = links[own]
            fits = (others < 0) | (levels[others] > level)
            _need(bool(fits.all()), "its links lead to a level that is not there")
        self._entry(levels)

    def _entry(self, levels: NDArray[np.int32]) -> None:
        entry, top, building, searching, beam = self._numbers("<5i")
        inside = 0 <= entry < len(levels) and 0 <= top == levels[entry] - 1
        _need(inside or (len(levels) == 0 and (entry, top) == (-1, -1)), "it has no entry")
        _need(0 < building <= _MOST_EFFORT and 0 < searching <= _MOST_EFFORT, "its effort is odd")
        _need(beam == _UPPER_BEAM, "its search is not ours")

    def _clusters(self, dimension: int, count: int) -> None:
        lists, probed = self._numbers("<QQ")
        _need(0 < lists <= self._end and 0 < probed <= lists, "its clusters are out of bounds")
        self._inner(dimension, lists)
        _need(self._bytes(1) == _NO_MAP and not len(self._array("<i8")), "it has a map of its own")
        quantiser, _, _, inputs, size = self._numbers("<iifQQ")
        known = (quantiser, inputs, size) == (_EIGHT_BITS, dimension, dimension)
        _need(known, "its codes are not of 8 bits a number")
        _need(len(self._array("<f4")) == 2 * dimension, "its codes have no bounds")
        size, residual = self._numbers("<QB")
        _need(size == dimension and residual <= 1, "its codes are of another size")
        self._lists(lists, dimension, count)

    def _lists(self, lists: int, dimension: int, count: int) -> None:
        _need(self._bytes(4) == b"ilar", "its lists are not in the file itself")
        _need(self._numbers("<QQ") == (lists, dimension), "its lists are of another size")
        sizes = np.zeros(lists, dtype=np.int64)
        listing = self._bytes(4)
        stored = self._array("<u8")
        if listing == b"full":
            _need(len(stored) == lists, "its lists are not as many as it says")
            sizes[:] = stored.astype(np.int64)
        else:
            pairs = stored.astype(np.int64).reshape(-1, 2) if len(stored) % 2 == 0 else stored
            odd = listing != b"sprs" or pairs.ndim == 1
            _need(not odd and bool((pairs[:, 0] < lists).all()), "its lists are in an odd order")
            _need(bool((pairs[:, 0] >= 0).all()), "its lists are in an odd order")
            sizes[pairs[:, 0]] = pairs[:, 1]
        _need(bool(((sizes >= 0) & (sizes <= count)).all()), "its lists are of odd sizes")
        _need(sizes.sum() == count, "its lists hold another number than it says")
        seen = np.zeros(count, dtype=np.bool_)
        for size in sizes[sizes > 0].tolist():
            self._skip(size * dimension)
            slots = self._items("<i8", size)
            _need(bool(((slots >= 0) & (slots < count)).all()), "its lists lead out of it")
            seen[slots] = True
        _need(bool(seen.all()), "its lists do not hold every vector once")

    def _slots(self, count: int) -> None:
        """Look at the picture ids that follow the index, as NumPy writes them."""
        start, length = self._bytes(8), self._numbers("<H")[0]
        head = _IDS.fullmatch(self._bytes(length))
        _need(start == _NUMPY and head is not None, "its picture ids are in another form")
        _need(head is not None and int(head[1]) == count, "its picture ids are not as many")
        _need(self._end - self._file.tell() == 8 * count, "there is something behind it")
        ids = self._items("<i8", count)
        living = ids[ids != _DEAD]
        _need(bool((living >= 0).all()), "its picture ids are out of bounds")
        _need(len(np.unique(living)) == len(living), "it has a picture twice")

    def _bytes(self, count: int) -> bytes:
        _need(0 <= count <= self._end - self._file.tell(), "it is cut off")
        return self._file.read(count)

    def _skip(self, count: int) -> None:
        _need(0 <= count <= self._end - self._file.tell(), "it is cut off")
        self._file.seek(count, 1)

    def _numbers(self, layout: str) -> tuple[Any, ...]:
        """Read numbers: whole ones, but for those of the layout ``f``."""
        return struct.unpack(layout, self._bytes(struct.calcsize(layout)))

    def _items(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes(count * np.dtype(dtype).itemsize), dtype)

    def _array(self, dtype: str) -> NDArray[Any]:
        (count,) = self._numbers("<Q")
        return self._items(dtype, count)


def _need(fits: bool, otherwise: str) -> None:  # noqa: FBT001 - what has to be true
    if not fits:
        raise OddIndex(otherwise)
