"""What a collection is like, and what scores mean beside one another.

==================  ================================================================================
module              owns
==================  ================================================================================
counts              file sizes, resolutions and dates in steps
similarity          how alike categories are; typical and untypical pictures
picture_map         all pictures as points of a plane, alike ones close together
score_distribution  the distribution of scores; two questions side by side
labels              one picture against many words
==================  ================================================================================
"""
