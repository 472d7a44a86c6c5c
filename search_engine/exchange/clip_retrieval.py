"""The folder of embeddings that clip-retrieval makes and builds its indices of.

``img_emb/img_emb_0.npy`` holds vectors of float16 or float32, ``metadata/metadata_0.parquet`` with
the same number what is known of each, ``image_path`` for one; large sets come in many such parts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from search_engine.collection import true_path
from search_engine.errors import BadInput
from search_engine.exchange.foreign_files import parts_of, read_array, write_array
from search_engine.exchange.foreign_tables import first_column, read_table, storable, texts_of
from search_engine.exchange.vector_set import CarriedPicture, VectorSet, joined
from search_engine.records import Vectors

_VECTORS, _FACTS = "img_emb", "metadata"
_PATHS = ("image_path", "path", "image_filename")
_ROWS_OF_A_PART = 1_000_000


def read(folder: Path) -> VectorSet:
    """Read all parts, in the order of their numbers.

    Raises:
        BadInput: A part is missing, is not what it has to be, or is not as long as its twin.
    """
    arrays = parts_of(folder / _VECTORS, f"{_VECTORS}_", ".npy")
    tables = parts_of(folder / _FACTS, f"{_FACTS}_", ".parquet")
    numbers = [[file.stem.rpartition("_")[2] for file in files] for files in (arrays, tables)]
    if numbers[0] != numbers[1]:
        cause = f"There are {len(arrays)} parts with vectors and {len(tables)} with paths"
        remedy = "Each part needs both, with the same number."
        raise BadInput(cause, place=str(folder), remedy=remedy)
    rows: list[Vectors] = []
    pictures: list[CarriedPicture] = []
    for array, table in zip(arrays, tables, strict=True):
        part, paths = read_array(array), _paths_in(table)
        if len(part) != len(paths):
            cause = f"It has {len(part):,} vectors, and {table.name} {len(paths):,} pictures"
            raise BadInput(cause, place=str(array), remedy="Copy both of them again.")
        if rows and rows[0].shape[1] != part.shape[1]:
            cause = f"It has {part.shape[1]:,} dimensions, and others have {rows[0].shape[1]:,}"
            raise BadInput(cause, place=str(array), remedy="Take out what is of another model.")
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused as infinite
            rows.append(part.astype(np.float32))
        pictures += [CarriedPicture(path) for path in paths]
    return joined(tuple(pictures), np.concatenate(rows), str(folder))


def _paths_in(file: Path) -> list[str]:
    table = read_table(file, _PATHS)
    name = first_column(table, _PATHS, file, "paths")
    return texts_of(table.column(name), file, "paths")


def write(carried: VectorSet, folder: Path, root: Path) -> None:
    """Write the folder, in parts of a million; vectors as float32, which lose nothing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name in (_VECTORS, _FACTS):
        (folder / name).mkdir()
    for number, start in enumerate(range(0, len(carried), _ROWS_OF_A_PART)):
        some = slice(start, start + _ROWS_OF_A_PART)
        pictures = carried.pictures[some]
        columns = {
            "image_path": [storable(str(true_path(root, picture.path))) for picture in pictures],
            "caption": [", ".join(picture.labels) for picture in pictures],
        }
        write_array(folder / _VECTORS / f"{_VECTORS}_{number}.npy", carried.vectors[some])
        pq.write_table(pa.table(columns), folder / _FACTS / f"{_FACTS}_{number}.parquet")
