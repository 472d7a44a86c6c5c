"""The one door to all decoders: each file is decoded in a process of its own.

Threads of one process decode no more than 560 pictures of half a megapixel a second on sixteen
cores, where processes do three times as many; and a decoder that crashes, hangs or eats memory
costs one file there. On the two cores of a laptop the detour costs a tenth of a millisecond.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from search_engine.collection.decoding.children import CHILDREN
from search_engine.collection.decoding.content import content_hash
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.picture import DecodedPicture
from search_engine.collection.decoding.refusal import Refusal
from search_engine.records import SkipReason


def decode(content: bytes, digest: str | None = None) -> DecodedPicture:
    """Decode the bytes of a picture file.

    Large JPEGs are decoded at a reduced size, which is twice as fast or better.

    Args:
        content: All bytes of the file.
        digest: Their `content_hash`, if it is known.

    Raises:
        Refusal: The bytes are no picture, a damaged one, or one that takes too much.
    """
    digest = digest or content_hash(content)
    try:
        return CHILDREN.decode(content, digest)
    except Refusal as refusal:
        if refusal.reason is not SkipReason.CRASHED:
            raise
        with suppress(Refusal):  # a bad colour profile costs no picture
            return CHILDREN.decode(content, digest, uses_profile=False)
        raise


def read(request: ReadRequest, owner: object = None) -> list[ReadPicture | Refusal]:
    """Read files of a collection: decode them, write thumbnails, give what a model looks at.

    Args:
        request: What is wanted.
        owner: Whose wish it is, for `Children.stop`.

    Returns:
        For each file its picture, or why it cannot be read, is none, a damaged one, or one that
        takes too much.

    Raises:
        CollectionError: A thumbnail cannot be written.
        Stopped: The owner does not want it any more.
    """
    try:
        return CHILDREN.read(request, owner=owner)
    except Refusal as refusal:  # one of them is the end of its decoder
        if len(request.files) > 1:
            alone = [replace(request, files=[file]) for file in request.files]
            return [found for one in alone for found in read(one, owner)]
        if refusal.reason is SkipReason.CRASHED:
            with suppress(Refusal):  # a bad colour profile costs no picture
                return CHILDREN.read(request, uses_profile=False, owner=owner)
        return [refusal]
