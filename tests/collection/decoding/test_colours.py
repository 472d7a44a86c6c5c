"""Colours as they are meant: profiles, and what formats and cameras say without one."""

import io
import random
import struct

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from search_engine.collection.decoding import Refusal, colours, decode, routes, thumbnail
from search_engine.collection.decoding.children import CHILDREN
from search_engine.records import SkipReason
from tests.collection.decoding.pictures import (
    chunk,
    decoded_here,
    difference,
    encoded,
    gamma,
    parametric,
    png_with,
    profile,
    scene,
    xyz,
)

SCENE = scene()
SRGB = ImageCms.createProfile("sRGB")
SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
P3 = profile(
    rXYZ=xyz(0.5151, 0.2412, -0.0011),
    gXYZ=xyz(0.2920, 0.6922, 0.0419),
    bXYZ=xyz(0.1571, 0.0666, 0.7841),
    rTRC=SRGB_CURVE, gTRC=SRGB_CURVE, bTRC=SRGB_CURVE,
)  # fmt: skip
WIDE = profile(
    rXYZ=xyz(0.7977, 0.2880, 0.0),
    gXYZ=xyz(0.1352, 0.7119, 0.0),
    bXYZ=xyz(0.0313, 0.0001, 0.8249),
    rTRC=gamma(1.8), gTRC=gamma(1.8), bTRC=gamma(1.8),
)  # fmt: skip
ADOBE = profile(
    rXYZ=xyz(0.6097, 0.3111, 0.0195),
    gXYZ=xyz(0.2053, 0.6257, 0.0609),
    bXYZ=xyz(0.1492, 0.0632, 0.7446),
    rTRC=gamma(2.1992), gTRC=gamma(2.1992), bTRC=gamma(2.1992),
)  # fmt: skip
GREY = profile(b"GRAY", kTRC=gamma(1.0))


