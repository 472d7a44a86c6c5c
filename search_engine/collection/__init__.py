"""What there is: the folders looked through, their files decoded, and the catalog of them.

==============  ====================================================================================
module          owns
==============  ====================================================================================
at_work         whether a build goes on, whoever began it
catalog         the SQLite catalog, the one truth
dating          when a picture was taken, out of what is written
decoding        a file to an upright RGB picture
deleted         collections that were deleted and can be brought back for some minutes
first_build     how much can be searched while it lasts
folders         what a person means by a folder, and what to say where it is none
joined_folders  several folders in one collection
last_used       the collection that was used last
library         all collections of a data folder
manifest        what an index says of itself, checked when it is read
scanning        which files are pictures; new, changed, moved, gone
screen_copies   pictures at the size of a screen, those looked at last
thumbnails      small pictures by content
==============  ====================================================================================

Importing this package loads nothing of it: what is named below comes when it is first asked for, so
that a process which only decodes stays small.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search_engine.collection.at_work import is_being_built
    from search_engine.collection.catalog import (
        CATALOG_FILE,
        UNDATED,
        Build,
        Catalog,
        CategoryFacts,
        FolderLevel,
        ListOrder,
        Measure,
    )
    from search_engine.collection.catalog.database import MOST_NUMBER
    from search_engine.collection.dating import DatedBy, as_asked, date_of, in_words
    from search_engine.collection.decoding import (
        DecodedPicture,
        Refusal,
        content_hash,
        decode,
        read_content,
    )
    from search_engine.collection.deleted import MINUTES_KEPT, Deleted, DeletedCollections
    from search_engine.collection.first_build import so_far
    from search_engine.collection.folders import (
        Listing,
        NoFolder,
        Place,
        Subfolder,
        Wrong,
        begin_alike,
        folders_in,
        spelled,
        starting_places,
        steps_to,
        typed_folder,
    )
    from search_engine.collection.joined_folders import (
        folders_of,
        is_joined,
        left_out,
        path_in_joined,
        true_path,
        where_it_lies,
    )
    from search_engine.collection.last_used import is_ready, note_use, usual_collection
    from search_engine.collection.library import Library
    from search_engine.collection.manifest import read_manifest
    from search_engine.collection.screen_copies import ScreenCopies
    from search_engine.collection.thumbnails import Thumbnails, data_address, thumbnail_content

__all__ = [
    "CATALOG_FILE",
    "MINUTES_KEPT",
    "MOST_NUMBER",
    "UNDATED",
    "Build",
    "Catalog",
    "CategoryFacts",
    "DatedBy",
    "DecodedPicture",
    "Deleted",
    "DeletedCollections",
    "FolderLevel",
    "Library",
    "ListOrder",
    "Listing",
    "Measure",
    "NoFolder",
    "Place",
    "Refusal",
    "ScreenCopies",
    "Subfolder",
    "Thumbnails",
    "Wrong",
    "as_asked",
    "begin_alike",
    "content_hash",
    "data_address",
    "date_of",
    "decode",
    "folders_in",
    "folders_of",
    "in_words",
    "is_being_built",
    "is_joined",
    "is_ready",
    "left_out",
    "note_use",
    "path_in_joined",
    "read_content",
    "read_manifest",
    "so_far",
    "spelled",
    "starting_places",
    "steps_to",
    "thumbnail_content",
    "true_path",
    "typed_folder",
    "usual_collection",
    "where_it_lies",
]

_HOMES = {
    "CATALOG_FILE": "catalog",
    "MINUTES_KEPT": "deleted",
    "MOST_NUMBER": "catalog.database",
    "UNDATED": "catalog",
    "Build": "catalog",
    "Catalog": "catalog",
    "CategoryFacts": "catalog",
    "FolderLevel": "catalog",
    "DatedBy": "dating",
    "Deleted": "deleted",
    "DeletedCollections": "deleted",
    "DecodedPicture": "decoding",
    "Library": "library",
    "ListOrder": "catalog",
    "Listing": "folders",
    "Measure": "catalog",
    "NoFolder": "folders",
    "Place": "folders",
    "Refusal": "decoding",
    "ScreenCopies": "screen_copies",
    "Subfolder": "folders",
    "Thumbnails": "thumbnails",
    "Wrong": "folders",
    "as_asked": "dating",
    "begin_alike": "folders",
    "content_hash": "decoding",
    "data_address": "thumbnails",
    "date_of": "dating",
    "decode": "decoding",
    "folders_in": "folders",
    "folders_of": "joined_folders",
    "in_words": "dating",
    "is_being_built": "at_work",
    "is_joined": "joined_folders",
    "left_out": "joined_folders",
    "is_ready": "last_used",
    "note_use": "last_used",
    "path_in_joined": "joined_folders",
    "read_content": "decoding",
    "read_manifest": "manifest",
    "so_far": "first_build",
    "spelled": "folders",
    "starting_places": "folders",
    "steps_to": "folders",
    "thumbnail_content": "thumbnails",
    "true_path": "joined_folders",
    "typed_folder": "folders",
    "usual_collection": "last_used",
    "where_it_lies": "joined_folders",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        cause = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(cause)
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
