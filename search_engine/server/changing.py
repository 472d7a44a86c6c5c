"""Tags and hidden pictures: read by all, changed only where the server was started for that."""

from __future__ import annotations

from search_engine.collection import Library
from search_engine.records import Ids
from search_engine.search import HideAnswer, TagAnswer, require_pictures
from search_engine.server.operations import ApiCall, Operation, WorkKind
from search_engine.server.request_models import HideBody, TagBody


def tags(call: ApiCall) -> TagAnswer:
    """Return the tags of a collection."""
    with Library(call.source.settings).open_catalog(call.name) as catalog:
        return TagAnswer(catalog.folder.name, (), (), catalog.tags.counts())


def change_tags(call: ApiCall) -> TagAnswer:
    """Tag pictures, or take a tag from them."""
    body = call.said(TagBody)
    with Library(call.source.settings).open_catalog(call.name) as catalog:
        require_pictures(catalog, body.picture_ids)
        change = catalog.tags.remove if body.remove else catalog.tags.add
        changed = _as_tuple(change(body.picture_ids, body.tag))
        return TagAnswer(catalog.folder.name, changed, (), catalog.tags.counts())


def hidden(call: ApiCall) -> HideAnswer:
    """Return how many pictures are hidden."""
    with Library(call.source.settings).open_catalog(call.name) as catalog:
        return HideAnswer(catalog.folder.name, (), catalog.tags.hidden())


def change_hidden(call: ApiCall) -> HideAnswer:
    """Hide pictures, or let them be found again."""
    body = call.said(HideBody)
    with Library(call.source.settings).open_catalog(call.name) as catalog:
        require_pictures(catalog, body.picture_ids)
        change = catalog.tags.show if body.undo else catalog.tags.hide
        changed = _as_tuple(change(body.picture_ids))
        return HideAnswer(catalog.folder.name, changed, catalog.tags.hidden())


def _as_tuple(ids: Ids) -> tuple[int, ...]:
    return tuple(ids.tolist())


_TAGS, _HIDDEN = "/collections/{name}/tags", "/collections/{name}/hidden"
OPERATIONS = (
    Operation(
        method="GET", path=_TAGS, name="tags", run=tags, answer=TagAnswer,
        summary="List the tags of a collection",
    ),
    Operation(
        method="POST", path=_TAGS, name="changeTags", run=change_tags, answer=TagAnswer,
        summary="Tag pictures, or take a tag from them", body=TagBody, work=WorkKind.SEARCH,
        writes=True,
    ),
    Operation(
        method="GET", path=_HIDDEN, name="hidden", run=hidden, answer=HideAnswer,
        summary="Tell how many pictures are hidden",
    ),
    Operation(
        method="POST", path=_HIDDEN, name="changeHidden", run=change_hidden, answer=HideAnswer,
        summary="Hide pictures, or let them be found again", body=HideBody, work=WorkKind.SEARCH,
        writes=True,
    ),
)  # fmt: skip
