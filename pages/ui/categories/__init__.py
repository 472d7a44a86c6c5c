"""Categories: counts, similarity, retrieval, the map.

===================  ===============================================================================
module               owns
===================  ===============================================================================
category_overview    counts
category_similarity  how alike they are; typical pictures
map_view             the map of all pictures
retrieval_view       their names as queries
zero_shot_view       which are taken for which
===================  ===============================================================================
"""
