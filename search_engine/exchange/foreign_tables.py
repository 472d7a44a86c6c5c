"""Parquet files of other programs, read with limits.

They are compressed, and a text may stand a million times where it lies once. So texts are read as
numbers of a list, and what numbers become is counted before any is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadInput
from search_engine.exchange.foreign_files import check_shape, opened, refused

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_BYTES = 2**34
"""Of what the columns become that are read."""
_BYTES_OF_A_NUMBER = 8
_LIMITS = {"thrift_string_size_limit": 10**8, "thrift_container_size_limit": 10**7}
"""Of what a file says about itself."""
_NAMED = 20


def read_table(file: Path, wanted: Sequence[str]) -> pa.Table:
    """Read those columns of a Parquet file that are there, of the names that are wanted.

    Raises:
        BadInput: It is no such file, or becomes too large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with opened(file) as source:
        try:
            head = pq.ParquetFile(source, **_LIMITS)
            check_shape(file, head.metadata.num_rows, 1)
            kinds = {field.name: field.type for field in head.schema_arrow}
            names = [name for name in wanted if name in kinds]
            if _bytes_of(head.metadata, names) > _MOST_BYTES:
                cause = f"It becomes larger than {_MOST_BYTES:,} bytes"
                raise refused(file, cause, "Write it in parts.")
            texts = [name for name in names if pa.types.is_string(kinds[name])]
            return pq.ParquetFile(source, read_dictionary=texts, **_LIMITS).read(columns=names)
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            cause = f"It is no Parquet file, or broken ({type(error).__name__})"
            raise refused(file, cause) from error


def _bytes_of(facts: Any, names: Sequence[str]) -> int:  # noqa: ANN401 - pyarrow ships no types
    """Return how large columns become when they are read."""
    total = 0
    for place in range(facts.num_row_groups):
        group = facts.row_group(place)
        for one in map(group.column, range(group.num_columns)):
            if one.path_in_schema.split(".")[0] in names:
                total += one.num_values * _BYTES_OF_A_NUMBER + one.total_uncompressed_size
    return total


def first_column(table: pa.Table, names: Sequence[str], file: Path, what: str) -> str:
    """Return which of these names a table has.

    Raises:
        BadInput: None of them.
    """
    for name in names:
        if name in table.column_names:
            return name
    import pyarrow.parquet as pq

    there = ", ".join(str(name)[:40] for name in pq.read_schema(file).names[:_NAMED])
    cause = f"It has no column with {what}; it has: {there}"
    raise refused(file, cause, f"Name one of them {names[0]}.")


def vectors_of(column: Any, file: Path) -> NDArray[np.floating]:  # noqa: ANN401 - pyarrow ships no types
    """Return a column of lists of numbers as rows, shape (n, dimension).

    Raises:
        BadInput: It holds something else, or rows of different lengths.
    """
    import pyarrow as pa

    kind = column.type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    is_any = is_list or pa.types.is_fixed_size_list(kind)
    if not is_any or not pa.types.is_floating(kind.value_type):
        cause = f"Its vectors are of the type {kind}"
        raise refused(file, cause, "Write each as a list of floating point numbers.")
    rows = [_rows_of(part, file, is_list=is_list) for part in column.chunks if len(part)]
    if len({part.shape[1] for part in rows}) > 1:
        raise _uneven(file)
    return np.concatenate(rows) if rows else np.empty((0, 1), dtype=np.float32)


def _rows_of(part: Any, file: Path, *, is_list: bool) -> NDArray[np.floating]:  # noqa: ANN401 - pyarrow ships no types
    values = part.flatten()
    dimension = len(values) // len(part)
    if part.null_count or values.null_count or len(values) % len(part):
        raise _uneven(file)
    if is_list:
        lengths = np.diff(part.offsets.to_numpy(zero_copy_only=False))
        if not bool((lengths == dimension).all()):
            raise _uneven(file)
    check_shape(file, len(part), dimension)
    rows: NDArray[np.floating] = values.to_numpy(zero_copy_only=False)
    return rows.reshape(len(part), dimension)


def _uneven(file: Path) -> Exception:
    cause = "Its vectors are not all of one length, or some are missing"
    return refused(file, cause, "Write one vector a picture, all of one length.")


def texts_of(column: Any, file: Path, what: str) -> list[str]:  # noqa: ANN401 - pyarrow ships no types
    """Return a column of texts, every one of which is there.

    Raises:
        BadInput: It holds something else.
    """
    import pyarrow as pa

    kind = column.type
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_text = pa.types.is_string(inner) or pa.types.is_large_string(inner)
    if not is_text or column.null_count:
        cause = f"Its {what} are of the type {column.type}, or some are missing"
        raise refused(file, cause, "Write a text for each picture.")
    if inner is kind:
        return cast("list[str]", column.to_pylist())
    found: list[str] = []
    for chunk in column.chunks:  # each text once, however often it stands there
        texts = chunk.dictionary.to_pylist()
        found += [texts[place] for place in chunk.indices.to_pylist()]
    return found


def values_of(table: pa.Table, name: str, empty: object) -> list[Any]:
    """Return a column as Python has it, with ``empty`` where nothing is; all so without it."""
    if name not in table.column_names:
        return [empty] * table.num_rows
    column = table.column(name)
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return [empty if value is None else value for value in column.to_pylist()]


def storable(text: str) -> str:
    """Return a text that Parquet can hold, which is UTF-8.

    Raises:
        BadInput: It has bytes of a name that is not.
    """
    readable = text.encode("utf-8", "replace").decode()
    if readable != text:
        cause = "This name is not UTF-8, which Parquet cannot hold"
        raise BadInput(cause, place=readable, remedy="Rename the file, or choose another format.")
    return text
