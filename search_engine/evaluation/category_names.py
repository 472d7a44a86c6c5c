"""Names of categories that do not say what their pictures show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search_engine.collection.catalog import Catalog
from search_engine.evaluation.labelling import Labelling
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


def remarks_on_categories(catalog: Catalog, labelling: Labelling | None = None) -> list[str]:
    """Say so of the categories of a collection."""
    names, _, _ = catalog.statistics.category_numbers(labelling.level if labelling else 1)
    return remarks_on_names([name for name in names if name], labelling)


def remarks_on_names(names: Sequence[str], labelling: Labelling | None = None) -> list[str]:
    """Say in sentences that categories are parts of a data set, or are named by codes.

    A data set may have its classes one folder deeper, below ``train`` and ``val``; ImageNet and
    others name them by codes, which a model was never told.

    Args:
        names: Of the categories.
        labelling: How folders are read as categories; None where that cannot be chosen.
    """
    if names and all(map(_is_part, names)):
        return [_on_parts(names, labelling)]
    if labelling and labelling.names:
        return _on_file_of_names(names, labelling)
    codes = [name for name in names if is_code(name)]
    if 2 * len(codes) <= len(names):
        return []
    file = "give a file that tells their names, or " if labelling else ""
    text = (
        f"{len(codes):,} of {len(names):,} categories are named by a number or code, like"
        f" {codes[0]}, which no model knows: {file}give their folders names of what they show."
    )
    return [text]


def _on_parts(names: Sequence[str], labelling: Labelling | None) -> str:
    deeper = f"take the folders in them, at level {labelling.level + 1}, or " if labelling else ""
    return (
        f"The categories ({_some(names)}) are parts of a data set, and say nothing of what is"
        f" shown: {deeper}index one of these folders, so that the folders in it are the categories."
    )


def _on_file_of_names(names: Sequence[str], labelling: Labelling) -> list[str]:
    told = []
    if unnamed := labelling.unnamed(names):
        whom = "It is" if len(unnamed) == 1 else "They are"
        told.append(
            f"The file of names tells no name of {len(unnamed):,} of {len(names):,} categories"
            f" ({_some(unnamed)}). {whom} searched for by the folder’s own name."
        )
    if unused := labelling.unused(names):
        which = "is" if len(unused) == 1 else "are"
        told.append(
            f"{len(unused):,} of the {len(labelling.names.codes):,} codes in the file of names"
            f" {which} no category here ({_some(unused)})."
        )
    return told


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + ("…" if len(names) > _SHOWN else "")


def _is_part(name: str) -> bool:
    text = compared(name)
    return text in _PARTS or _FOLD.fullmatch(text) is not None


def is_code(name: str) -> bool:
    """Return whether a name is a number or code: ``n01440764``, ``00012``, ``class_7``."""
    return _CODE.fullmatch(compared(name_as_words(name))) is not None
