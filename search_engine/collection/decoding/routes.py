"""The one door to all decoders: each file is decoded in a process of its own.

On two cores a build without a model does 107 to 132 photographs a second so, where the threads of
one process did 74 in the same run; sixteen processes decode 1,889. And a decoder that crashes,
hangs or eats memory costs one file. So there is no other way, for any format.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from search_engine.collection.decoding.children import CHILDREN
from search_engine.collection.decoding.content import content_hash
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.picture import DecodedPicture
from search_engine.collection.decoding.refusal import DecoderEnded, Refusal
from search_engine.records import SkipReason


def decode(
    content: bytes, digest: str | None = None, *, longest: int | None = None
) -> DecodedPicture:
    """Decode the bytes of a picture file.

    Large JPEGs are decoded at a reduced size, which is twice as fast or better.

    Args:
        content: All bytes of the file.
        digest: Their `content_hash`, if it is known.
        longest: Pixels that its longer side has at most, for people to look at, up to 12.8 million
            pixels in all; without it the picture is as large as models need it.

    Raises:
        Refusal: The bytes are no picture, a damaged one, or one that takes too much.
    """
    digest = digest or content_hash(content)
    try:
        return CHILDREN.decode(content, digest, longest=longest)
    except Refusal as refusal:
        if refusal.reason is not SkipReason.CRASHED:
            raise
        with suppress(Refusal):  # a bad colour profile costs no picture
            return CHILDREN.decode(content, digest, uses_profile=False, longest=longest)
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
    files = request.files
    try:
        return CHILDREN.read(request, owner=owner) if files else []
    except DecoderEnded as ended:
        at = min(ended.file, len(files) - 1)
        return [
            *read(replace(request, files=files[:at]), owner),
            _read_alone(replace(request, files=files[at : at + 1]), ended, owner),
            *read(replace(request, files=files[at + 1 :]), owner),
        ]
    except Refusal as refusal:  # no decoder can be started
        return [refusal] * len(files)


def _read_alone(request: ReadRequest, ended: DecoderEnded, owner: object) -> ReadPicture | Refusal:
    """Try a file once more that was the end of a decoder, unless that took its time already.

    The one before it may have spoiled the decoder, and a bad colour profile costs no picture.
    """
    if ended.reason is SkipReason.TOO_SLOW:
        return ended
    for uses_profile in (True, False):
        with suppress(Refusal):
            return CHILDREN.read(request, uses_profile=uses_profile, owner=owner)[0]
    return ended
