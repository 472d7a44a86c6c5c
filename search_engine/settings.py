"""Where things lie, and the defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
DATA_VARIABLE = "IMAGE_SEARCH_DATA"

DEFAULT_MODEL = "clip-ViT-B-32"
MINI_MODEL = "mini"
SAMPLE_COLLECTION = "sample-gallery"


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
        folder = Path(chosen).expanduser().resolve() if chosen else PROJECT_FOLDER / "data"
        return cls(data_folder=folder)

    @property
    def collections_folder(self) -> Path:
        """Hold one folder per collection; a link that the user made here is followed."""
        return (self.data_folder / "collections").resolve()

    @property
    def precisions_file(self) -> Path:
        """Note the precision that each model is fastest in on this machine."""
        return self.collections_folder / ".precisions.json"

    @property
    def models_file(self) -> Path:
        """Note the models that were chosen on this machine."""
        return self.collections_folder / ".models.json"

    @property
    def gallery_folder(self) -> Path:
        """Hold the pictures of the sample gallery once they are drawn."""
        return self.data_folder / "gallery"
