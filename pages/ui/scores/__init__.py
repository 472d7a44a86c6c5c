"""Scores: one search, two searches, a picture against words, wordings.

===============  ===================================================================================
module           owns
===============  ===================================================================================
label_view       one picture against many words
pair_view        two queries side by side
score_histogram  how they are spread
score_view       one query
wording_view     the same query in other words
===============  ===================================================================================
"""
