"""Catalogs whose pages lead to one another by so many ways that no walk through them ends.

Each page is as the format wants it, https://www.sqlite.org/fileformat2.html; only that an inner
page names the same page below it a hundred times, at each of ten levels, is not as SQLite writes.
"""

import sqlite3
import struct
from contextlib import closing

LEVELS, WAYS = 10, 100
ROWS, ROWS_INNER, KEYS, KEYS_INNER = 13, 5, 10, 2


def lead_in_circles(file, *names):
    """Change these tables and indexes of a catalog; ``sqlite_master`` is the schema itself."""
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = DELETE")
        roots = dict(base.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"))
        size = base.execute("PRAGMA page_size").fetchone()[0]
    roots["sqlite_master"] = 1
    pages = _Pages(bytearray(file.read_bytes()), size)
    for name in names:
        pages.circle(roots[name])
    file.write_bytes(pages.content)


class _Pages:
    def __init__(self, content, size):
        self.content, self.size = content, size

    def __getitem__(self, number):
        return bytes(self.content[(number - 1) * self.size : number * self.size])

    def __setitem__(self, number, page):
        self.content[(number - 1) * self.size : number * self.size] = page

    def add(self, page):
        self.content += page
        return len(self.content) // self.size

    def circle(self, root):
        head = 100 if root == 1 else 0
        is_rows = self[root][head] in {ROWS, ROWS_INNER}
        cell = b"\1" if is_rows else self._first_key(root)
        child = self.add(self._moved(root, head) if is_rows else self._leaf(cell))
        for _ in range(LEVELS):
            child = self.add(self._inner(child, cell, is_rows, 0))
        page = self._inner(child, cell, is_rows, head)
        self[root] = self[root][:head] + page[head:]
        struct.pack_into(">I", self.content, 28, len(self.content) // self.size)

    def _moved(self, root, head):
        """Copy a page to where no header of the file stands before it; its cells stay in place."""
        page = bytearray(self[root])
        inner = 4 if page[head] in {ROWS_INNER, KEYS_INNER} else 0
        length = 8 + inner + 2 * struct.unpack_from(">H", page, head + 3)[0]
        page[0:length] = page[head : head + length]
        return page

    def _first_key(self, root):
        page = self[root]
        while page[0] == KEYS_INNER:
            page = self[struct.unpack_from(">I", page, 8)[0]]
        at = struct.unpack_from(">H", page, 8)[0]
        return page[at : at + 1 + page[at]]

    def _leaf(self, cell):
        return self._page(KEYS, [cell] * 5, 0, 0)

    def _inner(self, child, cell, is_rows, head):
        cells = [struct.pack(">I", child) + cell] * WAYS
        return self._page(ROWS_INNER if is_rows else KEYS_INNER, cells, child, head)

    def _page(self, kind, cells, child, head):
        page, start, places = bytearray(self.size), self.size, []
        for cell in cells:
            start -= len(cell)
            page[start : start + len(cell)] = cell
            places.append(start)
        struct.pack_into(">BHHHB", page, head, kind, 0, len(cells), start, 0)
        if kind in {ROWS_INNER, KEYS_INNER}:
            struct.pack_into(">I", page, head + 8, child)
            head += 4
        struct.pack_into(f">{len(places)}H", page, head + 8, *places)
        return page
