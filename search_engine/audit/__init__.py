"""What is wrong with a collection, or odd in it: found, explained, listed, never changed.

=================  =================================================================================
module             owns
=================  =================================================================================
audit              the way in: a collection, and all that can be found out about it
inventory          the pictures of a collection as arrays, copies under one content
neighbours         the nearest other contents of every content, kept on disk
whitening          vectors in which no direction counts more than another
image_statistics   what thumbnails look like: perceptual hash, sharpness, brightness
crop_registration  whether one picture is a crop of another
close_look         whether two pictures are the same in their originals, at every spot
duplicates         groups of equal and nearly equal pictures, and which to keep
keeping            which file of a content to keep, and which content of several
on_disk            what the disk says of files that somebody is about to act on
decisions          which copies may go, checked at the moment that they are listed
label_errors       pictures whose category their neighbours or words doubt
reviews            what a person said of doubted labels
outliers           pictures far from all others, or from those of their category
hubness            which pictures questions find too often, or never
unusual            every way of being odd, as a ranking
picture_quality    blurred, dark, bright, tiny and oddly shaped pictures
lists              what was found as CSV, and as lists of files for other tools
=================  =================================================================================

Nothing here moves or deletes a file. Pixels come from the thumbnails; an original is read only to
see whether it shows the same as another one, and whether it still holds what it held, before it is
listed to be removed.
"""
