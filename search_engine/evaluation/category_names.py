"""Names of categories that do not say what their pictures show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search_engine.collection.catalog import Catalog
from search_engine.names import compared
from search_engine.query.phrasing import name_as_words

_PARTS = frozenset(
    "train training val valid validation test testing dev eval evaluation holdout trainval"
    " unlabeled unlabelled".split()
)
_FOLD = re.compile(r"(?:train|val|test|fold|split|part)[\W_]*\d+|(?:train|val|test)(?:set|data)?")
_CODE = re.compile(
    r"n\d{5,}|[\d\W_]*\d[\d\W_]*|[0-9a-f]*\d[0-9a-f]*(?<=[0-9a-f]{8})"
    r"|(?:class|cls|label|category|cat|id|folder|group|cluster)[\W_]*\d+"
)
_SHOWN = 3


def remarks_on_categories(catalog: Catalog) -> list[str]:
    """Say so of the categories of a collection."""
    return remarks_on_names([name for name in catalog.pictures.categories() if name])


def remarks_on_names(names: Sequence[str]) -> list[str]:
    """Say in a sentence that categories are parts of a data set, or are named by codes.

    A data set may have its classes one folder deeper, below ``train`` and ``val``; ImageNet and
    others name them by codes, which a model was never told.
    """
    some = ", ".join(names[:_SHOWN]) + ("…" if len(names) > _SHOWN else "")
    if names and all(map(_is_part, names)):
        text = (
            f"The categories ({some}) are parts of a data set, and say nothing of what is shown:"
            " index one of these folders, so that the folders in it are the categories."
        )
        return [text]
    codes = [name for name in names if _is_code(name)]
    if 2 * len(codes) > len(names):
        text = (
            f"{len(codes):,} of {len(names):,} categories are named by a number or code, like"
            f" {codes[0]}, which no model knows: give their folders names of what they show."
        )
        return [text]
    return []


def _is_part(name: str) -> bool:
    text = compared(name)
    return text in _PARTS or _FOLD.fullmatch(text) is not None


def _is_code(name: str) -> bool:
    return _CODE.fullmatch(compared(name_as_words(name))) is not None
