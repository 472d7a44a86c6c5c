"""What a collection was made with, and which state of its vectors this is."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.sqlite_errors import readable
from search_engine.errors import CollectionDamaged
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

_CAPTIONS = "captions of "
_PATTERNS = 2
"""Which meaning of patterns the rules were written with; there was no such number before 0.6."""
LARGEST_REVISION = 2**53
_LAST_REVISION = 2**62


class State:
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
            values = json.loads(_text(saved))
            return CollectionSettings(
                root=Path(_text(values["root"])),
                rules=_rules(values),
                model_id=_text(values["model_id"]),
                kind=IndexKind(values["kind"]),
            )

    @settings.setter
    def settings(self, settings: CollectionSettings) -> None:
        values = {
            "root": str(settings.root),
            "include": settings.rules.include,
            "exclude": settings.rules.exclude,
            "hidden": settings.rules.hidden,
            "patterns": _PATTERNS,
            "model_id": settings.model_id,
            "kind": settings.kind,
        }
        self._put("settings", json.dumps(values))

    @property
    def model(self) -> tuple[str, ModelCard] | None:
        """The model that was loaded last, with the signature of its files."""
        saved = self._get("model")
        if saved is None:
            return None
        with self._readable("model"):
            signature, card = json.loads(_text(saved))
            texts = {name: _text(card[name]) for name in ("model_id", "fingerprint", "notes")}
            return _text(signature), ModelCard(dimension=int(card["dimension"]), **texts)

    @model.setter
    def model(self, value: tuple[str, ModelCard]) -> None:
        signature, card = value
        self._put("model", json.dumps([signature, asdict(card)]))

    @property
    def findings(self) -> Findings:
        """What the last look through the folder found beside pictures."""
        saved = self._get("findings")
        if saved is None:
            return Findings()
        with self._readable("findings"):
            away, unread, *links = json.loads(_text(saved))
            return Findings(
                tuple(AwayPlace(_text(p), _counted(n), AwayReason(why)) for p, n, why in away),
                tuple(UnreadType(_text(e), _text(what), _counted(n)) for e, what, n in unread),
                *map(_counted, links[:1]),
            )

    @findings.setter
    def findings(self, findings: Findings) -> None:
        away = [[place.path, place.pictures, place.reason] for place in findings.away]
        unread = [[one.ending, one.what, one.count] for one in findings.unread]
        self._put("findings", json.dumps([away, unread, findings.links]))

    @property
    def home(self) -> int:
        """The drive that the root is at home on; 0 where that is not known."""
        saved = self._get("home")
        return saved if isinstance(saved, int) and saved > 0 else 0

    @home.setter
    def home(self, drive: int) -> None:
        self._put("home", drive)

    @property
    def revision(self) -> int:
        """How often vectors came, changed or went."""
        with self._readable("revision"):
            return int(self._get("revision") or 0)

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
            _ = self.settings, self.model, self.findings, self.version
        except CollectionDamaged as error:
            return error.cause
        return ""

    def mend(self) -> None:
        """Forget what cannot be read; which state this is becomes a new one."""
        with self._database.transaction():
            for key in ("settings", "model", "findings"):
                try:
                    _ = getattr(self, key)
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

    def caption_vectors(self, fingerprint: str) -> bytes | None:
        """Return what `keep_caption_vectors` kept for this model."""
        saved = self._get(f"{_CAPTIONS}{fingerprint}")
        return saved if isinstance(saved, bytes) else None

    def keep_caption_vectors(self, fingerprint: str, content: bytes) -> None:
        """Keep how a model embeds our captions, and forget what other models made of them."""
        self._database.rows(f"DELETE FROM collection WHERE key LIKE '{_CAPTIONS}%'")  # noqa: S608 - our own name
        self._put(f"{_CAPTIONS}{fingerprint}", content)

    def _get(self, key: str) -> str | int | bytes | None:
        rows = self._database.rows("SELECT value FROM collection WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def _put(self, key: str, value: str | int | bytes) -> None:
        self._database.rows("INSERT OR REPLACE INTO collection VALUES (?, ?)", (key, value))


def _rules(values: dict[str, object]) -> ScanRules:
    """Read the rules; those of versions before 0.6 as they were meant."""
    include, exclude = values["include"], values["exclude"]
    if not isinstance(include, list) or not isinstance(exclude, list):
        raise TypeError(include)
    hidden = values["hidden"] is True
    found = ScanRules(tuple(map(_text, include)), tuple(map(_text, exclude)), hidden)
    is_new = values.get("patterns") == _PATTERNS
    return found if is_new else of_version_5(found, has_picture_suffix)


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
