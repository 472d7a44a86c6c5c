"""Files of our own: written whole, private, and never through a link.

============  ======================================================================================
module        owns
============  ======================================================================================
entries       what an entry of a folder is, and what it may be where our own files belong
reading       a file of our own, opened only if it is one
writing       a file of our own, written whole and private or not at all
removing      files and folders of our own, deleted without following a link
privacy       what other users of the machine may see
arrays        arrays in files of our own
documents     records as JSON files of our own, read back only as what they were
field_bounds  what a record asks of its fields beside their types
desktop       files shown by the programs of the desktop
tables        tables as CSV that every spreadsheet opens and none runs
============  ======================================================================================

A data folder may hold what somebody else put there: a collection copied from a stranger, a backup,
an archive. So nothing that is written, read or deleted here follows a link, waits for a pipe or
reads a device.
"""

from __future__ import annotations

from search_engine.files import desktop, tables
from search_engine.files.entries import NotAFile, kind_of, refuse_links
from search_engine.files.privacy import keep_private
from search_engine.files.reading import open_own, read
from search_engine.files.removing import remove_if_plain, remove_tree
from search_engine.files.writing import (
    PARTIAL_SUFFIX,
    make_folder,
    remove_leftovers,
    replacing,
    write,
)

__all__ = [
    "PARTIAL_SUFFIX",
    "NotAFile",
    "desktop",
    "keep_private",
    "kind_of",
    "make_folder",
    "open_own",
    "read",
    "refuse_links",
    "remove_if_plain",
    "remove_leftovers",
    "remove_tree",
    "replacing",
    "tables",
    "write",
]
