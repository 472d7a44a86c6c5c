"""Bring a collection up to date with its folder: scan, decode, embed, catalog, index.

===============  ===================================================================================
module           owns
===============  ===================================================================================
plan             what a build is to do: name, folder, model, kind
one_call         a folder indexed in one call
moved_folders    a folder that was moved or copied, known by what it holds
build            the build itself, step by step
build_model      its model: loaded if needed, and what is found out about it
looking          the folder compared with the catalog, without opening pictures
hashing          the content of files that may be known ones
work             which files are to be read and embedded
interim          what a long build has so far, published now and then
pipeline         files to decoded pictures, ahead of the model, in bounded memory
distributed      the same on workers, of this machine or of many
root             the folder of the pictures, which must not go away meanwhile
lost_thumbnails  thumbnails that were lost, made again
changes          what changed in the folder since the build
watching         a folder that is watched, and updated once it rests
progress         how far, how fast, how long still
===============  ===================================================================================

Pictures go through in batches. Each batch is one transaction of the catalog, so a build that is
cancelled or killed loses at most the batch it was at, and the next one goes on from there. The
index is published at the end, before it is measured and calibrated; a long build publishes what it
has now and then, and so does one that is stopped. Until then readers find the one before.
"""

from __future__ import annotations

from search_engine.building.build import build_collection
from search_engine.building.changes import (
    Changes,
    Preview,
    changes_since_build,
    pictures_to_embed_again,
    preview_build,
)
from search_engine.building.moved_folders import Moved, moved_from, plan_move, real_folders
from search_engine.building.one_call import index_folder
from search_engine.building.plan import Folders, plan_build
from search_engine.building.watching import WatchedFolder
from search_engine.index.publishing import rebuild_index

__all__ = [
    "Changes",
    "Folders",
    "Moved",
    "Preview",
    "WatchedFolder",
    "build_collection",
    "changes_since_build",
    "index_folder",
    "moved_from",
    "pictures_to_embed_again",
    "plan_build",
    "plan_move",
    "preview_build",
    "real_folders",
    "rebuild_index",
]
