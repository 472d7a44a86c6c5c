"""The words of the captions: names, synonyms, umbrella terms, and how things are said."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.sample.scenes import Background, Colour, Kind, Position, Size


@dataclass(frozen=True, slots=True)
class Noun:
    """A word for one thing and for several."""

    one: str
    many: str


def _nouns(*pairs: str) -> tuple[Noun, ...]:
    """Read ``one/many``; without a slash the plural takes an s."""
    return tuple(
        Noun(*pair.split("/")) if "/" in pair else Noun(pair, pair + "s") for pair in pairs
    )


NOUNS: dict[Kind, tuple[Noun, ...]] = {
    Kind.FISH: _nouns("fish/fish", "fish/fishes", "goldfish/goldfish"),
    Kind.CAT: _nouns("cat", "kitten", "kitty/kitties"),
    Kind.RABBIT: _nouns("rabbit", "bunny/bunnies", "hare"),
    Kind.BIRD: _nouns("bird", "sparrow", "robin"),
    Kind.OWL: _nouns("owl"),
    Kind.TURTLE: _nouns("turtle", "tortoise"),
    Kind.BUTTERFLY: _nouns("butterfly/butterflies"),
    Kind.SNAIL: _nouns("snail"),
    Kind.WHALE: _nouns("whale", "orca"),
    Kind.CRAB: _nouns("crab"),
    Kind.OCTOPUS: _nouns("octopus/octopuses", "octopus/octopi"),
    Kind.ELEPHANT: _nouns("elephant"),
    Kind.FLOWER: _nouns("flower", "blossom", "daisy/daisies", "sunflower"),
    Kind.TREE: _nouns("tree", "oak tree"),
    Kind.MUSHROOM: _nouns("mushroom", "toadstool"),
    Kind.CACTUS: _nouns("cactus/cacti", "cactus/cactuses"),
    Kind.LEAF: _nouns("leaf/leaves"),
    Kind.APPLE: _nouns("apple"),
    Kind.PEAR: _nouns("pear"),
    Kind.STRAWBERRY: _nouns("strawberry/strawberries"),
    Kind.DONUT: _nouns("donut", "doughnut"),
    Kind.CAKE: _nouns("cake", "birthday cake"),
    Kind.ICE_CREAM: _nouns("ice cream", "ice-cream", "ice cream cone", "icecream"),
    Kind.UMBRELLA: _nouns("umbrella", "parasol"),
    Kind.KEY: _nouns("key"),
    Kind.HAT: _nouns("hat", "top hat"),
    Kind.BOOK: _nouns("book", "novel"),
    Kind.CLOCK: _nouns("clock", "alarm clock"),
    Kind.GIFT: _nouns("gift", "present", "gift box/gift boxes"),
    Kind.BALLOON: _nouns("balloon"),
    Kind.CROWN: _nouns("crown", "tiara"),
    Kind.BELL: _nouns("bell"),
    Kind.LAMP: _nouns("lamp", "table lamp"),
    Kind.CUP: _nouns("cup", "mug", "coffee cup"),
    Kind.GUITAR: _nouns("guitar"),
    Kind.SHIRT: _nouns("shirt", "t-shirt", "tshirt"),
    Kind.CAR: _nouns("car", "automobile"),
    Kind.BOAT: _nouns("boat", "sailboat", "ship", "sailing boat"),
    Kind.ROCKET: _nouns("rocket", "spaceship"),
    Kind.PLANE: _nouns("plane", "airplane", "aeroplane", "aircraft/aircraft"),
    Kind.BUS: _nouns("bus/buses", "coach/coaches"),
    Kind.TRAIN: _nouns("train", "locomotive", "steam train"),
    Kind.HOUSE: _nouns("house", "home", "cottage"),
    Kind.CASTLE: _nouns("castle", "fortress/fortresses"),
    Kind.TENT: _nouns("tent", "camping tent"),
    Kind.SUN: _nouns("sun"),
    Kind.MOON: _nouns("moon", "crescent moon"),
    Kind.STAR: _nouns("star"),
    Kind.CLOUD: _nouns("cloud"),
    Kind.HEART: _nouns("heart"),
}
"""The first noun of a kind is its plain name; the others mean the same."""

_ANIMALS = frozenset(
    {
        Kind.FISH, Kind.CAT, Kind.RABBIT, Kind.BIRD, Kind.OWL, Kind.TURTLE, Kind.BUTTERFLY,
        Kind.SNAIL, Kind.WHALE, Kind.CRAB, Kind.OCTOPUS, Kind.ELEPHANT,
    }
)  # fmt: skip
_SEA_ANIMALS = frozenset({Kind.FISH, Kind.WHALE, Kind.CRAB, Kind.OCTOPUS, Kind.TURTLE})
_PLANTS = frozenset({Kind.FLOWER, Kind.TREE, Kind.MUSHROOM, Kind.CACTUS, Kind.LEAF})
_FRUIT = frozenset({Kind.APPLE, Kind.PEAR, Kind.STRAWBERRY})
_DESSERTS = frozenset({Kind.DONUT, Kind.CAKE, Kind.ICE_CREAM})
_VEHICLES = frozenset({Kind.CAR, Kind.BOAT, Kind.ROCKET, Kind.PLANE, Kind.BUS, Kind.TRAIN})
_BUILDINGS = frozenset({Kind.HOUSE, Kind.CASTLE})

UMBRELLA_TERMS: tuple[tuple[Noun, frozenset[Kind]], ...] = (
    (Noun("animal", "animals"), _ANIMALS),
    (Noun("creature", "creatures"), _ANIMALS),
    (Noun("sea animal", "sea animals"), _SEA_ANIMALS),
    (Noun("plant", "plants"), _PLANTS),
    (Noun("fruit", "fruits"), _FRUIT),
    (Noun("piece of fruit", "pieces of fruit"), _FRUIT),
    (Noun("dessert", "desserts"), _DESSERTS),
    (Noun("something sweet", "sweet things"), _DESSERTS),
    (Noun("something to eat", "things to eat"), _FRUIT | _DESSERTS),
    (Noun("food", "food"), _FRUIT | _DESSERTS),
    (Noun("vehicle", "vehicles"), _VEHICLES),
    (Noun("building", "buildings"), _BUILDINGS),
)

COLOUR_WORDS: dict[Colour, tuple[str, ...]] = {
    Colour.RED: ("red", "crimson", "scarlet"),
    Colour.ORANGE: ("orange",),
    Colour.YELLOW: ("yellow", "golden"),
    Colour.GREEN: ("green", "emerald"),
    Colour.BLUE: ("blue", "azure"),
    Colour.PURPLE: ("purple", "violet"),
    Colour.PINK: ("pink", "rosy"),
    Colour.BROWN: ("brown",),
    Colour.BLACK: ("black", "jet-black"),
    Colour.WHITE: ("white", "snow-white"),
}

SIZE_WORDS: dict[Size, tuple[str, ...]] = {
    Size.SMALL: ("small", "tiny", "little"),
    Size.MEDIUM: ("medium-sized", "medium"),
    Size.LARGE: ("large", "big", "huge"),
}

COUNT_WORDS: dict[int, tuple[str, ...]] = {
    1: ("one", "a single", "just one", "1", "only one"),
    2: ("two", "2", "a pair of", "a couple of", "exactly two"),
    3: ("three", "3", "a trio of", "exactly three"),
}

PLACE_PHRASES: dict[Background, tuple[str, ...]] = {
    Background.PLAIN: (
        "on a plain background", "on a simple background", "in front of a plain wall",
    ),
    Background.SKY: ("in the sky", "in front of a blue sky", "up in the sky", "against the sky"),
    Background.SEA: (
        "at sea", "in the sea", "on the water", "by the sea", "in the ocean", "on the ocean",
    ),
    Background.GRASS: (
        "on the grass", "on green grass", "in a meadow", "on a green hill", "in the grass",
    ),
    Background.NIGHT: ("at night", "in the night", "under a starry sky", "in the dark", "by night"),
    Background.STRIPES: (
        "on stripes", "on a striped background", "in front of stripes", "with stripes behind",
    ),
    Background.DOTS: (
        "on dots", "on a dotted background", "on polka dots", "with dots behind",
    ),
    Background.SUNSET: (
        "at sunset", "in the sunset", "in the evening", "at dusk", "in front of a sunset",
    ),
    Background.SNOW: ("in the snow", "in winter", "on snow", "in a snowy landscape", "in the cold"),
    Background.DESERT: ("in the desert", "on the sand", "in the dunes", "on sand dunes"),
}  # fmt: skip

PLACE_NAMES: dict[Background, tuple[str, ...]] = {
    Background.PLAIN: ("a plain background", "nothing else"),
    Background.SKY: ("the sky", "a blue sky", "sky"),
    Background.SEA: ("the sea", "the ocean", "sea", "water", "waves"),
    Background.GRASS: ("grass", "a meadow", "green hills", "a green landscape"),
    Background.NIGHT: ("night", "the night", "a starry night", "a dark night"),
    Background.STRIPES: ("stripes", "a striped background", "a striped pattern"),
    Background.DOTS: ("dots", "polka dots", "a dotted background", "a dotted pattern"),
    Background.SUNSET: ("a sunset", "sunset", "evening", "the evening sun"),
    Background.SNOW: ("snow", "winter", "a snowy landscape"),
    Background.DESERT: ("a desert", "desert", "sand", "sand dunes"),
}
"""How a background is asked for by itself."""

SPOT_PHRASES: dict[Position, tuple[str, ...]] = {
    Position.CENTRE: ("in the middle", "in the centre", "in the center", "at the center"),
    Position.LEFT: ("on the left", "on the left side", "at the left", "to the left", "left"),
    Position.RIGHT: ("on the right", "on the right side", "at the right", "to the right", "right"),
    Position.TOP: ("at the top", "at the top of the picture", "in the upper part", "up at the top"),
    Position.BOTTOM: (
        "at the bottom", "at the bottom of the picture", "in the lower part", "down at the bottom",
    ),
}  # fmt: skip

SENTENCES: tuple[str, ...] = (
    "a photo of {}", "a picture of {}", "an image of {}", "a drawing of {}", "show me {}",
    "show me {} please", "find {}", "i am looking for {}", "pictures of {}", "photos of {}",
    "images with {}", "a picture with {}", "there is {}", "this is {}", "{} please", "i want {}",
    "i would like to see {}", "where is {}", "can you find {}", "search for {}", "look at {}",
    "give me {}", "an illustration of {}", "a cartoon of {}", "do you have {}", "is there {}",
    "all {}", "every picture that shows {}", "all pictures of {}", "a sticker of {}",
    "have you got {} for me", "what about {}", "we are searching {} for our homepage",
    "please look for {} in this folder", "any chance of {} here", "it shows {}", "{}, nothing else",
    "the one with {}", "i think there was {} somewhere", "take me to {}", "bring up {}",
    "my son likes {}", "her favourite is {}", "one of those with {}", "list the files that show {}",
    "what we saw yesterday: {}", "{} as a card for grandpa", "let me see {} again", "{} if any",
    "they asked me about {}", "which of them has {}", "hello, i need {} quickly", "only {}",
    "could you open {} for me", "something like {}", "nothing but {}", "try {}", "{} or similar",
)  # fmt: skip

PRAISE: tuple[str, ...] = (
    "nice", "cute", "pretty", "happy", "lovely", "beautiful", "funny", "new", "old", "shiny",
    "friendly", "sweet", "cool", "great", "good", "plain", "bright", "wonderful", "fine", "sad",
)  # fmt: skip
"""Adjectives that say nothing about what is drawn."""

FILLERS: tuple[str, ...] = (
    "hello", "hi", "hey", "please", "now", "today", "just", "maybe", "really", "very", "some",
    "thanks", "thank you", "quickly", "here", "somewhere", "could you", "would you", "my", "the",
    "so", "well", "for me", "if possible", "somehow", "again", "that", "which", "our", "their",
    "wow", "ok", "also", "actually", "kindly", "let us see", "we need", "i love", "she wants",
    "he likes", "they saw", "once more", "for my friend", "right now", "as soon as you can",
    "must", "should", "may i", "will you", "can we", "do they", "were", "been", "has", "had",
    "about", "from", "into", "over", "under it", "between them", "because", "although", "while",
    "tomorrow", "yesterday", "always", "never mind", "often", "perhaps", "quite", "rather",
    "everything", "anything", "someone", "who", "what", "when", "how", "why", "whose", "better",
    "using", "getting", "making", "hoping for", "thinking of", "talking about", "remembering",
    "in our collection", "on this disk", "from last year", "of my mother", "out of these",
)  # fmt: skip
"""Words around a caption that change nothing about it."""
