"""Deep pictures are as bright as they are meant, and planes and floating point come out right."""

import itertools
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from search_engine.collection.decoding import decode, depth
from search_engine.collection.decoding.depth import white_for
from tests.collection.decoding.pictures import chunk, decoded_here, encoded
from tests.collection.decoding.tiff_samples import tiff

HEIGHT, WIDTH = 60, 90
ACROSS, DOWN = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
COLOURS = np.stack([ACROSS, DOWN, 1 - ACROSS], axis=-1)
OPAQUE = np.ones((HEIGHT, WIDTH, 1))
GREY = np.repeat(ACROSS[..., None], 3, axis=2)


def assert_shows(content, wanted, tolerance=3):
    """A decoded picture has these colours, from 0 to 1."""
    shown = np.asarray(decode(content).image, float)
    assert shown.shape == wanted.shape
    assert np.abs(shown - 255 * wanted).max() <= tolerance


def png(values, kind):
    """A PNG of 16 bits."""
    rows = b"".join(b"\0" + row.tobytes() for row in values.astype(">u2"))
    head = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], 16, kind, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def portable(values, kind, most):
    """A portable map of 16 bits that says which number is white."""
    head = f"{kind}\n# made\n{values.shape[1]} {values.shape[0]}\n{most}\n".encode()
    return head + values.astype(">u2").tobytes()


def deep(top, picture=GREY):
    return (picture * top).round().astype(np.uint16)


def inverted(values):
    return values.max() - values[..., :1]


