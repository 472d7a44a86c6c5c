"""A folder indexed in one call, for whoever uses the engine as a library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from search_engine.building.build import build_collection
from search_engine.building.plan import Folders, plan_build
from search_engine.embedding import trust
from search_engine.records.builds import BuildReport, ProgressListener
from search_engine.settings import Settings


def index_folder(
    folder: Path | str | Sequence[Path | str],
    settings: Settings | None = None,
    *,
    name: str | None = None,
    model: str | None = None,
    on_progress: ProgressListener | None = None,
) -> BuildReport:
    """Make a folder of pictures searchable, or update its collection; the report names it.

    Only what is new or changed is embedded. Nothing is written into the folder. What is stopped by
    an exception, Ctrl-C too, goes on from there with the next call. `plan_build` and
    `build_collection` do the same in two steps, with rules and kinds of index.

    Args:
        folder: Where the pictures lie; ``~`` is the home folder. Several are one collection.
        settings: Where collections are kept; those of the environment unless given.
        name: Of the collection; made from the folder's unless given.
        model: An id of sentence-transformers, the folder of a model, or ``mini``; the one of last
            time unless given, at first `DEFAULT_MODEL`, of 605 MB. It is trusted from now on.
        on_progress: Told of every step, from this thread.

    Raises:
        BadInput: The folder or the name cannot be used.
        CollectionBusy: Another build of it is running.
        ModelError: The model cannot be used.
    """
    settings = settings or Settings.from_environment()
    folders = folder if isinstance(folder, Path | str) else Folders(tuple(folder))
    name, wanted = plan_build(folders, settings, name=name, model_id=model)
    if model:
        trust(wanted.model_id, settings)
    return build_collection(name, wanted, settings, on_progress=on_progress)