def table(inputs, answer):
    """A tag with a table of two steps for each input, and lines for curves: for LittleCMS."""
    ramp = bytes(range(256))
    steps = np.stack(np.meshgrid(*[[0.0, 1.0]] * inputs, indexing="ij"), axis=-1).reshape(
        -1, inputs
    )
    values = bytes(round(255 * v) for row in steps for v in answer(*row))
    head = struct.pack(
        ">4s4xBBBx9i", b"mft1", inputs, 3, 2, *(65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    )
    return head + ramp * inputs + values + ramp * 3


def lightness(c, m, y, k):
    """A press that prints grey only: L, a and b from 0 to 1."""
    return (1 - (c + m + y) / 3) * (1 - k), 0.5, 0.5


PRESS = profile(b"CMYK", b"Lab ", A2B0=table(4, lightness))
TABLE = profile(b"RGB ", b"Lab ", A2B0=table(3, lambda r, g, b: ((r + g + b) / 3, 0.5, 0.5)))


def in_profile(content):
    """The scene, with the numbers that a profile has for it."""
    target = ImageCms.ImageCmsProfile(io.BytesIO(content))
    return ImageCms.profileToProfile(SCENE, SRGB, target, outputMode="RGB")


def jp2_with(content, image):
    """A JP2 with a profile in its head."""
    whole = encoded(image, "JPEG2000")
    at, head = whole.find(b"colr") - 4, whole.find(b"jp2h") - 4
    (old,), (length,) = (struct.unpack_from(">I", whole, place) for place in (at, head))
    box = b"colr\2\0\0" + content
    box = struct.pack(">I", len(box) + 4) + box
    start = whole[:head] + struct.pack(">I", length + len(box) - old) + whole[head + 4 : at]
    return start + box + whole[at + old :]


def bitmap_with(content, image):
    """A bitmap of version 5 with a profile behind its pixels."""
    whole = encoded(image, "BMP")
    pixels = whole[54:]
    info = struct.pack("<I", 124) + whole[18:54] + bytes(16) + b"DEBM" + bytes(36 + 12)
    info += struct.pack("<4I", 4, 124 + len(pixels), len(content), 0)
    file = b"BM" + struct.pack("<IHHI", 14 + 124 + len(pixels) + len(content), 0, 0, 138)
    return file + info + pixels + content


WRITERS = {
    "JPEG": lambda p, i: encoded(i, "JPEG", quality=97, icc_profile=p),
    "PNG": lambda p, i: encoded(i, icc_profile=p),
    "TIFF": lambda p, i: encoded(i, "TIFF", icc_profile=p),
    "WebP": lambda p, i: encoded(i, "WEBP", lossless=True, icc_profile=p),
    "AVIF": lambda p, i: encoded(i, "AVIF", quality=97, icc_profile=p),
    "JPEG 2000": jp2_with,
    "BMP": bitmap_with,
}


@pytest.mark.parametrize("content", [P3, WIDE, ADOBE], ids=["P3", "ProPhoto", "Adobe RGB"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_profile_is_applied_in_every_format(write, content):
    """The same picture comes out whatever numbers it was stored in, up to what was lost in them."""
    picture = decode(write(content, in_profile(content)))
    assert difference(picture.image, SCENE) < 2.5
    assert difference(in_profile(content), SCENE) > 5
    assert picture.facts.remark is None


def test_thumbnail_and_picture_have_the_same_colours():
    """Both come out of one decoded picture, and neither carries the old profile on."""
    picture = decode(WRITERS["PNG"](WIDE, in_profile(WIDE).resize((96, 96))))
    with Image.open(io.BytesIO(thumbnail(picture.image))) as small:
        assert "icc_profile" not in small.info
        assert difference(small, picture.image) < 8 < difference(small, in_profile(WIDE))


def test_srgb_is_left_as_it_is():
    """By whatever name or formula: the numbers stay the same to the bit."""
    tagged = ImageCms.ImageCmsProfile(SRGB).tobytes()
    for content in (tagged, tagged[:-1] + b"x"):
        assert difference(decode(encoded(SCENE, icc_profile=content)).image, SCENE) == 0


@pytest.mark.parametrize("size", [(240, 160), (3000, 1400)], ids=str)
def test_a_profile_is_applied_after_reducing(size):
    """A large picture and a small one agree."""
    image = in_profile(WIDE).resize(size)
    assert difference(decode(encoded(image, icc_profile=WIDE)).image, SCENE) < 3


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_a_grey_profile_is_applied(mode):
    """Numbers that are brightness itself come out as bright as they are."""
    grey = SCENE.convert("L")
    light = (np.asarray(grey, float) / 255) ** 2.2
    if mode == "I;16":
        stored = Image.fromarray((light * 65535).astype(np.uint16))
        content = encoded(stored, "TIFF", icc_profile=GREY)
    else:
        stored = Image.fromarray((light * 255).round().astype(np.uint8))
        content = encoded(stored.convert(mode), icc_profile=GREY)
    assert difference(decode(content).image, grey) < 5
    assert difference(stored.convert("L") if mode != "I;16" else grey.point([0] * 256), grey) > 20


def test_a_press_profile_decides_how_cmyk_looks():
    """Of a press that prints grey only, a red picture is grey."""
    red = Image.new("CMYK", (60, 40), (0, 255, 255, 0))
    plain = decode(encoded(red, "JPEG", quality=97)).image.getpixel((9, 9))
    assert max(plain) - min(plain) > 150
    for form in ("JPEG", "TIFF"):
        content = encoded(red, form, icc_profile=PRESS)
        shown = decode(content).image.getpixel((9, 9))
        assert max(shown) - min(shown) < 12, form


def test_a_profile_that_is_a_table_is_applied():
    """What is more than a matrix goes through LittleCMS."""
    shown = decode(encoded(Image.new("RGB", (60, 40), (255, 0, 0)), icc_profile=TABLE))
    level = shown.image.getpixel((9, 9))
    assert max(level) - min(level) < 12
    assert shown.facts.remark is None


@pytest.mark.parametrize(
    "content",
    [
        b"x" * 500, bytes(500), P3[:140], P3[:200], PRESS, GREY,
        profile(b"RGB ", rXYZ=xyz(0, 0, 0), gXYZ=xyz(0, 0, 0), bXYZ=xyz(0, 0, 0),
                rTRC=gamma(1), gTRC=gamma(1), bTRC=gamma(1)),
        profile(b"RGB "), profile(b"Lab ", b"XYZ "), profile(b"7CLR"),
        profile(b"RGB ", b"Lab ", A2B0=b"mft1" + bytes(40)),
    ],
    ids=["letters", "zeros", "head only", "cut", "of a press", "grey", "black primaries",
         "empty", "of LAB", "of seven colours", "broken table"],
)  # fmt: skip
def test_a_profile_that_cannot_be_used_costs_no_picture(content):
    """It is shown as if it had none; what is broken is remarked."""
    picture = decode(encoded(SCENE, icc_profile=content))
    assert difference(picture.image, SCENE) == 0
    assert picture.facts.remark in {None, "its colour profile cannot be used"}


def test_scribbled_profiles_cost_no_picture():
    """Whatever stands in a profile, the picture is read."""
    chance = random.Random(2)  # noqa: S311 - nothing secret
    small = SCENE.resize((30, 20))
    for content in (P3, WIDE, GREY):
        for _ in range(60):
            scribbled = bytearray(content)
            for _ in range(chance.choice((1, 4, 20))):
                scribbled[chance.randrange(len(scribbled))] = chance.randrange(256)
            try:
                assert decode(encoded(small, icc_profile=bytes(scribbled))).image.size == (30, 20)
            except Refusal as refusal:  # a table, perhaps, that LittleCMS died of twice
                pytest.fail(str(refusal))


def test_littlecms_never_runs_in_this_process(monkeypatch):
    """A simple profile is read here, any other in a process of its own."""

    def forbidden(*_, **__):
        raise AssertionError

    monkeypatch.setattr(ImageCms, "profileToProfile", forbidden)
    for content in (WRITERS["JPEG"](P3, SCENE), WRITERS["JPEG"](TABLE, SCENE)):
        assert decode(content).image.mode == "RGB"


def test_a_profile_that_kills_its_decoder_costs_no_picture(monkeypatch):
    """The picture comes in without it, with a remark."""
    decoded = CHILDREN.decode

    def crashes(*given, uses_profile=True, **wanted):
        if uses_profile:
            raise Refusal(SkipReason.CRASHED, "SIGSEGV")
        return decoded(*given, uses_profile=False, **wanted)

    monkeypatch.setattr(CHILDREN, "decode", crashes)
    picture = routes.decode(encoded(SCENE, icc_profile=TABLE))
    assert picture.facts.remark == "its colour profile cannot be used"
    assert difference(picture.image, SCENE) == 0


def test_a_profile_is_looked_into_once(monkeypatch):
    """A folder of one camera's pictures has one profile."""
    looked = []
    read = colours.space_of_profile
    monkeypatch.setattr(colours, "space_of_profile", lambda p: looked.append(p) or read(p))
    colours._known.cache_clear()
    for level in range(5):
        decoded_here(encoded(Image.new("RGB", (9, 9), (level, 0, 0)), icc_profile=WIDE))
    assert len(looked) == 1


CHROMATICITIES = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


@pytest.mark.parametrize(
    ("stored", "chunks"),
    [
        (P3, [chunk(b"cHRM", CHROMATICITIES)]),
        (P3, [chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"cHRM", CHROMATICITIES)]),
        (P3, [chunk(b"cICP", bytes([12, 13, 0, 1]))]),
        (None, [chunk(b"gAMA", struct.pack(">I", 45455))]),
        (None, [chunk(b"sRGB", b"\0"), chunk(b"cHRM", CHROMATICITIES)]),
        (None, [chunk(b"gAMA", struct.pack(">I", 1))]),
        (None, [chunk(b"cHRM", bytes(32))]),
        (None, [chunk(b"cICP", bytes([2, 2, 0, 1]))]),
    ],
    ids=["primaries", "gamma and primaries", "codes", "usual gamma", "sRGB beside others",
         "impossible gamma", "impossible primaries", "unknown codes"],
)  # fmt: skip
def test_what_a_png_says_without_a_profile(stored, chunks):
    """Gamma, primaries and codes count, and sRGB before them; nonsense changes nothing."""
    image = in_profile(stored) if stored else SCENE
    assert difference(decode(png_with(*chunks, image=image)).image, SCENE) < 3


def test_the_gamma_of_a_png_counts_in_grey_and_colour():
    """Numbers that are brightness itself are not shown dark."""
    linear = chunk(b"gAMA", struct.pack(">I", 100_000))
    for mode in ("L", "RGB"):
        light = (np.asarray(SCENE.convert(mode), float) / 255) ** 2.2 * 255
        stored = Image.fromarray(light.round().astype(np.uint8))
        shown = decode(png_with(linear, image=stored)).image
        assert difference(shown, SCENE.convert(mode)) < 5


@pytest.mark.parametrize(
    ("space", "name", "applies"),
    [(2, None, True), (65535, "R03", True), (65535, "R98", False), (1, "R03", False)],
)
def test_a_camera_says_adobe_rgb_without_a_profile(space, name, applies):
    """By the number that some write, or by the name R03 that the standard wants."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ColorSpace] = space
    if name:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.IFD.Interop] = {1: name}
    stored = in_profile(ADOBE)
    shown = decode(encoded(stored, "JPEG", quality=97, exif=exif)).image
    assert (difference(shown, SCENE) < 2.5) == applies
    assert (difference(shown, stored) < 2.5) == (not applies)


@pytest.mark.parametrize(("code", "stored"), [(12, P3), (1, None), (2, None)])
def test_the_codes_of_an_avif_count(code, stored):
    """Primaries without a profile, as phones write them."""
    image = in_profile(stored) if stored else SCENE
    content = encoded(image, "AVIF", quality=97)
    at = content.find(b"colrnclx")
    content = content[: at + 8] + struct.pack(">HH", code, 13) + content[at + 12 :]
    assert difference(decode(content).image, SCENE) < 3
