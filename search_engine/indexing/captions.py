"""Captions of nothing in particular: questions that stand for those people ask.

They are about many things and loaded with none, so that what they measure holds for any collection.
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
)  # fmt: skip
