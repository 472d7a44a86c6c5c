"""Answers that can be repeated: what was asked, of what, and what came out, as JSON.

=============  =====================================================================================
module         owns
=============  =====================================================================================
card           the result card: made, written, its query as a collection understands it
card_file      what a card holds, within which bounds, in a file of each format
parsing        a card from text that anybody may have written
replaying      a card run again, and what is different now
saved_queries  the queries that a collection keeps for such checks
=============  =====================================================================================
"""

from __future__ import annotations

from search_engine.cards.card import card_of, query_of, write_card
from search_engine.cards.card_file import CardView, ResultCard
from search_engine.cards.parsing import load_card, read_card
from search_engine.cards.replaying import Change, Replay, replay
from search_engine.cards.saved_queries import SavedQueries, name_for

__all__ = [
    "CardView",
    "Change",
    "Replay",
    "ResultCard",
    "SavedQueries",
    "card_of",
    "load_card",
    "name_for",
    "query_of",
    "read_card",
    "replay",
    "write_card",
]
