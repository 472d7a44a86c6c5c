"""Rows that this program never writes: found, and taken out so that they are made again.

SQLite keeps a text where a number should be, if somebody else writes it there.
"""

from __future__ import annotations

from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.tag_names import is_tag
from search_engine.records import SkipReason

LONGEST_HASH = 128


def _all(kind: str, *columns: str) -> str:
    return " AND ".join(kind.format(column) for column in columns)


_NUMBER = "typeof({0}) = 'integer'"
_BYTES = "typeof({0}) = 'blob'"
_TEXT = "typeof({0}) = 'text' AND is_text(CAST({0} AS BLOB))"
_TEXT_OR_NONE = f"({{0}} IS NULL OR {_TEXT})"
LARGEST_ID = 2**53
"""After the largest number that there is, SQLite finds no other, and says that the disk is full."""
_USABLE_ID = f"id BETWEEN 1 AND {LARGEST_ID}"
_DRAWN = "typeof({0}) = 'text' AND length({0}) = 32 AND {0} NOT GLOB '*[^0-9a-f]*'"
"""What was drawn at random here, in hexadecimal digits."""
_OF_A_PICTURE = "picture_id IN (SELECT id FROM pictures)"
"""Without a picture, what is said would be said of the next one that gets its id."""
_SOUND = {
    "sqlite_sequence": f"typeof(seq) = 'integer' AND seq BETWEEN 0 AND {LARGEST_ID}",
    "pictures": " AND ".join(
        (
            _USABLE_ID,
            _all(_BYTES, "path"),
            "typeof(category) IN ('blob', 'null')",
            _all(_NUMBER, "size_bytes", "modified_ns", "width", "height", "changed_ns", "reader"),
            _all(_NUMBER, "device"),
            "(MIN(width, height) > 0 OR (width = 0 AND height = 0))",
            _all(_TEXT, "content_hash"),
            f"length(CAST(content_hash AS BLOB)) BETWEEN 1 AND {LONGEST_HASH}",
            _all(_TEXT_OR_NONE, "taken_at", "camera", "dated_by", "remark"),
        )
    ),
    "models": " AND ".join(
        (
            _all(_TEXT, "model_id", "fingerprint", "notes"),
            _all(_NUMBER, "dimension"),
            "dimension > 0",
        )
    ),
    "vectors": " AND ".join(
        (_all(_NUMBER, "model", "picture_id", "revision"), _all(_BYTES, "vector"), "picture_id > 0")
    ),
    "skipped": " AND ".join(
        (
            _all(_BYTES, "path"),
            _all(_TEXT, "reason", "detail"),
            _all(_NUMBER, "size_bytes", "modified_ns", "changed_ns", "reader"),
            f"reason IN ({', '.join(repr(str(reason)) for reason in SkipReason)})",
        )
    ),
    "builds": " AND ".join(
        (
            _USABLE_ID,
            _all(_NUMBER, "process", "added", "changed", "moved", "removed", "unchanged"),
            _all(_NUMBER, "skipped"),
            _all(_TEXT, "state", "started_at", "model_id"),
            _all(_TEXT_OR_NONE, "finished_at"),
            "typeof(seconds) = 'real'",
        )
    ),
    "revisions": _DRAWN.format("token"),
    "collection": (
        f"(key != 'identity' OR ({_DRAWN.format('value')})) AND (key != 'revision' OR"
        f" (typeof(value) = 'integer' AND value BETWEEN 0 AND {LARGEST_ID}))"
    ),
    "tags": "typeof(name) = 'text' AND is_tag(CAST(name AS BLOB))",
    "tagged": " AND ".join(("tag IN (SELECT number FROM tags)", _OF_A_PICTURE)),
    "hidden": _OF_A_PICTURE,
    "reading": " AND ".join(
        (_all(_BYTES, "path"), _all(_NUMBER, "size_bytes", "modified_ns", "deaths"))
    ),
}


def _is_text(content: object) -> bool:
    """Return whether bytes are a text without the character NUL."""
    try:
        return isinstance(content, bytes) and "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _teach(database: Database) -> None:
    database.add_function("is_text", _is_text, 1)
    database.add_function("is_tag", is_tag, 1)


def unreadable_rows(database: Database) -> dict[str, int]:
    """Count the rows of each table that this program did not write; sound tables are left out."""
    _teach(database)
    counts = {
        table: database.number(f"SELECT COUNT(*) FROM {table} WHERE NOT ({sound})")  # noqa: S608 - our own names
        for table, sound in _SOUND.items()
    }
    return {table: count for table, count in counts.items() if count}


def remove_unreadable_rows(database: Database) -> None:
    """Delete rows that this program did not write, with what depends on them."""
    _teach(database)
    with database.transaction():
        bad_models = f"SELECT number FROM models WHERE NOT ({_SOUND['models']})"  # noqa: S608 - our own names
        database.rows(f"DELETE FROM vectors WHERE model IN ({bad_models})")  # noqa: S608 - our own names
        for table, sound in _SOUND.items():
            database.rows(f"DELETE FROM {table} WHERE NOT ({sound})")  # noqa: S608 - our own names
        # What was made of another identity or token is foreign now, and is made anew.
        drawn = "lower(hex(randomblob(16)))"
        database.rows(f"INSERT OR IGNORE INTO collection VALUES ('identity', {drawn})")  # noqa: S608 - our own names
        last = "(SELECT COALESCE(MAX(revision), 0) FROM vectors)"
        database.rows(f"INSERT OR IGNORE INTO collection VALUES ('revision', {last} + 1)")  # noqa: S608 - our own names
        revision = "(SELECT value FROM collection WHERE key = 'revision')"
        database.rows(f"INSERT OR IGNORE INTO revisions VALUES ({revision}, {drawn})")  # noqa: S608 - our own names
