"""When and with what a picture was taken, and that odd metadata never cost a picture."""

import io
import random
import struct
import tracemalloc
import warnings
import zlib

import pytest
from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin

from search_engine.collection.decoding import decode
from search_engine.errors import PictureRefused

TAKEN = "2024:07:21 14:03:11"
IMAGE = Image.new("RGB", (60, 40), (220, 30, 30))


def encoded(form="PNG", **options):
    file = io.BytesIO()
    IMAGE.save(file, form, **options)
    return file.getvalue()


def exif_with(**tags):
    """EXIF with these tags; those about the photograph itself go where cameras put them."""
    exif = Image.Exif()
    for name, value in tags.items():
        inner = name in {"DateTimeOriginal", "DateTimeDigitized"}
        (exif.get_ifd(ExifTags.IFD.Exif) if inner else exif)[ExifTags.Base[name]] = value
    return exif


def png_with(kind, data):
    """A PNG with one more chunk behind its header."""
    content = encoded()
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return content[:33] + chunk + content[33:]


def facts_of(**tags):
    return decode(encoded("JPEG", exif=exif_with(**tags))).facts


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_time_and_camera_are_read_from_every_format(form):
    """Where a format carries EXIF, time and camera are known."""
    exif = exif_with(DateTimeOriginal=TAKEN, Make="Canon", Model="EOS 5D")
    facts = decode(encoded(form, exif=exif)).facts
    assert (facts.taken_at, facts.camera) == ("2024-07-21T14:03:11", "Canon EOS 5D")


