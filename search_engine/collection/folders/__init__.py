"""What a person means by a folder, and what to say where it is none.

========  =========================================================================
module    owns
========  =========================================================================
typed     a text to the folder it means, or what is wrong with it
spelling  the ways in which a path is written: quotes, addresses, home, variables
lying     what lies at a path, and what is in the way to it
instead   what a text is where it is no path of this computer
likely    the folder that was probably meant
browsing  the folders in a folder, and where to begin looking
========  =========================================================================
"""

from __future__ import annotations

from search_engine.collection.folders.browsing import (
    Listing,
    Place,
    Subfolder,
    begin_alike,
    folders_in,
    starting_places,
    steps_to,
)
from search_engine.collection.folders.lying import NoFolder, Wrong
from search_engine.collection.folders.spelling import spelled
from search_engine.collection.folders.typed import typed_folder

__all__ = [
    "Listing",
    "NoFolder",
    "Place",
    "Subfolder",
    "Wrong",
    "begin_alike",
    "folders_in",
    "spelled",
    "starting_places",
    "steps_to",
    "typed_folder",
]
