"""Pictures and vectors handed on and taken over: folders of copies, and formats of other programs.

===============  ===================================================================================
module           owns
===============  ===================================================================================
export_names     the names of files in such a folder: portable, each once
export_place     where such a folder may lie, and what its disk allows
export_plan      what an export would do: how many files, how many bytes, what is missing
export_run       the export itself: files placed one by one, and their table
vector_set       what travels: pictures by path, what is known of them, their vectors
carried_facts    what a row of a table tells of a picture
foreign_files    arrays, JSON and CSV of other programs, read with limits
foreign_tables   their Parquet files
flat_index       a flat index as Faiss keeps it in a file, without Faiss
demo_pair        ``index.faiss`` and ``image_paths.json``
clip_retrieval   the embeddings folder of clip-retrieval
numpy_pair       an array of NumPy and a table
parquet_table    one Parquet file with all there is
image_tree       a folder for each class, as FiftyOne reads it, and an array
coco_file        a COCO file and an array
vector_formats   which formats there are
vector_source    a collection's vectors, as they travel
exporting        a collection's vectors, written
imported_paths   paths of another program, below a folder of ours
vector_proof     whether vectors are of the model that they are said to be of
import_records   what is asked of an import, and what it tells
importing        vectors of another program, made a collection
result_files     results and pictures as one file: CSV, JSON Lines, Parquet, ZIP
packing          pictures in one ZIP that unpacks everywhere
xmp_sidecar      tags in the text beside a picture, merged with what is there
xmp_export       such texts for many pictures, in a folder of their own or beside them
===============  ===================================================================================

Nothing is ever written over, nor written into the folder of the collection or the data folder.
"""

from __future__ import annotations

from search_engine.exchange import packing
from search_engine.exchange.export_names import portable_name
from search_engine.exchange.export_plan import (
    ExportPlan,
    LeftOutFile,
    Manner,
    PlannedFile,
    plan_export,
)
from search_engine.exchange.export_run import ExportReport, export_files
from search_engine.exchange.exporting import VectorExport, export_vectors
from search_engine.exchange.foreign_files import read_vector
from search_engine.exchange.import_records import ImportReport, VectorImport
from search_engine.exchange.importing import import_vectors
from search_engine.exchange.result_files import (
    ResultForm,
    form_of,
    pictures_as,
    place_of,
    results_as,
)
from search_engine.exchange.vector_formats import VectorFormat, read_vectors, write_vectors
from search_engine.exchange.vector_set import CarriedPicture, VectorSet
from search_engine.exchange.vector_source import take_vectors
from search_engine.exchange.xmp_export import SidecarReport, write_sidecars

__all__ = [
    "CarriedPicture",
    "ExportPlan",
    "ExportReport",
    "ImportReport",
    "LeftOutFile",
    "Manner",
    "PlannedFile",
    "ResultForm",
    "SidecarReport",
    "VectorExport",
    "VectorFormat",
    "VectorImport",
    "VectorSet",
    "export_files",
    "export_vectors",
    "form_of",
    "import_vectors",
    "packing",
    "pictures_as",
    "place_of",
    "plan_export",
    "portable_name",
    "read_vector",
    "read_vectors",
    "results_as",
    "take_vectors",
    "write_sidecars",
    "write_vectors",
]
