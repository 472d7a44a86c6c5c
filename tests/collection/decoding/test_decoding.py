"""Pictures as a person sees them: formats, orientation, reduction, facts and thumbnails."""

import io
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
import pytest
from PIL import ExifTags, Image

from search_engine.collection.decoding import decode, thumbnail
from tests.collection.decoding import heic_samples

RED, BLUE, WHITE = (220, 30, 30), (30, 60, 220), (255, 255, 255)


def encoded(image, form="PNG", **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def halves(left=RED, right=BLUE, size=(96, 64)):
    """A picture with a left and a right half of one colour each."""
    image = Image.new("RGB", size, right)
    image.paste(left, (0, 0, size[0] // 2, size[1]))
    return image


def assert_colour(image, place, colour, tolerance=12):
    """Look at a place given as shares of width and height."""
    x, y = (round(share * (side - 1)) for share, side in zip(place, image.size, strict=True))
    assert np.abs(np.subtract(image.getpixel((x, y)), colour)).max() <= tolerance


def turned(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif


FORMATS = {
    "JPEG": encoded(halves(), "JPEG", quality=90),
    "progressive JPEG": encoded(halves(), "JPEG", quality=90, progressive=True),
    "MPO": encoded(halves(), "MPO", save_all=True, append_images=[halves(BLUE, RED)]),
    "PNG": encoded(halves()),
    "animated PNG": encoded(halves(), save_all=True, append_images=[halves(BLUE, RED)]),
    "WebP": encoded(halves(), "WEBP", lossless=True),
    "animated WebP": encoded(
        halves(), "WEBP", lossless=True, save_all=True, append_images=[halves(BLUE, RED)]
    ),
    "GIF": encoded(halves(), "GIF"),
    "animated GIF": encoded(halves(), "GIF", save_all=True, append_images=[halves(BLUE, RED)]),
    "BMP": encoded(halves(), "BMP"),
    "DIB": encoded(halves(), "DIB"),
    "TIFF": encoded(halves(), "TIFF"),
    "TIFF with LZW": encoded(halves(), "TIFF", compression="tiff_lzw"),
    "TIFF with pages": encoded(halves(), "TIFF", save_all=True, append_images=[halves(BLUE, RED)]),
    "JPEG 2000": encoded(halves(), "JPEG2000"),
    "JPEG 2000 stream": encoded(halves(), "JPEG2000", no_jp2=True),
    "PPM": encoded(halves(), "PPM"),
    "AVIF": encoded(halves(), "AVIF"),
    "HEIC": heic_samples.UPRIGHT,
}


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_every_format_is_read(content):
    """A picture of any format comes out in its colours and size; of several, the first."""
    picture = decode(content)
    assert picture.image.mode == "RGB"
    assert picture.image.size == (picture.facts.width, picture.facts.height) == (96, 64)
    assert_colour(picture.image, (0.1, 0.5), RED)
    assert_colour(picture.image, (0.9, 0.5), BLUE)


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (encoded(halves().convert("L"), "PPM"), 87),
        (encoded(halves((0, 0, 0), WHITE).convert("1"), "PPM"), 0),
        (b"P1\n# a comment\n2 1\n1 0\n", 0),
        (b"P2\n2 1\n255\n87 255\n", 87),
        (b"P3\n2 1\n255\n87 87 87 255 255 255\n", 87),
    ],
    ids=["PGM", "PBM", "plain PBM", "plain PGM", "plain PPM"],
)
def test_portable_maps_are_read(content, left):
    """Grey and black-and-white portable maps, binary or as text, keep their brightness."""
    assert_colour(decode(content).image, (0, 0), (left,) * 3, tolerance=2)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_orientation(form, orientation):
    """Whatever way the camera was held, the picture comes upright, with the size as seen."""
    seen = Image.new("RGB", (96, 64), (40, 40, 40))
    seen.paste(WHITE, (0, 0, 48, 32))
    stored_as = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = seen.transpose(stored_as[orientation]) if orientation in stored_as else seen
    picture = decode(encoded(stored, form, exif=turned(orientation)))
    assert (picture.facts.width, picture.facts.height) == picture.image.size == (96, 64)
    for place, colour in {(0.2, 0.2): 255, (0.8, 0.2): 40, (0.2, 0.8): 40, (0.8, 0.8): 40}.items():
        assert_colour(picture.image, place, (colour,) * 3)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    """A number that means nothing leaves the picture as it is stored."""
    picture = decode(encoded(halves(), exif=turned(orientation)))
    assert picture.image.size == (96, 64)
    assert_colour(picture.image, (0.1, 0.5), RED)


def test_a_turned_heic_is_turned_once():
    """HEIC's own rotation and EXIF's that says the same do not add up."""
    picture = decode(heic_samples.TURNED)
    assert (picture.facts.width, picture.facts.height) == picture.image.size == (64, 96)
    assert_colour(picture.image, (0.5, 0.1), RED)
    assert_colour(picture.image, (0.5, 0.9), BLUE)
    assert picture.facts.taken_at == "2024-07-21T14:03:11"
    assert picture.facts.camera == "Maker Model 1"


def scene(size):
    """A picture with soft and fine parts, as photographs have."""
    x = np.linspace(0, 8, size[0], dtype=np.float32)
    y = np.linspace(0, 6, size[1], dtype=np.float32)[:, None]
    parts = [np.sin(x) * np.cos(y), np.cos(2 * x) * np.sin(y), np.sin(20 * x) * np.cos(20 * y)]
    return Image.merge(
        "RGB", [Image.fromarray((part * 100 + 128).astype(np.uint8)) for part in parts]
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(3600, 2700), (1500, 2600), (1800, 900), (896, 896)], ids=str)
def test_a_large_picture_is_reduced_and_looks_the_same(form, size):
    """The working copy keeps what the model looks at; the facts keep the full size."""
    full = scene(size)
    picture = decode(encoded(full, form, quality=92, compress_level=1))
    assert (picture.facts.width, picture.facts.height) == size
    assert 448 <= min(picture.image.size) < 896
    assert picture.image.width / picture.image.height == pytest.approx(size[0] / size[1], rel=0.01)
    small = [np.asarray(i.resize((224, 224)), dtype=float) for i in (full, picture.image)]
    assert np.abs(small[0] - small[1]).mean() < 2.5


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(1, 1), (1, 700), (400, 300), (880, 600)], ids=str)
def test_a_small_picture_keeps_its_pixels(form, size):
    """A picture that needs no reduction is left at its size, down to a single pixel."""
    picture = decode(encoded(Image.new("RGB", size, RED), form))
    assert picture.image.size == (picture.facts.width, picture.facts.height) == size
    assert_colour(picture.image, (0.5, 0.5), RED)


