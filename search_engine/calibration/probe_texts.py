"""Texts that ask for nothing in particular, to measure by: captions, and words without a meaning.

The captions stand for the queries people run. They are about many things and loaded with none, so
that what they measure holds for any collection.
"""

from __future__ import annotations

CAPTIONS: tuple[str, ...] = (
    "a photo of a dog", "a cat on a sofa", "a horse in a field", "a bird on a branch",
    "a fish under water", "an insect on a leaf", "cows grazing on a meadow", "a wild animal",
    "a person smiling at the camera", "a group of friends", "a child playing", "an old man",
    "a woman reading a book", "a portrait in black and white", "a crowd of people", "a family",
    "two people walking hand in hand", "a hand holding something", "a dancer on a stage",
    "somebody riding a bicycle", "a football match", "a swimmer in a pool", "a runner on a track",
    "climbing a rock", "skiing down a slope", "a boat on a lake", "a sailing ship at sea",
    "a car on a road", "a red bus in the city", "a train at a station", "an aeroplane in the sky",
    "a motorcycle", "a truck on a motorway", "a bridge over a river", "a street at night",
    "the skyline of a city", "an old church", "a castle on a hill", "a modern building",
    "a house with a garden", "the inside of a living room", "a kitchen", "a bed in a bedroom",
    "an office with desks", "a classroom", "a shop window", "a market with fruit",
    "a restaurant table", "a plate of food", "a cup of coffee", "a cake with candles",
    "a bowl of salad", "bread and cheese", "a glass of wine", "fresh vegetables", "a pizza",
    "mountains covered with snow", "a forest in autumn", "a beach with palm trees",
    "sunset over the sea", "clouds in a blue sky", "a waterfall", "a desert", "a field of flowers",
    "a single flower close up", "a tree in winter", "grass", "rain on a window", "fog in a valley",
    "a starry night", "the moon", "fire", "ice", "a rocky coast", "a river in a valley",
    "a path through a park", "a wooden fence", "a staircase", "a door in a wall", "a window",
    "a stone wall", "graffiti", "a statue", "a painting", "a drawing of a face", "a cartoon",
    "a map", "a page of text", "a screenshot of a program", "a diagram with arrows", "a bar chart",
    "a logo", "a road sign", "a poster", "handwriting", "a receipt", "a book cover",
    "a computer on a desk", "a mobile phone", "a camera", "a clock", "a guitar", "a piano",
    "a pair of shoes", "a dress", "a hat", "jewellery", "a bag", "a toy", "a ball", "a tool",
    "a machine in a factory", "a bottle", "a chair", "a lamp", "a box", "something red",
    "something blue", "a green pattern", "stripes", "an abstract picture", "a blurred picture",
    "a very dark picture", "a bright picture", "a picture taken from above", "a close-up",
    "a wide landscape", "a wedding", "a birthday party", "a concert", "a holiday by the sea",
    "a puppy on grass", "a sheep on a hill", "a pig in the mud", "a duck on a pond", "a swan",
    "a lion", "a giraffe", "a squirrel", "a hedgehog", "a frog", "a lizard", "a spider in its web",
    "a shell on the beach", "a penguin", "a parrot", "an aquarium", "a farm", "a teenager",
    "a bride and groom", "a doctor", "a soldier", "a firefighter", "a cook in a kitchen",
    "a musician", "a painter at work", "a businessman in a suit", "a man with a beard",
    "a girl with long hair", "a selfie", "a tennis player", "surfing a wave", "people doing yoga",
    "ice skating", "a horse race", "camping in the woods", "a fairground", "a playground",
    "fireworks", "a funeral", "a speech at a meeting", "a queue of people", "a traffic jam",
    "an airport", "a harbour", "a helicopter", "a scooter", "an engine", "a tunnel", "a lighthouse",
    "a barn", "a temple", "a mosque", "a monument", "a square in an old town", "a roof",
    "a corridor", "a fireplace", "a carpet", "a curtain", "a sofa", "a library", "a museum",
    "a laboratory", "a supermarket", "a bar", "a bakery", "a sandwich", "sushi", "pasta",
    "an apple", "a bunch of grapes", "chocolate", "a breakfast table", "a glass of beer",
    "meat on a grill", "a jungle", "a meadow", "a cave", "a glacier", "an island", "a canyon",
    "a rainbow", "a storm at sea", "a frozen lake", "leaves on the ground", "a mushroom",
    "a cactus", "a planet", "a galaxy", "cells under a microscope", "a mathematical formula",
    "a newspaper", "a ticket", "a flag", "a stamp", "a chess board", "a doll", "a teddy bear",
    "a kite", "a key", "scissors", "a hammer", "a bucket", "a backpack", "a watch", "glasses",
    "a shirt", "a uniform", "a television", "a robot", "a battery", "a violin", "a trumpet",
    "a sculpture in wood", "a comic strip", "an icon", "a collage", "a pattern of dots",
    "a yellow background", "a purple light", "a shadow", "smoke", "a splash of water",
    "two of the same", "an empty room",
)  # fmt: skip

NONSENSE: tuple[str, ...] = (
    "a photo of a djchhdjlada", "eiwoycs", "a photo of a leexslair", "gutproob",
    "a photo of a nizvmxcp", "chenbim", "a photo of a jeextrat", "stuckflurz",
    "a photo of a bozzvaick", "ypfiwbtyenp", "a photo of a tibpob", "pksiygi",
    "a photo of a pulfluxjozz", "komrir", "a photo of a meeckspot", "lokterv",
    "a photo of a drixplagra", "draifli", "a photo of a xvbvmcnxxem", "jockheen",
    "a photo of a spaingflon", "bcxbpbnmbz", "a photo of a hdhs", "greslazz",
    "a photo of a vooxlir", "navbamm", "a photo of a vvmmnmnqn", "1dsff4", "a photo of a fotyaim",
    "quohur", "a photo of a fnqpfja", "moplir", "a photo of a yrfit", "draimaixkax",
    "a photo of a tuqvci88qww", "eyiywgepoyr", "a photo of a 76ou6t5sdn8", "sjjkhlr",
    "a photo of a hkxgve", "uwpqpoiou", "a photo of a hhslia", "dirtrindrang",
    "a photo of a troonbre", "zxznp", "a photo of a jairjabblux", "proozzhoot",
    "a photo of a hissta", "adhifassse", "a photo of a vmpx", "quaimfizz", "a photo of a pumgloom",
    "52oc27erhx8", "a photo of a todgwepw", "sixkoos", "a photo of a plaingfoock", "gfxgdlc",
    "a photo of a juxpreb", "p9srw2", "a photo of a opqwipt", "jeebgot", "a photo of a htbiuremero",
    "woictpot", "a photo of a cmcbmxblr", "qyrteqsogp",
)  # fmt: skip
"""Made-up words and struck keys; no picture shows them."""

PROBE_TEXTS: tuple[str, ...] = CAPTIONS + NONSENSE
"""In the order in which a catalog keeps their vectors."""
