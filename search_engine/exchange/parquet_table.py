"""One Parquet file with all there is: paths, what is known, vectors, and the points of the map.

Vectors are a list of one length, and x and y two columns of numbers, so that programs that show or
search vectors read the file as it is. The schema's metadata says which model they are of.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from search_engine.collection import true_path
from search_engine.errors import BadInput
from search_engine.exchange.carried_facts import FACTS, PATHS, as_row, from_row
from search_engine.exchange.foreign_files import refused
from search_engine.exchange.foreign_tables import (
    first_column,
    read_table,
    storable,
    texts_of,
    values_of,
    vectors_of,
)
from search_engine.exchange.vector_set import CarriedPicture, VectorSet, joined
from search_engine.records import PictureFile

if TYPE_CHECKING:
    import pyarrow as pa

_FILE = "pictures.parquet"
_VECTORS = ("vector", "embedding", "embeddings", "vectors")
_MODEL, _FINGERPRINT = b"model", b"model_fingerprint"
_LONGEST = 4_096
_ROWS_OF_A_GROUP = 65_536


def read(folder: Path) -> VectorSet:
    """Read ``pictures.parquet``, or the only Parquet file there.

    Raises:
        BadInput: There is none or there are several, or it is not what it has to be.
    """
    file = _file_in(folder)
    table = read_table(file, (*PATHS, *_VECTORS, *FACTS))
    paths = texts_of(table.column(first_column(table, PATHS, file, "paths")), file, "paths")
    column = table.column(first_column(table, _VECTORS, file, "vectors"))
    facts = {name: values_of(table, name, None) for name in FACTS}
    pictures = tuple(
        from_row(path, {name: facts[name][row] for name in FACTS}, row + 1, str(file))
        for row, path in enumerate(paths)
    )
    told = table.schema.metadata or {}
    model_id, fingerprint = (
        told.get(key, b"")[:_LONGEST].decode(errors="replace") for key in (_MODEL, _FINGERPRINT)
    )
    rows = vectors_of(column, file)
    return joined(pictures, rows, str(file), model_id=model_id, fingerprint=fingerprint)


def _file_in(folder: Path) -> Path:
    try:
        found = [folder / _FILE] if (folder / _FILE).exists() else sorted(folder.glob("*.parquet"))
    except OSError as error:
        raise refused(folder, f"The folder cannot be read: {error.strerror or error}") from error
    if len(found) == 1:
        return found[0]
    cause = f"There is no {_FILE} in the folder"
    if found:
        cause += f", and {len(found)} others of its kind"
    remedy = "Is it the right folder, and the right format?"
    raise BadInput(cause, place=str(folder), remedy=remedy)


def write(carried: VectorSet, folder: Path, root: Path) -> None:
    """Write the file.

    Raises:
        BadInput: A name is not UTF-8.
    """
    import pyarrow.parquet as pq

    pq.write_table(as_table(carried, root), folder / _FILE, row_group_size=_ROWS_OF_A_GROUP)


def as_table(carried: VectorSet, root: Path) -> pa.Table:
    """Return pictures and vectors as a table.

    Raises:
        BadInput: A name is not UTF-8.
    """
    import pyarrow as pa

    pictures = carried.pictures
    rows = [_row(picture) for picture in pictures]
    columns: dict[str, Any] = {
        "path": pa.array([storable(one.path) for one in pictures], pa.string()),
        "file": pa.array(
            [storable(str(true_path(root, one.path))) for one in pictures], pa.string()
        ),
        **{name: pa.array([row[name] for row in rows], _kind(name)) for name in FACTS},
        "vector": pa.FixedSizeListArray.from_arrays(
            pa.array(carried.vectors.ravel(), pa.float32()), carried.vectors.shape[1]
        ),
    }
    if len(carried.points):
        x, y = np.ascontiguousarray(carried.points.T)
        columns |= {"x": pa.array(x, pa.float32()), "y": pa.array(y, pa.float32())}
    told = {_MODEL: carried.model_id.encode(), _FINGERPRINT: carried.fingerprint.encode()}
    return pa.table(columns).replace_schema_metadata(told)


def _row(picture: CarriedPicture) -> dict[str, Any]:
    facts = as_row(picture, PictureFile(picture.path, 0, 0).category)
    facts["tags"] = [storable(tag) for tag in facts["tags"]]
    unknown = {"width", "height", "size_bytes", "modified_ns", "sha256"}
    return {name: None if name in unknown and not facts[name] else facts[name] for name in FACTS}


def _kind(name: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa

    if name == "tags":
        return pa.list_(pa.string())
    if name == "hidden":
        return pa.bool_()
    if name in {"width", "height"}:
        return pa.int32()
    return pa.int64() if name in {"size_bytes", "modified_ns"} else pa.string()