@pytest.mark.parametrize("size", [(60_000, 10), (10, 60_000), (60_000, 1), (30_000, 500)], ids=str)
def test_a_very_long_strip_is_kept_small(size):
    """A strip keeps its full size in the facts and still has a working copy and a thumbnail."""
    picture = decode(encoded(Image.new("RGB", size, RED)))
    assert (picture.facts.width, picture.facts.height) == size
    assert max(picture.image.size) <= 2 * 16 * 448
    assert min(picture.image.size) >= 1
    assert_colour(picture.image, (0.5, 0.5), RED)
    assert max(decode(thumbnail(picture.image)).image.size) == 1_024


@pytest.mark.parametrize(
    ("size", "small_size"),
    [
        ((900, 600), (480, 320)),
        ((320, 900), (320, 900)),
        ((300, 200), (300, 200)),
        ((1, 1), (1, 1)),
        ((6_000, 300), (1_024, 51)),
        ((3, 6_000), (1, 1_024)),
    ],
    ids=str,
)
def test_a_thumbnail_shows_all_of_a_picture(size, small_size):
    """As sharp as a square of 320 pixels, from edge to edge, never enlarged, of bounded length."""
    image = Image.new("RGB", size, BLUE)
    along = 0 if size[0] >= size[1] else 1
    image.paste(RED, (0, 0, size[0] // 2, size[1]) if not along else (0, 0, size[0], size[1] // 2))
    with Image.open(io.BytesIO(thumbnail(image))) as small:
        assert small.format == "JPEG"
        assert small.size == small_size
        if max(size) > 1:
            begin, end = ((0.1, 0.5), (0.9, 0.5)) if not along else ((0.5, 0.1), (0.5, 0.9))
            assert_colour(small.convert("RGB"), begin, RED, tolerance=25)
            assert_colour(small.convert("RGB"), end, BLUE, tolerance=25)


def test_the_hash_is_that_of_the_files_bytes():
    """The content is known by the SHA-256 of the bytes as they are."""
    content = FORMATS["PNG"]
    assert decode(content).facts.content_hash == sha256(content).hexdigest()


def test_many_threads_decode_at_once():
    """Fifty pictures in four threads each come out as themselves."""
    greys = [int(grey) for grey in np.linspace(0, 250, 50)]
    files = [
        encoded(Image.new("RGB", (200, 150), (grey,) * 3), ("JPEG", "PNG", "WEBP")[grey % 3])
        for grey in greys
    ]
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(decode, files))
    for grey, file, picture in zip(greys, files, pictures, strict=True):
        assert_colour(picture.image, (0.5, 0.5), (grey,) * 3, tolerance=4)
        assert picture.facts.content_hash == sha256(file).hexdigest()
