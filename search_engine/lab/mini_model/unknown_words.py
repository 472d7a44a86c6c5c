"""Words that name nothing we draw; in training they teach the model to say no.

The words that judge the model (``judges.py``) are others, and none of them stands here.
"""

from __future__ import annotations

from collections.abc import Callable

from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.misspelling import gibberish, invented_word, prefixed, suffixed
from search_engine.lab.model_quality.judges import LOOK_ALIKES, OUTSIDERS
from search_engine.sample.chance import Chance
from search_engine.sample.scenes import Colour, Kind

UNKNOWN_WORDS: tuple[str, ...] = tuple(
    """
    dog puppy horse pony cow calf sheep lamb goat pig piglet wolf fox bear deer moose camel lion
    tiger leopard cheetah panther jaguar zebra giraffe rhino hippo gorilla chimpanzee baboon lemur
    kangaroo koala wombat platypus otter beaver badger raccoon skunk weasel ferret hamster
    squirrel chipmunk mouse rat mole hedgehog bat seal walrus dolphin shark eel salmon trout tuna
    cod herring lobster shrimp clam oyster mussel coral worm spider scorpion ant bee wasp fly
    mosquito beetle cricket grasshopper moth dragonfly caterpillar frog toad newt salamander
    lizard gecko chameleon snake viper cobra python iguana alligator dinosaur penguin ostrich
    flamingo pelican stork heron swan goose chicken rooster hen peacock parrot eagle hawk falcon
    vulture crow raven magpie pigeon dove swallow woodpecker hummingbird seagull monkey turkey
    unicorn dragon mermaid ghost witch person man woman boy girl baby child people crowd family
    father mother brother sister uncle aunt king queen prince princess knight soldier sailor
    pirate farmer doctor nurse teacher student pilot policeman fireman chef cook waiter dancer
    singer painter writer clown wizard robot alien astronaut face head hair eye nose mouth ear
    tooth tongue neck shoulder arm elbow finger thumb chest stomach knee foot toe skin bone brain
    blood skull skeleton beard smile bread toast butter cheese milk egg bacon ham sausage steak
    burger sandwich pizza pasta spaghetti noodle rice soup salad sauce ketchup salt sugar honey
    jam chocolate cookie biscuit pancake waffle pie muffin pudding yogurt cereal popcorn chips
    fries taco burrito sushi curry omelette dumpling potato tomato carrot onion garlic pepper
    cucumber lettuce cabbage broccoli spinach celery corn bean pea pumpkin radish asparagus banana
    grape lemon lime cherry peach plum apricot mango melon pineapple coconut kiwi fig raspberry
    blueberry avocado olive nut walnut almond peanut juice tea beer wine whisky soda lemonade
    bottle glass jar plate bowl fork knife spoon pan pot kettle oven stove fridge freezer toaster
    blender dishwasher sink bathtub shower toilet towel soap shampoo toothbrush toothpaste comb
    razor mirror curtain carpet rug pillow blanket mattress bed sofa couch armchair chair table
    desk shelf cupboard wardrobe drawer door window roof floor ceiling wall stairs ladder elevator
    chimney fence gate garden garage kitchen bathroom bedroom telephone television radio camera
    computer laptop tablet monitor printer scanner mouse-pad cable battery plug socket microphone
    speaker headphones projector calculator remote antenna satellite pen pencil eraser ruler
    scissors glue tape stapler paper envelope stamp letter newspaper magazine map calendar diary
    poster painting photograph statue vase candle match lighter torch bulb hammer nail screw
    screwdriver wrench pliers saw drill axe shovel rake bucket broom mop brush rope chain lock
    hook wheel engine pump pipe tube wire spring gear lever magnet coat jacket sweater hoodie
    dress skirt trousers jeans shorts socks shoes boots sandals slippers gloves mittens scarf tie
    belt button zipper pocket ring necklace bracelet earring watch glasses wallet purse handbag
    backpack suitcase basket bag box crate barrel bicycle motorcycle scooter skateboard truck van
    tractor ambulance taxi tram subway helicopter submarine canoe kayak raft ferry anchor wagon
    sled trolley crane bulldozer tank road street highway bridge tunnel crossing sidewalk airport
    station harbour factory office shop supermarket market restaurant hotel hospital school
    university library museum theatre cinema church temple mosque cathedral tower skyscraper barn
    stable prison bank farm park zoo stadium playground swing slide fountain windmill igloo
    pyramid mountain valley cliff cave volcano river lake pond waterfall stream island forest
    jungle swamp field rain storm lightning thunder fog wind tornado rainbow hurricane earthquake
    planet comet galaxy meteor rock stone pebble mud dust smoke fire flame ash ice crystal diamond
    gold silver iron copper steel plastic rubber leather wool cotton silk ball football basketball
    tennis racket golf hockey skates ski surfboard kite puzzle dice chess card doll teddy toy drum
    piano violin trumpet flute harp saxophone accordion orchestra rose tulip orchid lily ivy moss
    fern bush bamboo seed root branch trunk petal thorn hay straw wheat grain music song dance
    story poem movie joke dream idea number letterbox answer question problem reason law money
    coin price bill invoice receipt contract ticket passport licence certificate signature meeting
    lecture exam homework lesson party wedding funeral birthday-party holiday vacation journey war
    peace love anger fear joy sadness hope luck truth lie secret memory hour minute second week
    month year spring-cleaning autumn monday friday january october mathematics physics chemistry
    biology history geography economics politics religion philosophy software database algorithm
    program keyword website password email internet server browser virus bacteria medicine pill
    bandage needle syringe thermometer stethoscope wheelchair ambulances sculpture architecture
    cathedral-choir graffiti tattoo mask costume wig makeup lipstick perfume soccer rugby baseball
    boxing wrestling karate yoga swimming running jumping climbing sleeping eating drinking
    cooking reading writing driving flying falling laughing crying fighting wallpaper plaster
    concrete brick tile marble asphalt gravel sandcastle-contest scaffold parliament president
    minister mayor judge lawyer thief crime trial vote election flag anvil abacus bagpipe
    boomerang cannon catapult chandelier compass corkscrew crossbow crutch dartboard doorknob
    easel faucet fireplace flute-player frying-pan funnel gramophone hammock hourglass
    ironing-board jukebox kaleidoscope lawnmower metronome mortar noose oar paddle padlock
    parachute periscope phonograph pitchfork quill revolver rifle sewing-machine shield slingshot
    spatula spinning-wheel stopwatch sundial sword syrup thimble tripod trombone tweezers
    typewriter vacuum-cleaner vending-machine violin-bow waffle-iron washbasin whistle xylophone
    yoyo sunglasses starfish jellyfish swordfish catfish crayfish treehouse greenhouse warehouse
    doghouse carport cartoonist cargo carnival caravan carbon cardboard carnation catalogue cattle
    category caterer keyhole keynote keypad monk-key jockey whiskey hatch hatchet chatter bookcase
    bookshelf facebook cookbook notebook-paper bookkeeper clockwork o'clock belly bellboy label
    rebel dumbbell cupid cupola hiccup occupy teacup-ride starch startup starling mustard custard
    busy bush-fire business robust planet-earth planet-mars plank plankton plantation
    airplane-food moonlight moonshine honeymoon sunday sunburn sunrise-yoga heartache heartbeat
    hearth applesauce pineapple-juice snapple pearl spear appear leaflet cloverleaf crownless
    crowbar crowd-control clownfish tentacle potent content tenth boatman boathouse steamboat
    rocketeer trainer training strain restrain constrain gifted giftshop lampoon lamprey clamp
    guitarist shirtless sweatshirt balloonist snowflake snowman snowboard iceberg icecap
    police-box birdhouse ladybird blackbird bluebird bullfinch birdcage earthworm seahorse
    sea-urchin sea-lion whalebone crabgrass scrabble owlet bowl-cut howl growl prowler treetop
    streets treaty retreat cactus-juice flowerpot wallflower cauliflower mushroom-cloud-test
    shortcake pancake-mix cheesecake cupcake fishing fisherman fishbowl selfish catwalk scatter
    bobcat cathedral-roof housewife townhouse-fire castlemaine forecastle elephantine snail-mail
    rabbit-hole turtleneck butterfly-net
    """.split()
)

