"""An array of NumPy beside a table: ``vectors.npy`` and ``pictures.csv``, row by row.

Also any other folder with one array and one table that has a column of paths.
"""

from __future__ import annotations

from pathlib import Path

from search_engine.collection import true_path
from search_engine.errors import BadInput
from search_engine.exchange.carried_facts import FACTS, PATHS, as_row, from_row
from search_engine.exchange.foreign_files import read_array, read_csv, refused, write_array
from search_engine.exchange.vector_set import CarriedPicture, VectorSet, joined
from search_engine.files import tables
from search_engine.records import PictureFile

_VECTORS, _PICTURES = "vectors.npy", "pictures.csv"


def read(folder: Path) -> VectorSet:
    """Read array and table.

    Raises:
        BadInput: One of them is missing, there are several, or they are not what they have to be.
    """
    array, table = _only(folder, _VECTORS), _only(folder, _PICTURES)
    rows = read_csv(table)
    if not rows:
        raise refused(table, "There is no picture in it")
    name = next((name for name in PATHS if name in rows[0]), None)
    if name is None:
        there = ", ".join(str(one)[:40] for one in list(rows[0])[:20])
        cause = f"It has no column with paths; it has: {there}"
        raise refused(table, cause, f"Name one of them {PATHS[0]}.")
    pictures = tuple(
        _picture(row, name, number, str(table)) for number, row in enumerate(rows, start=1)
    )
    return joined(pictures, read_array(array), str(folder))


def _picture(row: dict[str, str], name: str, number: int, place: str) -> CarriedPicture:
    values: dict[str, object] = {**row}
    if row.get("tags"):
        values["tags"] = tables.as_values(row["tags"])
    return from_row(row[name], values, number, place)


def _only(folder: Path, usual: str) -> Path:
    """Return the file of the usual name, or the only one with its ending."""
    if (folder / usual).exists():
        return folder / usual
    try:
        others = sorted(folder.glob(f"*{Path(usual).suffix}"))
    except OSError:
        others = []
    if len(others) == 1:
        return others[0]
    cause = f"There is no {usual} in the folder"
    if others:
        cause += f", and {len(others)} others of its kind"
    remedy = "Is it the right folder, and the right format?"
    raise BadInput(cause, place=str(folder), remedy=remedy)


def write(carried: VectorSet, folder: Path, root: Path) -> None:
    """Write both; the table opens in every spreadsheet."""
    write_array(folder / _VECTORS, carried.vectors)
    rows = [_row(picture, root) for picture in carried.pictures]
    (folder / _PICTURES).write_bytes(tables.as_csv(["path", "file", *FACTS], rows))


def _row(picture: CarriedPicture, root: Path) -> list[object]:
    facts = as_row(picture, PictureFile(picture.path, 0, 0).category)
    facts["tags"] = tables.as_line(facts["tags"]) if facts["tags"] else None
    facts["hidden"] = "yes" if picture.hidden else None
    return [picture.path, str(true_path(root, picture.path)), *(facts[name] for name in FACTS)]
