"""What is wrong with a collection, or odd in it: found, explained, listed, never changed.

===========  ====================================================================
module       owns
===========  ====================================================================
audit        the way in: a collection, and all that can be found out about it
inventory    the pictures of a collection as arrays, copies under one content
neighbours   the nearest other contents of every content, kept on disk
whitening    vectors in which no direction counts more than another
looks        what thumbnails look like: perceptual hash, sharpness, brightness
overlay      whether one picture is a crop of another
duplicates   groups of equal and nearly equal pictures, and which to keep
suspects     pictures whose category their neighbours or words doubt
reviews      what a person said of doubted labels
outliers     pictures far from all others, or from those of their category
reach        which pictures questions find too often, or never
unusual      every way of being odd, as a ranking
quality      blurred, dark, bright, tiny and oddly shaped pictures
lists        what was found as CSV, and as lists of files
===========  ====================================================================

Nothing here opens an original, moves or deletes a file: pixels come from the thumbnails.
"""
