"""The one door to all decoders, which decides where a file is decoded."""

from __future__ import annotations

from contextlib import suppress

from search_engine.collection.decoding.budget import DECODING
from search_engine.collection.decoding.children import CHILDREN
from search_engine.collection.decoding.content import content_hash
from search_engine.collection.decoding.picture import DecodedPicture, Elsewhere, decode_here
from search_engine.collection.decoding.refusal import Refusal
from search_engine.collection.decoding.structure import Structure, structure_of
from search_engine.records import SkipReason


def decode(content: bytes, digest: str | None = None, *, isolated: bool = False) -> DecodedPicture:
    """Decode the bytes of a picture file.

    Large JPEGs are decoded at a reduced size, which is twice as fast or better. What is decoded by
    other code than Pillow's own, is damaged or unusual, goes to a process of its own.

    Args:
        content: All bytes of the file.
        digest: Their `content_hash`, if it is known.
        isolated: Whether the file goes there in any case: it came from somebody else, or the
            program may have died of it.

    Raises:
        Refusal: The bytes are no picture, a damaged one, or one that takes too much.
    """
    structure = structure_of(content)
    digest = digest or content_hash(content)
    if isolated or structure.apart:
        return CHILDREN.decode(content, digest)
    try:
        return decode_here(content, digest, structure, DECODING.reserve)
    except Elsewhere:
        return _decode_elsewhere(content, digest, structure)


def _decode_elsewhere(content: bytes, digest: str, structure: Structure) -> DecodedPicture:
    """Decode what is damaged or has an unusual profile; a profile costs no picture."""
    try:
        return CHILDREN.decode(content, digest)
    except Refusal as refusal:
        if refusal.reason is not SkipReason.CRASHED:
            raise
        with suppress(Elsewhere):
            return decode_here(content, digest, structure, DECODING.reserve, uses_profile=False)
        raise
