"""The tools ``picture`` and ``contact_sheet``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from search_engine.agents.call import ToolCall
from search_engine.agents.contact_sheets import MOST_ON_A_SHEET, lay_out
from search_engine.agents.open_collections import OpenCollections
from search_engine.agents.requests import CollectionName, PictureId
from search_engine.agents.tool import Tool, ToolAnswer, ToolPicture
from search_engine.checking import look_at_files
from search_engine.collection import date_of, thumbnail_content
from search_engine.errors import BadInput
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """Which picture is shown."""

    picture_id: PictureId
    collection: CollectionName = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRequest:
    """Which pictures are shown."""

    picture_ids: Annotated[
        tuple[PictureId, ...],
        Field(min_length=1, max_length=MOST_ON_A_SHEET, description="In the order of the sheet."),
    ]
    collection: CollectionName = None


@dataclass(frozen=True, slots=True)
class PictureFactsReport:
    """What is known of a picture."""

    collection: str
    picture_id: int
    path: str
    category: str | None
    width: int
    height: int
    size_bytes: int
    date: str
    """ISO 8601, without a zone."""
    dated_by: str
    """What says so; the file's own date may be that of a copy."""
    camera: str | None
    tags: tuple[str, ...]
    hidden: bool
    on_disk: str
    """There as it was indexed, changed since, missing, or out of reach."""
    remark: str | None
    """What is odd about its file."""
    has_thumbnail: bool


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """A picture on a sheet."""

    number: int
    picture_id: int
    path: str
    box: tuple[int, int, int, int]
    """Left, top, right, bottom, in pixels of the sheet; the number is right above it."""
    has_thumbnail: bool
    """Where it has none, its place is grey."""


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What lies where on a sheet."""

    collection: str
    width: int
    height: int
    pictures: tuple[SheetPicture, ...]


def show_picture(
    request: PictureRequest, collections: OpenCollections, _call: ToolCall
) -> ToolAnswer:
    """Tell the facts of a picture and show its thumbnail."""
    engine = collections.engine(request.collection)
    (record,) = _records(engine, [request.picture_id])
    content = thumbnail_content(engine.thumbnail_path(record))
    date, dated_by = date_of(record.taken_at, record.dated_by, record.file_date_ns)
    report = PictureFactsReport(
        collection=engine.name,
        picture_id=record.picture_id,
        path=str(engine.path(record)),
        category=record.category,
        width=record.width,
        height=record.height,
        size_bytes=record.size_bytes,
        date=date,
        dated_by=dated_by,
        camera=record.camera,
        tags=engine.catalog.tags.of([record.picture_id]).get(record.picture_id, ()),
        hidden=record.picture_id in engine.catalog.tags.hidden_ids(),
        on_disk=_on_disk(engine, record),
        remark=record.remark,
        has_thumbnail=content is not None,
    )
    return ToolAnswer(report, ToolPicture(*content) if content else None)


def show_sheet(request: SheetRequest, collections: OpenCollections, _call: ToolCall) -> ToolAnswer:
    """Show thumbnails of pictures on one sheet."""
    engine = collections.engine(request.collection)
    records = _records(engine, request.picture_ids)
    sheet = lay_out([engine.thumbnail_path(record) for record in records])
    pictures = tuple(
        SheetPicture(
            place + 1,
            record.picture_id,
            str(engine.path(record)),
            sheet.boxes[place],
            place not in sheet.lost,
        )
        for place, record in enumerate(records)
    )
    report = SheetReport(engine.name, sheet.width, sheet.height, pictures)
    return ToolAnswer(report, ToolPicture(sheet.jpeg, "jpeg"))


def _records(engine: SearchEngine, picture_ids: Sequence[int]) -> list[PictureRecord]:
    known = engine.records(picture_ids)
    unknown = [f"#{one}" for one in dict.fromkeys(picture_ids) if one not in known]
    if unknown:
        noun = "picture" if len(unknown) == 1 else "pictures"
        cause = f"There is no {noun} {', '.join(unknown)}"
        remedy = "Take ids from the results of a search in the same collection."
        raise BadInput(cause, place=engine.name, remedy=remedy)
    return [known[picture_id] for picture_id in picture_ids]


def _on_disk(engine: SearchEngine, record: PictureRecord) -> str:
    looks = look_at_files(engine.collection, [record], engine.catalog.findings)
    if looks.there:
        return "there"
    if looks.changed:
        return "changed since it was indexed"
    return "out of reach" if looks.away else "missing"


PICTURE = Tool(
    name="picture",
    title="One picture",
    description="Show one picture: its facts, and its thumbnail as an image to look at. The"
    " thumbnail was made when the picture was indexed; on_disk says whether its file is still the"
    " same.",
    request=PictureRequest,
    answer=PictureFactsReport,
    run=show_picture,
)
CONTACT_SHEET = Tool(
    name="contact_sheet",
    title="Several pictures at once",
    description=f"Show up to {MOST_ON_A_SHEET} pictures as one image, numbered from left to right"
    " and top to bottom; pictures says which number is which picture_id. Look at it to check the"
    " results of a search with your own eyes, and name pictures to the user by path or id, not by"
    " the number.",
    request=SheetRequest,
    answer=SheetReport,
    run=show_sheet,
)
