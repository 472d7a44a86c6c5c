"""What several tools can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field

from search_engine.collection import as_asked
from search_engine.query import chosen_categories, chosen_tags
from search_engine.records import Filters, Orientation, any_of
from search_engine.search import SearchEngine

_Name: TypeAlias = Annotated[str, Field(max_length=200)]
_Names: TypeAlias = Annotated[tuple[_Name, ...] | None, Field(max_length=50)]

CollectionName: TypeAlias = Annotated[
    str | None,
    Field(max_length=200, description="Needed where there are several; see collections."),
]
QueryText: TypeAlias = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1_000,
        description="What the picture shows, in English words: 'a red fish'. ' - night' excludes,"
        " ' + snow' adds, '#12' is the picture with id 12. It does not understand 'not',"
        " 'without' or file paths.",
    ),
]
PictureId: TypeAlias = Annotated[
    int, Field(ge=1, le=2**63 - 1, description="As the results of searches tell it.")
]
Cursor: TypeAlias = Annotated[
    str | None,
    Field(
        max_length=40,
        description="next_cursor of the page before, with all other arguments the same.",
    ),
]
PageLength: TypeAlias = Annotated[int, Field(ge=1, le=50, description="Entries of one page.")]
_Pixels: TypeAlias = Annotated[int | None, Field(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRequest:
    """What may be found at all; applied before ranking."""

    categories: Annotated[_Names, Field(description="Folders right below the collection's.")] = None
    tags: Annotated[_Names, Field(description="Tags of the user; any of them.")] = None
    paths: Annotated[_Names, Field(description="Patterns, any: 'holidays/', 'beach*.jpg'.")] = None
    dated_from: Annotated[str | None, Field(max_length=10, description="2024, 2024-05, …")] = None
    dated_to: Annotated[str | None, Field(max_length=10, description="Included.")] = None
    orientation: Orientation | None = None
    min_width: _Pixels = None
    min_height: _Pixels = None
    min_match: Annotated[
        float | None,
        Field(ge=0, le=100, description="50 gives matches only, 90 those that are all but sure."),
    ] = None

    def filters(self, engine: SearchEngine) -> Filters:
        """Return what restricts the results.

        Raises:
            BadInput: The collection has no category or tag of a name, or a date is none.
        """
        categories = None
        if self.categories is not None:
            chosen = chosen_categories(engine.catalog, self.categories)
            chosen.refuse_unknown(engine.name)
            categories = chosen.known
        return Filters(
            categories=categories,
            tags=None if self.tags is None else chosen_tags(engine.catalog, self.tags),
            path=any_of(self.paths or ()),
            dated_from=as_asked(self.dated_from) if self.dated_from else None,
            dated_to=as_asked(self.dated_to) if self.dated_to else None,
            orientation=self.orientation,
            min_width=self.min_width,
            min_height=self.min_height,
            min_match=self.min_match,
            hidden=False,
        )
