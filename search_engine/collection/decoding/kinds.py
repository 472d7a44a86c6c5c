"""What a file is that is not read, in words that help to find out why it is there."""

from __future__ import annotations

import re

from search_engine.collection.decoding.refusal import Refusal
from search_engine.records import SkipReason

_PICTURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\x0a", 0, "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", 0, "JPEG XL"),
    (b"\xff\xd8\xff\xf7", 0, "JPEG-LS"),
    (b"II\xbc", 0, "JPEG XR"),
    (b"8BPS", 0, "Photoshop (PSD)"),
    (b"gimp xcf", 0, "GIMP (XCF)"),
    (b"\0\0\1\0", 0, "an icon (ICO)"),
    (b"\0\0\2\0", 0, "a cursor (CUR)"),
    (b"icns", 0, "an icon (ICNS)"),
    (b"DDS ", 0, "DDS"),
    (b"v/1\1", 0, "OpenEXR"),
    (b"#?RADIANCE", 0, "Radiance HDR"),
    (b"#?RGBE", 0, "Radiance HDR"),
    (b"SIMPLE  =", 0, "FITS"),
    (b"DICM", 128, "DICOM"),
    (b"\x8aMNG", 0, "MNG"),
    (b"qoif", 0, "QOI"),
    (b"BPG\xfb", 0, "BPG"),
    (b"AT&TFORM", 0, "DjVu"),
    (b"\xd7\xcd\xc6\x9a", 0, "a Windows metafile (WMF)"),
    (b"\1\0\0\0", 0, ""),  # of an EMF, see below
    (b"FUJIFILMCCD-RAW", 0, "a camera's raw file (RAF)"),
    (b"IIRO", 0, "a camera's raw file (ORF)"),
    (b"IIRS", 0, "a camera's raw file (ORF)"),
    (b"MMOR", 0, "a camera's raw file (ORF)"),
    (b"IIU\0", 0, "a camera's raw file (RW2)"),
    (b"FOVb", 0, "a camera's raw file (X3F)"),
    (b"\0MRM", 0, "a camera's raw file (MRW)"),
    (b"ftypcrx ", 4, "a camera's raw file (CR3)"),
)
_OTHERS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF", 0, "a PDF document"),
    (b"\x1aE\xdf\xa3", 0, "a video (Matroska, WebM)"),
    (b"\0\0\1\xba", 0, "a video (MPEG)"),
    (b"\0\0\1\xb3", 0, "a video (MPEG)"),
    (b"FLV\1", 0, "a video (FLV)"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, "a video (WMV)"),
    (b"AVI ", 8, "a video (AVI)"),
    (b"WAVE", 8, "sound (WAV)"),
    (b"ftyp", 4, "a video (MP4, MOV)"),
    (b"moov", 4, "a video (MOV)"),
    (b"mdat", 4, "a video (MOV)"),
    (b"wide", 4, "a video (MOV)"),
    (b"ID3", 0, "sound (MP3)"),
    (b"OggS", 0, "sound or a video (Ogg)"),
    (b"fLaC", 0, "sound (FLAC)"),
    (b"PK\3\4", 0, "an archive or a document (ZIP)"),
    (b"PK\5\6", 0, "an empty archive (ZIP)"),
    (b"7z\xbc\xaf\x27\x1c", 0, "an archive (7z)"),
    (b"Rar!\x1a\7", 0, "an archive (RAR)"),
    (b"\x1f\x8b", 0, "packed (gzip)"),
    (b"BZh", 0, "packed (bzip2)"),
    (b"\xfd7zXZ\0", 0, "packed (xz)"),
    (b"\x28\xb5\x2f\xfd", 0, "packed (zstd)"),
    (b"ustar", 257, "an archive (TAR)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "an Office document, or a list of thumbnails"),
    (b"\0\5\x16\7", 0, "what macOS notes beside a file (AppleDouble)"),
    (b"\x4c\0\0\0\1\x14\2\0", 0, "a Windows shortcut"),
    (b"SQLite format 3\0", 0, "a database (SQLite)"),
    (b"\x7fELF", 0, "a program"),
    (b"MZ", 0, "a program"),
    (b"Salted__", 0, "encrypted (OpenSSL)"),
    (b"AES\2", 0, "encrypted (AES Crypt)"),
    (b"AES\3", 0, "encrypted (AES Crypt)"),
    (b"\xc5\xd0\xd3\xc6", 0, "PostScript (EPS)"),
)
_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"\s*(<!--.{0,300}?-->\s*)?<(!doctype html|html|head|body|title)\b", "a web page (HTML)"),
        (r"version https://git-lfs", "a pointer to a file that was not fetched (Git LFS)"),
        (r"\s*(<\?xml.{0,300}?)?(<!doctype svg.{0,300}?)?<svg\b", "a drawing (SVG)"),
        (r"%!PS", "PostScript"),
        (r"-----BEGIN PGP MESSAGE", "an encrypted message (PGP)"),
        (r"age-encryption\.org", "an encrypted file (age)"),
        (r"\$ANSIBLE_VAULT", "an encrypted file (Ansible)"),
        (r"data:image/", "an address that holds a picture (data:)"),
        (r"\s*<\?xml", "XML"),
        (r"\s*[{\[]\s*[\"{\[]", "JSON"),
    )
)
_BLANKS = dict.fromkeys(map(ord, "\t\n\r\f\ufeff\u00a0\u200b\u200c\u200d\u00ad\u2028\u2029"), " ")
_WINDOWS_METAFILE = b" EMF"


def no_picture(content: bytes) -> Refusal:
    """Say why a file is refused whose beginning is that of no format that is read."""
    name = _first(_PICTURES, content)
    if content[40:44] == _WINDOWS_METAFILE:
        name = "a Windows metafile (EMF)"
    if name:
        return Refusal(SkipReason.UNSUPPORTED, name)
    return Refusal(SkipReason.NOT_A_PICTURE, kind_of(content))


def kind_of(content: bytes) -> str:
    """Say in words what is no picture."""
    name = _first(_OTHERS, content)
    if name:
        return f"its content is {name}"
    if not any(content[:4096]) and not any(content):
        return "it holds nothing but zeros"
    start = content[:512].decode("utf-8", errors="replace").rstrip("\ufffd").translate(_BLANKS)
    # A picture format's first bytes hold control characters or are no UTF-8; prose has neither.
    if not start or not start.isprintable() or "\ufffd" in start:
        return "its content is in no format we read"
    text = next((name for pattern, name in _TEXTS if pattern.match(start)), "")
    return f"its content is text: {text}" if text else "its content is text"


def _first(kinds: tuple[tuple[bytes, int, str], ...], content: bytes) -> str:
    return next((name for start, at, name in kinds if content.startswith(start, at)), "")
