"""From a file to an upright RGB picture, its facts and its thumbnail, or the reason why not.

===========  ====================================================================
module       owns
===========  ====================================================================
content      the bytes of a file
structure    what a file is made of, and how much of it is too much
routes       where a file is decoded: the one door
picture      decoding in the process we are in
conversion   any mode to a small RGB picture
facts        orientation, date and camera
cost         how much memory a decoder will take
budget       how much memory decoders may take
children     decoders in processes of their own, from the outside
worker       such a process, from the inside
limits       time and memory that it may take
frames       what the two say to each other
refusal      why a file is not decoded
===========  ====================================================================
"""

from search_engine.decoding.content import content_hash, read_content
from search_engine.decoding.picture import DecodedPicture, thumbnail
from search_engine.decoding.refusal import Refusal
from search_engine.decoding.routes import decode

__all__ = [
    "DecodedPicture",
    "Refusal",
    "content_hash",
    "decode",
    "read_content",
    "thumbnail",
]
