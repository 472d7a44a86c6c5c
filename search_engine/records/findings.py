"""What a look through a folder found beside its pictures: places out of reach, and other files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AwayReason(StrEnum):
    """Why the files of known pictures are taken to be somewhere else, and not to be gone."""

    UNREADABLE = "cannot be read"
    DEAD_LINK = "is a link that leads nowhere now"
    DEAD_LINKS = "holds links that lead nowhere now"
    OTHER_DRIVE = "was on another drive, which is not there now"
    NOW_A_FILE = "is a file now, and was a folder"
    OLD_FOLDER = "did not hold them any more when it moved here"
    EMPTY = "is there, but holds no picture any more"


@dataclass(frozen=True, slots=True)
class AwayPlace:
    """A part of a folder whose pictures are kept although their files are not seen."""

    path: str
    """Relative, with ``/``; empty for the folder itself."""
    pictures: int
    reason: AwayReason


@dataclass(frozen=True, slots=True)
class UnreadType:
    """Files of a kind of picture that is not read, or that are not named like pictures."""

    ending: str
    """As ``.nef``; empty for names without one."""
    what: str
    count: int

    def __str__(self) -> str:
        """Write it as one reads it in a list."""
        return f"{self.count:,} {self.ending or 'without an ending'} ({self.what})"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the last build found beside pictures."""

    away: tuple[AwayPlace, ...] = ()
    unread: tuple[UnreadType, ...] = ()
    links: int = 0
    """To pictures that are in anyway."""
    dead_links: int = 0
    """That lead nowhere, beside those to places out of reach."""

    @property
    def pictures_away(self) -> int:
        """Count the pictures whose files are not seen."""
        return sum(place.pictures for place in self.away)


NOTHING = Findings()
