"""When a picture was taken, from wherever its file says it, the most trustworthy first."""

import struct
import time

import numpy as np
import pytest
from PIL import ExifTags, Image, TiffImagePlugin

from search_engine.collection.dating import DatedBy
from search_engine.collection.decoding import decode
from tests.collection.decoding.pictures import chunk, encoded, png_with, scene
from tests.collection.decoding.tiff_samples import tiff

MOMENT = "2019-05-04T10:11:12"
SMALL = scene((60, 40))


def packet(name="xmp:CreateDate", date="2019-05-04T10:11:12+02:00", *, as_element=False):
    """XMP with one date, as an attribute or an element."""
    attribute, element = (
        (f'{name}="{date}"', "") if not as_element else ("", f"<{name}>{date}</{name}>")
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description '
        f'xmp:ModifyDate="2024-01-01T00:00:00" {attribute}>{element}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def when(content):
    facts = decode(content).facts
    return facts.taken_at, facts.dated_by


def in_png(data):
    return png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + data), image=SMALL)


def in_gif(data):
    whole = encoded(SMALL, "GIF")
    return whole[:-1] + b"!\xff\x0bXMP DataXMP" + data + bytes(2) + whole[-1:]


WRITERS = {
    "JPEG": lambda data: encoded(SMALL, "JPEG", xmp=data),
    "WebP": lambda data: encoded(SMALL, "WEBP", xmp=data),
    "AVIF": lambda data: encoded(SMALL, "AVIF", xmp=data),
    "TIFF": lambda data: encoded(SMALL, "TIFF", tiffinfo={700: data}),
    "PNG": in_png,
    "GIF": in_gif,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_xmp_is_read_from_every_format(write):
    """Where only XMP has the date, it counts, and is said to."""
    assert when(write(packet())) == (MOMENT, DatedBy.XMP)


@pytest.mark.parametrize("as_element", [False, True])
@pytest.mark.parametrize(
    "name",
    ["exif:DateTimeOriginal", "photoshop:DateCreated", "exif:DateTimeDigitized", "xmp:CreateDate",
     "xap:CreateDate"],
)  # fmt: skip
def test_every_name_of_the_date_is_known(name, as_element):
    """As an attribute or as an element."""
    assert when(WRITERS["JPEG"](packet(name, as_element=as_element))) == (MOMENT, DatedBy.XMP)


def test_when_xmp_was_changed_last_is_no_date():
    """An edit is not the photograph."""
    assert when(WRITERS["JPEG"](packet("stEvt:when"))) == (None, None)


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00", "yesterday", "2019", "", "&lol9;"])
def test_xmp_without_a_usable_date_has_none(date):
    """Whatever stands there."""
    assert when(WRITERS["JPEG"](packet(date=date))) == (None, None)


def test_hostile_xmp_is_searched_and_not_parsed():
    """No entity is expanded, nothing is fetched, and megabytes of it take no time."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 9 + b'">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 9) for n in range(9)
    ) + b"]>"  # fmt: skip
    for data in (bomb, b"<xmp:CreateDate " * 60_000, b'xmp:CreateDate="2' * 60_000):
        begun = time.process_time()
        assert when(in_png(data + packet()))[1] in {DatedBy.XMP, None}
        assert time.process_time() - begun < 20


def exif(**details):
    """EXIF with dates of the photograph, of satellites and of the file."""
    made = Image.Exif()
    for name, value in details.items():
        if name in {"DateTimeOriginal", "DateTimeDigitized"}:
            made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base[name]] = value
        elif name.startswith("GPS"):
            made.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS[name]] = value
        else:
            made[ExifTags.Base[name]] = value
    return made


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"GPSDateStamp": "2019:05:04", "GPSTimeStamp": (10.0, 11.0, 12.0)}, MOMENT),
        ({"GPSDateStamp": "2019:05:04"}, "2019-05-04T00:00:00"),
        ({"GPSTimeStamp": (10.0, 11.0, 12.0)}, None),
        ({"GPSDateStamp": "0000:00:00"}, None),
    ],
)
def test_satellites_tell_the_date(details, expected):
    """In the time of Greenwich; without a day there is none."""
    assert when(encoded(SMALL, "JPEG", exif=exif(**details)))[0] == expected


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        (b"Creation Time", b"2019-05-04T10:11:12", MOMENT),
        (b"Creation Time", b"Sat, 4 May 2019 10:11:12 GMT", MOMENT),
        (b"Creation Time", b"4 May 2019 10:11:12 +0200", MOMENT),
        (b"Creation Time", b"Sat May  4 10:11:12 2019", MOMENT),
        (b"Creation Time", b"2019:05:04 10:11:12", MOMENT),
        (b"Creation Time", b"soon", None),
        (b"Comment", b"2019-05-04T10:11:12", None),
    ],
)
def test_the_text_of_a_png_tells_the_date(key, text, expected):
    """In the spellings that programs use."""
    content = png_with(chunk(b"tEXt", key + b"\0" + text), image=SMALL)
    assert when(content) == (expected, DatedBy.TEXT if expected else None)


def test_the_time_of_a_png_counts_last():
    """It says when the picture was changed, which is better than nothing."""
    time_chunk = chunk(b"tIME", struct.pack(">HBBBBB", 2024, 1, 2, 3, 4, 5))
    assert when(png_with(time_chunk, image=SMALL)) == ("2024-01-02T03:04:05", DatedBy.TEXT)
    text = chunk(b"tEXt", b"Creation Time\x002019-05-04T10:11:12")
    assert when(png_with(time_chunk, text, image=SMALL))[0] == MOMENT
    assert when(png_with(chunk(b"tIME", bytes(7)), image=SMALL)) == (None, None)


def test_iptc_tells_the_date():
    """As agencies write it."""
    records = b"\x1c\x02\x37\0\x0820190504" + b"\x1c\x02\x3c\0\x0b101112+0200"
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    app = b"Photoshop 3.0\0" + block
    whole = encoded(SMALL, "JPEG")
    content = whole[:2] + b"\xff\xed" + struct.pack(">H", len(app) + 2) + app + whole[2:]
    assert when(content) == (MOMENT, DatedBy.TEXT)


def test_the_camera_counts_before_all_others():
    """Then programs, then satellites, then when the file was changed."""
    taken, changed = "2019:05:04 10:11:12", "2024:01:01 00:00:00"
    satellites = {"GPSDateStamp": "2018:05:04"}
    other = packet(date="2017-01-01T00:00:00")
    told = exif(DateTimeOriginal=taken, DateTime=changed, **satellites)
    assert when(encoded(SMALL, "JPEG", exif=told, xmp=other)) == (MOMENT, DatedBy.CAMERA)
    told = exif(DateTime=changed, **satellites)
    assert when(encoded(SMALL, "JPEG", exif=told, xmp=other))[1] == DatedBy.XMP
    assert when(encoded(SMALL, "JPEG", exif=told))[1] == DatedBy.GPS
    told = exif(DateTime=changed)
    assert when(encoded(SMALL, "JPEG", exif=told)) == ("2024-01-01T00:00:00", DatedBy.CAMERA)


def test_a_tiffs_own_date_is_read():
    """Also of one that Pillow does not read."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[ExifTags.Base.DateTime] = "2019:05:04 10:11:12"
    assert when(encoded(SMALL, "TIFF", tiffinfo=tags))[0] == MOMENT
    planes = tiff(np.zeros((9, 9, 3), "u2"), planar=2, tags=[(700, "H", [1])])
    assert when(planes) == (None, None)
