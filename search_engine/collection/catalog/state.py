"""What a collection was made with, and which state of its vectors this is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass, replace
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import TypeAlias, TypeVar

from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.sqlite_errors import readable
from search_engine.collection.joined_folders import in_place
from search_engine.errors import CollectionDamaged
from search_engine.files import documents
from search_engine.records import (
    CatalogVersion,
    CollectionSettings,
    IndexKind,
    ModelCard,
    ScanRules,
)
from search_engine.records.findings import AwayPlace, AwayReason, Findings, UnreadType
from search_engine.records.rules import of_version_5
from search_engine.records.soundness import has_picture_suffix

T = TypeVar("T")

_BACKGROUND = "background of "
_EARLIER_TEXTS = "captions of "
_PATTERNS = 2
"""Which meaning of patterns the rules were written with; there was no such number before 0.6."""
_WITHOUT_ALL_LINKS = {2: [0, 0], 3: [0]}
"""Earlier versions counted no links, or only some; what is missing, by how much is there."""
LARGEST_REVISION = 2**53
_LAST_REVISION = 2**62


@dataclass(frozen=True, slots=True)
class _SavedSettings:
    """`CollectionSettings` as the catalog keeps them."""

    root: Path
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    hidden: bool
    model_id: str
    kind: IndexKind
    patterns: int = 1
    store: str = ""

    @property
    def settings(self) -> CollectionSettings:
        """The settings; rules of versions before 0.6 as they were meant."""
        rules = ScanRules(self.include, self.exclude, self.hidden)
        if self.patterns != _PATTERNS:
            rules = of_version_5(rules, has_picture_suffix)
        return CollectionSettings(self.root, rules, self.model_id, self.kind, self.store)


_Away: TypeAlias = tuple[tuple[str, int, AwayReason], ...]
_Unread: TypeAlias = tuple[tuple[str, str, int], ...]


class CatalogState:
    """The table ``collection``: one value a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def settings(self) -> CollectionSettings | None:
        """What the collection was made with; None before the first build."""
        saved = self._get("settings")
        if saved is None:
            return None
        with self._readable("settings"):
            known = _record(saved, _SavedSettings).settings
        return replace(known, root=in_place(known.root, self._database.file.parent.parent))

    @settings.setter
    def settings(self, settings: CollectionSettings) -> None:
        rules = settings.rules
        saved = _SavedSettings(
            settings.root, rules.include, rules.exclude, rules.hidden,
            settings.model_id, settings.kind, _PATTERNS, settings.store,
        )  # fmt: skip
        self._put("settings", documents.as_text(saved))

    @property
    def model(self) -> tuple[str, ModelCard] | None:
        """The model that was loaded last, with the signature of its files."""
        saved = self._get("model")
        if saved is None:
            return None
        with self._readable("model"):
            return _record(saved, tuple[str, ModelCard])

    @model.setter
    def model(self, value: tuple[str, ModelCard]) -> None:
        self._put("model", documents.as_text(value))

    @property
    def findings(self) -> Findings:
        """What the last look through the folder found beside pictures."""
        saved = self._get("findings")
        if saved is None:
            return Findings()
        with self._readable("findings"):
            value = documents.parsed(_text(saved))
            if isinstance(value, list) and len(value) in _WITHOUT_ALL_LINKS:
                value += _WITHOUT_ALL_LINKS[len(value)]
            away, unread, *links = documents.as_record(value, tuple[_Away, _Unread, int, int])
            return Findings(
                tuple(starmap(AwayPlace, away)), tuple(starmap(UnreadType, unread)), *links
            )

    @findings.setter
    def findings(self, findings: Findings) -> None:
        away = [astuple(place) for place in findings.away]
        unread = [astuple(kind) for kind in findings.unread]
        self._put(
            "findings", documents.as_text([away, unread, findings.links, findings.dead_links])
        )

    @property
    def home(self) -> int:
        """The drive that the root is at home on; 0 where that is not known."""
        saved = self._get("home")
        return saved if isinstance(saved, int) and saved > 0 else 0

    @home.setter
    def home(self, drive: int) -> None:
        self._put("home", drive)

    @property
    def expected(self) -> int:
        """How many pictures the last build went for, known ones included; 0 where none has."""
        saved = self._get("expected")
        return saved if isinstance(saved, int) and 0 < saved <= LARGEST_REVISION else 0

    @expected.setter
    def expected(self, count: int) -> None:
        self._put("expected", count)

    @property
    def revision(self) -> int:
        """How often vectors came, changed or went."""
        with self._readable("revision"):
            return int(self._get("revision") or 0)

    @property
    def tags_version(self) -> str:
        """Which state of tags and hidden pictures this is; empty before there were any."""
        saved = self._get("tags_version")
        return saved if isinstance(saved, str) else ""

    def next_tags_version(self) -> None:
        """Tell this state of tags from all others, also of a catalog that was put back."""
        self._put("tags_version", secrets.token_hex(16))

    @property
    def version(self) -> CatalogVersion:
        """Which state of which catalog this is."""
        sql = (
            "SELECT identity.value, revision, token FROM collection AS identity, revisions"
            " WHERE identity.key = 'identity'"
            " AND revision = COALESCE((SELECT value FROM collection WHERE key = 'revision'), 0)"
        )
        rows = self._database.rows(sql)
        with self._readable("revision"):
            identity, revision, token = rows[0]
            return CatalogVersion(_drawn(identity), _counted(revision), _drawn(token))

    def has_been(self, version: CatalogVersion) -> bool:
        """Return whether this catalog is, or went through, a state."""
        sql = (
            "SELECT 1 FROM collection, revisions WHERE key = 'identity' AND value = ?"
            " AND revision = ? AND token = ?"
        )
        values = (version.identity, version.revision, version.token)
        return bool(self._database.rows(sql, values))

    def next_revision(self) -> int:
        """Count one more change, within the caller's transaction."""
        revision = self.revision + 1
        self._put("revision", revision)
        sql = "INSERT OR REPLACE INTO revisions VALUES (?, ?)"
        self._database.rows(sql, (revision, secrets.token_hex(16)))
        return revision

    def problem(self) -> str:
        """Return what cannot be read of it, or nothing."""
        try:
            for _, read in self._entries():
                read()
            _ = self.version
        except CollectionDamaged as error:
            return error.cause
        return ""

    def mend(self) -> None:
        """Forget what cannot be read; which state this is becomes a new one."""
        with self._database.transaction():
            for key, read in self._entries():
                try:
                    read()
                except CollectionDamaged:
                    self._database.rows("DELETE FROM collection WHERE key = ?", (key,))
            try:
                _ = self.version
            except CollectionDamaged:
                self._put("identity", secrets.token_hex(16))
                last = "SELECT COALESCE(MAX(revision), 0) FROM revisions WHERE revision < ?"
                self._put("revision", self._database.number(last, (_LAST_REVISION,)))
                self.next_revision()

    def _readable(self, what: str) -> AbstractContextManager[None]:
        return readable(self._database.file, what)

    def background(self, fingerprint: str) -> bytes | None:
        """Return what `keep_background` kept for this model."""
        saved = self._get(f"{_BACKGROUND}{fingerprint}")
        return saved if isinstance(saved, bytes) else None

    def keep_background(self, fingerprint: str, content: bytes) -> None:
        """Keep how a model embeds background texts, and forget what other models made of any."""
        for beginning in (_BACKGROUND, _EARLIER_TEXTS):
            sql = "DELETE FROM collection WHERE key LIKE ?"
            self._database.rows(sql, (f"{beginning}%",))
        self._put(f"{_BACKGROUND}{fingerprint}", content)

    def _entries(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Return what can be forgotten, each by its key with what reads it."""
        for key in ("settings", "model", "findings", "home", "expected"):
            yield key, partial(getattr, self, key)
        like = f"{_BACKGROUND}%"
        for (key,) in self._database.rows("SELECT key FROM collection WHERE key LIKE ?", (like,)):
            yield str(key), partial(self._get, str(key))

    def _get(self, key: str) -> str | int | bytes | None:
        rows = self._database.rows("SELECT value FROM collection WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def _put(self, key: str, value: str | int | bytes) -> None:
        self._database.rows("INSERT OR REPLACE INTO collection VALUES (?, ?)", (key, value))


def _record(saved: object, kind: type[T]) -> T:
    return documents.as_record(documents.parsed(_text(saved)), kind)


def _text(value: object) -> str:
    """Take a text, and nothing that only looks like one."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _drawn(value: object) -> str:
    """Take what was drawn at random here, 32 hexadecimal digits, and no other text."""
    if not re.fullmatch(r"[0-9a-f]{32}", _text(value)):
        raise ValueError(value)
    return _text(value)


def _counted(value: object) -> int:
    """Take a number that can have been counted up to."""
    if not isinstance(value, int) or not 0 <= value <= LARGEST_REVISION:
        raise ValueError(value)
    return value
