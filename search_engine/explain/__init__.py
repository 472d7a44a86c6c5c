"""Why this picture: what its score is made of, and which part of the picture it comes from.

================  ==================================================================================
module            owns
================  ==================================================================================
explanation       all that explains one picture's score, together
word_effects      which word of a query carries the score
negation          words that the model does not understand as a no
crop              the square of a picture that the model saw
heat_map          which part of the picture matches the query
occlusion         by hiding places, and by showing places alone
patch_similarity  by what each patch shows
windows           windows over a square, and what they say spread over its places
heat_painting     a heat map over its picture
================  ==================================================================================
"""

from __future__ import annotations

from search_engine.explain.crop import Crop, crop_of
from search_engine.explain.explanation import Contribution, Explanation, explained
from search_engine.explain.heat_map import PATCHES_UNREAD, HeatMap, HeatMethod, compute_heat_map
from search_engine.explain.heat_painting import paint_crop, paint_heat
from search_engine.explain.negation import Negation, negation_in
from search_engine.explain.word_effects import Backdrop, WordEffect, hardly_used, word_effects

__all__ = [
    "PATCHES_UNREAD",
    "Backdrop",
    "Contribution",
    "Crop",
    "Explanation",
    "HeatMap",
    "HeatMethod",
    "Negation",
    "WordEffect",
    "compute_heat_map",
    "crop_of",
    "explained",
    "hardly_used",
    "negation_in",
    "paint_crop",
    "paint_heat",
    "word_effects",
]
