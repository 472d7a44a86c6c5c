"""Answers that can be repeated: what was asked, of what, and what came out, as JSON.

=========  ====================================================================
module     owns
=========  ====================================================================
cards      the result card: written, and its question as a collection understands it
fields     what a document of somebody else says, checked
reading    a card from text that anybody may have written
replaying  a card asked again, and what is another now
saved      the questions that a collection keeps for such checks
=========  ====================================================================
"""

from __future__ import annotations

from search_engine.exchange.cards import ResultCard, card_of, write_card
from search_engine.exchange.reading import load_card, read_card
from search_engine.exchange.replaying import Change, Replay, replay
from search_engine.exchange.saved import SavedQuestions

__all__ = [
    "Change",
    "Replay",
    "ResultCard",
    "SavedQuestions",
    "card_of",
    "load_card",
    "read_card",
    "replay",
    "write_card",
]
