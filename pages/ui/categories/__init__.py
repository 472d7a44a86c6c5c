"""Categories: counts, similarity, one category, the map.

===================  ===============================================================================
module               owns
===================  ===============================================================================
category_overview    counts
category_similarity  how alike they are; typical pictures
map_view             the map of all pictures
one_category         the pictures of one
===================  ===============================================================================
"""