def signed(values):
    return (values[..., :1] // (1 + (values.max() > 2**15))).astype("i2")


def opaque(values, alpha):
    return np.concatenate([values, np.full_like(values[..., :1], alpha)], axis=2)


GREY_WRITERS = {
    "PNG": lambda v: png(v[..., 0], 0),
    "PNG with alpha": lambda v: png(opaque(v[..., :1], 65535), 4),
    "TIFF": lambda v: tiff(v[..., :1], photometric=1),
    "TIFF, big endian": lambda v: tiff(v[..., :1], photometric=1, order=">"),
    "TIFF, packed": lambda v: tiff(v[..., :1], photometric=1, predictor=2),
    "TIFF, white is zero": lambda v: tiff(inverted(v), photometric=0),
    "TIFF, white is zero, big endian": lambda v: tiff(inverted(v), photometric=0, order=">"),
    "TIFF, tiles": lambda v: tiff(v[..., :1], photometric=1, tile=16),
    "TIFF, signed": lambda v: tiff(signed(v), photometric=1),
    "TIFF, signed, packed": lambda v: tiff(signed(v), photometric=1, order=">", predictor=1),
    "JPEG 2000": lambda v: encoded(Image.fromarray(v[..., 0]), "JPEG2000"),
    "PGM that says 65535": lambda v: portable(v[..., 0], "P5", 65535),
    "PGM that says its depth": lambda v: portable(v[..., 0], "P5", v.max()),
}  # fmt: skip
COLOUR_WRITERS = {
    "PNG": lambda v: png(v, 2),
    "PNG, alpha as deep": lambda v: png(opaque(v, v.max()), 6),
    "PNG, full alpha": lambda v: png(opaque(v, 65535), 6),
    "TIFF": tiff,
    "TIFF, planes": lambda v: tiff(v, planar=2),
    "TIFF, alpha": lambda v: tiff(opaque(v, v.max()), extra=(2,)),
    "PPM that says 65535": lambda v: portable(v, "P6", 65535),
    "PPM that says its depth": lambda v: portable(v, "P6", v.max()),
}  # fmt: skip


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("write", GREY_WRITERS.values(), ids=GREY_WRITERS)
def test_grey_of_ten_and_twelve_bits_goes_from_black_to_white(write, bits):
    """However the sixteen bits are stored that hold it."""
    assert_shows(write(deep(2**bits - 1)), GREY, 4)


@pytest.mark.parametrize("bits", [12, 14, 16])
@pytest.mark.parametrize("write", COLOUR_WRITERS.values(), ids=COLOUR_WRITERS)
def test_colour_of_twelve_bits_is_as_bright_as_grey(write, bits):
    """Of formats that Pillow keeps only the upper byte of, too."""
    assert_shows(write(deep(2**bits - 1, COLOURS)), COLOURS, 20 if bits == 12 else 4)


def test_a_dark_png_too_large_to_be_read_twice_says_so(monkeypatch):
    """It stays as dark as it is, for which it has a remark; a bright one has none."""
    monkeypatch.setattr(depth, "_MOST_UNCOVERED", WIDTH * HEIGHT - 1)
    write = COLOUR_WRITERS["PNG"]
    dark = decoded_here(write(deep(2**12 - 1, COLOURS)))
    assert "too large to look" in dark.facts.remark
    assert np.asarray(dark.image).max() <= 16
    assert decoded_here(write(deep(2**16 - 1, COLOURS))).facts.remark is None


@pytest.mark.parametrize(
    ("largest", "white"),
    [
        (0, 255), (40, 255), (255, 255), (256, 1023), (1023, 1023), (1024, 4095),
        (4095, 4095), (4096, 16383), (16383, 16383), (16384, 65535), (65535, 65535),
        (65536, 2**24 - 1), (2**24, 2**32 - 1),
    ],
)  # fmt: skip
def test_a_picture_is_stretched_to_its_depth_and_no_further(largest, white):
    """The smallest usual depth that holds the largest number."""
    assert white_for(largest) == white


@pytest.mark.parametrize("top", [17_000, 20_000, 60])
def test_a_dark_picture_stays_dark(top):
    """More than fourteen bits are in use, or hardly any: nothing is made up."""
    shown = np.asarray(decode(tiff(deep(top)[..., :1], photometric=1)).image)
    assert shown.max() == pytest.approx(255 * top / white_for(top), abs=1)


DARK = {
    "32 bits": (ACROSS[..., None] * 0.1 * (2**32 - 1)).astype("u4"),
    "32 bits, signed": (ACROSS[..., None] * 0.1 * (2**31 - 1)).astype("i4"),
    "64 bits": (ACROSS[..., None] * 0.1 * 2**63).astype("u8") * 2,
    "levels in floating point": (ACROSS[..., None] * 25.5).astype("f4"),
    "levels in double floating point": (ACROSS[..., None] * 25.5).astype("f8"),
    "levels in half floating point": (ACROSS[..., None] * 25.5).astype("f2"),
    "floating point up to 1": (ACROSS[..., None] * 0.1).astype("f4"),
    "24 bits in 32": (ACROSS[..., None] * 0.1 * (2**24 - 1)).astype("u4"),
}


@pytest.mark.parametrize("packed", [None, 1, 2], ids=["plain", "packed", "predicted"])
@pytest.mark.parametrize("values", DARK.values(), ids=DARK)
def test_what_is_dark_in_its_own_depth_stays_dark(values, packed):
    """Of more than 16 bits and of floating point, too; grey is read as colour is."""
    if packed == 2 and values.dtype.kind == "f":
        packed = 3
    for content in (
        tiff(values, photometric=1, predictor=packed),
        tiff(np.repeat(values, 3, axis=2), predictor=packed),
    ):
        assert_shows(content, GREY * 0.1)


def remark_of(values, **told):
    return decode(tiff(values, **told)).facts.remark


@pytest.mark.parametrize(
    ("values", "remark"),
    [
        ((COLOURS * 25.5).astype("f4"), "shown as 255"),
        ((COLOURS * 4).astype("f4"), "shown as 4"),
        ((COLOURS * 3000 - 500).astype("f4"), "shown as 2,500"),
        ((COLOURS * 3000 - 500).astype("i2"), "shown as 2,500"),
        (COLOURS.astype("f4"), None),
        ((COLOURS * 1.05 - 0.02).astype("f4"), None),
        (deep(16383, COLOURS), "14 bits in 16"),
        (deep(4095, COLOURS), None),
        (deep(65535, COLOURS), None),
        ((COLOURS * (2**32 - 1)).astype("u4"), None),
    ],
)
def test_a_guess_of_what_is_white_is_told(values, remark):
    """Where numbers may be read in two ways, the remark says which one was taken."""
    for content in (tiff(values), tiff(values[..., :1], photometric=1)):
        said = decode(content).facts.remark
        assert said is None if remark is None else remark in said


def test_a_declared_depth_of_fourteen_bits_is_no_guess():
    """In TIFF and PGM a file can say so; a PNG cannot, and a remark tells it."""
    grey = deep(16383)
    assert remark_of(grey[..., :1], photometric=1, tags=[(281, "H", [16383])]) is None
    assert decode(portable(grey[..., 0], "P5", 16383)).facts.remark is None
    for content in (png(grey[..., 0], 0), png(grey, 2)):
        assert "14 bits in 16" in decode(content).facts.remark


def test_one_bright_pixel_says_that_sixteen_bits_are_in_use():
    """A night with a star is no twelve-bit picture."""
    values = deep(3000)
    values[0, 0] = 65535
    for write in (GREY_WRITERS["PNG"], GREY_WRITERS["TIFF"], COLOUR_WRITERS["PNG"]):
        assert np.asarray(decode(write(values)).image)[5:].max() <= 12


def test_what_a_file_says_of_its_depth_counts():
    """A declared depth holds for a picture that is dark in it."""
    dark = deep(200)
    assert np.asarray(decode(portable(dark[..., 0], "P5", 4095)).image).max() <= 13
    told = tiff(dark[..., :1], photometric=1, tags=[(281, "H", [4095])])
    assert np.asarray(decode(told).image).max() <= 13
    fourteen = tiff(deep(16383)[..., :1], photometric=1, tags=[(281, "H", [16383])])
    assert_shows(fourteen, GREY)


KINDS = [
    ("u2", None), ("u2", 1), ("u2", 2), ("u4", None), ("u4", 2), ("f2", None), ("f4", None),
    ("f4", 1), ("f4", 2), ("f4", 3), ("f8", 1), ("f8", 3), ("i2", None), ("u1", 1), ("u1", 2),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "predictor"), KINDS)
