"""The words that judge the model: none of them is ever used in training."""

from __future__ import annotations

OUTSIDERS: tuple[str, ...] = (
    "tax form", "microwave", "parking meter", "traffic light", "hydrant", "debit note",
    "chainsaw", "escalator", "tombstone", "trampoline", "wheelbarrow", "binoculars", "telescope",
    "microscope", "stroller", "toboggan", "snorkel", "mailbox", "dumpster", "billboard",
    "cheeseburger", "lasagna", "croissant", "pretzel", "meatball", "zucchini", "eggplant",
    "cauldron", "chopsticks", "thermos", "hairdryer", "mascara", "bulldog", "poodle", "llama",
    "armadillo", "porcupine", "antelope", "buffalo", "meerkat", "orangutan", "toucan", "piranha",
    "centipede", "barnacle", "tarantula", "bandana", "surgeon", "plumber", "bishop",
    "ballerina", "cowboy", "viking", "zombie", "vampire", "grandmother", "neighbour", "referee",
    "moustache", "eyebrow", "ankle", "spreadsheet", "smartphone", "modem", "joystick", "usb stick",
    "barcode", "blueprint", "whiteboard", "briefcase", "cufflinks", "raincoat", "pyjamas", "bikini",
    "cardigan", "tuxedo", "glacier", "canyon", "geyser", "avalanche", "lagoon", "orchard",
    "vineyard", "cemetery", "petrol", "refinery", "oil rig", "roundabout", "greyhound race",
    "banjo", "cello", "harmonica", "tambourine", "bowling", "snooker", "archery", "gymnastics",
    "democracy", "inflation", "gravity", "jealousy", "tuesday", "quantum mechanics", "mortgage",
    "insurance policy", "committee", "annual report", "cholesterol", "x-ray", "tumour",
    "dentist", "vaccine", "asbestos", "plutonium", "sandpaper", "plywood", "chandler", "laser beam",
    "quilt", "hubcap", "lanyard", "gasket", "alternator", "tyre", "drawbridge", "catacomb",
    "obelisk", "gargoyle", "trellis", "gazebo", "birdsong", "photosynthesis", "zxqv", "qwerty",
    "blorptang", "1234567", "lorem ipsum", "汽车", "собака",
)  # fmt: skip
"""Things that were never named in training, in drawings or in words."""

LOOK_ALIKES: tuple[str, ...] = (
    "donkey", "crocodile", "carpenter", "keyboard", "lighthouse", "hedgerow", "carton", "cartridge",
    "scarface", "catapulted", "cathode", "education", "shatter", "hatter", "manhattan", "bellows",
    "umbrellabird", "busker", "robustness", "startle", "starboard", "sunder", "sundown", "moonwalk",
    "pearson", "pearly", "shipment", "boating", "trainee", "sprain", "planetarium", "explanation",
    "tentative", "attention", "competent", "clampdown", "upcycle", "treason", "bookmaker",
    "heartless", "hearty", "cloudburst", "giftwrapping", "fishmonger", "blowfish", "flagship",
    "penthouse", "housefly", "hothouse", "fowl", "scowl", "snailfish", "crabapple",
    "latchkey", "turnkey", "hotkey", "lackey", "chartreuse",
)  # fmt: skip
"""Words that have letters of ours in them and mean something else."""

UNSEEN_SENTENCES: tuple[str, ...] = (
    "hi! can i please see some pictures with {}", "my daughter would be glad about {}",
    "which file contains {}?", "i remember a postcard showing {}", "scrolling for {} all day long",
    "help me locate {} among these", "{} - do we own any?", "display everything depicting {}",
    "need {} for a slide", "searching our archive: {}",
)  # fmt: skip
"""Sentences around a query that training never used."""
