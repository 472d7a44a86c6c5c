"""Answers that can be repeated: what was asked, of what, and what came out, as JSON.

=========  ====================================================================
module     owns
=========  ====================================================================
cards      the result card: written, read, refused when it was tampered with
replaying  a card asked again, and what is another now
saved      the questions that a collection keeps for such checks
=========  ====================================================================
"""

from __future__ import annotations

from search_engine.exchange.cards import ResultCard, card_of, read_card, write_card
from search_engine.exchange.replaying import Change, Replay, replay
from search_engine.exchange.saved import SavedQuestions

__all__ = [
    "Change",
    "Replay",
    "ResultCard",
    "SavedQuestions",
    "card_of",
    "read_card",
    "replay",
    "write_card",
]
