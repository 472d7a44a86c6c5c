"""Answers that can be repeated: what was asked, of what, and what came out, as JSON.

=============  =====================================================================================
module         owns
=============  =====================================================================================
card           the result card: written, and its query as a collection understands it
fields         what a document of somebody else says, checked
parsing        a card from text that anybody may have written
replaying      a card run again, and what is different now
saved_queries  the queries that a collection keeps for such checks
=============  =====================================================================================
"""

from __future__ import annotations

from search_engine.cards.card import ResultCard, card_of, write_card
from search_engine.cards.parsing import load_card, read_card
from search_engine.cards.replaying import Change, Replay, replay
from search_engine.cards.saved_queries import SavedQueries, name_for

__all__ = [
    "Change",
    "Replay",
    "ResultCard",
    "SavedQueries",
    "card_of",
    "load_card",
    "name_for",
    "read_card",
    "replay",
    "write_card",
]
