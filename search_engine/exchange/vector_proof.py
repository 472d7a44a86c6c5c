"""Whether vectors are of the model that they are said to be of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from search_engine.building.pipeline import Reader, Task
from search_engine.collection import Catalog
from search_engine.embedding import Embedder
from search_engine.errors import BadInput
from search_engine.exchange.vector_set import VectorSet
from search_engine.records import PictureFile
from search_engine.records.builds import CancelCheck

_COMPARED = 16
_LEAST_COSINE = 0.9
"""Float16 and other decoders cost less than 0.01; vectors of another model are near 0."""


def check_told(carried: VectorSet, embedder: Embedder, place: str) -> None:
    """Compare what is said of vectors with the model.

    Raises:
        BadInput: They have another dimension, or say that they are of another model.
    """
    card, dimension = embedder.card, carried.vectors.shape[1]
    if dimension != card.dimension:
        cause = (
            f"The vectors have {dimension:,} dimensions, and those of '{card.model_id}' have"
            f" {card.dimension:,}"
        )
        raise BadInput(cause, place=place, remedy="Name the model that made them.")
    if carried.fingerprint and carried.fingerprint != card.fingerprint:
        cause = f"They say that they are of '{carried.model_id}', with other weights"
        cause += f" than '{card.model_id}' has here"
        raise BadInput(cause, place=place, remedy="Name the model that made them.")


def compared(
    carried: VectorSet,
    files: Sequence[PictureFile | None],
    root: Path,
    catalog: Catalog,
    embedder: Embedder,
    cancelled: CancelCheck,
) -> tuple[int, float | None]:
    """Embed up to 16 pictures again; return how many, and their median cosine with the vectors.

    Args:
        carried: The vectors.
        files: The file of each picture, None where it is missing.
        root: The folder that these are in.
        catalog: Where thumbnails go.
        embedder: The model that they are said to be of.
        cancelled: Asked meanwhile.

    Raises:
        BadInput: The median is below 0.9, so that they are not of this model, or not of these
            pictures.
    """
    there = [row for row, file in enumerate(files) if file is not None]
    places = np.linspace(0, len(there) - 1, min(_COMPARED, len(there)), dtype=int)
    row_of = {
        file.path: row for row in (there[at] for at in places) if (file := files[row]) is not None
    }
    reader = Reader(root, catalog, embedder.card, embedder, cancelled)
    tasks = [Task(file) for row in row_of.values() if (file := files[row]) is not None]
    cosines: list[float] = []
    with closing(reader.batches(tasks)) as batches:
        for result in (one for batch in batches for one in batch):
            if result.vector is not None:
                row = row_of[result.task.file.path]
                cosines.append(float(result.vector @ carried.vectors[row]))
    if not cosines:
        return 0, None
    median = float(np.median(cosines))
    if median < _LEAST_COSINE:
        cause = (
            f"These vectors are not what '{embedder.card.model_id}' makes of these pictures: the"
            f" median cosine of {len(cosines)} that were embedded again is {median:.2f}"
        )
        remedy = "Name the model that made them, and check that they are in the order of the paths."
        raise BadInput(cause, place=str(root), remedy=remedy)
    return len(cosines), median
