"""Index files with bytes that are others; a process of its own reads them, since it may die."""

import io
import random
import struct
import sys

import numpy as np

from search_engine.errors import CollectionDamaged, SearchEngineError
from search_engine.index.faiss_store import FaissStore
from search_engine.records import IndexKind

EXTREMES = (0, 1, -1, 2**31 - 1, -(2**31), 2**40, 2**62, -(2**63))
COUNTS = {IndexKind.EXACT: 40, IndexKind.HNSW: 1_200, IndexKind.IVF: 1_200}
DIMENSION = 8


def vectors(count):
    """Return unit vectors, the same each time."""
    rows = np.random.default_rng(5).standard_normal((count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def made(kind):
    """Return the bytes of an honest index of a kind, and its vectors."""
    count = COUNTS[kind]
    rows = vectors(count)
    store = FaissStore(kind, DIMENSION, lambda ids: rows[np.asarray(ids) - 1])
    store.fill(np.arange(1, count + 1))
    store.remove(np.arange(1, count // 8))
    file = io.BytesIO()
    store.save(file)
    return file.getvalue(), rows


def mutated(content, chance):
    """Change an index file in one of many ways, half of the time near its beginning."""
    changed = bytearray(content)
    head = chance.random() < 0.5
    at = chance.randrange(min(len(content), 600) if head else len(content))
    way = chance.randrange(6)
    if way == 0:
        changed[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        changed[at : at + 4] = struct.pack("<q", chance.choice(EXTREMES))[:4]
    elif way == 2:
        changed[at : at + 8] = struct.pack("<q", chance.choice(EXTREMES))
    elif way == 3:
        del changed[at:]
    elif way == 4:
        changed[at:at] = chance.randbytes(chance.randrange(1, 16))
    else:
        changed[at : at + 64] = chance.randbytes(64)
    return bytes(changed)


def read_and_ask(content, kind, rows):
    """Read an index and ask it; tell what came of it."""
    source = lambda ids: rows[(np.asarray(ids) - 1) % len(rows)]  # noqa: E731
    try:
        store = FaissStore.load(io.BytesIO(content), kind, source, "here")
    except CollectionDamaged:
        return "refused"
    try:
        if store.dimension == DIMENSION:
            store.search(rows[3], 10)
            store.search(rows[3], 3, store.ids()[:5])
            store.search_many(rows[:4], 5)
            store.score_all(rows[3])
            store.add(np.array([9_999]), rows[:1])
    except SearchEngineError:
        return "answered by an error of ours"
    return "taken"


def main(count, seed):
    """Read so many mutations of each kind, and print how often what came of it."""
    outcomes = {}
    for kind in COUNTS:
        content, rows = made(kind)
        chance = random.Random(seed)  # noqa: S311 - repeatable
        for _ in range(count):
            outcome = read_and_ask(mutated(content, chance), kind, rows)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
    print(sorted(outcomes.items()))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