def test_time_and_camera_are_read_from_tiff():
    """TIFF carries the same tags as its own."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: TAKEN}
    tags[ExifTags.Base.Make] = "Canon"
    facts = decode(encoded("TIFF", tiffinfo=tags)).facts
    assert (facts.taken_at, facts.camera) == ("2024-07-21T14:03:11", "Canon")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, None),
        ({"DateTimeOriginal": TAKEN}, "2024-07-21T14:03:11"),
        ({"DateTimeDigitized": TAKEN}, "2024-07-21T14:03:11"),
        ({"DateTime": TAKEN}, "2024-07-21T14:03:11"),
        (
            {"DateTimeOriginal": TAKEN, "DateTimeDigitized": "2025:01:01 00:00:00"},
            "2024-07-21T14:03:11",
        ),
        ({"DateTimeOriginal": TAKEN, "DateTime": "2025:01:01 00:00:00"}, "2024-07-21T14:03:11"),
        ({"DateTimeOriginal": "0000:00:00 00:00:00", "DateTime": TAKEN}, "2024-07-21T14:03:11"),
        ({"DateTimeOriginal": "0000:00:00 00:00:00"}, None),
        ({"DateTimeOriginal": "    :  :     :  :  "}, None),
        ({"DateTimeOriginal": "2024:02:30 10:00:00"}, None),
        ({"DateTimeOriginal": "2024:07:21 25:00:00"}, None),
        ({"DateTimeOriginal": "yesterday"}, None),
        ({"DateTimeOriginal": ""}, None),
        ({"DateTimeOriginal": TAKEN + "\0\0"}, "2024-07-21T14:03:11"),
        ({"DateTimeOriginal": " " + TAKEN + " "}, "2024-07-21T14:03:11"),
        ({"DateTimeOriginal": TAKEN + "+02:00"}, "2024-07-21T14:03:11"),
        ({"DateTimeOriginal": "2024-07-21 14:03:11"}, "2024-07-21T14:03:11"),
        ({"DateTimeOriginal": "2024:07:21 14:03"}, "2024-07-21T14:03:00"),
    ],
    ids=str,
)
def test_when_it_was_taken(tags, expected):
    """The first usable of the three times counts, in ISO 8601 without a zone."""
    assert facts_of(**tags).taken_at == expected


@pytest.mark.parametrize(
    ("maker", "model", "camera"),
    [
        (None, None, None),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("Canon", None, "Canon"),
        (None, "DSC-W1", "DSC-W1"),
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("CANON", "Canon EOS 5D", "Canon EOS 5D"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("Leica Camera AG", "LEICA Q2", "LEICA Q2"),
        ("Canon\0\0", "EOS\0 5D\0", "Canon EOS 5D"),
        ("  Canon  ", " EOS \n 5D ", "Canon EOS 5D"),
        ("\0\0\0", "   ", None),
    ],
)
def test_the_camera_is_maker_and_model(maker, model, camera):
    """Maker and model make one name without padding, and the maker is not said twice."""
    given = {"Make": maker, "Model": model}
    tags = {name: value for name, value in given.items() if value is not None}
    assert facts_of(**tags).camera == camera


def broken_exif():
    """EXIF in every state of disrepair: cut off, scribbled over, of strange types."""
    whole = exif_with(DateTimeOriginal=TAKEN, Make="Canon", Model="EOS", Orientation=1).tobytes()
    yield b"Exif\0\0"
    yield b"Exif\0\0not a TIFF file at all"
    yield b"Exif\0\0II*\0\xff\xff\xff\xff"
    yield from (whole[:length] for length in range(8, len(whole), 9))
    rng = random.Random(7)  # noqa: S311 - nothing secret
    for _ in range(60):
        scribbled = bytearray(whole)
        for _ in range(rng.choice((1, 3, 12))):
            scribbled[rng.randrange(6, len(whole))] = rng.choice((0, 1, 5, 10, 12, 255))
        yield bytes(scribbled)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_does_not_cost_the_picture(form):
    """Whatever is wrong with EXIF, the picture itself is read, and no warning gets out."""
    for exif in broken_exif():
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            picture = decode(encoded(form, exif=exif))
        assert sorted(picture.image.size) == [40, 60], exif
        assert heard == [], exif


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (b"iCCP", b"profile\0\0not compressed"),
        (b"gAMA", b"\0\0\0\0"),
        (b"pHYs", b"\0\0\0\0\0\0\0\0\1"),
        (b"tEXt", b"no end of the keyword"),
        (b"iTXt", b"keyword\0\1\0de\0\0not compressed"),
        (b"eXIf", b"nonsense"),
        (b"xxXx", b"of a kind that nobody knows"),
        (b"iCCP", b"profile\0\0" + zlib.compress(random.Random(1).randbytes(2_000_000))),  # noqa: S311 - nothing secret
        (b"zTXt", b"XML:com.adobe.xmp\0\0" + zlib.compress(b"<history/>" * 200_000)),
    ],
    ids=[
        *("broken profile", "no gamma", "no resolution", "broken text", "broken compressed text"),
        *("broken EXIF", "unknown", "large colour profile", "large edit history"),
    ],
)
def test_odd_png_chunks_do_not_cost_the_picture(kind, data):
    """What lies beside the pixels may be odd or large; the picture is read all the same."""
    facts = decode(png_with(kind, data)).facts
    assert (facts.width, facts.height) == (60, 40)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_a_chunk_that_swells_up_is_not_unpacked(kind):
    """A few kilobytes that unpack to 200 MB of metadata never take that memory."""
    content = png_with(kind, b"name\0\0" + zlib.compress(bytes(200_000_000)))
    tracemalloc.start()
    try:
        decode(content)
    except PictureRefused:
        pass  # to refuse it is as good as to pass over it
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 50_000_000


XMP = b"""<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmp:CreateDate="2024-07-21T14:03:11" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>"""


def with_xmp(form, **options):
    """A picture of 60 × 40 whose XMP says that it lies on its side."""
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
        return encoded(form, pnginfo=notes, **options)
    if form.startswith("TIFF"):
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[700] = XMP
        return encoded("TIFF", tiffinfo=tags, compression=form[5:] or None, **options)
    return encoded(form, xmp=XMP, **options)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "TIFF tiff_lzw"])
def test_xmp_alone_turns_no_picture(form):
    """As viewers and browsers have it: EXIF turns a picture, and XMP dates it."""
    picture = decode(with_xmp(form))
    facts = picture.facts
    assert (facts.width, facts.height) == picture.image.size == (60, 40)
    assert facts.taken_at == "2024-07-21T14:03:11"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 8])
def test_exif_turns_a_picture_whatever_xmp_says(form, orientation):
    """The orientation of EXIF counts beside another one of XMP."""
    facts = decode(with_xmp(form, exif=exif_with(Orientation=orientation))).facts
    assert (facts.width, facts.height) == ((40, 60) if orientation == 8 else (60, 40))
