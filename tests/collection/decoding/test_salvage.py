"""Files that are damaged or end too early: in with a remark where nearly all is there, else out."""

import random
import struct

import numpy as np
import pytest
from PIL import Image, ImageFile

from search_engine.collection.decoding import Refusal, decode
from search_engine.collection.decoding.salvage import LEAST_SHARE
from search_engine.records import SkipReason
from tests.collection.decoding.pictures import (
    chunk,
    decoded_here,
    difference,
    encoded,
    png_with,
    scene,
)

SCENE = scene((480, 360))
NO_END = "the end of the file is missing"
JPEGS = {
    "colour": encoded(SCENE, "JPEG", quality=90),
    "quarter of the colour": encoded(SCENE, "JPEG", quality=80, subsampling=2),
    "grey": encoded(SCENE.convert("L"), "JPEG"),
    "CMYK": encoded(SCENE.convert("CMYK"), "JPEG"),
    "restart markers": encoded(SCENE, "JPEG", restart_marker_rows=1),
    "progressive": encoded(SCENE, "JPEG", progressive=True),
}
IN_ORDER = {name: content for name, content in JPEGS.items() if name != "progressive"}
RAW = {
    "BMP": encoded(SCENE, "BMP"),
    "TIFF": encoded(SCENE, "TIFF"),
    "PPM": encoded(SCENE, "PPM"),
    "WebP": encoded(SCENE, "WEBP", quality=95),
}


def refused(content):
    with pytest.raises(Refusal) as caught:
        decode(content)
    return caught.value


@pytest.mark.parametrize("content", JPEGS.values(), ids=JPEGS)
def test_a_jpeg_without_its_last_marker_is_whole(content):
    """All of the picture is there; only the remark tells that two bytes are not."""
    picture = decode(content[:-2])
    assert picture.facts.remark.startswith(NO_END)
    assert "%" not in picture.facts.remark
    assert difference(picture.image, decode(content).image) < 0.5


def test_what_the_library_says_of_a_damaged_file_is_logged(caplog):
    """The remark is for people; whoever looks for the cause finds the decoder's own words."""
    caplog.set_level("DEBUG", "search_engine.collection.decoding")
    content = JPEGS["colour"][:-20]
    assert decode(content).facts.remark.startswith(NO_END)
    assert "its decoder says 'image file is truncated" in caplog.text
    caplog.clear()
    decoded_here(RAW["BMP"][:-500])
    assert "its decoder ends with OSError: image file is truncated" in caplog.text


@pytest.mark.parametrize("content", IN_ORDER.values(), ids=IN_ORDER)
def test_a_jpeg_that_lacks_a_little_is_read_and_says_how_much(content):
    """Twenty bytes are some blocks of the last row."""
    picture = decode(content[:-20])
    assert picture.facts.remark.startswith(f"{NO_END}, with ")
    assert picture.facts.remark.endswith(" % of the picture")
    assert difference(picture.image, decode(content).image) < 5


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("content", IN_ORDER.values(), ids=IN_ORDER)
def test_a_jpeg_that_lacks_much_is_refused_with_what_is_missing(content, share):
    """The share is that of the picture, not of the bytes, and is never understated."""
    refusal = refused(content[: int(share * len(content))])
    assert refusal.reason is SkipReason.DAMAGED
    assert refusal.detail.startswith(NO_END)
    assert int(refusal.detail.split()[-5]) > 100 * (1 - LEAST_SHARE)


def test_the_share_that_is_missing_is_that_of_the_grey_rows():
    """What the remark says can be counted in the picture."""
    content = RAW["BMP"]
    picture = decode(content[: int(0.95 * len(content))])
    rows = np.asarray(picture.image)
    grey = np.mean([(row == row[0, 0]).all() for row in rows])
    assert picture.facts.remark == f"{NO_END}, with up to {round(100 * grey)} % of the picture"


def test_a_dark_bottom_is_not_taken_for_a_missing_one():
    """A picture that is black or grey where it ends is whole all the same."""
    for level in (0, 128):
        image = SCENE.copy()
        image.paste((level,) * 3, (0, 180, 480, 360))
        for content in (encoded(image, "JPEG", quality=90), encoded(image)[:-12]):
            assert decode(content[:-2]).facts.remark == NO_END


@pytest.mark.parametrize("content", JPEGS.values(), ids=JPEGS)
def test_zeros_where_the_end_should_be_are_no_picture(content):
    """A download that broke off may have its full length; zeros in it are not taken for blocks."""
    cut = int(0.1 * len(content))
    assert refused(content[:cut] + bytes(20 * len(content))).detail.startswith(NO_END)
    assert decode(content[:-2] + bytes(5000)).facts.remark.startswith(NO_END)


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9, 0.99])
def test_a_progressive_jpeg_is_read_as_soon_as_all_of_it_can_be_seen(share):
    """What comes late only makes it sharper, and the remark says so."""
    content = JPEGS["progressive"]
    picture = decode(content[: int(share * len(content))])
    assert "less sharp" in picture.facts.remark
    assert difference(picture.image, SCENE) < 6


