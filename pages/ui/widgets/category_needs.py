"""What a view needs of categories, said where a collection lacks it."""

from __future__ import annotations

from pages.ui.frame import resources
from search_engine import SearchEngine
from search_engine.errors import NeedsCategories

_FEW = 2
"""With fewer there is nothing to compare."""


def has_any(engine: SearchEngine, level: int = 1) -> bool:
    """Return whether a collection has categories at all, with the folders at a level for them."""
    return any(resources.category_counts(engine, level))


def are_several(engine: SearchEngine, level: int = 1) -> bool:
    """Return whether there are groups to compare; pictures without a category are one."""
    return has_any(engine, level) and len(resources.category_counts(engine, level)) >= _FEW


def require(
    engine: SearchEngine, what: str, *, named: int = 1, groups: int = _FEW, pictures: int = 1,
    level: int = 1,
) -> None:  # fmt: skip
    """Make sure that a view can show something.

    Args:
        engine: The collection.
        what: What the view does, as the beginning of a sentence: “Similarity compares”.
        named: As many categories are needed.
        groups: As many are needed where the pictures without a category count as one.
        pictures: As many pictures the largest of them has to have.
        level: Which folders are the categories, 1 the first.

    Raises:
        NeedsCategories: The collection has not enough; it says what and how to get it.
    """
    counts = resources.category_counts(engine, level)
    sizes = [count for name, count in counts.items() if name]
    at = f" at level {level}" if level > 1 else ""
    if not sizes:
        _refuse(engine, f"{what} categories, and this collection has none{at}")
    if len(counts) < groups or len(sizes) < named:
        _refuse(engine, f"{what} categories, and this collection has only one{at}")
    if max(sizes) < pictures:
        _refuse(engine, f"{what} categories of several pictures, and here each has one")


def _refuse(engine: SearchEngine, cause: str) -> None:
    remedy = (
        "Each folder directly inside the folder of pictures is a category: put pictures that show"
        " the same into one, name it after that, and update."
    )
    raise NeedsCategories(cause, remedy=remedy, about=engine.name)