def test_a_tiff_is_read_however_its_numbers_are_stored(kind, predictor):
    """Side by side or in planes, in strips or tiles, in both orders of bytes."""
    top = {"u": 2 ** (8 * int(kind[1])) - 1, "i": 2**12 - 1, "f": 1}[kind[0]]
    values = (COLOURS * top).round() if top > 1 else COLOURS
    for order, planar, tile in itertools.product("<>", (1, 2), (None, 16, 32)):
        content = tiff(
            values.astype(kind), order=order, planar=planar, tile=tile, predictor=predictor
        )
        assert_shows(content, COLOURS)


@pytest.mark.parametrize("planar", [1, 2])
def test_a_tiff_of_other_colours_is_read_with_sixteen_bits(planar):
    """CMYK, grey with alpha and LAB."""
    ink = np.concatenate([1 - COLOURS, 0 * OPAQUE], axis=2)
    assert_shows(tiff(deep(65535, ink), photometric=5, planar=planar), COLOURS, 4)
    seen = np.concatenate([GREY[..., :1], OPAQUE], axis=2)
    content = tiff(deep(65535, seen), photometric=1, planar=planar, extra=(2,))
    assert_shows(content, GREY)
    plain = Image.fromarray((255 * COLOURS).round().astype(np.uint8))
    lab = ImageCms.profileToProfile(
        plain, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    eight = np.asarray(lab)
    sixteen = np.concatenate(
        [eight[..., :1].astype("u2") * 257, eight[..., 1:].astype("u2") << 8], 2
    )
    shown = np.asarray(lab.convert("RGB"), float) / 255
    assert_shows(tiff(sixteen, photometric=8, planar=planar), shown, 6)


def test_a_deep_tiff_is_turned_upright():
    """Orientation counts for what is read here as for what Pillow reads."""
    content = tiff(deep(65535, COLOURS), planar=2, tags=[(274, "H", [6])])
    picture = decode(content)
    assert (picture.facts.width, picture.facts.height) == (HEIGHT, WIDTH)
    assert_shows(content, np.rot90(COLOURS, -1))


def test_colours_brighter_than_white_are_white():
    """Floating point above 1 is scaled, and what is no number costs no picture."""
    shown = np.asarray(decode(tiff((COLOURS * 4).astype("f4"))).image)
    assert shown.max() == 255
    assert shown.std() > 40
    broken = COLOURS.astype("f4").copy()
    broken[3, 3] = np.nan
    broken[4, 4] = np.inf
    assert np.asarray(decode(tiff(broken)).image).std() > 40


def test_a_raw_files_preview_is_not_taken_for_the_picture():
    """A raw file under the name of a TIFF is in with its preview, and the remark says so."""
    told = [(254, "I", [1]), (330, "I", [8])]
    picture = decode(tiff((255 * COLOURS).astype("u1"), tags=told))
    assert "only its small preview" in picture.facts.remark
    assert decode(tiff((255 * COLOURS).astype("u1"))).facts.remark is None
