"""The tables of a catalog, as the steps that led to them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from typing import Any

from search_engine.names import one_spelling

MIGRATIONS = (
    """
    CREATE TABLE collection (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE pictures (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB UNIQUE,
        category BLOB,
        size_bytes INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        taken_at TEXT,
        camera TEXT
    );
    CREATE INDEX pictures_by_content ON pictures (content_hash);
    CREATE INDEX pictures_by_category ON pictures (category);
    CREATE TABLE models (
        number INTEGER PRIMARY KEY,
        model_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL UNIQUE,
        dimension INTEGER NOT NULL,
        notes TEXT NOT NULL
    );
    CREATE TABLE vectors (
        model INTEGER NOT NULL REFERENCES models,
        picture_id INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
        revision INTEGER NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (model, picture_id)
    );
    CREATE INDEX vectors_by_picture ON vectors (picture_id);
    CREATE TABLE skipped (
        path BLOB PRIMARY KEY,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL
    );
    CREATE TABLE builds (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        process INTEGER NOT NULL,
        state TEXT NOT NULL,
        started_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
        finished_at TEXT,
        model_id TEXT NOT NULL,
        added INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 0,
        moved INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        skipped INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0
    );
    """,
    """
    CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL);
    INSERT INTO revisions
        SELECT value, lower(hex(randomblob(16))) FROM collection WHERE key = 'revision';
    INSERT OR IGNORE INTO revisions VALUES (0, lower(hex(randomblob(16))));
    INSERT INTO collection VALUES ('identity', lower(hex(randomblob(16))));
    CREATE TABLE reading (
        path BLOB PRIMARY KEY,
        size_bytes INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        deaths INTEGER NOT NULL DEFAULT 0
    );
    """,
    """
    ALTER TABLE pictures ADD COLUMN changed_ns INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE pictures ADD COLUMN dated_by TEXT;
    ALTER TABLE pictures ADD COLUMN remark TEXT;
    ALTER TABLE pictures ADD COLUMN reader INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE pictures ADD COLUMN device INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE skipped ADD COLUMN changed_ns INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE skipped ADD COLUMN reader INTEGER NOT NULL DEFAULT 0;
    UPDATE pictures SET category = one_spelling(category)
        WHERE category IS NOT one_spelling(category);
    """,
    """
    CREATE TABLE tags (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE tagged (
        tag INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
        picture_id INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
        PRIMARY KEY (tag, picture_id)
    ) WITHOUT ROWID;
    CREATE INDEX tagged_by_picture ON tagged (picture_id);
    CREATE TABLE hidden (picture_id INTEGER PRIMARY KEY REFERENCES pictures ON DELETE CASCADE);
    """,
)
"""Step n leads from version n to n + 1; a step that was released is never changed."""


def statements(step: str) -> Iterator[str]:
    """Cut a step where a statement ends, which is at no semicolon in a text or a trigger."""
    # `sqlite3.Connection.executescript` would commit the transaction that all steps are made in.
    statement = ""
    for part in step.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip(" ;\n"):
        yield statement


def teach(connection: sqlite3.Connection) -> None:
    """Make the functions of ours known that the steps call."""
    connection.create_function("one_spelling", 1, _one_spelling, deterministic=True)


def _one_spelling(name: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    """Write a name as the catalog keeps it in the one spelling; leave odd values as they are."""
    return os.fsencode(one_spelling(os.fsdecode(name))) if isinstance(name, bytes) else name


def schema_of(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Return all that a file is made of but what SQLite itself makes.

    A trigger may have a name like those, too.
    """
    sql = (
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE NOT"
        " ((type, name) = ('table', 'sqlite_sequence')"
        " OR (type = 'index' AND sql IS NULL AND name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'))"
    )
    return frozenset(
        tuple(" ".join(str(value).split()) for value in row) for row in connection.execute(sql)
    )


@lru_cache
def schema_after(steps: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return what a file is made of after these steps."""
    with closing(sqlite3.connect(":memory:")) as made:
        teach(made)
        for step in steps:
            made.executescript(step)
        return schema_of(made)