def test_a_progressive_jpeg_of_which_a_part_cannot_be_seen_is_refused():
    """In the first scan it is like any other."""
    content = JPEGS["progressive"]
    assert refused(content[: len(content) // 10]).detail.startswith(NO_END)


@pytest.mark.parametrize("content", RAW.values(), ids=RAW)
def test_other_formats_are_read_if_a_twentieth_is_missing(content):
    """And are refused with the share when half is."""
    picture = decode(content[: int(0.96 * len(content))])
    assert picture.facts.remark.startswith(NO_END)
    assert difference(picture.image, SCENE) < 12
    refusal = refused(content[: len(content) // 2])
    assert refusal.detail == f"{NO_END}, with up to 50 % of the picture"


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1"])
def test_the_end_of_a_png_may_be_missing_in_every_mode(mode):
    """Without IEND nothing of the picture is missing; without half of it, half is."""
    content = encoded(SCENE.convert(mode))
    assert decode(content[:-12]).facts.remark == NO_END
    assert difference(decode(content[:-12]).image, decode(content).image) == 0
    assert NO_END in refused(content[: len(content) // 2]).detail


SIDE_CHUNKS = {
    "text": chunk(b"tEXt", b"Comment\0hello", checksum=1),
    "profile": chunk(b"iCCP", b"name\0\0broken", checksum=1),
    "EXIF": chunk(b"eXIf", b"nonsense", checksum=1),
    "time": chunk(b"tIME", bytes(7), checksum=1),
    "gamma": chunk(b"gAMA", bytes(4), checksum=1),
    "short gamma": chunk(b"gAMA", b""),
    "short primaries": chunk(b"cHRM", bytes(3)),
    "short resolution": chunk(b"pHYs", b"\0"),
    "profile packed in another way": chunk(b"iCCP", b"name\0\7broken"),
    "broken animation": chunk(b"acTL", b""),
    "broken frame": chunk(b"fcTL", bytes(2)),
    "unknown": chunk(b"abCd", b"x", checksum=1),
    "wrong length": struct.pack(">I", 2**30) + b"tEXt" + b"hello" + bytes(4),
    "no chunk": bytes(20),
}


@pytest.mark.parametrize("side", SIDE_CHUNKS.values(), ids=SIDE_CHUNKS)
def test_a_damaged_side_chunk_does_not_cost_a_png(side):
    """Whatever is wrong beside the picture, it is shown as browsers show it, with a remark."""
    picture = decode(png_with(side, image=SCENE))
    assert difference(picture.image, SCENE) == 0
    assert picture.facts.remark


def test_sound_chunks_are_kept_beside_a_damaged_one():
    """A date and a transparent colour are not lost with a comment."""
    image = Image.new("RGB", (60, 40), (9, 9, 9))
    whole = encoded(image, transparency=(9, 9, 9))
    text = chunk(b"tEXt", b"Creation Time\x002019-05-04T10:11:12")
    picture = decode(whole[:33] + SIDE_CHUNKS["text"] + text + whole[33:])
    assert picture.image.getpixel((5, 5)) == (255, 255, 255)
    assert picture.facts.taken_at == "2019-05-04T10:11:12"


def test_a_damaged_size_is_not_guessed():
    """A wrong checksum over width and height is a refusal, which names it."""
    content = bytearray(encoded(SCENE))
    content[19] ^= 1
    refusal = refused(bytes(content))
    assert refusal.reason is SkipReason.DAMAGED
    assert "the size in its head" in refusal.detail


def test_putting_up_with_damage_is_no_matter_of_the_whole_process():
    """Pillow's switch for all threads stays off, before, between and after."""
    decode(JPEGS["colour"][:-2])
    decode(png_with(SIDE_CHUNKS["text"]))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_sound_file_has_no_remark():
    """Of any format."""
    for content in (*JPEGS.values(), *RAW.values(), encoded(SCENE), encoded(SCENE, "GIF")):
        assert decode(content).facts.remark is None


@pytest.mark.parametrize("name", ["colour", "progressive", "restart markers"])
def test_scribbled_and_cut_jpegs_are_read_or_refused(name):
    """Whatever is done to the bytes, there is a picture or a reason."""
    whole, chance = JPEGS[name], random.Random(5)  # noqa: S311 - nothing secret
    for _ in range(25):
        content = bytearray(whole[: chance.randrange(100, len(whole))])
        for _ in range(3):
            content[chance.randrange(2, len(content))] = chance.randrange(256)
        try:
            assert decode(bytes(content)).image.mode == "RGB"
        except Refusal as refusal:
            assert refusal.detail  # noqa: PT017 - either outcome is right
