"""The one door to all decoders: each file is decoded in a process of its own.

Threads of one process decode no more than 560 pictures of half a megapixel a second on sixteen
cores, where processes do three times as many; and a decoder that crashes, hangs or eats memory
costs one file there. On the two cores of a laptop the detour costs a tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from search_engine.collection.decoding.children import CHILDREN
from search_engine.collection.decoding.content import content_hash
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.picture import DecodedPicture
from search_engine.collection.decoding.refusal import Refusal
from search_engine.records import SkipReason

_Picture = TypeVar("_Picture", DecodedPicture, ReadPicture)


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
    return _without_its_profile_if_need_be(
        lambda uses_profile: CHILDREN.decode(content, digest, uses_profile=uses_profile)
    )


def read(request: ReadRequest, owner: object = None) -> ReadPicture:
    """Read a file of a collection: decode it, write its thumbnail, give what a model looks at.

    Args:
        request: What is wanted.
        owner: Whose wish it is, for `Children.stop`.

    Raises:
        Refusal: It cannot be read, is no picture, a damaged one, or one that takes too much.
        CollectionError: The thumbnail cannot be written.
        Stopped: The owner does not want it any more.
    """
    return _without_its_profile_if_need_be(
        lambda uses_profile: CHILDREN.read(request, uses_profile=uses_profile, owner=owner)
    )


def _without_its_profile_if_need_be(decoded: Callable[[bool], _Picture]) -> _Picture:
    """Try a file that ends its decoder once more: a bad colour profile costs no picture."""
    try:
        return decoded(True)  # noqa: FBT003 - the only thing that it is told
    except Refusal as refusal:
        if refusal.reason is not SkipReason.CRASHED:
            raise
        try:
            return decoded(False)  # noqa: FBT003
        except Refusal:
            raise refusal from None
