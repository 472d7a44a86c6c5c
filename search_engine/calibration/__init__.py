"""How probable it is that a picture shows what was asked for; is it in the collection at all?

==================  ================================================================================
module              owns
==================  ================================================================================
background_texts    what else a picture could show, a file that belongs to the model
background_vectors  those texts as a model embeds them: kept, found, embedded
named_words         words by which a group of pictures can be called
probability         the probability of a text for a picture, by the model's own temperature
question            a query as the parts that its match is made of
marked              what marked answers add to that
calibrate           what is measured of a collection for that, once
verdict             the answer in words, and where matches end
stored              the calibration on disk: made, brought up to date, read
calibrator          what the scores of an answer are worth
==================  ================================================================================

A cosine says little by itself: texts differ in how much they score with all pictures, pictures in
how much they score with all texts. CLIP itself was trained to give a probability, of one text among
several; so a question is put beside background texts, and a match is its probability.
"""

from __future__ import annotations

from search_engine.calibration.background_texts import BackgroundTexts, background_texts
from search_engine.calibration.background_vectors import FindBackground, find_background
from search_engine.calibration.calibrate import Calibration, sampled
from search_engine.calibration.calibrator import Calibrator, CollectionScale
from search_engine.calibration.probability import CLEAR, THRESHOLD, Scores, as_match
from search_engine.calibration.stored import (
    CALIBRATION_FILE,
    calibration_stamp,
    keep_calibrated,
    read_calibration,
)
from search_engine.calibration.verdict import Presence, Verdict, presence_of

__all__ = [
    "CALIBRATION_FILE",
    "CLEAR",
    "THRESHOLD",
    "BackgroundTexts",
    "Calibration",
    "Calibrator",
    "CollectionScale",
    "FindBackground",
    "Presence",
    "Scores",
    "Verdict",
    "as_match",
    "background_texts",
    "calibration_stamp",
    "find_background",
    "keep_calibrated",
    "presence_of",
    "read_calibration",
    "sampled",
]
