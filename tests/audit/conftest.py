"""What the tests of auditing share: a gallery with copies in it, indexed with the bundled model."""

import shutil

import pytest
from PIL import Image, ImageEnhance

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit.audit import Audit
from search_engine.lab.proofs.prove_duplicates import cropped
from search_engine.sample import draw_gallery
from search_engine.sample.gallery import plan_gallery
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import View
from search_engine.settings import MINI_MODEL, Settings

PICTURES = 360
COPIED = 12
REDRAWN = 60
WAYS = ("exact", "smaller", "coarse", "cropped", "brighter", "darker")


def copy(image, way, path):
    """Write a copy of a picture, made in one of ``WAYS``."""
    half = tuple(side // 2 for side in image.size)
    made = {
        "smaller": lambda: image.resize(half, Image.Resampling.LANCZOS),
        "coarse": lambda: image,
        "cropped": lambda: cropped(image, 0.04),
        "brighter": lambda: ImageEnhance.Brightness(image).enhance(1.08),
        "darker": lambda: ImageEnhance.Brightness(image).enhance(0.9),
    }[way]()
    made.save(path, "JPEG", quality=45 if way == "coarse" else 88)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A gallery, copies of some of its pictures, and other drawings of the same descriptions."""
    root = tmp_path_factory.mktemp("audit") / "gallery"
    draw_gallery(root, pictures=PICTURES)
    for number, path in enumerate(sorted(root.glob("*/0001.jpg"))[:COPIED]):
        image = Image.open(path).convert("RGB")
        for way in WAYS[number % 2 :: 2] if number % 4 else WAYS:
            target = path.with_name(f"copy-{way}.jpg")
            if way == "exact":
                shutil.copy(path, target)
            else:
                copy(image, way, target)
    for picture in plan_gallery(PICTURES, 2026)[-REDRAWN:]:
        view = View(picture.scene.background, (picture.scene,))
        path = root / picture.path
        again = paint_picture(480, picture.seed + 1, view)
        again.save(path.with_name(f"redrawn-{path.name}"), "JPEG", quality=88)
    return root


@pytest.fixture(scope="session")
def audit(drawn, tmp_path_factory):
    """The audit of that gallery."""
    settings = Settings(tmp_path_factory.mktemp("audited"))
    name, wanted = plan_build(drawn, settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        yield Audit(engine)
