"""What can be wrong with a collection: each fault as what makes it, and what `check` calls it."""

import json
import os
import sqlite3
from contextlib import closing

import numpy as np

from search_engine.calibration.stored import CALIBRATION_FILE
from search_engine.checking import FaultKind
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.manifest import MANIFEST_FILE, read_manifest
from tests.conftest import COLOURS, paint


def sql(folder, statement, *values):
    with closing(sqlite3.connect(folder / CATALOG_FILE, isolation_level=None)) as connection:
        connection.execute(statement, values)


def thumbnail(folder, number=0):
    return sorted((folder / "thumbnails").glob("*/*.jpg"))[number]


def vector(*values):
    return np.array(values, dtype="<f4").tobytes()


def flip_the_index(folder, pictures):
    index = folder / read_manifest(folder).file
    content = bytearray(index.read_bytes())
    content[len(content) // 2] ^= 1
    index.write_bytes(content)


def forge_a_foreign_manifest(folder, pictures):
    document = json.loads((folder / MANIFEST_FILE).read_text())
    (folder / MANIFEST_FILE).write_text(json.dumps(document | {"catalog_identity": "other"}))


def replace_unseen(folder, pictures):
    """Another picture of the same size and time of change, as a careless copy leaves it."""
    file = pictures / "red/0.png"
    before = file.stat()
    others = [(pictures / colour / "0.png").read_bytes() for colour in COLOURS if colour != "red"]
    content = next(other for other in others if len(other) <= before.st_size)
    file.write_bytes(content + b"\0" * (before.st_size - len(content)))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def zero_a_page(folder, pictures):
    content = (folder / CATALOG_FILE).read_bytes()
    page = content.index(b"yellow/1.png") // 16_384 * 16_384
    lost = content[:page] + b"\0" * 16_384 + content[page + 16_384 :]
    (folder / CATALOG_FILE).write_bytes(lost)


def exchange_thumbnails(folder, pictures):
    from PIL import Image

    for file in (folder / "thumbnails").glob("*/*.jpg"):
        with Image.open(file) as image:
            if image.convert("RGB").getpixel((5, 5))[0] > 200:  # what red and yellow show
                Image.new("RGB", (40, 40), (0, 0, 0)).save(file, "JPEG")


MUTATIONS = {
    "catalog cut": (
        lambda folder, pictures: (folder / CATALOG_FILE).write_bytes(
            (folder / CATALOG_FILE).read_bytes()[:40_000]
        ),
        FaultKind.CATALOG_UNREADABLE,
    ),
    "catalog page lost": (zero_a_page, FaultKind.CATALOG_DAMAGED),
    "catalog empty": (
        lambda folder, pictures: (folder / CATALOG_FILE).write_bytes(b""),
        FaultKind.CATALOG_UNREADABLE,
    ),
    "build died": (
        lambda folder, pictures: sql(
            folder, "INSERT INTO builds (process, state, model_id) VALUES (1, 'interrupted', 'm')"
        ),
        FaultKind.BUILD_INTERRUPTED,
    ),
    "path leads out": (
        lambda folder, pictures: sql(
            folder, "UPDATE pictures SET path = ? WHERE id = 1", b"../secret.png"
        ),
        FaultKind.PATH_OUTSIDE,
    ),
    "category of another": (
        lambda folder, pictures: sql(
            folder, "UPDATE pictures SET category = ? WHERE id = 1", b"elsewhere"
        ),
        FaultKind.CATEGORY_WRONG,
    ),
    "vector of nobody": (
        lambda folder, pictures: sql(
            folder, "INSERT INTO vectors VALUES (1, 999, 1, ?)", vector(1, 0, 0, 0)
        ),
        FaultKind.VECTORS_ORPHANED,
    ),
    "vector gone": (
        lambda folder, pictures: sql(folder, "DELETE FROM vectors WHERE picture_id = 3"),
        FaultKind.VECTORS_MISSING,
    ),
    "vector NaN": (
        lambda folder, pictures: sql(
            folder, "UPDATE vectors SET vector = ? WHERE picture_id = 3", vector(np.nan, 0, 0, 0)
        ),
        FaultKind.VECTORS_UNUSABLE,
    ),
    "vector too long": (
        lambda folder, pictures: sql(
            folder, "UPDATE vectors SET vector = ? WHERE picture_id = 3", vector(1.2, 0, 0, 0)
        ),
        FaultKind.VECTORS_UNUSABLE,
    ),
    "vector of another size": (
        lambda folder, pictures: sql(
            folder, "UPDATE vectors SET vector = ? WHERE picture_id = 3", b"short"
        ),
        FaultKind.VECTORS_UNUSABLE,
    ),
    "vector of another picture": (
        lambda folder, pictures: sql(
            folder,
            "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE picture_id = 12)"
            " WHERE picture_id = 1",
        ),
        FaultKind.INDEX_DIFFERS,
    ),
    "tag that is none": (
        lambda folder, pictures: sql(folder, "INSERT INTO tags (name) VALUES (?)", "a\nb"),
        FaultKind.ROWS_UNREADABLE,
    ),
    "tag of nobody": (
        lambda folder, pictures: (
            sql(folder, "INSERT INTO tags VALUES (1, 'sea')"),
            sql(folder, "INSERT INTO tagged VALUES (1, 999)"),
        ),
        FaultKind.ROWS_UNREADABLE,
    ),
    "tag without a name": (
        lambda folder, pictures: sql(folder, "INSERT INTO tagged VALUES (77, 1)"),
        FaultKind.ROWS_UNREADABLE,
    ),
    "nobody hidden": (
        lambda folder, pictures: sql(folder, "INSERT INTO hidden VALUES (999)"),
        FaultKind.ROWS_UNREADABLE,
    ),
    "manifest gone": (
        lambda folder, pictures: (folder / MANIFEST_FILE).unlink(),
        FaultKind.INDEX_MISSING,
    ),
    "manifest broken": (
        lambda folder, pictures: (folder / MANIFEST_FILE).write_text("{"),
        FaultKind.INDEX_UNREADABLE,
    ),
    "index bit": (flip_the_index, FaultKind.INDEX_UNREADABLE),
    "index gone": (
        lambda folder, pictures: (folder / read_manifest(folder).file).unlink(),
        FaultKind.INDEX_UNREADABLE,
    ),
    "index of another": (forge_a_foreign_manifest, FaultKind.INDEX_FOREIGN),
    "calibration gone": (
        lambda folder, pictures: (folder / CALIBRATION_FILE).unlink(),
        FaultKind.CALIBRATION_MISSING,
    ),
    "calibration broken": (
        lambda folder, pictures: (folder / CALIBRATION_FILE).write_bytes(b"PK\3\4 broken"),
        FaultKind.CALIBRATION_UNUSABLE,
    ),
    "thumbnail gone": (
        lambda folder, pictures: thumbnail(folder).unlink(),
        FaultKind.THUMBNAILS_MISSING,
    ),
    "thumbnail cut": (
        lambda folder, pictures: thumbnail(folder).write_bytes(
            thumbnail(folder).read_bytes()[:300]
        ),
        FaultKind.THUMBNAILS_DAMAGED,
    ),
    "thumbnails of others": (exchange_thumbnails, FaultKind.THUMBNAILS_WRONG),
    "left over": (
        lambda folder, pictures: (folder / ".0123.partial").write_bytes(b"half"),
        FaultKind.LEFTOVERS,
    ),
    "folder away": (
        lambda folder, pictures: pictures.rename(pictures.with_name("away")),
        FaultKind.FOLDER_MISSING,
    ),
    "file gone": (
        lambda folder, pictures: (pictures / "red/0.png").unlink(),
        FaultKind.FILES_GONE,
    ),
    "file changed": (
        lambda folder, pictures: paint(pictures / "red/0.png", "blue", size=(61, 40)),
        FaultKind.FILES_CHANGED,
    ),
    "file changed unseen": (replace_unseen, FaultKind.CONTENT_CHANGED),
    "saved query cut": (
        lambda folder, pictures: (
            (folder / "questions").mkdir(),
            (folder / "questions/old.json").write_text("{"),
        ),
        FaultKind.QUERY_UNREADABLE,
    ),
}
NOT_MENDED = {
    "catalog cut", "catalog empty",
    "catalog page lost", "folder away", "saved query cut",
}  # fmt: skip
