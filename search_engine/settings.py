"""Where things lie, and the defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from search_engine.errors import BadInput
from search_engine.names import as_on_disk

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
DATA_VARIABLE = "IMAGE_SEARCH_DATA"

DEFAULT_MODEL = "clip-ViT-B-32"
MINI_MODEL = "mini"
BACKGROUND_FILE = "background_texts.txt"
SAMPLE_COLLECTION = "sample-gallery"
JOINED_FOLDERS = ".joined-folders"


def at_home(path: Path) -> Path:
    """Return a path in full where it begins at somebody's home folder, as ``~/boat.jpg`` does.

    Where nothing is called just so, it is what has the same name in another spelling.

    Raises:
        BadInput: The system does not know whose home it is, or no path can be like this.
    """
    try:
        if "\0" not in str(path):
            return as_on_disk(path.expanduser())
        cause, remedy = "No path holds the character zero", "Check how it is written."
    except (RuntimeError, UnicodeEncodeError):
        cause, remedy = "The system knows no home folder for this path", "Write the path in full."
    raise BadInput(cause, place=str(path), remedy=remedy)


def is_folder(path: Path) -> bool:
    """Return whether a folder lies there; no, where the system does not even take the path."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders the engine works in."""

    data_folder: Path
    """Holds all that is made: ``collections/`` and the drawn ``gallery/``."""

    mini_model_folder: Path = PROJECT_FOLDER / "data" / "mini-clip"
    """The bundled model; part of the project, whatever ``data_folder`` is."""

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``IMAGE_SEARCH_DATA``; without it, everything lies in the project's ``data/``."""
        chosen = os.environ.get(DATA_VARIABLE)
        folder = at_home(Path(chosen)).resolve() if chosen else PROJECT_FOLDER / "data"
        return cls(data_folder=folder)

    @property
    def collections_folder(self) -> Path:
        """Hold one folder per collection; a link that the user made here is followed."""
        return (self.data_folder / "collections").resolve()

    @property
    def joined_folders(self) -> Path:
        """Hold the links that join several folders in one collection."""
        return self.collections_folder / JOINED_FOLDERS

    @property
    def precisions_file(self) -> Path:
        """Note the precision that each model is fastest in on this machine."""
        return self.collections_folder / ".precisions.json"

    @property
    def models_file(self) -> Path:
        """Note the models that were chosen on this machine."""
        return self.collections_folder / ".models.json"

    @property
    def last_used_file(self) -> Path:
        """Note the collection that was used last."""
        return self.collections_folder / ".last-used.json"

    @property
    def gallery_folder(self) -> Path:
        """Hold the pictures of the sample gallery once they are drawn."""
        return self.data_folder / "gallery"
