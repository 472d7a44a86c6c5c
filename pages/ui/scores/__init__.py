"""Scores: one query, two queries, a picture against words, wordings, presence.

===============  ===================================================================================
module           owns
===============  ===================================================================================
label_view       one picture against many words
pair_view        two queries side by side
presence_view    can it be told what is not here?
score_histogram  how they are spread
score_view       one query
wording_view     the same query in other words
===============  ===================================================================================
"""
