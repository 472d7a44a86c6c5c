"""What a picture shows: the kinds, colours, backgrounds, sizes, counts and positions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_engine.sample.chance import Chance


class Kind(StrEnum):
    """The fifty kinds of objects; the value is also the name of the category's folder."""

    FISH = "fish"
    CAT = "cat"
    RABBIT = "rabbit"
    BIRD = "bird"
    OWL = "owl"
    TURTLE = "turtle"
    BUTTERFLY = "butterfly"
    SNAIL = "snail"
    WHALE = "whale"
    CRAB = "crab"
    OCTOPUS = "octopus"
    ELEPHANT = "elephant"
    FLOWER = "flower"
    TREE = "tree"
    MUSHROOM = "mushroom"
    CACTUS = "cactus"
    LEAF = "leaf"
    APPLE = "apple"
    PEAR = "pear"
    STRAWBERRY = "strawberry"
    DONUT = "donut"
    CAKE = "cake"
    ICE_CREAM = "ice-cream"
    UMBRELLA = "umbrella"
    KEY = "key"
    HAT = "hat"
    BOOK = "book"
    CLOCK = "clock"
    GIFT = "gift"
    BALLOON = "balloon"
    CROWN = "crown"
    BELL = "bell"
    LAMP = "lamp"
    CUP = "cup"
    GUITAR = "guitar"
    SHIRT = "shirt"
    CAR = "car"
    BOAT = "boat"
    ROCKET = "rocket"
    PLANE = "plane"
    BUS = "bus"
    TRAIN = "train"
    HOUSE = "house"
    CASTLE = "castle"
    TENT = "tent"
    SUN = "sun"
    MOON = "moon"
    STAR = "star"
    CLOUD = "cloud"
    HEART = "heart"


class Colour(StrEnum):
    """The colour of an object's main parts."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"
    BROWN = "brown"
    BLACK = "black"
    WHITE = "white"


class Background(StrEnum):
    """What lies behind the objects."""

    PLAIN = "plain"
    SKY = "sky"
    SEA = "sea"
    GRASS = "grass"
    NIGHT = "night"
    STRIPES = "stripes"
    DOTS = "dots"
    SUNSET = "sunset"
    SNOW = "snow"
    DESERT = "desert"


class Size(StrEnum):
    """How much room one object takes."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Position(StrEnum):
    """Where the object is; several objects always share the centre."""

    CENTRE = "centre"
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen in one picture: one to three objects of the same kind and colour."""

    kind: Kind
    colour: Colour
    background: Background
    size: Size = Size.MEDIUM
    count: int = 1
    position: Position = Position.CENTRE


def random_scene(chance: Chance, *, kind: Kind | None = None) -> Scene:
    """Draw a scene by chance; small objects stand anywhere, large ones and groups in the centre."""
    count = chance.choices((1, 2, 3), (6, 3, 3))[0]
    size = chance.choice(tuple(Size))
    moves = count == 1 and size is not Size.LARGE
    return Scene(
        kind=kind or chance.choice(tuple(Kind)),
        colour=chance.choice(tuple(Colour)),
        background=chance.choice(tuple(Background)),
        size=size,
        count=count,
        position=chance.choice(tuple(Position)) if moves else Position.CENTRE,
    )


HELD_OUT = frozenset(
    (kind, tuple(Colour)[(7 * index + 4) % len(Colour)]) for index, kind in enumerate(Kind)
)
"""One colour of every kind that training never shows, to see whether the model can combine."""


@dataclass(frozen=True, slots=True)
class View:
    """One picture: no, one or two scenes in front of one background."""

    background: Background
    scenes: tuple[Scene, ...] = ()
