"""Terms of a question beside its words: pictures, and what is to be taken away.

In the address a term is text in the syntax of a question; ``@hash`` is a picture that was uploaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pages.ui import resources
from pages.ui.address import ASKED
from search_engine import Query
from search_engine.decoding import content_hash, decode
from search_engine.errors import BadQuery
from search_engine.querying import ExamplePicture, IndexedPicture, Term, Words

_FOLDER = ".examples"
_KEPT = 50
_UPLOADED = re.compile(r"^((?:-\s)?(?:[\d.]+:)?)@([0-9a-f]{64})$")


@dataclass(frozen=True)
class Chip:
    """A term as a page shows it."""

    text: str
    """As the address has it."""
    term: Term

    @property
    def name(self) -> str:
        """What the term is about, without sign and weight."""
        subject = self.term.subject
        if isinstance(subject, IndexedPicture):
            return f"picture #{subject.picture_id}"
        return subject.text if isinstance(subject, Words) else "uploaded picture"

    @property
    def label(self) -> str:
        """Sign, weight and name."""
        weight = abs(self.term.weight)
        times = "" if weight == 1 else f"{weight:g} × "
        return f"{'−' if self.term.weight < 0 else '+'} {times}{self.name}"

    def weighted(self, weight: float) -> str:
        """Write the same term with another weight."""
        subject = re.sub(r"^(?:[-+]\s)?(?:[\d.]+:)?", "", self.text)
        sign = "- " if weight < 0 else ""
        times = "" if abs(weight) == 1 else f"{abs(weight):g}:"
        return f"{sign}{times}{subject}"


def chip(text: str) -> Chip:
    """Read a term of the address.

    Raises:
        BadQuery: It is no term.
    """
    uploaded = _UPLOADED.match(text)
    if uploaded:
        text_of_file = f"{uploaded.group(1)}{_example_file(uploaded.group(2))}"
        return Chip(text, Query.parse(text_of_file).terms[0])
    terms = Query.parse(text).terms
    if len(terms) != 1 or isinstance(terms[0].subject, ExamplePicture):
        # A path in a link could make us open any file of this machine.
        cause = "The address holds a term that cannot be used"
        raise BadQuery(cause, place=text, remedy="Ask anew.")
    return Chip(text, terms[0])


def query(words: str, chips: tuple[Chip, ...], asked: str = ASKED[0]) -> Query | None:
    """Join words and terms to a question; None when there is nothing to look for.

    If they are to be asked averaged, all words are asked in several wordings.
    """
    parsed = Query.parse(words).terms if words.strip() else ()
    terms = (*parsed, *(one.term for one in chips))
    if not terms:
        return None
    return Query(terms) if asked == ASKED[0] else Query(terms).averaged()


def keep_example(content: bytes) -> str:
    """Keep an uploaded picture and give its term.

    Raises:
        Refusal: It is no picture we can use.
    """
    decode(content, isolated=True)
    digest = content_hash(content)
    file = _example_file(digest)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    for old in sorted(file.parent.iterdir(), key=lambda f: f.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
    return f"@{digest}"


def _example_file(digest: str) -> Path:
    return resources.settings().collections_folder / _FOLDER / digest
