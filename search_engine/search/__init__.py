"""Queries answered: the engine, which joins catalog, index and calibration for reading.

=======  ===========================================================================================
module   owns
=======  ===========================================================================================
engine   joins them for reading: open a collection, answer questions
ranking  the nearest pictures of a query
results  what comes out of a question
=======  ===========================================================================================
"""
