"""The small awkward files beside this are read rightly, each as its README there says."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from search_engine.collection.decoding import Refusal, decode
from search_engine.embedding import load_embedder
from search_engine.records import SkipReason
from search_engine.settings import MINI_MODEL

CASES = Path(__file__).parent / "cases"
READABLE = sorted(path.name for path in CASES.iterdir() if path.suffix not in {".md", ".heic"})
PLAIN = {"03_iso_T.jpg", "xmp_date.jpg"}
SAME_VECTOR = 0.995


def read(name):
    return decode((CASES / name).read_bytes())


@pytest.mark.parametrize("name", READABLE)
def test_a_case_is_read_and_can_be_seen(name):
    """Every sound case comes in, upright, and neither black nor blank."""
    levels = np.asarray(read(name).image.convert("L"))
    assert levels.std() > 10 or name in PLAIN


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("jpeg_noeoi.jpg", "the end of the file is missing"),
        ("jpeg_minus20.jpg", "the end of the file is missing"),
        ("progressive_cut90.jpg", "the end of the file is missing"),
        ("png_badcrc_text.png", "damaged notes beside the picture"),
        ("icc_p3.jpg", None),
        ("grey12in16.tif", None),
    ],
)
def test_what_is_odd_about_a_case_is_remarked(name, remark):
    """A damaged file is in with a remark, and a sound one without any."""
    said = read(name).facts.remark
    assert said is None if remark is None else said.startswith(remark)


def test_a_whole_jpeg_without_its_end_lacks_nothing():
    """Only the marker is missing, and the remark does not say that a part of the picture is."""
    assert read("jpeg_noeoi.jpg").facts.remark == "the end of the file is missing"


@pytest.mark.parametrize("name", ["icc_p3.jpg", "icc_prophoto.jpg"])
def test_a_wide_gamut_picture_looks_like_its_original(name, settings):
    """Vectors of the same picture with a wide profile and in sRGB agree."""
    embedder = load_embedder(MINI_MODEL, settings)
    image = read(name).image
    original = by_littlecms(CASES / name)
    first, second = embedder.embed_pictures([image, original])
    assert first @ second > SAME_VECTOR
    assert np.abs(np.asarray(image, int) - np.asarray(original, int)).mean() < 2


def by_littlecms(path):
    """Turn a picture to sRGB with other code than the product's."""
    with Image.open(path) as image:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        return ImageCms.profileToProfile(
            image.convert("RGB"), profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )


@pytest.mark.parametrize("name", ["03_iso_T.jpg", "xmp_date.jpg"])
def test_the_date_of_a_case_is_read(name):
    """ISO 8601 in EXIF, and a date that only XMP has."""
    assert read(name).facts.taken_at == "2024-07-21T14:03:11"


def test_a_file_that_crashes_its_decoder_is_one_named_skip():
    """One bit wrong in a HEIC costs this file and nothing else."""
    with pytest.raises(Refusal) as caught:
        read("crash.heic")
    assert caught.value.reason in {SkipReason.CRASHED, SkipReason.DAMAGED}
    assert read("icc_p3.jpg").facts.width == 480
