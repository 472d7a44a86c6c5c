"""Categories: counts, similarity, one category, the map.

===================  ===============================================================================
module               owns
===================  ===============================================================================
category_overview    counts
category_similarity  how alike they are; typical pictures
map_colours          what the colours of the map stand for
map_message          what the browser is told of the map
map_points           the points whose pictures are there, and their categories
map_search           a search whose results are ringed on the map
map_selection        what was drawn round, and what can be done with it
map_view             the map of all pictures
one_category         the pictures of one
===================  ===============================================================================
"""
