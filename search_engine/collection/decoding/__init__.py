"""From a file to an upright RGB picture, its facts and its thumbnail, or the reason why not.

===========  ====================================================================
module       owns
===========  ====================================================================
content      the bytes of a file
structure    what a file is made of, and how much of it is too much
more_inside  further frames, pages and transparent parts, which are not shown
kinds        what a file is that is not read
routes       the one door
handover     what is asked of a decoder, and what it hands over
picture      decoding in the process we are in
salvage      what can be kept of a damaged file, and how much of it is the picture
scans        how far a JPEG goes that ends too early
png_chunks   a PNG without its damaged side chunks
boxes        the boxes of WebP, HEIC, AVIF and JPEG 2000
conversion   any mode to a small RGB picture
depth        how bright the numbers of a deep picture are
tiff_layout  how a TIFF says that it is stored
samples      TIFF pictures that Pillow does not read, or reads wrongly
colours      which colours the numbers are, and the same picture in sRGB
spaces       matrices and curves of colour profiles
facts        orientation and camera
dates        when a picture was taken, wherever its file says it
cost         how much memory a decoder will take
budget       how much memory decoders may take
children     decoders in processes of their own
child        one of them, from the outside
worker       the same, from the inside
believing    what it answers, believed as far as it can be checked
limits       time and memory that it may take
frames       what the two say to each other
complaints   what a decoder's complaint means, in plain words
refusal      why a file is not decoded
===========  ====================================================================
"""

from search_engine.collection.decoding.children import CHILDREN, Stopped
from search_engine.collection.decoding.content import content_hash, read_content
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.more_inside import holds_more
from search_engine.collection.decoding.picture import DecodedPicture, thumbnail
from search_engine.collection.decoding.refusal import Refusal
from search_engine.collection.decoding.routes import decode, read

__all__ = [
    "CHILDREN",
    "DecodedPicture",
    "ReadPicture",
    "ReadRequest",
    "Refusal",
    "Stopped",
    "content_hash",
    "decode",
    "holds_more",
    "read",
    "read_content",
    "thumbnail",
]
