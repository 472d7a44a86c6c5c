"""Pictures handed on: as a folder of copies or links, with a table that says which is which.

=============  =====================================================================================
module         owns
=============  =====================================================================================
export_names   the names of files in such a folder: portable, each once
export_place   where such a folder may lie, and what its disk allows
export_plan    what an export would do: how many files, how many bytes, what is missing
export_run     the export itself: files placed one by one, and their table
=============  =====================================================================================

Nothing is ever written over, nor written into the folder of the collection or the data folder.
"""

from __future__ import annotations

from search_engine.exchange.export_names import portable_name
from search_engine.exchange.export_plan import (
    ExportPlan,
    LeftOutFile,
    Manner,
    PlannedFile,
    plan_export,
)
from search_engine.exchange.export_run import ExportReport, export_files

__all__ = [
    "ExportPlan",
    "ExportReport",
    "LeftOutFile",
    "Manner",
    "PlannedFile",
    "export_files",
    "plan_export",
    "portable_name",
]
