"""Which function paints which kind of object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from search_engine.sample import animals, food, places, plants, sky, things, vehicles
from search_engine.sample.brush import Brush
from search_engine.sample.scenes import Kind

Drawing: TypeAlias = Callable[[Brush], None]

DRAWINGS: dict[Kind, Drawing] = {
    Kind.FISH: animals.fish,
    Kind.CAT: animals.cat,
    Kind.RABBIT: animals.rabbit,
    Kind.BIRD: animals.bird,
    Kind.OWL: animals.owl,
    Kind.TURTLE: animals.turtle,
    Kind.BUTTERFLY: animals.butterfly,
    Kind.SNAIL: animals.snail,
    Kind.WHALE: animals.whale,
    Kind.CRAB: animals.crab,
    Kind.OCTOPUS: animals.octopus,
    Kind.ELEPHANT: animals.elephant,
    Kind.FLOWER: plants.flower,
    Kind.TREE: plants.tree,
    Kind.MUSHROOM: plants.mushroom,
    Kind.CACTUS: plants.cactus,
    Kind.LEAF: plants.leaf,
    Kind.APPLE: food.apple,
    Kind.PEAR: food.pear,
    Kind.STRAWBERRY: food.strawberry,
    Kind.DONUT: food.donut,
    Kind.CAKE: food.cake,
    Kind.ICE_CREAM: food.ice_cream,
    Kind.UMBRELLA: things.umbrella,
    Kind.KEY: things.key,
    Kind.HAT: things.hat,
    Kind.BOOK: things.book,
    Kind.CLOCK: things.clock,
    Kind.GIFT: things.gift,
    Kind.BALLOON: things.balloon,
    Kind.CROWN: things.crown,
    Kind.BELL: things.bell,
    Kind.LAMP: things.lamp,
    Kind.CUP: things.cup,
    Kind.GUITAR: things.guitar,
    Kind.SHIRT: things.shirt,
    Kind.CAR: vehicles.car,
    Kind.BOAT: vehicles.boat,
    Kind.ROCKET: vehicles.rocket,
    Kind.PLANE: vehicles.plane,
    Kind.BUS: vehicles.bus,
    Kind.TRAIN: vehicles.train,
    Kind.HOUSE: places.house,
    Kind.CASTLE: places.castle,
    Kind.TENT: places.tent,
    Kind.SUN: sky.sun,
    Kind.MOON: sky.moon,
    Kind.STAR: sky.star,
    Kind.CLOUD: sky.cloud,
    Kind.HEART: sky.heart,
}
