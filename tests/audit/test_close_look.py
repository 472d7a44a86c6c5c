"""What thumbnails do not show is looked at before two pictures count as one."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit.audit import Audit
from search_engine.audit.close_look import is_same
from search_engine.collection.decoding import holds_more
from search_engine.lab.proofs.prove_duplicates import cropped
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL

PAGE = (1240, 1754)


def drawn(seed, size=(400, 300)):
    """Return a picture of soft patches of colour."""
    patches = np.random.default_rng(seed).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def page(last):
    """Return a page of text with a last line of its own."""
    image = Image.new("RGB", PAGE, "white")
    write = ImageDraw.Draw(image)
    for line in range(50):
        words = f"The quick brown fox jumps over the lazy dog and runs {line}"
        write.text((100, 100 + 30 * line), words, fill="black", font_size=22)
    write.text((100, 1640), last, fill="black", font_size=22)
    return image


def written(image, kind, *more, **options):
    """Return the bytes of a file with one picture, or several."""
    target = io.BytesIO()
    if more:
        options |= {"save_all": True, "append_images": list(more)}
    image.save(target, kind, **options)
    return target.getvalue()


def tall(seed):
    """Return a tall picture, of which a thumbnail shows the middle, with an end of its own."""
    image = drawn(1, (400, 1200))
    image.paste(drawn(seed, (400, 200)), (0, 1000))
    return image


def clear(at):
    """Return a picture with a hole."""
    image = drawn(3).convert("RGBA")
    image.paste((*image.getpixel((at, 20))[:3], 250), (at, 20, at + 40, 60))
    return image


PAIRS = {
    "gif": [written(drawn(1), "GIF", drawn(seed), duration=100) for seed in (10, 20)],
    "webp": [written(drawn(1), "WEBP", drawn(seed), duration=100) for seed in (10, 20)],
    "png": [written(drawn(1), "PNG", drawn(seed), duration=100) for seed in (10, 20)],
    "tif": [written(drawn(1), "TIFF", drawn(seed)) for seed in (10, 20)],
    "avif": [written(drawn(1), "AVIF", drawn(seed)) for seed in (10, 20)],
    "transparent.png": [written(clear(at), "PNG") for at in (20, 200)],
    "transparent.webp": [written(clear(at), "WEBP", lossless=True) for at in (20, 200)],
    "transparent.tif": [written(clear(at), "TIFF") for at in (20, 200)],
    "page.png": [written(page(f"invoice {number} total 120.00"), "PNG") for number in (4711, 4712)],
    "page.jpg": [written(page(f"invoice {total}"), "JPEG", quality=90) for total in (120, 980)],
    "sum.png": [written(page(f"invoice 4711 total {total}"), "PNG") for total in (120, 130)],
    "tall.jpg": [written(tall(seed), "JPEG", quality=90) for seed in (5, 6)],
    "wide.jpg": [
        written(tall(seed).transpose(Image.Transpose.ROTATE_90), "JPEG") for seed in (5, 6)
    ],
}


@pytest.fixture
def groups_of(settings, tmp_path):
    """Index files, two by two, and group them with the usual thresholds."""

    def run(pairs):
        root = tmp_path / "p"
        root.mkdir()
        for name, contents in pairs.items():
            for number, content in enumerate(contents):
                (root / f"{number} {name}.jpg").write_bytes(content)
        name, wanted = plan_build(root, settings, model_id=MINI_MODEL)
        build_collection(name, wanted, settings)
        with SearchEngine.open(name, settings) as engine:
            return Audit(engine).duplicates()

    return run


def test_files_that_differ_in_what_thumbnails_do_not_show_are_no_copies(groups_of):
    """Further frames and pages, what shines through, small print, and the ends of long pictures."""
    assert groups_of(PAIRS) == []


def test_files_with_more_inside_are_copies_by_equal_bytes(groups_of):
    """An animation and its copy are a group, and nothing else is in it."""
    (group,) = groups_of({"gif": [PAIRS["gif"][0], *PAIRS["gif"]]})
    assert group.exact
    assert len(group.copies) == 1


def test_true_copies_are_copies_still(groups_of, tmp_path):
    """Saved again as another kind, smaller and coarser, each is in the group of its original."""
    draw_gallery(tmp_path / "drawn", pictures=10)
    with Image.open(min((tmp_path / "drawn").glob("*/*.jpg"))) as image:
        image.load()
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    groups = groups_of(
        {
            "drawing": [written(image, "PNG"), written(image, "JPEG", quality=45)],
            "small": [written(half, "JPEG", quality=88), written(half, "WEBP")],
        }
    )
    (group,) = groups
    assert len(group.records) == 4


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "MPO"])
def test_more_than_one_picture_is_noticed(kind):
    """Of every format that may hold several, told from one that holds one."""
    assert holds_more(written(drawn(1), kind, drawn(2)))
    assert not holds_more(written(drawn(1), kind))


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "TIFF", "AVIF", "JPEG2000", "BMP"])
def test_transparency_is_noticed(kind):
    """Of every format that may be transparent."""
    assert holds_more(written(clear(20), kind))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "MPO", "JPEG2000", "BMP"])
def test_broken_files_are_told_of_without_an_error(kind):
    """Cut anywhere, and with wrong bytes anywhere, a file has more inside or has not."""
    content = written(drawn(1, (40, 30)), kind)
    dice = np.random.default_rng(3)
    for end in range(min(len(content), 300)):
        holds_more(content[:end])
    for _ in range(300):
        wrong = bytearray(content)
        for at in dice.integers(0, min(len(content), 400), 4).tolist():
            wrong[at] = int(dice.integers(256))
        holds_more(bytes(wrong))


@pytest.mark.parametrize("colour", ["red", "green"])
def test_a_spot_of_another_colour_is_seen(colour):
    """Also where its grey is that of the picture around."""
    image = Image.new("RGB", (400, 300), (128, 128, 128))
    image.paste(drawn(1, (200, 300)), (0, 0))
    other = image.copy()
    other.paste({"red": (255, 73, 73), "green": (60, 168, 110)}[colour], (300, 100, 360, 160))
    assert is_same(image, image)
    assert not is_same(image, other)


@pytest.mark.parametrize("change", ["brighter", "darker", "cropped", "smaller", "strip"])
def test_what_was_changed_as_a_whole_is_the_same(change):
    """Light, size and edges may differ; strips and tiny pictures are compared as well."""
    image = drawn(4, (600, 450))
    other = {
        "brighter": lambda: ImageEnhance.Brightness(image).enhance(1.08),
        "darker": lambda: ImageEnhance.Brightness(image).enhance(0.9),
        "cropped": lambda: cropped(image, 0.04),
        "smaller": lambda: image.resize((60, 45)),
        "strip": lambda: image.resize((3, 1)),
    }[change]()
    assert is_same(image, other)
    assert is_same(other, image)
