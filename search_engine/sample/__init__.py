"""The sample gallery, which is drawn, and the mini model, which is trained on such drawings."""

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
