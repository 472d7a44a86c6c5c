"""Thumbnails show all of a picture; the squares of versions before are taken as they are."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from search_engine.audit.crop_registration import overlay_correlation
from search_engine.audit.image_statistics import measure_thumbnails
from search_engine.collection.decoding import thumbnail
from search_engine.collection.thumbnails import (
    Thumbnails,
    data_address,
    open_thumbnail,
    square_middle,
)
from tests.collection.decoding.pictures import encoded, scene

DIGEST, OTHER = "ab" * 32, "cd" * 32


def square_of_before(thumbnails, digest, suffix, image=None):
    """Write a thumbnail as versions before 0.6 did."""
    file = thumbnails.folder / digest[:2] / f"{digest}{suffix}"
    file.parent.mkdir(parents=True, exist_ok=True)
    form = {".jpg": "JPEG", ".webp": "WEBP"}[suffix]
    file.write_bytes(encoded(square_middle(image or scene()), form, quality=82))
    return file


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_a_square_of_before_is_shown_as_it_is(tmp_path, suffix):
    """It is found, whole, and known to be a square."""
    thumbnails = Thumbnails(tmp_path)
    file = square_of_before(thumbnails, DIGEST, suffix)
    assert thumbnails.path(DIGEST) == file
    assert not thumbnails.is_uncropped(DIGEST)
    assert thumbnails.made() == {DIGEST}
    assert thumbnails.is_whole(DIGEST)
    assert thumbnails.shows(DIGEST, scene())
    assert base64.b64decode(data_address(file).partition(",")[2]) == file.read_bytes()


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_made_anew_it_shows_all_of_the_picture(tmp_path, suffix):
    """The square goes, and nothing is left of it."""
    thumbnails = Thumbnails(tmp_path)
    square_of_before(thumbnails, DIGEST, suffix)
    thumbnails.write(DIGEST, thumbnail(scene((900, 600))))
    assert thumbnails.is_uncropped(DIGEST)
    assert [file.name for file in thumbnails.folder.rglob("*.*")] == [f"{DIGEST}.uncropped.jpg"]
    with open_thumbnail(thumbnails.path(DIGEST)) as image:
        assert image.size == (480, 320)
    assert thumbnails.shows(DIGEST, scene((900, 600)))
    assert thumbnails.made() == {DIGEST}


def test_as_data_it_is_the_square_middle(tmp_path):
    """Tables and covers look as they did."""
    image = Image.new("RGB", (900, 300), "blue")
    image.paste("red", (300, 0, 600, 300))
    thumbnails = Thumbnails(tmp_path)
    thumbnails.write(DIGEST, thumbnail(image))
    kind, _, content = data_address(thumbnails.path(DIGEST)).partition(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as shown:
        assert shown.size == (300, 300)
        mean = np.asarray(shown.convert("RGB"), float).mean(axis=(0, 1))
    assert mean == pytest.approx((254, 0, 0), abs=6)


def test_the_sheet_shows_squares_of_both(tmp_path):
    """The map looks the same, whichever version made the thumbnails."""
    thumbnails = Thumbnails(tmp_path)
    square_of_before(thumbnails, DIGEST, ".jpg", scene((900, 600)))
    thumbnails.write(OTHER, thumbnail(scene((900, 600))))
    with Image.open(io.BytesIO(thumbnails.sheet([DIGEST, OTHER], 24, 2))) as sheet:
        one, other = (np.asarray(sheet.crop((x, 0, x + 24, 24)), float) for x in (0, 24))
    assert np.abs(one - other).mean() < 10


def test_an_audit_sees_the_same_in_both(tmp_path):
    """Copies are told by the square middle, as their thresholds were measured."""
    image = scene((900, 600))
    thumbnails = Thumbnails(tmp_path)
    square_of_before(thumbnails, DIGEST, ".jpg", image.resize((480, 320)))
    thumbnails.write(OTHER, thumbnail(image))
    looks = measure_thumbnails(tmp_path, np.array([DIGEST, OTHER], dtype="S64"))
    assert int(np.bitwise_count(looks["phash"][0] ^ looks["phash"][1])) <= 2
    assert looks["sharpness"][0] == pytest.approx(looks["sharpness"][1], rel=0.15)
    assert overlay_correlation(thumbnails.path(DIGEST), thumbnails.path(OTHER)) > 0.995


def test_tidying_up_takes_every_kind(tmp_path):
    """Of contents that went, and leaves what is there."""
    thumbnails = Thumbnails(tmp_path)
    kept = square_of_before(thumbnails, DIGEST, ".webp")
    gone = [square_of_before(thumbnails, OTHER, suffix) for suffix in (".jpg", ".webp")]
    thumbnails.write("ef" * 32, thumbnail(scene()))
    assert thumbnails.remove_all_but([DIGEST]) == 3
    assert kept.exists()
    assert not any(file.exists() for file in gone)
    assert thumbnails.made() == {DIGEST}
