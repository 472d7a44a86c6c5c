"""Terms of a query: words, pictures, and what is to be taken away.

In the address a term is text in the syntax of a query; ``@hash`` is a picture that was uploaded.
A path, which opens a file of this machine, is taken only from a box in which it was typed in this
tab. In a link, a saved query or any other text it is refused, and the file is not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pages.ui.frame import resources, session, uploads
from pages.ui.frame.search_state import ASKED
from search_engine import Query, SearchEngine
from search_engine.collection import content_hash, decode
from search_engine.errors import BadQuery
from search_engine.query import NO_MARKS, ExamplePicture, IndexedPicture, Marks, Term, Words

_UPLOADED = re.compile(r"(.*)@([0-9a-f]{64})", re.DOTALL)
_HASH = re.compile(r"[0-9a-f]{64}")
_STAND_IN = IndexedPicture(0)
"""Takes the place of an uploaded picture where a term is read or written."""


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
        return f"{signed_weight(self.term)}{self.name}"

    def weighted(self, weight: float) -> str:
        """Write the same term with another weight."""
        uploaded = _UPLOADED.fullmatch(self.text)
        if not uploaded:
            return str(Query((replace(self.term, weight=weight),)))
        written = str(Query((Term(_STAND_IN, weight),)))
        return f"{written.removesuffix(str(_STAND_IN))}@{uploaded.group(2)}"


def signed_weight(term: Term) -> str:
    """Write the sign of a term with its weight, which goes without saying only where one adds 1."""
    if term.weight == 1:
        return "+ "
    return f"{'−' if term.weight < 0 else '+'} {abs(term.weight):g} × "


def chip(text: str) -> Chip:
    """Read a term of the address.

    Raises:
        BadQuery: It is no term.
    """
    uploaded = _UPLOADED.fullmatch(text)
    read = Query.parse(f"{uploaded.group(1)}{_STAND_IN}" if uploaded else text, paths=True)
    if read.paths:
        raise path_refused()
    term = read.terms[0]
    if len(read.terms) > 1 or (uploaded and term.subject != _STAND_IN):
        cause = "The address holds a term that cannot be used"
        raise BadQuery(cause, place=text, remedy="Search again.")
    if uploaded:
        term = replace(term, subject=ExamplePicture(_example_file(uploaded.group(2))))
    return Chip(text, term)


def picture_of(engine: SearchEngine, one: Chip) -> bytes | str:
    """Return what the picture of a term looks like; empty for words, and where it is gone."""
    subject = one.term.subject
    if isinstance(subject, IndexedPicture):
        record = engine.records([subject.picture_id]).get(subject.picture_id)
        return resources.thumbnail(engine, record) if record else ""
    if isinstance(subject, ExamplePicture) and not _is_gone(one):
        return resources.small(Path(str(subject.source)))
    return ""


def is_uploaded(subject: ExamplePicture) -> bool:
    """Return whether an example is a picture that was shown to the app, not one of a typed path."""
    return bool(_HASH.fullmatch(Path(str(subject.source)).name))


def remember_typed(text: str) -> None:
    """Let pictures be opened by the paths in a text that was typed in this tab."""
    session.add_typed_paths(_paths(text))


def names_foreign_path(text: str) -> bool:
    """Return whether a text names a picture by a path that was not typed in this tab."""
    return not _paths(text) <= session.typed_paths()


def path_refused() -> BadQuery:
    """Say why a query that did not come from the box is not run."""
    cause = "A file of this machine is opened only by a path that you typed here"
    return BadQuery(cause, remedy="Type or paste it into the box, if you want to see it.")


def _paths(text: str) -> set[str]:
    try:
        return {str(path) for path in Query.parse(text, paths=True).paths}
    except BadQuery:  # which is told where the query is run
        return set()


def read(text: str) -> Query:
    """Read a query; paths only if they were typed in this tab.

    Raises:
        BadQuery: It makes no query, or names a file by a path that came from elsewhere.
    """
    if names_foreign_path(text):
        raise path_refused()
    return Query.parse(text, paths=True)


def query(
    words: str, chips: tuple[Chip, ...], asked: str = ASKED[0], marks: Marks = NO_MARKS
) -> Query | None:
    """Join words, terms and marks to a query; None when there is nothing to look for.

    If ``asked`` says so, all words are searched in several wordings.

    Raises:
        BadQuery: It cannot be read, or a picture that was uploaded is not here.
    """
    parsed = read(words) if words.strip() else Query(())
    joined = replace(parsed, terms=(*parsed.terms, *(one.term for one in chips)))
    if not joined.terms:
        return None
    joined = joined.marked(marks)
    if any(_is_gone(one) for one in chips):
        cause = "A picture in this query was uploaded somewhere else, or too long ago"
        raise BadQuery(cause, remedy="Remove it, and show it again.")
    return joined if asked == ASKED[0] else joined.averaged()


def keep_example(content: bytes) -> str:
    """Keep an uploaded picture and give its term.

    Raises:
        Refusal: It is no picture we can use.
        CollectionError: It cannot be written.
    """
    decode(content)
    digest = content_hash(content)
    _uploads().keep(uploads.visitor(), content, digest)
    return f"@{digest}"


def _example_file(digest: str) -> Path:
    return _uploads().place(uploads.visitor(), digest)


def _uploads() -> uploads.Uploads:
    return uploads.of(resources.settings())


def _is_gone(chip: Chip) -> bool:
    subject = chip.term.subject
    return isinstance(subject, ExamplePicture) and not Path(str(subject.source)).is_file()
