"""What a score is worth: is what was asked for in the collection at all?

=============  =====================================================================================
module         owns
=============  =====================================================================================
probe_texts    texts about anything and about nothing, to measure by
probe_vectors  those texts as a model embeds them: kept, found, embedded
calibrate      what those texts, and pictures for one another, score in a collection
match          what was measured, and how the scores of one query are calibrated by it
verdict        the answer in words, and where matches end
stored         the calibration on disk: made, brought up to date, read
calibrator     what the scores of an answer are worth
=============  =====================================================================================

A cosine says little by itself: queries differ in how much they score with all pictures, pictures
in how much they score with all queries. So from a cosine is taken what the query scores on
average over the collection, and half of what the picture scores above average with the captions
among the probe texts, its hubness. How much must be left for a match is read off the pictures,
without labels: each of them has a caption that fits it best, and that is what a match looks like
under this model in this collection.
"""

from __future__ import annotations

from search_engine.calibration.calibrator import Calibrator
from search_engine.calibration.match import (
    CLEAR_MATCH,
    CUT_MATCH,
    CalibratedQuery,
    Calibration,
    Scores,
    WeighedTerm,
    as_match,
)
from search_engine.calibration.probe_texts import CAPTIONS, NONSENSE, PROBE_TEXTS
from search_engine.calibration.probe_vectors import FindProbes, ProbeVectors, find_probe_vectors
from search_engine.calibration.stored import (
    CALIBRATION_FILE,
    calibration_stamp,
    keep_calibrated,
    read_calibration,
)
from search_engine.calibration.verdict import Presence, Verdict, presence_of

__all__ = [
    "CALIBRATION_FILE",
    "CAPTIONS",
    "CLEAR_MATCH",
    "CUT_MATCH",
    "NONSENSE",
    "PROBE_TEXTS",
    "CalibratedQuery",
    "Calibration",
    "Calibrator",
    "FindProbes",
    "Presence",
    "ProbeVectors",
    "Scores",
    "Verdict",
    "WeighedTerm",
    "as_match",
    "calibration_stamp",
    "find_probe_vectors",
    "keep_calibrated",
    "presence_of",
    "read_calibration",
]
