"""Which files a build has to read and embed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search_engine.building.pipeline import Task
from search_engine.collection.catalog import Catalog
from search_engine.collection.scanning import Comparison
from search_engine.errors import ModelMismatch
from search_engine.records import READER, ModelCard, PictureFile, PictureRecord


class Work:
    """What is left to do for a model once a folder was compared with its catalog."""

    def __init__(self, catalog: Catalog, difference: Comparison, *, verify: bool) -> None:
        self._catalog = catalog
        self._difference = difference
        self._verify = verify
        self._away = {record.picture_id for record, _ in difference.away}
        self._changed = {record.picture_id for record, _ in difference.changed}

    def is_none(self, model: ModelCard) -> bool:
        """Return whether no file has to be embedded, so that the model need not be loaded."""
        idle = not self._difference.added and not self._difference.changed
        return idle and next(self._known(model), None) is None

    def tasks(self, model: ModelCard) -> list[Task]:
        """Return all files to be embedded, ordered by path."""
        tasks = [Task(file) for file in self._difference.added]
        tasks += [Task(file, record, changed=True) for record, file in self._difference.changed]
        taken = {task.record.picture_id for task in tasks if task.record}
        tasks += [
            Task(_as_known(record), record)
            for record in self._known(model)
            if record.picture_id not in taken
        ]
        deaths = self._catalog.reading.deaths()
        tasks = [replace(task, deaths=deaths.get(task.file, 0)) for task in tasks]
        return sorted(tasks, key=lambda task: task.file.path)

    def _known(self, model: ModelCard) -> Iterator[PictureRecord]:
        """Return known pictures that have no vector, or that may be read better than they were.

        Raises:
            ModelMismatch: Some of them are vectors alone, of another model.
        """
        count = self._catalog.vectors.count(model)
        if not self._verify and count == len(self._catalog.pictures):
            return
        present = set(self._catalog.vectors.ids(model).tolist())
        for record in self._catalog.pictures:
            is_old = self._verify and record.reader < READER
            if record.is_vector_alone and record.picture_id not in self._changed:
                if record.picture_id not in present:
                    raise _of_another_model(model)
                continue
            if (is_old or record.picture_id not in present) and record.picture_id not in self._away:
                yield record


def _of_another_model(model: ModelCard) -> ModelMismatch:
    cause = f"Some pictures have no file, only vectors of another model than '{model.model_id}'"
    remedy = "Keep that model, or put their files where they belong."
    return ModelMismatch(cause, remedy=remedy)


def _as_known(record: PictureRecord) -> PictureFile:
    stamp = (record.size_bytes, record.modified_ns, record.changed_ns, record.device)
    return PictureFile(record.path, *stamp)
