"""Measure what the engine is worth, with vectors that need no model.

===========  ====================================================================
module       owns
===========  ====================================================================
vectors      pictures and questions made up, as a CLIP model would place them
search       how fast and how complete each kind of index is, at which size
===========  ====================================================================
"""
