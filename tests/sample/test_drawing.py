import numpy as np
import pytest

from search_engine.sample.chance import Chance
from search_engine.sample.drawings import DRAWINGS
from search_engine.sample.layout import arrange
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import (
    HELD_OUT,
    Background,
    Colour,
    Kind,
    Position,
    Scene,
    Size,
    View,
    random_scene,
)

SIDE = 96


def _pixels(scene, *, empty=False):
    view = View(scene.background, () if empty else (scene,))
    return np.asarray(paint_picture(SIDE, 7, view, oversampling=2), dtype=np.int16)


def _changed(scene):
    """The pixels in which an object differs from its bare background."""
    return np.abs(_pixels(scene) - _pixels(scene, empty=True)).max(axis=2)


def test_every_kind_has_a_drawing():
    """No kind is without a drawing, and no drawing is there twice."""
    assert set(DRAWINGS) == set(Kind)
    assert len(set(DRAWINGS.values())) == len(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_objects_fill_their_place(kind):
    """A large object covers a good part of the picture and does not leave it."""
    covered = _changed(Scene(kind, Colour.RED, Background.PLAIN, Size.LARGE)) > 40
    rows, columns = np.nonzero(covered)
    assert 0.1 < covered.mean() < 0.7
    assert max(np.ptp(rows), np.ptp(columns)) > 0.6 * SIDE


@pytest.mark.parametrize("background", Background)
@pytest.mark.parametrize("colour", Colour)
def test_objects_stand_out_everywhere(colour, background):
    """Whatever the colour and the background, the outline of an object is easily seen."""
    changed = _changed(Scene(Kind.HEART, colour, background, Size.LARGE))
    assert (changed > 60).sum() > 2 * SIDE


def _middle(colour, background):
    pixels = _pixels(Scene(Kind.HEART, colour, background, Size.LARGE))
    return pixels[44:52, 40:52].mean(axis=(0, 1))


@pytest.mark.parametrize("colour", Colour)
def test_the_colour_is_seen(colour):
    """The middle of a heart has the colour that the scene names, closest of all ten."""
    seen = _middle(colour, Background.NIGHT)
    apart = {other: np.linalg.norm(_middle(other, Background.SKY) - seen) for other in Colour}
    assert min(apart, key=apart.get) is colour


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (Position.CENTRE, (0.5, 0.5)),
        (Position.LEFT, (0.25, 0.5)),
        (Position.RIGHT, (0.75, 0.5)),
        (Position.TOP, (0.5, 0.25)),
        (Position.BOTTOM, (0.5, 0.75)),
    ],
)
def test_objects_are_where_the_scene_says(position, expected):
    """The centre of mass of an object lies where its position says, within a tenth."""
    scene = Scene(Kind.DONUT, Colour.RED, Background.PLAIN, Size.SMALL, 1, position)
    rows, columns = np.nonzero(_changed(scene) > 40)
    assert (columns.mean() / SIDE, rows.mean() / SIDE) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("size", Size)
def test_groups_do_not_hide_one_another(seed, count, size):
    """The objects of a group keep their distance and stay inside the picture."""
    scene = Scene(Kind.CAT, Colour.RED, Background.PLAIN, size, count)
    (places,) = arrange(seed, (scene,))
    assert len(places) == count
    for index, place in enumerate(places):
        assert place.radius <= place.x <= 1 - place.radius
        assert place.radius <= place.y <= 1 - place.radius
        for other in places[:index]:
            assert np.hypot(place.x - other.x, place.y - other.y) > 1.6 * place.radius


def test_larger_sizes_are_larger():
    """Small, medium and large follow one another for every number of objects."""
    for count in (1, 2, 3):
        scenes = [Scene(Kind.CAT, Colour.RED, Background.SKY, size, count) for size in Size]
        for seed in range(20):
            small, medium, large = (arrange(seed, (scene,))[0][0].radius for scene in scenes)
            assert small < medium < large


def test_same_seed_same_picture():
    """The same seed paints the same picture; another paints another."""
    view = View(Background.SEA, (Scene(Kind.FISH, Colour.RED, Background.SEA, count=3),))
    one, two, other = (paint_picture(SIDE, seed, view).tobytes() for seed in (3, 3, 4))
    assert one == two != other


def test_large_objects_and_groups_stand_in_the_centre():
    """Only a single object that is not large stands aside, so that positions mean something."""
    chance = Chance(1)
    for _ in range(500):
        scene = random_scene(chance)
        if scene.count > 1 or scene.size is Size.LARGE:
            assert scene.position is Position.CENTRE


def test_held_out_pairs():
    """One colour of every kind is held out, and every colour is held out of some kind."""
    assert {kind for kind, _ in HELD_OUT} == set(Kind)
    assert {colour for _, colour in HELD_OUT} == set(Colour)
    assert len(HELD_OUT) == len(Kind)
