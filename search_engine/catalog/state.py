"""What a collection was made with, and how often its vectors changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from search_engine.catalog.database import Database
from search_engine.records import CollectionSettings, IndexKind, ModelCard, ScanRules

_CAPTIONS = "captions of "


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
        values = json.loads(str(saved))
        return CollectionSettings(
            root=Path(values["root"]),
            rules=ScanRules(tuple(values["include"]), tuple(values["exclude"]), values["hidden"]),
            model_id=values["model_id"],
            kind=IndexKind(values["kind"]),
        )

    @settings.setter
    def settings(self, settings: CollectionSettings) -> None:
        values = {
            "root": str(settings.root),
            "include": settings.rules.include,
            "exclude": settings.rules.exclude,
            "hidden": settings.rules.hidden,
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
        signature, card = json.loads(str(saved))
        return signature, ModelCard(**card)

    @model.setter
    def model(self, value: tuple[str, ModelCard]) -> None:
        signature, card = value
        self._put("model", json.dumps([signature, asdict(card)]))

    @property
    def revision(self) -> int:
        """How often vectors came, changed or went."""
        return int(self._get("revision") or 0)

    def next_revision(self) -> int:
        """Count one more change, within the caller's transaction."""
        revision = self.revision + 1
        self._put("revision", revision)
        return revision

    def caption_vectors(self, fingerprint: str) -> bytes | None:
        """Give what `keep_caption_vectors` kept for this model."""
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
