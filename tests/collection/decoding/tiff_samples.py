"""TIFF files of any layout, written by the rules of TIFF 6 alone."""

import struct
import zlib

import numpy as np

_TYPES = {"H": (3, 2), "I": (4, 4)}


def tiff(values, *, order="<", planar=1, predictor=None, tile=None, **told):
    """Write an array of shape (height, width, samples), in strips of some rows or in tiles.

    With a predictor, even 1, it is packed. Further are told: photometric, compression,
    extra, rows, tags.
    """
    packed, predictor = predictor is not None, predictor or 1
    rows, extra = told.get("rows", 7), told.get("extra", ())
    values = np.asarray(values)
    height, width, samples = values.shape
    bits = values.dtype.itemsize * 8
    form = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    planes = [values] if planar == 1 else [values[..., n : n + 1] for n in range(samples)]
    pieces = []
    for plane in planes:
        for piece in _pieces(plane, tile, rows):
            data = _predicted(piece, predictor, order)
            pieces.append(zlib.compress(data) if packed else data)
    places, body = [], b""
    for piece in pieces:
        places.append(8 + len(body))
        body += piece + bytes(len(piece) % 2)
    sizes = [len(piece) for piece in pieces]
    entries = [
        (256, "I", [width]),
        (257, "I", [height]),
        (258, "H", [bits] * samples),
        (259, "H", [told.get("compression", 8 if packed else 1)]),
        (262, "H", [told.get("photometric", 2)]),
        (277, "H", [samples]),
        (284, "H", [planar]),
        (317, "H", [predictor]),
        (339, "H", [form] * samples),
        *([(338, "H", list(extra))] if extra else []),
        *([(322, "I", [tile]), (323, "I", [tile]), (324, "I", places), (325, "I", sizes)] if tile
          else [(273, "I", places), (278, "I", [rows]), (279, "I", sizes)]),
        *told.get("tags", ()),
    ]  # fmt: skip
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8 + len(body))
    return head + body + _directory(sorted(entries), 8 + len(body), order)


def _pieces(plane, tile, rows):
    height, width, samples = plane.shape
    if not tile:
        return [plane[top : top + rows] for top in range(0, height, rows)]
    found = []
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            whole = np.zeros((tile, tile, samples), plane.dtype)
            part = plane[top : top + tile, left : left + tile]
            whole[: part.shape[0], : part.shape[1]] = part
            found.append(whole)
    return found


def _predicted(piece, predictor, order):
    height, width, samples = piece.shape
    size = piece.dtype.itemsize
    if predictor == 2:
        plain = piece.view(f"u{size}").astype(f"u{size}")
        plain = np.diff(plain, axis=1, prepend=plain[:, :1] * 0)
        return plain.astype(f"{order}u{size}").tobytes()
    if predictor == 3:
        high_first = piece.astype(f">{piece.dtype.kind}{size}").tobytes()
        ordered = np.frombuffer(high_first, np.uint8).reshape(height, width * samples, size)
        flat = ordered.transpose(0, 2, 1).reshape(height, -1, samples)
        return np.diff(flat, axis=1, prepend=flat[:, :1] * 0).astype(np.uint8).tobytes()
    return piece.astype(f"{order}{piece.dtype.kind}{size}").tobytes()


def _directory(entries, start, order):
    body, tail = b"", b""
    after = start + 2 + 12 * len(entries) + 4
    for tag, letter, values in entries:
        kind, _ = _TYPES[letter]
        data = struct.pack(f"{order}{len(values)}{letter}", *values)
        if len(data) > 4:
            place = struct.pack(f"{order}I", after + len(tail))
            tail += data + bytes(len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        body += struct.pack(f"{order}HHI", tag, kind, len(values)) + place
    return struct.pack(f"{order}H", len(entries)) + body + bytes(4) + tail
