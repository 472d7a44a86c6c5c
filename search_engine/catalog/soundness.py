"""Rows that this program never writes: found, and taken out so that they are made again.

SQLite keeps a text where a number should be, if somebody else writes it there.
"""

from __future__ import annotations

from search_engine.catalog.database import Database

LONGEST_HASH = 128
_SOUND = {
    "pictures": (
        "typeof(path) = 'blob' AND typeof(category) IN ('blob', 'null')"
        " AND typeof(size_bytes) = 'integer' AND typeof(modified_ns) = 'integer'"
        " AND typeof(content_hash) = 'text' AND hex(content_hash) NOT LIKE '%00%'"
        f" AND length(content_hash) BETWEEN 1 AND {LONGEST_HASH}"
        " AND typeof(width) = 'integer' AND width > 0"
        " AND typeof(height) = 'integer' AND height > 0"
        " AND typeof(taken_at) IN ('text', 'null') AND typeof(camera) IN ('text', 'null')"
    ),
    "models": (
        "typeof(model_id) = 'text' AND typeof(fingerprint) = 'text'"
        " AND typeof(dimension) = 'integer' AND dimension > 0 AND typeof(notes) = 'text'"
    ),
    "vectors": (
        "typeof(model) = 'integer' AND typeof(picture_id) = 'integer'"
        " AND typeof(revision) = 'integer' AND typeof(vector) = 'blob'"
    ),
    "skipped": (
        "typeof(path) = 'blob' AND typeof(reason) = 'text' AND typeof(detail) = 'text'"
        " AND typeof(size_bytes) = 'integer' AND typeof(modified_ns) = 'integer'"
    ),
    "builds": (
        "typeof(process) = 'integer' AND typeof(state) = 'text' AND typeof(started_at) = 'text'"
        " AND typeof(finished_at) IN ('text', 'null') AND typeof(model_id) = 'text'"
        " AND typeof(seconds) = 'real' AND typeof(added) = 'integer'"
        " AND typeof(changed) = 'integer' AND typeof(moved) = 'integer'"
        " AND typeof(removed) = 'integer' AND typeof(unchanged) = 'integer'"
        " AND typeof(skipped) = 'integer'"
    ),
    "revisions": "typeof(token) = 'text'",
    "reading": (
        "typeof(path) = 'blob' AND typeof(size_bytes) = 'integer'"
        " AND typeof(modified_ns) = 'integer' AND typeof(deaths) = 'integer'"
    ),
}


def unreadable_rows(database: Database) -> dict[str, int]:
    """Count the rows of each table that this program did not write; sound tables are left out."""
    counts = {
        table: database.number(f"SELECT COUNT(*) FROM {table} WHERE NOT ({sound})")  # noqa: S608 - our own names
        for table, sound in _SOUND.items()
    }
    return {table: count for table, count in counts.items() if count}


def remove_unreadable_rows(database: Database) -> None:
    """Delete rows that this program did not write, with what depends on them."""
    with database.transaction():
        bad_models = f"SELECT number FROM models WHERE NOT ({_SOUND['models']})"  # noqa: S608 - our own names
        database.rows(f"DELETE FROM vectors WHERE model IN ({bad_models})")  # noqa: S608 - our own names
        for table, sound in _SOUND.items():
            database.rows(f"DELETE FROM {table} WHERE NOT ({sound})")  # noqa: S608 - our own names
