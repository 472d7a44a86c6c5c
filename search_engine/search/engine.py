"""Run queries on a collection."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from search_engine.calibration import Calibrator
from search_engine.collection.catalog import Catalog, Embeddings
from search_engine.collection.library import Library
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import Embedder, EmbedderLoader, load_embedder
from search_engine.errors import BadQuery, CollectionDamaged
from search_engine.explain import (
    Backdrop,
    Explanation,
    HeatMap,
    HeatMethod,
    compute_heat_map,
    explained,
)
from search_engine.explore import LabelScore, rate_labels
from search_engine.index import VectorStore
from search_engine.index.publishing import open_mended
from search_engine.query import PLACE, EncodedQuery, Query
from search_engine.records import (
    AllScores,
    CollectionSettings,
    Filters,
    IndexManifest,
    PictureRecord,
    Vectors,
)
from search_engine.search.collection_encoder import CollectionEncoder
from search_engine.search.index_model import IndexModel
from search_engine.search.measuring import Measurements
from search_engine.search.ranking import Ranking
from search_engine.search.results import ScoredCollection, SearchResults
from search_engine.search.scoring import scored, scored_matches
from search_engine.search.source_files import content_of, image_of, path_of, require_unchanged
from search_engine.settings import Settings

if TYPE_CHECKING:
    from PIL import Image

DEFAULT_K = 24
_BEST = 10
"""Pictures over which the effect of a word on the whole query is averaged."""


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """A collection, open for queries from any number of threads.

    ``embeddings`` are the vectors of its model; ``measure`` tells how good the answers are.
    """

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
        self.settings = settings
        self.embeddings = Embeddings(catalog, manifest.model)
        self._store = store
        self._model = IndexModel(self.name, manifest.model, settings, load)
        self._ranking = Ranking(catalog, manifest, store)
        self._calibrator = Calibrator.of(catalog, manifest.model, settings, self._model.if_loaded)
        self.measure = Measurements(self, self._calibrator)
        self._encoder = CollectionEncoder(self.embedder, self.embeddings, store, self._calibrator)

    @classmethod
    def open(
        cls, name: str, settings: Settings | None = None, *, load: EmbedderLoader = load_embedder
    ) -> Self:
        """Open the published index of a collection; the model is loaded when it is first needed.

        An index that does not belong to its catalog, after one of them was put back from a backup
        for one, is made anew first, where that is quick.

        Raises:
            CollectionMissing: There is no collection of this name.
            IndexMissing: Its first build has published nothing yet.
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
        return self._model.embedder()

    def search(
        self,
        query: Query | str,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        leave_out_examples: bool = False,
    ) -> SearchResults:
        """Find the ``k`` pictures that match a query best; none that is marked as a bad answer.

        Args:
            query: A query, typed or in the syntax of `query.syntax`.
            k: How many pictures at most.
            filters: What may be found at all; applied before ranking.
            leave_out_examples: Leave out pictures that the query itself gives as examples.

        Raises:
            BadQuery: The query cannot be run as it stands.
            BadInput: No picture can have the match that the filters ask for.
            ModelError: The model cannot be used.
            CollectionClosed: The collection has gone over to another model since it was opened.
            CollectionDamaged: The catalog cannot be read.
        """
        if k < 1:
            cause, remedy = f"{k} pictures cannot be found", "Choose one or more."
            raise BadQuery(cause, remedy=remedy)
        filters = filters or Filters()
        query = self._ready(query)
        began = time.perf_counter()
        encoded = self._encoder.encode(query)
        encoded_at = time.perf_counter()
        matching = scored_matches(self._ranking, self._calibrator, encoded, filters)
        only, best = (matching.all.picture_ids, matching.best_match) if matching else (None, None)
        admitted = self._ranking.admitted(filters, only)
        examples = self._ranking.examples(encoded)
        left_out = (examples if leave_out_examples else frozenset()).union(query.marks.bad)
        results, exact = self._ranking.best(encoded, k, admitted, filters.min_score, left_out)
        results, verdict = self._calibrator.judged(
            results, encoded, examples, filtered=filters.restricts_pictures, best=best
        )
        return SearchResults(
            collection=self.name,
            encoded=encoded,
            results=results,
            exact=exact,
            considered=self._ranking.count(admitted),
            manifest=self.manifest,
            encode_seconds=encoded_at - began,
            search_seconds=time.perf_counter() - encoded_at,
            verdict=verdict,
            root=of_collection.root if (of_collection := self.catalog.settings) else None,
        )

    def _ready(self, query: Query | str) -> Query:
        query = Query.parse(query) if isinstance(query, str) else query
        if query.needs_model:
            self.embedder()  # loading it is no part of the time that the query takes
        return query

    def score_all(self, query: Query | str, filters: Filters | None = None) -> ScoredCollection:
        """Return the score of every picture that the filters let through.

        Raises:
            BadQuery: The query cannot be run as it stands.
            ModelError: The model cannot be used.
        """
        return scored(self._ranking, self._calibrator, self.encode(query), filters or Filters())

    def explain(
        self, query: Query | str, picture_id: int, filters: Filters | None = None
    ) -> Explanation:
        """Return why a picture scores what it scores for a query; each word costs a search.

        Raises:
            BadQuery: The query cannot be run, or there is no such picture.
            ModelError: The model cannot be used.
        """
        answer = self.search(query, _BEST, filters)
        record = self.records([picture_id]).get(picture_id)
        vector = self.embeddings.one(picture_id)
        if record is None or vector is None:
            cause = f"There is no picture #{picture_id} in the collection"
            raise BadQuery(cause, remedy="Take an id from the results of a search.")
        best = [result.record.picture_id for result in answer.results]
        others = self.embeddings.of(np.array(best, dtype=np.int64))
        vectors = np.concatenate([vector[None], others])

        def ask(again: Query) -> tuple[EncodedQuery, AllScores]:
            asked = self.encode(again)
            return asked, self._ranking.every(asked, filters or Filters()).scores

        return explained(answer.encoded, record, vectors, self.backdrop(), self.embedder(), ask)

    def heat_map(
        self,
        query: Query | EncodedQuery | str,
        record: PictureRecord,
        method: HeatMethod | None = None,
    ) -> HeatMap:
        """Find the part of a picture that matches a query, told in pixels of its file.

        Without a method, the first that the model allows is taken; the map says which.

        Raises:
            BadQuery: The query cannot be run as it stands.
            BadInput: The file is gone or another one, or patches are asked for and cannot be read.
            ModelError: The model cannot be used.
        """
        encoded = query if isinstance(query, EncodedQuery) else self.encode(query)
        image, size = self.image(record), (record.width, record.height)
        return compute_heat_map(self.embedder(), image, encoded.vector, method, size)

    def backdrop(self) -> Backdrop:
        """Return the collection that a picture stands out from: its mean, and a sample of it."""
        scale = self._calibrator.scale()
        mean = self.embeddings.mean() if scale is None else scale.calibration.mean
        return Backdrop(mean, self._encoder.sample())

    def words(self) -> tuple[tuple[str, ...], Vectors] | None:
        """Return words by which groups of pictures can be called, with their vectors.

        None where what the model makes of its background texts is not known; it is not loaded.
        """
        return self._calibrator.words()

    def rate_labels(
        self, picture_id: int, labels: Sequence[str], template: str = PLACE
    ) -> list[LabelScore]:
        """Compare a picture with labels, best first; raises as `encode`."""
        vector = self.encode(Query.like(picture_id)).vector
        return rate_labels(self.embedder(), vector, labels, template)

    def encode(self, query: Query | str) -> EncodedQuery:
        """Return a query as a vector.

        Raises:
            BadQuery: The query cannot be run as it stands.
            ModelError: The model cannot be used.
        """
        return self._encoder.encode(self._ready(query))

    def records(self, picture_ids: Iterable[int]) -> dict[int, PictureRecord]:
        """Return what the catalog knows of pictures, by id; those that have gone are left out."""
        return self.catalog.pictures.by_id(picture_ids)

    def path(self, record: PictureRecord) -> Path:
        """Return where a picture's file lies.

        Raises:
            CollectionDamaged: The catalog names a file outside its folder, or no picture.
        """
        return path_of(self.name, self.collection.root, record)

    def content(self, record: PictureRecord) -> bytes:
        """Return the bytes of a picture's file, which are those that were indexed.

        Raises:
            PictureChanged: The file holds something else by now.
            PictureMissing: There is no such file now.
            PictureRefused: It cannot be read.
            CollectionDamaged: The catalog names a file outside its folder, or no picture.
        """
        return content_of(self.name, self.collection.root, record)

    def require_unchanged(self, record: PictureRecord) -> None:
        """Check that a picture's file, read only if need be, is as indexed; raises as `content`."""
        require_unchanged(self.name, self.collection.root, record)

    def image(self, record: PictureRecord) -> Image.Image:
        """Decode a picture's file as the model sees it: upright, in RGB; raises as `content`."""
        return image_of(self.name, self.collection.root, record)

    def thumbnail_path(self, record: PictureRecord) -> Path:
        """Return where a picture's thumbnail lies."""
        return Thumbnails(self.catalog.folder).path(record.content_hash)

    def close(self) -> None:
        """Close the collection's files."""
        self.catalog.close()

    def __exit__(self, *_: object) -> None:
        self.close()
