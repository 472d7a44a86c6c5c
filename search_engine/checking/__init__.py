"""Is a collection what it says? Its catalog, index, thumbnails and files, and how to mend them.

=============  =====================================================================================
module         owns
=============  =====================================================================================
faults         what can be wrong, and what to do about each
examining      looking for all of them, changing nothing
picture_files  there, changed, gone or out of reach
sampling       some pictures read and embedded again
repairing      mending what can be mended, as far as possible without the model
=============  =====================================================================================
"""

from __future__ import annotations

from search_engine.checking.examining import SAMPLED_PICTURES, check_collection
from search_engine.checking.faults import CheckReport, Fault, FaultKind
from search_engine.checking.picture_files import look_at_files
from search_engine.checking.repairing import repair_collection

__all__ = [
    "SAMPLED_PICTURES",
    "CheckReport",
    "Fault",
    "FaultKind",
    "check_collection",
    "look_at_files",
    "repair_collection",
]
