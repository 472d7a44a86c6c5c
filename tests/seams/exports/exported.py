"""The names that exports have to bear, and how what is exported is read back."""

import csv
import hashlib
import io
import os
from pathlib import Path

from PIL import Image

from search_engine.files import tables

NAMES = (
    "$HOME `id` $(id).jpg", "a|b>c&d;e.jpg", "it's \"quoted\".jpg", "one, two.jpg", "=1+1.jpg",
    "-rf.jpg", "line\nbreak.jpg", "Ärger 鳥.jpg", "e\u0301.jpg", "\u00e9.jpg", "~ # % *?.jpg",
    os.fsdecode(b"caf\xe9.jpg"), "back\\slash.jpg", " blanks  .jpg", "'=x.jpg", "$x^2$ *b*.jpg",
)  # fmt: skip
BREAKS = {"line\nbreak.jpg"}
CATEGORY = "=odd, $y$"
COPIES = "-copies"


def every(folder):
    """Return all pictures."""
    return {path for path in folder.rglob("*") if path.is_file()}


def read_csv(content):
    """Read a table as the README says, with the marks of its cells taken off."""
    text = content.decode(tables.ENCODING, "surrogateescape")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t")), row
            assert not cell.startswith("-") or float(cell) < 0, row
    return [{key: tables.as_named(cell) for key, cell in row.items()} for row in rows]


def same_as_file(row, folder):
    """Compare what an export says of a picture with the file, and return its path."""
    path = Path(row["path"])
    path = path if path.is_absolute() else folder / path
    content = path.read_bytes()
    with Image.open(io.BytesIO(content)) as image:
        width, height = image.size
        taken = image.getexif().get_ifd(0x8769)[0x9003]
    assert width != height
    truth = {
        "width": width,
        "height": height,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_hash": hashlib.sha256(content).hexdigest(),
        "category": path.parent.name,
        "taken_at": f"{taken[:10].replace(':', '-')}T{taken[11:]}",
        "uri": path.as_uri(),
    }
    for name in truth.keys() & row.keys():
        assert str(row[name]) == str(truth[name]), (path, name)
    return path
