"""What the probe texts score in a collection, and its pictures for one another."""

from __future__ import annotations

import numpy as np

from search_engine.calibration.match import Calibration, Level, Scores
from search_engine.calibration.probe_vectors import ProbeVectors
from search_engine.collection.catalog.vector_table import VectorTable
from search_engine.records import CatalogVersion, Ids, ModelCard, Vectors

_HUBNESS_TAKEN = 0.5
"""Taking away all of it, as a z-norm does, cost 0.002 of mAP on the sample gallery, half nothing;
CSLS takes half as well."""
_SAMPLE = 4096
_PROBES = 256
_LOWEST_QUARTER = 0.25
_MOST_NONSENSE = 0.95
_SAME_PICTURE = 0.9999
_LEAST_SPREAD = 0.1
"""Of the way from nonsense to a match: where all pictures are alike, their scores tell too little
of how much matches differ."""
SMALLEST_SPREAD = 1e-3


def calibrate(
    table: VectorTable, model: ModelCard, probe_vectors: ProbeVectors, made_of: CatalogVersion
) -> Calibration:
    """Measure what scores are worth in a collection; one pass over its vectors, in batches.

    * The mean score of a query is taken away (the centring half of a t-norm: R. Auckenthaler,
      M. Carey, H. Lloyd-Thomas, "Score normalization for text-independent speaker verification
      systems", Digital Signal Processing 10, 2000), but not its spread: how much a query tells
      pictures apart is what distinguishes a query with an answer from nonsense.
    * Half of what a picture scores above average with the captions is taken away, against
      pictures that are near to everything (M. Radovanović, A. Nanopoulos, M. Ivanović, "Hubs in
      space", JMLR 11, 2010), with captions as the bank of queries (S. Bogolin et al., "Cross modal
      retrieval with querybank normalisation", CVPR 2022) and with the weight of CSLS (A. Conneau et
      al., "Word translation without parallel data", ICLR 2018).
    * What is left for the best of the captions with each picture tells what a match looks like:
      the cut is at the lowest quarter of the pictures, but never below what 95 % of the nonsense
      words reach; matches are clear from the median on. For queries by picture the same with the
      nearest other picture. This step is our own; how well it does is measured by `presence`.
    """
    ids = table.ids(model)
    drawn = np.random.default_rng(0).permutation(ids)[:_SAMPLE]
    probes = _Probes(drawn[:_PROBES], table.of(model, drawn[:_PROBES]))
    seen = _Pass(probe_vectors, probes)
    for batch_ids, vectors in table.batches(model):
        seen.take(batch_ids, vectors)
    mean = seen.mean
    ceiling = float(np.median(probe_vectors.nonsense @ mean))
    hubness, average = seen.hubness()
    sample = table.of(model, drawn)
    return Calibration(
        picture_ids=seen.picture_ids,
        hubness=hubness,
        mean=mean,
        ceiling=ceiling,
        words=_words(probe_vectors, mean, ceiling, sample, seen.nonsense_best + average),
        pictures=_pictures(probes, mean),
        fingerprint=model.fingerprint,
        made_of=made_of,
    )


def raw_hubness(captions: Vectors, pictures: Vectors) -> Scores:
    """Return what is taken from pictures' scores for words, before it is centred."""
    hubness: Scores = _HUBNESS_TAKEN * (pictures @ captions.mean(axis=0))
    return hubness


class _Probes:
    """Pictures that stand for queries by picture, and the best that others score for them."""

    def __init__(self, picture_ids: Ids, vectors: Vectors) -> None:
        self.picture_ids = picture_ids
        self.vectors = vectors
        self.best = np.full(len(picture_ids), -np.inf, dtype=np.float32)

    def take(self, picture_ids: Ids, vectors: Vectors) -> None:
        scores = self.vectors @ vectors.T
        scores[self.picture_ids[:, None] == picture_ids] = -np.inf
        scores[scores > _SAME_PICTURE] = -np.inf
        np.maximum(self.best, scores.max(axis=1), out=self.best)


class _Pass:
    """What one pass over all vectors adds up."""

    def __init__(self, probe_vectors: ProbeVectors, probes: _Probes) -> None:
        self._texts = probe_vectors
        self._probes = probes
        self._sum = np.zeros(probe_vectors.captions.shape[1])
        self._ids: list[Ids] = []
        self._raw: list[Scores] = []
        self.nonsense_best = np.full(len(probe_vectors.nonsense), -np.inf, dtype=np.float32)

    def take(self, picture_ids: Ids, vectors: Vectors) -> None:
        raw = raw_hubness(self._texts.captions, vectors)
        self._sum += vectors.sum(axis=0, dtype=np.float64)
        self._ids.append(picture_ids)
        self._raw.append(raw)
        nonsense = (self._texts.nonsense @ vectors.T - raw).max(axis=1)
        np.maximum(self.nonsense_best, nonsense, out=self.nonsense_best)
        self._probes.take(picture_ids, vectors)

    @property
    def picture_ids(self) -> Ids:
        return np.concatenate(self._ids) if self._ids else np.empty(0, dtype=np.int64)

    @property
    def mean(self) -> Vectors:
        count = max(len(self.picture_ids), 1)
        return np.asarray(self._sum / count, dtype=np.float32)

    def hubness(self) -> tuple[Scores, float]:
        """Return each picture's hubness, and what was taken away to make it zero on average."""
        raw = np.concatenate(self._raw) if self._raw else np.empty(0, dtype=np.float32)
        average = float(raw.mean()) if len(raw) else 0.0
        return raw - np.float32(average), average


def _words(
    probe_vectors: ProbeVectors,
    mean: Vectors,
    ceiling: float,
    sample: Vectors,
    nonsense_best: Scores,
) -> Level:
    if not len(sample):
        return Level(1.0, SMALLEST_SPREAD)
    raw = raw_hubness(probe_vectors.captions, sample)
    offsets = np.minimum(probe_vectors.captions @ mean, ceiling)
    average = float(raw_hubness(probe_vectors.captions, mean[None])[0])
    best = (probe_vectors.captions @ sample.T - offsets[:, None]).max(axis=0) - (raw - average)
    nonsense = nonsense_best - np.minimum(probe_vectors.nonsense @ mean, ceiling)
    floor = float(np.quantile(nonsense, _MOST_NONSENSE))
    return _level(best, floor, float(np.median(nonsense)))


def _pictures(probes: _Probes, mean: Vectors) -> Level:
    found = np.isfinite(probes.best)
    if not found.any():
        return Level(1.0, SMALLEST_SPREAD)
    best = probes.best[found] - probes.vectors[found] @ mean
    return _level(best, -1.0, 0.0)


def _level(best: Scores, floor: float, base: float) -> Level:
    low, middle = (float(value) for value in np.quantile(best, (_LOWEST_QUARTER, 0.5)))
    spread = max(middle - low, _LEAST_SPREAD * (middle - base), SMALLEST_SPREAD)
    return Level(max(low, floor), spread)
