"""The sample gallery, drawn.

===========  =======================================================================================
module       owns
===========  =======================================================================================
animals      twelve animals
backgrounds  the ten backgrounds, calm enough for every object to stand out
brush        the brush that paints one object: parts with outlines, patches, lines, rods and eyes
chance       chance that a seed repeats
curves       outlines of shapes as points; the same outline is computed once only
drawings     which function paints which kind of object
food         six things to eat
gallery      the gallery on disk: a folder for each kind, and a table of what is shown
layout       where the objects of a scene stand, and how large they are
light        gradients, hills, discs and glows with soft edges: what backgrounds are made of
painting     from a scene to a picture: the background, then every object cut out like a sticker
palette      what the ten colours look like, and the few colours that details have in every picture
places       three places to be
plants       five plants
scenes       what a picture shows: the kinds, colours, backgrounds, sizes, counts and positions
sky          what hangs in the sky, and a heart
sprites      one object, lit and cut out: its paint and its mask
things       things of the house
vehicles     six vehicles
===========  =======================================================================================
"""

from search_engine.sample.gallery import (
    GALLERY_PICTURES,
    GALLERY_SEED,
    TRUTH_FILE,
    GalleryPicture,
    draw_gallery,
    ensure_gallery,
    read_truth,
)

__all__ = [
    "GALLERY_PICTURES",
    "GALLERY_SEED",
    "TRUTH_FILE",
    "GalleryPicture",
    "draw_gallery",
    "ensure_gallery",
    "read_truth",
]
