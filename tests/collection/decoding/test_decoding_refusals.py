"""Files that are refused: for the right reason, in words a person can use, and always so."""

import io
import random
import re
import struct
import zlib

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from search_engine.collection.decoding import Refusal, decode, picture
from search_engine.records import SkipReason
from tests import mutations
from tests.collection.decoding import heic_samples
from tests.collection.decoding.pictures import decoded_here
from tests.collection.decoding.tiff_samples import tiff


def encoded(form, size=(120, 80)):
    """A picture that does not compress well, so that every part of its file matters."""
    file = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(file, form)
    return file.getvalue()


def refusal_of(content, decode=decode):
    with pytest.raises(Refusal) as caught:
        decode(content)
    return caught.value


def png_header(width, height):
    """A PNG that says how large it is, and no more."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x", "text"),
        (b"This is only a note about a picture.\n\twith tabs\r\n", "text"),
        (b"<!DOCTYPE html><html><title>404 Not Found</title></html>", "text"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "text"),
        ("\ufeffmit BOM".encode(), "text"),
        (("Größe: " + "ä" * 400).encode(), "text"),
        (("Größe:" + "ä" * 400).encode(), "text"),
        ("Voilà\u00a0: une photo".encode(), "text"),
        (EPS, "text"),
        (b"\xff", "no format"),
        (b"\xff" * 4000, "no format"),
        (bytes(range(256)) * 8, "no format"),
        (b"\0", "nothing but zeros"),
        (bytes(40_000), "nothing but zeros"),
        (b"<!DOCTYPE html><html><title>404</title></html>", "a web page"),
        (b"\n <HTML lang='en'>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "not fetched"),
        (b"-----BEGIN PGP MESSAGE-----\n", "encrypted"),
        (b"Salted__" + bytes(range(256)), "encrypted"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"PK\x03\x04" + bytes(200), "ZIP"),
        (b"\0\0\0\x20ftypisom" + bytes(200), "a video"),
        (b"\0\0\0\x14ftypqt  " + bytes(200), "a video"),
        (b"\x1aE\xdf\xa3" + bytes(200), "a video"),
        (b"RIFF\xff\0\0\0AVI LIST" + bytes(200), "a video"),
        (b"RIFF\xff\0\0\0WAVEfmt " + bytes(200), "sound"),
        (b"\0\5\x16\7\0\2\0\0" + bytes(200), "macOS"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "Office"),
        (b"\x1f\x8b\x08" + bytes(range(256)), "gzip"),
    ],
)
def test_what_is_no_picture_is_called_so(content, said):
    """Text is called text, and other things are of no format that is read."""
    refusal = refusal_of(content)
    assert refusal.reason is SkipReason.NOT_A_PICTURE
    assert said in refusal.detail


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"8BPS\0\1" + bytes(100), "Photoshop"),
        (encoded("ICO", (16, 16)), "an icon"),
        (b"\xff\x0a" + bytes(100), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100), "JPEG XL"),
        (b"\xff\xd8\xff\xf7" + bytes(100), "JPEG-LS"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(100), "raw file (RAF)"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1" + bytes(100), "raw file (CR3)"),
        (b"IIRO\x08\0\0\0" + bytes(100), "raw file (ORF)"),
        (tiff(np.zeros((4, 4, 3), "u2"), photometric=6), "TIFF of YCbCr, 3 × 16 bits"),
        (tiff(np.zeros((4, 4, 1), "u2"), photometric=32803), "raw numbers of a sensor"),
        (tiff(np.zeros((4, 4, 1), "u1"), photometric=1, compression=34712), "by method 34712"),
        (encoded("BMP")[:30] + b"\4" + encoded("BMP")[31:], "BMP compression"),
        (encoded("JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), "12-bit"),
    ],
    ids=["PSD", "ICO", "JPEG XL stream", "JPEG XL", "JPEG-LS", "RAF", "CR3", "ORF", "YCbCr TIFF",
         "sensor TIFF", "packed TIFF", "packed BMP", "12-bit JPEG"],
)  # fmt: skip
def test_what_is_not_read_is_called_by_its_kind(content, said):
    """A picture of another kind is one all the same, and is not damaged."""
    refusal = refusal_of(content)
    assert refusal.reason is SkipReason.UNSUPPORTED
    assert said in refusal.detail


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000", "HEIC"])
def test_a_file_that_begins_like_a_picture_is_never_called_none(form):
    """Whatever is cut off or overwritten behind its first bytes, it is a damaged picture."""
    whole = COMPLETE[form]
    for length in (12, 16, 24, 33, 40, 60, 100):
        for content in (whole[:length], whole[:length] + bytes(300)):
            refusal = refusal_of(content)
            assert refusal.reason in {SkipReason.DAMAGED, SkipReason.UNSUPPORTED}, length
            assert "no format" not in refusal.detail


def late_height():
    """A JPEG whose head has no height, which stands behind its picture, as the standard allows."""
    whole = encoded("JPEG")
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + b"\0\0" + whole[at + 2 : -2] + b"\xff\xdc\0\4\0\x50\xff\xd9"


def short_lzw():
    """A packed TIFF whose last bytes are missing, with what says where its picture is."""
    file = io.BytesIO()
    Image.effect_noise((200, 150), 90).convert("RGB").save(file, "TIFF", compression="tiff_lzw")
    return file.getvalue()[:-3]


FLAT = encoded("BMP")[:18] + b"\0" + encoded("BMP")[19:]


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (late_height(), SkipReason.UNSUPPORTED, "says its height behind its picture"),
        (short_lzw(), SkipReason.DAMAGED, "a part of its picture is damaged or missing"),
        (FLAT, SkipReason.DAMAGED, "no width or no height"),
        (encoded("PNG")[:16] + b"\1" + encoded("PNG")[17:], SkipReason.DAMAGED, "the size in its"),
        (encoded("BMP")[:28] + b"\3" + encoded("BMP")[29:], SkipReason.UNSUPPORTED, "3 bits for"),
        (b"P6 4 4 70000\n" + bytes(96), SkipReason.DAMAGED, "impossible largest number"),
        (encoded("AVIF").replace(b"pitm", b"xxxx"), SkipReason.DAMAGED, ""),
        (heic_samples.UPRIGHT.replace(b"pitm", b"xxxx"), SkipReason.DAMAGED, "which of its parts"),
    ],
    ids=["JPEG", "LZW TIFF", "BMP size", "PNG", "BMP depth", "PPM", "AVIF", "HEIC"],
)  # fmt: skip
def test_a_decoders_complaint_is_put_into_plain_words(content, reason, said):
    """What is so with the file is said, in words that need no knowledge of a library."""
    refusal = refusal_of(content)
    assert refusal.reason is reason
    assert said in refusal.detail
    assert not LIBRARIES.search(refusal.detail)


LIBRARIES = re.compile(
    r"driver|decoder error|decoder object|plugin|codec|stream|buffer|marker|chunk|box\b|token|"
    r"literal|IFD|BMFF|NAL|SPS|BytesIO|image file|[bB]'|\\x|Error|index|argument|object|"
    r"invalid|fail",
    re.IGNORECASE,
)


def test_no_damage_is_told_in_the_words_of_a_library():
    """However a file is spoiled, the reason is a sentence of ours."""
    originals = mutations.seeds()
    for number in range(1200):
        chance = random.Random(number)  # noqa: S311 - to be the same each time
        try:
            decode(mutations.spoiled(originals[number % len(originals)], chance))
        except Refusal as refusal:
            assert refusal.detail  # noqa: PT017 - either outcome is right
            assert not LIBRARIES.search(refusal.detail), number  # noqa: PT017


def test_the_words_of_a_decoder_are_in_the_log(caplog):
    """Whoever looks for the cause finds what the library said."""
    caplog.set_level("INFO")
    refusal_of(short_lzw())
    assert "decoder error" in caplog.text


def test_eps_is_never_given_to_a_program(monkeypatch):
    """A file cannot choose to be run as a PostScript program, whatever its name."""
    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *args, **_: started.append(args))
    for content in (
        EPS,
        b"\xc5\xd0\xd3\xc6" + struct.pack("<7I", 32, len(EPS), 0, 0, 0, 0, 0) + EPS,
    ):
        assert refusal_of(content).reason is SkipReason.NOT_A_PICTURE
    assert started == []


COMPLETE = {
    form: encoded(form)
    for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000", "PPM", "AVIF")
} | {"HEIC": heic_samples.UPRIGHT}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
@pytest.mark.parametrize("form", COMPLETE)
def test_half_a_file_is_damaged(form, share):
    """A download that broke off is called damaged, with a detail, and not shown half grey."""
    content = COMPLETE[form]
    refusal = refusal_of(content[: int(share * len(content))])
    assert refusal.reason is SkipReason.DAMAGED
    assert refusal.detail
    assert "\n" not in refusal.detail


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "JPEG2000", "TIFF", "AVIF", "HEIC"])
def test_scribbled_files_are_refused_or_read(form):
    """Bytes changed anywhere lead to a picture or a refusal, and to nothing else."""
    whole = COMPLETE[form]
    for place in range(4, len(whole), max(1, len(whole) // 60)):
        content = whole[:place] + bytes(b ^ 0xA5 for b in whole[place : place + 3])
        content += whole[len(content) :]
        try:
            assert decode(content).image.mode == "RGB"
        except Refusal as refusal:
            assert refusal.detail  # noqa: PT017 - either outcome is right


GIF_HEADER = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0)
GIF_FRAME = b"," + struct.pack("<HHHHBB", 0, 0, 65535, 65535, 0, 8) + b"\0;"


@pytest.mark.parametrize(
    ("content", "millions"),
    [
        (png_header(30_000, 30_000), "900"),
        (png_header(15_000, 15_000), "225"),
        (png_header(1_000_000, 1_000), "1,000"),
        (b"P6 30000 30000 255\n", "900"),
        (GIF_HEADER + GIF_FRAME, "4,294"),
    ],
    ids=["PNG far above", "PNG just above", "PNG strip", "PPM", "GIF"],
)
def test_too_many_pixels_are_refused_before_they_are_decoded(content, millions):
    """The size a file claims is enough to refuse it; the detail has it beside what is allowed."""
    refusal = refusal_of(content)
    assert refusal.reason is SkipReason.TOO_MANY_PIXELS
    assert f"{millions} million" in refusal.detail
    assert "200 million" in refusal.detail


def test_the_pixel_limit_itself_is_allowed(monkeypatch):
    """As many pixels as the limit are read, one more is not."""
    monkeypatch.setattr(picture, "MAX_PIXELS", 9600)
    assert decoded_here(COMPLETE["PNG"]).facts.width == 120
    monkeypatch.setattr(picture, "MAX_PIXELS", 9599)
    assert refusal_of(COMPLETE["PNG"], decoded_here).reason is SkipReason.TOO_MANY_PIXELS


def test_running_out_of_memory_is_a_refusal(monkeypatch):
    """A picture that does not fit into memory is skipped; the build goes on."""

    def full(_):
        raise MemoryError

    monkeypatch.setattr(Image.Image, "load", full)
    refusal = refusal_of(COMPLETE["PNG"], decoded_here)
    assert refusal.reason is SkipReason.TOO_MUCH_MEMORY
    assert refusal.detail


def test_a_refusal_reads_as_a_sentence():
    """Cause and detail make one line for people."""
    assert str(refusal_of(b"a note")) == "not a picture: its content is text."
