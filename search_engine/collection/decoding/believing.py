"""What a decoder answers, believed no further than it can be checked."""

from __future__ import annotations

import logging
import re
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from search_engine.collection.decoding.conversion import MOST_WORKING_PIXELS
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.picture import MAX_PIXELS, DecodedPicture
from search_engine.collection.decoding.refusal import Refusal
from search_engine.errors import CollectionError
from search_engine.records import READER, PictureFacts, SkipReason
from search_engine.records.model_inputs import ModelInput

_LOG = logging.getLogger(__name__)

MOST_BYTES = 3 * MOST_WORKING_PIXELS
"""That an answer of one picture can have."""
_LONGEST_TEXT = 1000
_HASH = re.compile(r"[0-9a-f]{64}")

Words: TypeAlias = dict[str, Any]


class BadAnswer(Exception):
    """A decoder says what no decoder says."""


def picture_of(words: Words, pixels: bytes, digest: str) -> DecodedPicture | Refusal:
    """Make a picture of an answer, or the reason why there is none.

    Raises:
        BadAnswer: It is neither.
    """
    try:
        if "reason" in words:
            return _refusal(words)
        return DecodedPicture(_image(words, pixels), _facts(words, digest))
    except (KeyError, ValueError, TypeError) as error:
        raise BadAnswer from error


def read_pictures_of(
    words: Words, pixels: bytes, request: ReadRequest
) -> list[ReadPicture | Refusal]:
    """Make a picture as a model takes it of each part of an answer, or the reason why not.

    Raises:
        BadAnswer: It is something else.
        CollectionError: A thumbnail cannot be written.
    """
    try:
        if "failed" in words:
            cause, place, remedy = (_text(words[key]) or "" for key in _FAILURE)
            raise CollectionError(cause, place=place, remedy=remedy)
        found: list[ReadPicture | Refusal] = []
        at = 0
        for told in words["pictures"]:
            length = 0 if "reason" in told else _bytes_of(told)
            part = memoryview(pixels)[at : at + length]
            found.append(_read_picture(told, part, request.looks_at))
            at += length
    except (KeyError, ValueError, TypeError) as error:
        raise BadAnswer from error
    if len(found) != len(request.files) or at != len(pixels):
        raise BadAnswer
    return found


_FAILURE = ("failed", "place", "remedy")


def _bytes_of(words: Words) -> int:
    across, down = (number(side, MOST_WORKING_PIXELS) for side in words["size"])
    return 3 * number(across * down, MOST_WORKING_PIXELS)


def _read_picture(
    words: Words, pixels: memoryview, looks_at: ModelInput | None
) -> ReadPicture | Refusal:
    if "reason" in words:
        return _refusal(words)
    digest = _text(words["hash"]) or ""
    if not _HASH.fullmatch(digest):
        raise BadAnswer
    facts = _facts(words, digest)
    if looks_at is None:
        return ReadPicture(_image(words, pixels), facts)
    seen = np.frombuffer(pixels, np.uint8).reshape(looks_at.side, looks_at.side, 3)
    return ReadPicture(seen, facts)


def _image(words: Words, pixels: bytes | memoryview) -> Image.Image:
    if len(pixels) != _bytes_of(words):
        raise BadAnswer
    return Image.frombytes("RGB", tuple(words["size"]), bytes(pixels))


def _facts(words: Words, digest: str) -> PictureFacts:
    width, height = (number(words[side], MAX_PIXELS) for side in ("width", "height"))
    taken_at, camera = _text(words["taken_at"]), _text(words["camera"])
    dated_by, remark = _text(words["dated_by"]), _text(words["remark"])
    if words.get("said"):
        _LOG.info("read with a remark (%s): its decoder says %r", remark, _text(words["said"]))
    return PictureFacts(digest, width, height, taken_at, camera, dated_by, remark, READER)


def _refusal(words: Words) -> Refusal:
    said, detail = _text(words.get("said")) or "", _text(words["detail"]) or ""
    if said:
        _LOG.info("refused as %s (%s): its decoder says %r", words["reason"], detail, said)
    return Refusal(SkipReason(words["reason"]), detail, said=said)


def number(value: object, most: int) -> int:
    """Return a value that is a number from one to ``most``.

    Raises:
        BadAnswer: It is none.
    """
    if isinstance(value, int) and 0 < value <= most:
        return value
    cause = f"{value!r} where a number up to {most} should be"
    raise BadAnswer(cause)


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, str) and len(value) <= _LONGEST_TEXT):
        return value
    cause = "no text, or too long a one"
    raise BadAnswer(cause)
