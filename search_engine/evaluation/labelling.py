"""Which folder of a picture's path names its class, and what the names of such folders mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from search_engine.names import compared
from search_engine.query.phrasing import CATEGORY_TEMPLATE, filled, name_as_words


@dataclass(frozen=True, slots=True)
class FolderNames:
    """What folders that are named by codes are called, as a file of names tells it."""

    by_code: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )
    """At least one name for each code, spelled as `names.compared` does."""
    codes: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """As the file spells them, in its order."""
    digest: str = ""
    """Of what the file says: tells two of them apart without comparing thousands of names."""

    def __bool__(self) -> bool:
        """Return whether any folder is named."""
        return bool(self.by_code)

    def of(self, folder: str) -> tuple[str, ...]:
        """Return the names of a folder, the first of which it is asked for by; () for none."""
        return self.by_code.get(compared(folder), ())


@dataclass(frozen=True, slots=True)
class Labelling:
    """How folders are read as the classes of the pictures in them."""

    level: int = 1
    """Which folder of the path names the class: 1 is the first below the collection's folder, 2 is
    ``cat`` of ``train/cat/1.jpg``."""
    names: FolderNames = field(default_factory=FolderNames)

    def name(self, folder: str) -> str | None:
        """Return the name that a folder is asked for by; None where no file names it."""
        return next(iter(self.names.of(folder)), None)

    def words(self, folder: str) -> str:
        """Return a folder's name as words: that of the file of names, else its own."""
        return self.name(folder) or name_as_words(folder)

    def title(self, folder: str) -> str:
        """Return what a folder is shown as: ``tench (n01440764)``, or just its own name."""
        name = self.name(folder)
        if name is None or compared(name) == compared(folder):
            return folder
        return f"{name} ({folder})"

    def queries(self, folders: Sequence[str], template: str = CATEGORY_TEMPLATE) -> list[str]:
        """Return the query for each folder.

        Raises:
            BadQuery: The template has no place for a name.
        """
        return [filled(template, self.words(folder)) for folder in folders]

    def unnamed(self, folders: Sequence[str]) -> list[str]:
        """Return the folders that the file of names does not name; none where there is no file."""
        return [one for one in folders if self.names and not self.names.of(one)]

    def unused(self, folders: Sequence[str]) -> list[str]:
        """Return the codes of the file of names that no folder has."""
        known = {compared(folder) for folder in folders}
        return [code for code in self.names.codes if compared(code) not in known]


FIRST_FOLDERS = Labelling()
"""Each first folder is a class, named by itself."""
