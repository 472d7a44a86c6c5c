from collections import Counter, defaultdict

import pytest
from PIL import Image

from search_engine.errors import BadFolder
from search_engine.lab.mini_model.captions import Clause
from search_engine.sample import (
    GALLERY_PICTURES,
    draw_gallery,
    ensure_gallery,
    read_truth,
)
from search_engine.sample import (
    gallery as gallery_module,
)
from search_engine.sample.gallery import plan_gallery
from search_engine.sample.scenes import Background, Colour, Kind, Position, Size

FEW = 12


def _bytes(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(tmp_path):
    """The same seed draws the same files, byte for byte."""
    draw_gallery(tmp_path / "one", pictures=FEW, seed=5)
    draw_gallery(tmp_path / "two", pictures=FEW, seed=5)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_other_seed_other_pictures(tmp_path):
    """Another seed draws other pictures of the same kinds."""
    draw_gallery(tmp_path / "one", pictures=FEW, seed=5)
    draw_gallery(tmp_path / "two", pictures=FEW, seed=6)
    one, two = _bytes(tmp_path / "one"), _bytes(tmp_path / "two")
    pictures = [path for path in one if path.endswith(".jpg")]
    assert one.keys() == two.keys()
    assert all(one[path] != two[path] for path in pictures)


def test_every_kind_equally_often(drawn_gallery):
    """Every kind has as many pictures as every other, and there are at least forty kinds."""
    _, pictures = drawn_gallery
    counts = Counter(picture.scene.kind for picture in pictures)
    assert len(pictures) == GALLERY_PICTURES
    assert len(counts) == len(Kind) >= 40
    assert len(set(counts.values())) == 1


def test_every_kind_in_every_colour_and_background(drawn_gallery):
    """Every kind appears in every colour and on every background."""
    _, pictures = drawn_gallery
    colours, backgrounds = defaultdict(set), defaultdict(set)
    for picture in pictures:
        colours[picture.scene.kind].add(picture.scene.colour)
        backgrounds[picture.scene.kind].add(picture.scene.background)
    assert min(map(len, colours.values())) == 10
    assert min(map(len, backgrounds.values())) == 10


def test_sizes_counts_and_positions_occur(drawn_gallery):
    """All sizes, counts and positions are to be seen, each at least thirty times."""
    _, pictures = drawn_gallery
    for name, values in (("size", Size), ("count", (1, 2, 3)), ("position", Position)):
        counts = Counter(getattr(picture.scene, name) for picture in pictures)
        assert set(counts) == set(values)
        assert min(counts.values()) >= 30, name


@pytest.mark.parametrize(
    "claim",
    [
        Clause(frozenset({Kind.FISH}), Colour.RED),
        Clause(frozenset({Kind.CAT}), Colour.PURPLE, count=2),
        Clause(frozenset({Kind.BOAT}), background=Background.SUNSET),
        Clause(frozenset({Kind.OWL, Kind.RABBIT}), background=Background.SNOW),
        Clause(frozenset({Kind.UMBRELLA}), background=Background.STRIPES),
        Clause(frozenset({Kind.STAR}), Colour.YELLOW, Background.NIGHT, count=3),
    ],
)
def test_example_queries_have_answers(drawn_gallery, claim):
    """The queries that the app offers as examples have an answer in the gallery."""
    _, pictures = drawn_gallery
    assert any(claim.fits(picture.scene) for picture in pictures)


def test_file_names_say_only_the_kind(drawn_gallery):
    """A path is the folder of the kind and a number; nothing gives the caption away."""
    _, pictures = drawn_gallery
    for picture in pictures:
        folder, name = picture.path.split("/")
        assert folder == picture.scene.kind
        assert name.removesuffix(".jpg").isdigit()


def test_pictures_are_what_the_table_says(drawn_gallery):
    """The files on disk are exactly those of the table: square, RGB, 480 pixels a side."""
    folder, pictures = drawn_gallery
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")}
    assert found == {picture.path for picture in pictures}
    with Image.open(folder / pictures[0].path) as image:
        assert (image.mode, image.size, image.format) == ("RGB", (480, 480), "JPEG")


def test_truth_survives_the_table(drawn_gallery):
    """What is read from the table is what was drawn."""
    folder, pictures = drawn_gallery
    assert read_truth(folder) == pictures


def test_no_two_pictures_alike(drawn_gallery):
    """No two pictures of the gallery have the same bytes."""
    folder, pictures = drawn_gallery
    assert len({(folder / picture.path).read_bytes() for picture in pictures}) == len(pictures)


def test_drawing_hears_progress(tmp_path):
    """The listener hears every picture and the total."""
    heard = []
    draw_gallery(tmp_path / "gallery", pictures=4, progress=heard.append)
    assert [(step.done, step.total) for step in heard] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_broken_off_drawing_leaves_no_gallery(tmp_path):
    """A drawing that is broken off leaves no half gallery, and the next one succeeds."""
    folder = tmp_path / "gallery"

    def stop(step):
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_gallery(folder, pictures=4, progress=stop)
    assert not folder.exists()
    assert ensure_gallery(folder, pictures=4)
    assert [path.name for path in tmp_path.iterdir()] == ["gallery"]


def test_broken_off_drawing_keeps_the_old_gallery(tmp_path):
    """While a new gallery is drawn the old one stays as it is."""
    folder = tmp_path / "gallery"
    draw_gallery(folder, pictures=3, seed=1)
    before = _bytes(folder)

    def stop(_step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_gallery(folder, pictures=3, seed=2, progress=stop)
    assert _bytes(folder) == before


def test_drawing_replaces_what_was_there(tmp_path):
    """Drawing into a folder that exists replaces all that is in it."""
    folder = tmp_path / "gallery"
    draw_gallery(folder, pictures=4)
    (folder / "stray.txt").write_text("old")
    draw_gallery(folder, pictures=2)
    assert len(list(folder.rglob("*.jpg"))) == 2
    assert not (folder / "stray.txt").exists()


def test_ensure_draws_once(tmp_path):
    """A complete gallery is not drawn again."""
    folder = tmp_path / "gallery"
    assert ensure_gallery(folder, pictures=2)
    assert not ensure_gallery(folder, pictures=2)


def test_ensure_draws_again_for_a_new_look(tmp_path, monkeypatch):
    """A gallery of an older version is drawn again."""
    folder = tmp_path / "gallery"
    ensure_gallery(folder, pictures=2)
    monkeypatch.setattr(gallery_module, "_VERSION", "next")
    assert ensure_gallery(folder, pictures=2)


def test_ensure_draws_again_what_is_incomplete(tmp_path):
    """A gallery that has lost a picture is drawn again."""
    folder = tmp_path / "gallery"
    ensure_gallery(folder, pictures=2)
    next(folder.rglob("*.jpg")).unlink()
    assert ensure_gallery(folder, pictures=2)
    assert len(list(folder.rglob("*.jpg"))) == 2


@pytest.mark.parametrize("table", ["", "path,kind\nfish/0001.jpg,fish\n", "\x00nonsense"])
def test_ensure_draws_again_what_is_damaged(tmp_path, table):
    """A gallery whose table cannot be read is drawn again."""
    folder = tmp_path / "gallery"
    pictures = draw_gallery(folder, pictures=2)
    (folder / "truth.csv").write_text(table)
    assert ensure_gallery(folder, pictures=2)
    assert read_truth(folder) == pictures


def test_no_gallery_says_so(tmp_path):
    """Asking for the truth of a folder that is no gallery names the folder and the remedy."""
    with pytest.raises(BadFolder, match=r"no drawn gallery .* Draw it first"):
        read_truth(tmp_path)


def test_a_longer_plan_begins_like_a_shorter_one():
    """More pictures only add to a gallery, so small galleries in tests are honest samples."""
    assert plan_gallery(100, 1)[:30] == plan_gallery(30, 1)
