"""A picture for people: as large as was asked for, upright, in its colours, and never enlarged."""

import io

import numpy as np
import pytest
from PIL import Image

from search_engine.collection import decode
from search_engine.collection.decoding.conversion import MOST_WORKING_PIXELS, CopySize
from tests.collection.decoding.pictures import difference, encoded, scene

SIDEWAYS = 0x0112, 6  # the orientation: turned by a quarter


@pytest.mark.parametrize(
    ("size", "longest", "becomes"),
    [
        ((3000, 2000), 2048, (2048, 1365)),
        ((2000, 3000), 2048, (1365, 2048)),
        ((900, 600), 2048, (900, 600)),
        ((9000, 30), 2048, (2048, 6)),
        ((4096, 4096), 2048, (2048, 2048)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG"])
def test_it_is_as_large_as_asked_for(form, size, longest, becomes):
    """Its longer side says how large; what models need is another size."""
    content = encoded(Image.new("RGB", size, "teal"), form)
    found = decode(content, longest=longest).image.size
    assert max(found) == max(becomes)
    assert min(found) == pytest.approx(min(becomes), abs=1)  # JPEG is halved before it is scaled


def test_it_shows_the_whole_picture_upright_and_sharp():
    """Of every format the same picture; facts tell the size of the file's own."""
    image = scene((3000, 2000))
    exif = Image.Exif()
    exif[SIDEWAYS[0]] = SIDEWAYS[1]
    turned = image.transpose(Image.Transpose.ROTATE_90)
    for form in ("JPEG", "TIFF", "WEBP"):
        found = decode(encoded(turned, form, exif=exif.tobytes()), longest=1024)
        assert found.image.size in {(1024, 682), (1024, 683)}, form
        assert difference(found.image, image) < 2, form
        assert (found.facts.width, found.facts.height) == (3000, 2000)
    fine = np.asarray(decode(encoded(image, "TIFF"), longest=1024).image, float)
    wanted = image.resize((fine.shape[1], fine.shape[0]), Image.Resampling.LANCZOS)
    assert np.abs(fine - np.asarray(wanted, float)).mean() < 1


def test_all_of_it_is_bounded_by_what_a_decoder_hands_over():
    """Of 24 million pixels come 12.8, in the same shape; the bound holds for every shape."""
    content = encoded(Image.new("RGB", (6000, 4000), "teal"), "TIFF")
    width, height = decode(content, longest=2**16).image.size
    assert 0.99 < width * height / MOST_WORKING_PIXELS <= 1
    assert width / height == pytest.approx(1.5, abs=0.01)
    for size in ((14_142, 14_142), (200_000, 1000), (65_000, 3000), (3584, 3584), (1, 1)):
        across, down = CopySize(2**16).most(size)
        assert 1 <= across * down <= MOST_WORKING_PIXELS, size


def test_its_colours_are_those_of_its_profile():
    """A picture in another space becomes what its numbers mean, large as well as small."""
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    image = scene((2600, 1300))
    in_lab = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
    content = io.BytesIO()
    in_lab.save(content, "TIFF", icc_profile=lab.tobytes())
    for longest in (None, 2048):
        assert difference(decode(content.getvalue(), longest=longest).image, image) < 4
