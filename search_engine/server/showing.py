"""One picture: what is known of it, its thumbnail, its image."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.collection import Thumbnails
from search_engine.errors import PictureRefused
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine
from search_engine.server.browser_pictures import ShownPicture, shown_picture, shown_thumbnail
from search_engine.server.links import image_link, thumbnail_link, thumbnail_tag
from search_engine.server.operations import ApiCall, NamedContent, Operation
from search_engine.server.picked import picture_of
from search_engine.server.request_models import ImageAddress, ThumbnailAddress

_FULL = "full"


@dataclass(frozen=True, slots=True)
class PictureAnswer:
    """What is known of a picture."""

    collection: str
    picture_id: int
    path: str
    """Relative to the folder of the collection."""
    category: str | None
    size_bytes: int
    width: int
    height: int
    content_hash: str
    taken_at: str | None
    """ISO 8601 without a zone, because cameras record none."""
    dated_by: str | None
    camera: str | None
    remark: str | None
    """What is odd about how the file was read."""
    tags: tuple[str, ...]
    hidden: bool
    thumbnail: str
    """Addresses of this server, which show this content for good."""
    image: str


def picture(call: ApiCall) -> PictureAnswer:
    """Return what is known of a picture."""
    engine, record = picture_of(call)
    tags = engine.catalog.tags
    return PictureAnswer(
        collection=engine.name,
        picture_id=record.picture_id,
        path=record.path,
        category=record.category,
        size_bytes=record.size_bytes,
        width=record.width,
        height=record.height,
        content_hash=record.content_hash,
        taken_at=record.taken_at,
        dated_by=record.dated_by,
        camera=record.camera,
        remark=record.remark,
        tags=tags.of([record.picture_id]).get(record.picture_id, ()),
        hidden=record.picture_id in tags.hidden_ids(),
        thumbnail=thumbnail_link(engine, record),
        image=image_link(engine, record),
    )


def thumbnail(call: ApiCall) -> NamedContent:
    """Return a thumbnail."""
    engine, record = picture_of(call)
    content, tag = call.said(ThumbnailAddress).content, thumbnail_tag(engine, record)
    _require(content, tag)
    return NamedContent(tag, lambda: _thumbnail(engine, record), is_for_good=content is not None)


def _thumbnail(engine: SearchEngine, record: PictureRecord) -> ShownPicture:
    shown = shown_thumbnail(Thumbnails(engine.catalog.folder), record.content_hash)
    if shown is None:
        cause, remedy = "The thumbnail was lost", "Check and repair the collection."
        raise PictureRefused(cause, remedy=remedy)
    return shown


def image(call: ApiCall) -> NamedContent:
    """Return a picture: its own file where browsers show that, else a JPEG made of it."""
    engine, record = picture_of(call)
    address = call.said(ImageAddress)
    _require(address.content, record.content_hash)
    tag, is_full = f"{record.content_hash}-{address.size}", address.size == _FULL
    is_for_good = address.content is not None
    return NamedContent(tag, lambda: shown_picture(engine, record, is_full=is_full), is_for_good)


def _require(content: str | None, tag: str) -> None:
    if content is not None and content != tag:
        cause, remedy = "The picture has another content now", "Fetch its links anew."
        raise PictureRefused(cause, remedy=remedy)


_PICTURE = "/collections/{name}/pictures/{picture_id}"
_IMAGES = ("image/jpeg", "image/png", "image/gif")
OPERATIONS = (
    Operation(
        method="GET", path=_PICTURE, name="picture", run=picture, answer=PictureAnswer,
        summary="Tell what is known of a picture",
    ),
    Operation(
        method="GET", path=f"{_PICTURE}/thumbnail", name="thumbnail", run=thumbnail,
        summary="Show the thumbnail of a picture", address=ThumbnailAddress,
        media_types=("image/jpeg", "image/webp"),
    ),
    Operation(
        method="GET", path=f"{_PICTURE}/image", name="image", run=image, address=ImageAddress,
        summary="Show a picture, at the size of a screen or whole", media_types=_IMAGES,
    ),
)  # fmt: skip
