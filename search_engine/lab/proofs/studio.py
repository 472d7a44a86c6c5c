"""A temporary folder in which pictures are drawn and indexed for as long as proofs need them."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from search_engine.building import build_collection, plan_build
from search_engine.records import Progress, Step
from search_engine.sample import draw_gallery
from search_engine.search.engine import SearchEngine
from search_engine.settings import MINI_MODEL, Settings


class Studio(AbstractContextManager["Studio"]):
    """Draws from one seed and indexes with the bundled model; everything goes when it closes."""

    def __init__(self, seed: int, pictures: int, progress: Progress) -> None:
        self.seed = seed
        self.pictures = pictures
        self._progress = progress
        self.notes: dict[str, str] = {}
        """How each folder was embedded: a build takes the precision that is fastest just then."""
        self._open = ExitStack()
        self.folder = Path(self._open.enter_context(TemporaryDirectory(prefix="proofs-")))
        self.settings = Settings(self.folder / "data")

    def begin(self, stage: str) -> None:
        """Say what is done next."""
        self._progress(Step(stage))

    @cached_property
    def gallery(self) -> SearchEngine:
        """A gallery of its own, drawn and indexed when it is first asked for."""
        self.begin(f"Drawing a gallery of {self.pictures:,} pictures from seed {self.seed}")
        folder = self.folder / "gallery"
        draw_gallery(folder, pictures=self.pictures, seed=self.seed)
        return self.indexed(folder)

    def indexed(self, folder: Path) -> SearchEngine:
        """Index a folder with the bundled model, and open it until the studio closes."""
        self.begin(f"Indexing the {folder.name}")
        name, wanted = plan_build(folder, self.settings, model_id=MINI_MODEL)
        build_collection(name, wanted, self.settings)
        engine = self._open.enter_context(SearchEngine.open(name, self.settings))
        note = engine.manifest.model.notes or "pictures in fp32"
        self.notes[folder.name] = note
        self.begin(f"Indexed the {folder.name}, {note}")
        return engine

    def __exit__(self, *_: object) -> None:
        self._open.close()
