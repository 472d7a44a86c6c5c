"""The way in: a collection, and all that can be found out about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_engine.audit import hubness, label_errors
from search_engine.audit.close_look import CloseLook
from search_engine.audit.duplicates import DuplicateGroup, duplicate_groups
from search_engine.audit.evidence import NO_PAIRS, PairEvidence, Thresholds, pair_evidence
from search_engine.audit.found_once import Finding, FoundOnce
from search_engine.audit.hubness import Hubness
from search_engine.audit.image_statistics import ImageStatistics, measure_thumbnails
from search_engine.audit.inventory import Inventory, take_inventory
from search_engine.audit.label_errors import Signal, Suspect, Suspicion
from search_engine.audit.label_votes import neighbour_doubt
from search_engine.audit.neighbour_choice import NeighbourChoice, NeighbourSpace, choose_space
from search_engine.audit.neighbours import (
    ContentNeighbours,
    find_neighbours,
    saved_neighbours,
)
from search_engine.audit.on_disk import FileNumber, led_to
from search_engine.audit.outliers import far_within_category
from search_engine.audit.reviews import Reviews
from search_engine.audit.typical_captions import CAPTIONS
from search_engine.audit.whitening import Whitening, whitening_of
from search_engine.evaluation import FIRST_FOLDERS, Labelling
from search_engine.records import Ids, Progress, Step, Vectors, no_progress
from search_engine.search.engine import SearchEngine

MOST_NAMES = 500
"""Names of categories that are run as queries; each is one search."""


class Audit:
    """All that can be found out about a collection as it was when the audit began.

    What takes long is found once, when it is first asked for, and kept here; neighbours and
    image statistics also in the collection's folder. Methods may be called from several threads.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self.engine = engine
        self._catalog = engine.catalog
        self._embeddings = engine.embeddings
        self._lock = threading.RLock()
        self._close_look = CloseLook()
        self._inventory: FoundOnce[Inventory] = FoundOnce(self._lock)
        self._neighbours: FoundOnce[ContentNeighbours] = FoundOnce(self._lock)
        self._labelled: FoundOnce[Inventory] = FoundOnce(self._lock)
        self._whitening: FoundOnce[Whitening | None] = FoundOnce(self._lock)
        self._whitened_neighbours: FoundOnce[ContentNeighbours] = FoundOnce(self._lock)
        self._choice: FoundOnce[NeighbourChoice] = FoundOnce(self._lock)
        self._fair_neighbours: FoundOnce[ContentNeighbours] = FoundOnce(self._lock)
        self._statistics: FoundOnce[ImageStatistics] = FoundOnce(self._lock)
        self._pairs: FoundOnce[PairEvidence] = FoundOnce(self._lock)
        self._within: FoundOnce[NDArray[np.float32]] = FoundOnce(self._lock)
        self._linked: FoundOnce[frozenset[FileNumber]] = FoundOnce(self._lock)
        self._suspicion: FoundOnce[Suspicion] = FoundOnce(self._lock)
        self._hubness: FoundOnce[Hubness] = FoundOnce(self._lock)

    def knows(self, what: Finding, level: int = 1) -> bool:
        """Return whether this was found already, so that giving it takes no time.

        ``level`` says for which folders as categories, where that makes a difference.
        """
        if what is Finding.FAIR_NEIGHBOURS:
            return self._fair_neighbours.is_there(level)
        places: Mapping[Finding, FoundOnce[Any]] = {
            Finding.INVENTORY: self._inventory,
            Finding.NEIGHBOURS: self._neighbours,
            Finding.IMAGE_STATISTICS: self._statistics,
            Finding.PAIRS: self._pairs,
            Finding.WITHIN_CATEGORY: self._within,
        }
        return places[what].is_there()

    @property
    def inventory(self) -> Inventory:
        """The pictures."""
        return self._inventory.get(lambda: take_inventory(self._embeddings))

    def neighbours(self, progress: Progress = no_progress) -> ContentNeighbours:
        """Return the nearest contents of each, by the vectors as they are."""
        return self._neighbours.get(
            lambda: self._near(
                Finding.NEIGHBOURS, self._embeddings.card.dimension, self._vectors, progress
            )
        )

    def labelled(self, level: int) -> Inventory:
        """Return the pictures with the folders at a level for categories.

        Raises:
            BadInput: No picture lies in so many folders.
        """
        return self._labelled.get(lambda: self.inventory.labelled(level), level)

    def neighbour_choice(self, level: int = 1, progress: Progress = no_progress) -> NeighbourChoice:
        """Return by which vectors neighbours tell best what a picture is.

        Raises:
            BadInput: No picture lies in so many folders.
        """
        return self._choice.get(
            lambda: choose_space(self.labelled(level), self.whitening(progress), progress), level
        )

    def fair_neighbours(
        self, level: int = 1, progress: Progress = no_progress
    ) -> ContentNeighbours:
        """Return the nearest contents of each, by the vectors that tell best what a picture is.

        Raises:
            BadInput: No picture lies in so many folders.
        """
        return self._fair_neighbours.get(
            lambda: self.neighbours_by(self.neighbour_choice(level, progress).taken, progress),
            level,
        )

    def neighbours_by(
        self, space: NeighbourSpace, progress: Progress = no_progress
    ) -> ContentNeighbours:
        """Return the nearest contents of each by plain or by whitened vectors."""
        whitening = self.whitening(progress) if space is NeighbourSpace.WHITENED else None
        if whitening is None:
            return self.neighbours(progress)
        return self._whitened_neighbours.get(
            lambda: self._near(
                Finding.FAIR_NEIGHBOURS, whitening.map.shape[1],
                lambda places: whitening(self._vectors(places)), progress,
            )
        )  # fmt: skip

    def whitening(self, progress: Progress = no_progress) -> Whitening | None:
        """Return what makes no direction count more than another; None for too few pictures."""

        def find() -> Whitening | None:
            progress(Step("Finding what pictures differ in", 0, 1))
            return whitening_of(self.inventory)

        return self._whitening.get(find)

    def _vectors(self, contents: Ids) -> Vectors:
        return self._embeddings.of(self.inventory.content_ids[contents])

    def _near(
        self, what: Finding, dimension: int, source: Callable[[Ids], Vectors], progress: Progress
    ) -> ContentNeighbours:
        contents = len(self.inventory.firsts)
        file = self._catalog.folder / f"{what}.npz"
        key = f"{self._embeddings.card.fingerprint} {self.inventory.version} {contents}"
        return saved_neighbours(
            file, key, contents, lambda: find_neighbours(contents, dimension, source, progress)
        )

    def image_statistics(self, progress: Progress = no_progress) -> ImageStatistics:
        """Return what the thumbnail of each content looks like."""
        return self._statistics.get(
            lambda: measure_thumbnails(self._catalog.folder, self.inventory.hashes, progress)
        )

    def pairs(self, progress: Progress = no_progress) -> PairEvidence:
        """Return all pairs of contents that could be one picture, with what speaks for it."""

        def find() -> PairEvidence:
            neighbours, statistics = self.neighbours(progress), self.image_statistics(progress)
            return pair_evidence(
                self.inventory, neighbours, statistics, self._catalog.folder, progress
            )

        return self._pairs.get(find)

    def duplicates(
        self, thresholds: Thresholds | None = None, progress: Progress = no_progress
    ) -> list[DuplicateGroup]:
        """Return groups of files of which one is enough, those that take most space first."""
        close = self._confirmed(self.pairs(progress).within(thresholds or Thresholds()), progress)
        return duplicate_groups(
            self._catalog, self.inventory, close, thresholds, linked=self.linked(progress)
        )

    def _confirmed(self, pairs: PairEvidence, progress: Progress) -> PairEvidence:
        """Leave out the pairs whose originals are not the same picture."""
        inventory, root = self.inventory, self.engine.collection.root
        places = inventory.pictures_of(np.concatenate([pairs.ones, pairs.others]))
        records = self._catalog.pictures.by_id(inventory.picture_ids[places].tolist())
        files: dict[str, list[Path]] = {}
        for record in records.values():
            files.setdefault(record.content_hash, []).append(root / record.path)
        hashes = [
            (one.decode(), other.decode())
            for one, other in zip(
                inventory.hashes[pairs.ones].tolist(), inventory.hashes[pairs.others].tolist(),
                strict=True,
            )
        ]  # fmt: skip
        with self._lock:
            return pairs.where(self._close_look.confirmed(hashes, files, progress))

    def exact_duplicates(self, progress: Progress = no_progress) -> list[DuplicateGroup]:
        """Return groups of files with the same bytes; no vector or thumbnail is looked at."""
        return duplicate_groups(
            self._catalog, self.inventory, NO_PAIRS, linked=self.linked(progress)
        )

    def linked(self, progress: Progress = no_progress) -> frozenset[FileNumber]:
        """Return the files that links led to when this was first asked."""
        progress(Step("Looking for links", 0, 1))
        return self._linked.get(lambda: led_to(self.engine.collection.root, ()))

    def suspicion(
        self,
        labelling: Labelling = FIRST_FOLDERS,
        *,
        with_words: bool = True,
        progress: Progress = no_progress,
    ) -> Suspicion:
        """Return how much each picture's category is doubted; ``with_words`` needs the model.

        Raises:
            BadInput: No picture lies in as many folders as the level says.
            ModelError: The model cannot be used.
        """

        def find() -> Suspicion:
            inventory = self.labelled(labelling.level)
            by_neighbours = neighbour_doubt(
                inventory, self.fair_neighbours(labelling.level, progress)
            )
            by_words = None
            if with_words:
                progress(Step("Comparing with the names of categories", 0, 1))
                embedder = self.engine.embedder()
                by_words = label_errors.word_doubt(inventory, embedder, labelling)
            together = label_errors.combined(by_neighbours, by_words)
            return Suspicion(by_neighbours, by_words, together)

        return self._suspicion.get(find, (with_words, labelling))

    def hubness_of_queries(
        self, k: int = hubness.HUBNESS_K, progress: Progress = no_progress
    ) -> Hubness:
        """Return how often queries find each picture.

        Raises:
            ModelError: The model cannot be used.
        """

        def find() -> Hubness:
            texts = hubness.typical_queries(CAPTIONS, self.inventory.categories[:MOST_NAMES])
            vectors = self.engine.embedder().embed_words(texts)
            search = self.engine.store.search
            return hubness.hubness_of_queries(self.inventory, vectors, search, k, progress)

        return self._hubness.get(find, k)

    def suspects(
        self,
        signal: Signal = Signal.COMBINED,
        *,
        with_words: bool = True,
        clearly: bool = False,
        reviewed: bool = False,
        labelling: Labelling = FIRST_FOLDERS,
        progress: Progress = no_progress,
    ) -> list[Suspect]:
        """Return the pictures that a signal doubts, most suspicious first.

        Args:
            signal: What doubts.
            with_words: Whether names may be asked, which needs the model.
            clearly: Only those that are clearly doubted.
            reviewed: Also those of which somebody has said whether the label is right.
            labelling: Which folders are the categories, and what they are asked for by.
            progress: Hears of what takes long.

        Raises:
            BadInput: No picture lies in as many folders as the level says.
            ModelError: The model is needed and cannot be used.
        """
        inventory = self.labelled(labelling.level)
        found = self.suspicion(labelling, with_words=with_words, progress=progress)
        places = found.ranked(signal, clearly=clearly)
        if not reviewed:
            places = self._not_reviewed(inventory, places)
        near = self.fair_neighbours(labelling.level, progress)
        return label_errors.suspects_at(inventory, found, near, signal, places)

    def _not_reviewed(self, inventory: Inventory, places: Ids) -> Ids:
        """Leave out the pictures of which somebody has said whether their label is right."""
        known = Reviews(self._catalog.folder).all()
        hashes = inventory.hashes[inventory.contents[places]].tolist()
        names = [inventory.categories[label] for label in inventory.labels[places].tolist()]
        keys = ((content.decode(), name) for content, name in zip(hashes, names, strict=True))
        return places[np.array([key not in known for key in keys], dtype=np.bool_)]

    def within_category(self, progress: Progress = no_progress) -> NDArray[np.float32]:
        """Return each picture's distance from those of its category; 1 is usual."""
        return self._within.get(lambda: far_within_category(self.inventory, progress))

    def hubness_of_pictures(self, progress: Progress = no_progress) -> Hubness:
        """Return how often each picture is a near neighbour."""
        return hubness.hubness_of_pictures(self.inventory, self.neighbours(progress))
