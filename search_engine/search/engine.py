"""Answer questions about a collection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

import numpy as np

from search_engine.calibration.calibrator import Calibrator
from search_engine.collection.catalog import Catalog
from search_engine.collection.decoding import content_hash, read_content
from search_engine.collection.library import Library
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import Embedder, EmbedderLoader, load_embedder, require_trusted
from search_engine.errors import (
    BadQuery,
    CollectionDamaged,
    CollectionError,
    ModelMismatch,
    PictureChanged,
    Way,
)
from search_engine.evaluation.presence import PresenceProof, prove_presence
from search_engine.explain.explanation import Explanation, explained
from search_engine.index import VectorStore
from search_engine.index.publishing import open_mended
from search_engine.query import EncodedQuery, Query, QueryEncoder
from search_engine.records import (
    AllScores,
    CollectionSettings,
    Filters,
    IndexManifest,
    PictureRecord,
    Vectors,
)
from search_engine.records.soundness import is_sound
from search_engine.search.ranking import Ranking
from search_engine.search.results import ScoredCollection, SearchResults
from search_engine.settings import Settings

DEFAULT_K = 24
_BEST = 10
"""Pictures over which the effect of a word on the whole question is averaged."""


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """A collection, open for questions from any number of threads."""

    def __init__(
        self,
        catalog: Catalog,
        manifest: IndexManifest,
        store: VectorStore,
        settings: Settings,
        load: EmbedderLoader,
    ) -> None:
        self.catalog = catalog
        self.manifest = manifest
        self._store = store
        self._settings = settings
        self._load = load
        self._embedder: Embedder | None = None
        self._loading = threading.Lock()
        self._ranking = Ranking(catalog, manifest, store)
        self._calibrator = Calibrator(catalog, manifest.model, lambda: self._embedder)
        self._encoder = QueryEncoder(
            self.embedder, lambda picture_id: catalog.vectors.one(manifest.model, picture_id)
        )

    @classmethod
    def open(
        cls, name: str, settings: Settings | None = None, *, load: EmbedderLoader = load_embedder
    ) -> Self:
        """Open the published index of a collection; the model is loaded when it is first needed.

        An index that does not belong to its catalog, after one of them was put back from a backup
        for one, is made anew first, where that is quick.

        Raises:
            CollectionMissing: There is no collection of this name.
            IndexMissing: Its first build has not finished.
            CollectionDamaged: Its files are broken, or its index is not of its catalog.
        """
        settings = settings or Settings.from_environment()
        catalog = Library(settings).open_catalog(name)
        try:
            manifest, store = open_mended(catalog, settings)
        except BaseException:
            catalog.close()
            raise
        return cls(catalog, manifest, store, settings, load)

    @property
    def name(self) -> str:
        """Name of the collection."""
        return self.catalog.folder.name

    @property
    def store(self) -> VectorStore:
        """The published index."""
        return self._store

    @property
    def collection(self) -> CollectionSettings:
        """What the collection was made with."""
        settings = self.catalog.settings
        if settings is None:
            cause = "The catalog does not say which folder it is about"
            remedy = "Remove the collection and index its folder again."
            raise CollectionDamaged(cause, place=str(self.catalog.folder), remedy=remedy)
        return settings

    def __len__(self) -> int:
        """Count the pictures that can be found."""
        return len(self._store)

    def embedder(self) -> Embedder:
        """Return the model of the index, loaded once.

        Raises:
            ModelNotConfirmed: Nobody chose it on this machine.
            ModelUnavailable: It cannot be loaded.
            ModelMismatch: What is loaded under its name is another model now.
        """
        with self._loading:
            if self._embedder is None:
                wanted = self.manifest.model
                require_trusted(wanted.model_id, self._settings)
                embedder = self._load(wanted.model_id, self._settings)
                if embedder.card.fingerprint != wanted.fingerprint:
                    cause = f"The model '{wanted.model_id}' is not the one the index was made with"
                    remedy = f"Update '{self.name}', which embeds it again with the model as it is."
                    raise ModelMismatch(cause, remedy=remedy, way=Way.UPDATE, about=self.name)
                self._embedder = embedder
            return self._embedder

    def search(
        self,
        query: Query | str,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        leave_out_examples: bool = False,
    ) -> SearchResults:
        """Find the ``k`` pictures that answer a question best.

        Args:
            query: A question, typed or in the syntax of `querying`.
            k: How many pictures at most.
            filters: What may be found at all; applied before ranking.
            leave_out_examples: Leave out pictures that the question itself holds up as examples.

        Raises:
            BadQuery: The question cannot be answered as it stands.
            ModelError: The model cannot be used.
        """
        if k < 1:
            cause, remedy = f"{k} pictures cannot be found", "Ask for one or more."
            raise BadQuery(cause, remedy=remedy)
        filters = filters or Filters()
        query = self._ready(query)
        began = time.perf_counter()
        encoded = self._encoder.encode(query)
        encoded_at = time.perf_counter()
        within = self.catalog.pictures.matching(filters) if filters.restricts_pictures else None
        examples = self._ranking.examples(encoded)
        left_out = examples if leave_out_examples else frozenset()
        results, exact = self._ranking.best(encoded, k, within, filters.min_score, left_out)
        results, verdict = self._calibrator.judged(
            results, encoded, examples, filtered=within is not None
        )
        return SearchResults(
            collection=self.name,
            encoded=encoded,
            results=results,
            exact=exact,
            considered=len(self) if within is None else len(within),
            manifest=self.manifest,
            encode_seconds=encoded_at - began,
            search_seconds=time.perf_counter() - encoded_at,
            verdict=verdict,
        )

    def _ready(self, query: Query | str) -> Query:
        query = Query.parse(query) if isinstance(query, str) else query
        if query.needs_model:
            self.embedder()  # loading it is no part of the time that the question takes
        return query

    def score_all(self, query: Query | str, filters: Filters | None = None) -> ScoredCollection:
        """Return the score of every picture that the filters let through.

        Raises:
            BadQuery: The question cannot be answered as it stands.
            ModelError: The model cannot be used.
        """
        filters = filters or Filters()
        encoded = self.encode(query)
        found = self._store.score_all(encoded.vector)
        kept = np.isfinite(found.scores)
        outdated = self._ranking.outdated(found.picture_ids)
        if len(outdated):
            kept &= ~np.isin(found.picture_ids, outdated)
        if filters.restricts_pictures:
            kept &= np.isin(found.picture_ids, self.catalog.pictures.matching(filters))
        if filters.min_score is not None:
            kept &= found.scores >= filters.min_score
        scores = AllScores(found.picture_ids[kept], found.scores[kept], found.exact)
        matches = self._calibrator.matches(
            encoded, scores, lambda vector: self._store.score_all(vector).scores[kept]
        )
        return ScoredCollection(encoded, scores, self._calibrator.for_query(encoded), matches)

    def prove_presence(
        self, on_progress: Callable[[int, int], None] = lambda _done, _total: None
    ) -> PresenceProof:
        """Ask for what is and is not in the collection, where the names of categories tell.

        Raises:
            BadInput: Fewer than two categories have names that are words.
            CollectionError: The collection is not calibrated.
            ModelError: The model cannot be used.
        """
        embedder, calibration = self.embedder(), self._calibrator.calibration()
        if calibration is None:
            cause = f"The scores of '{self.name}' are not calibrated yet"
            remedy = "Update it; nothing is embedded again for it."
            raise CollectionError(cause, remedy=remedy, way=Way.UPDATE, about=self.name)
        return prove_presence(self.catalog, self.manifest.model, calibration, embedder, on_progress)

    def explain(
        self, query: Query | str, picture_id: int, filters: Filters | None = None
    ) -> Explanation:
        """Return why a picture scores what it scores for a question.

        Each word costs an embedding and a look at all scores.

        Raises:
            BadQuery: The question cannot be answered, or there is no such picture.
            ModelError: The model cannot be used.
        """
        answer = self.search(query, _BEST, filters)
        record = self.catalog.pictures.by_id([picture_id]).get(picture_id)
        vector = self.catalog.vectors.one(self.manifest.model, picture_id)
        if record is None or vector is None:
            cause = f"There is no picture #{picture_id} in the collection"
            raise BadQuery(cause, remedy="Take an id from the results of a search.")
        best = [result.record.picture_id for result in answer.results]
        others = self.catalog.vectors.of(self.manifest.model, np.array(best, dtype=np.int64))
        vectors = np.concatenate([vector[None], others])

        def ask(again: Query) -> tuple[EncodedQuery, AllScores]:
            scored = self.score_all(again, filters)
            return scored.encoded, scored.all

        return explained(answer.encoded, record, vectors, self.mean_vector(), self.embedder(), ask)

    def mean_vector(self) -> Vectors:
        """Return the mean of all pictures' vectors, shape (dimension,), not of length one."""
        calibration = self._calibrator.calibration()
        if calibration is not None:
            return calibration.mean
        return self.catalog.vectors.mean(self.manifest.model)

    def encode(self, query: Query | str) -> EncodedQuery:
        """Return a question as a vector.

        Raises:
            BadQuery: The question cannot be answered as it stands.
            ModelError: The model cannot be used.
        """
        return self._encoder.encode(self._ready(query))

    def path(self, record: PictureRecord) -> Path:
        """Return where a picture's file lies.

        Raises:
            CollectionDamaged: The catalog names a file outside its folder, or no picture.
        """
        if not is_sound(record):
            cause = f"The catalog of '{self.name}' names a file that is none of its pictures"
            raise CollectionDamaged(
                cause, place=record.path, remedy="Repair the collection.", way=Way.REPAIR,
                about=self.name,
            )  # fmt: skip
        return self.collection.root / record.path

    def content(self, record: PictureRecord) -> bytes:
        """Return the bytes of a picture's file, which are those that were indexed.

        Raises:
            PictureChanged: The file holds something else by now.
            PictureRefused: It is gone, or cannot be read.
            CollectionDamaged: The catalog names a file outside its folder, or no picture.
        """
        file = self.path(record)
        content = read_content(file)
        if content_hash(content) != record.content_hash:
            raise PictureChanged(str(file), self.name)
        return content

    def thumbnail_path(self, record: PictureRecord) -> Path:
        """Return where a picture's thumbnail lies."""
        return Thumbnails(self.catalog.folder).path(record.content_hash)

    def close(self) -> None:
        """Close the collection's files."""
        self.catalog.close()

    def __exit__(self, *_: object) -> None:
        self.close()
