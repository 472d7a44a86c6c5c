"""Which files below a folder are pictures, and how they differ from what is known.

==============  ====================================================================
module          owns
==============  ====================================================================
walking         the way through the folder
file_links      links to files that are in anyway
sieve           what is taken in and what is left out, by name
system_folders  what systems, devices and programs put beside a person's pictures
made_up         file systems that hold no files
unread          files of pictures that are not read, counted
drives          which drive a folder is on, by numbers that stay
homing          whether a root is the one that is known
absence         gone for good, or only out of reach?
comparing       new, changed, moved, gone
==============  ====================================================================

No file is opened here, but those without an ending whose kind is asked for; names, sizes and times
are enough. Reading content, which tells a moved picture from a new one, is asked of the caller
(`compare` takes a function for it).
"""

from search_engine.collection.scanning.absence import lies_below
from search_engine.collection.scanning.comparing import (
    Comparison,
    ContentHashes,
    Sorted,
    compare,
    places,
    sort_out,
)
from search_engine.collection.scanning.drives import OLD_FOLDER, ROOTS_DEVICE
from search_engine.collection.scanning.homing import at_home
from search_engine.collection.scanning.system_folders import lies_aside
from search_engine.collection.scanning.unread import unread_types
from search_engine.collection.scanning.walking import Scan, changed_ns_of, identity_of, scan

__all__ = [
    "OLD_FOLDER",
    "ROOTS_DEVICE",
    "Comparison",
    "ContentHashes",
    "Scan",
    "Sorted",
    "at_home",
    "changed_ns_of",
    "compare",
    "identity_of",
    "lies_aside",
    "lies_below",
    "places",
    "scan",
    "sort_out",
    "unread_types",
]