_ENDINGS = (
    "board line man way side work field light wood stone room mate proof craft hood pole land post "
    "port ward fall hole pit net"
).split()
_KNOWN = frozenset(
    part
    for nouns in words.NOUNS.values()
    for noun in nouns
    for form in (noun.one, noun.many)
    for part in (form, *form.split())
)
_SHORT_NAMES = tuple(words.NOUNS[kind][0].one for kind in Kind if kind is not Kind.ICE_CREAM)


_JUDGES = frozenset((*OUTSIDERS, *LOOK_ALIKES))
"""Chance could make them up; then they would no longer be unknown."""


def unknown_word(chance: Chance) -> str:
    """Name something that we never draw."""
    while (word := _candidate(chance)) in _KNOWN | _JUDGES:
        pass
    return word


def _listed(_: str, chance: Chance) -> str:
    return chance.choice(UNKNOWN_WORDS).replace("-", " ")


def _pair(_: str, chance: Chance) -> str:
    return " ".join(chance.choice(UNKNOWN_WORDS) for _ in range(2)).replace("-", " ")


def _spliced(_: str, chance: Chance) -> str:
    """Join the head of one word to the tail of another."""
    head, tail = (chance.choice(UNKNOWN_WORDS).split("-")[0] for _ in range(2))
    return head[: chance.randint(1, max(1, len(head) - 1))] + tail[len(tail) // 2 :]


def _invented(_: str, chance: Chance) -> str:
    return invented_word(chance)


def _gibberish(_: str, chance: Chance) -> str:
    return gibberish(chance)


def _ended(name: str, chance: Chance) -> str:
    return name + chance.choice(_ENDINGS)


def _joined(name: str, chance: Chance) -> str:
    other = chance.choice(UNKNOWN_WORDS).split("-")[0]
    return chance.choice((other + name, name + other))


_WAYS: tuple[tuple[int, Callable[[str, Chance], str]], ...] = (
    (9, _listed),
    (4, prefixed),
    (3, suffixed),
    (3, _spliced),
    (2, _invented),
    (2, _ended),
    (1, _joined),
    (1, _gibberish),
    (1, _pair),
)
"""How often which way leads to a word that names nothing; some start from a name we know."""


def _candidate(chance: Chance) -> str:
    weights, ways = zip(*_WAYS, strict=True)
    way: Callable[[str, Chance], str] = chance.choices(ways, weights)[0]
    return way(chance.choice(_SHORT_NAMES), chance)


def unknown_phrase(chance: Chance) -> str:
    """Ask for something that we never draw, bare or with colour, count and place."""
    core = unknown_word(chance)
    if chance.hits(0.3):
        core = f"{chance.choice(words.COLOUR_WORDS[chance.choice(tuple(Colour))])} {core}"
    if chance.hits(0.15):
        core = f"{chance.choice(words.COUNT_WORDS[chance.choice((1, 2, 3))])} {core}s"
    elif chance.hits(0.6):
        core = f"{'an' if core[0] in 'aeiou' else 'a'} {core}"
    if chance.hits(0.15):
        places = chance.choice((*words.PLACE_PHRASES.values(), *words.SPOT_PHRASES.values()))
        core = f"{core} {chance.choice(places)}"
    return core
