"""What each word gives: planted cases, in which it is known which words a picture shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from search_engine.evaluation.nonsense import nonsense_queries
from search_engine.explain import WordEffect, word_effects
from search_engine.lab.mini_model import vocabulary
from search_engine.lab.mini_model.misspelling import slip
from search_engine.lab.model_quality.judges import OUTSIDERS, UNSEEN_SENTENCES
from search_engine.lab.model_quality.queries import plain_name, with_article
from search_engine.lab.proofs.bounds import Beside, Bound, ProvedFigure, at_least, at_most
from search_engine.lab.proofs.studio import Studio
from search_engine.query import EncodedQuery, Query
from search_engine.sample import read_truth
from search_engine.sample.chance import Chance
from search_engine.sample.scenes import Colour, Kind, Scene
from search_engine.search.engine import SearchEngine

SHOWN_FLOOR, POSITIVE_FLOOR = 0.9, 0.9
_MEANT_CEILING = 0.05
_MADE_UP_FLOOR, _SENTENCE_FLOOR = 0.8, 0.95
_CASES = 200

Effects: TypeAlias = list[tuple[float, WordEffect]]
"""With each effect what the plain difference of the scores is."""


def prove(studio: Studio) -> list[ProvedFigure]:
    """Ask for what pictures show in part and in full, and with words that mean nothing."""
    words = _Words(studio.gallery, Chance(f"words of proof {studio.seed}"))
    studio.begin(f"Asking for colours and kinds of {len(words.pictures):,} pictures")
    figures = [*_planted(words), *_all_shown(words)]
    studio.begin("Asking with words that mean nothing")
    return [*figures, *_unused(words, studio.seed)]


@dataclass(frozen=True, slots=True)
class _Picture:
    picture_id: int
    scene: Scene


class _Words:
    """Some pictures whose kinds have names of one word, and what words give to them."""

    def __init__(self, engine: SearchEngine, chance: Chance) -> None:
        self.chance = chance
        self._engine = engine
        self._backdrop = engine.backdrop()
        ids = {one.path: one.picture_id for one in engine.catalog.pictures}
        pictures = [
            _Picture(ids[one.path], one.scene)
            for one in read_truth(engine.collection.root)
            if " " not in plain_name(one.scene.kind)
        ]
        chance.shuffle(pictures)
        self.pictures = pictures[:_CASES]

    def effects(self, picture_id: int, text: str) -> dict[str, tuple[float, WordEffect]]:
        """Return for each word of a query what it gives, the plain difference first."""
        encoded = self._engine.encode(Query.words(text))
        vector = self._engine.embeddings.one(picture_id)
        assert vector is not None  # noqa: S101 - it was indexed
        score = float(encoded.vector @ vector)

        def ask(query: Query) -> tuple[EncodedQuery, None]:
            return self._engine.encode(query), None

        found = word_effects(encoded, picture_id, vector, vector[None], self._backdrop, ask)
        return {one.word: (score - one.score_without, one) for one in found}


def _planted(words: _Words) -> list[ProvedFigure]:
    """Ask each picture for its colour with another kind, and for its kind in another colour."""
    plain, centred = [], []
    for one in words.pictures:
        colour, kind = one.scene.colour, plain_name(one.scene.kind)
        other_colour = words.chance.choice([c for c in Colour if c is not colour])
        names = [plain_name(k) for k in Kind if k is not one.scene.kind]
        other_kind = words.chance.choice([name for name in names if " " not in name])
        for text, shown, not_shown in (
            (f"{colour} {other_kind}", str(colour), other_kind),
            (f"{other_colour} {kind}", kind, str(other_colour)),
        ):
            found = words.effects(one.picture_id, with_article(text))
            (plain_yes, yes), (plain_no, no) = found[shown], found[not_shown]
            plain.append(plain_yes > plain_no)
            centred.append(yes.difference > no.difference)
    return [
        _share("the word that is shown gives more than the one that is not", centred, plain,
               at_least(SHOWN_FLOOR))
    ]  # fmt: skip


def _all_shown(words: _Words) -> list[ProvedFigure]:
    """Ask each picture for all that it shows."""
    plain: dict[str, list[bool]] = {}
    centred: dict[str, list[bool]] = {}
    for one in words.pictures:
        noun = vocabulary.NOUNS[one.scene.kind][0]
        name = noun.one if one.scene.count == 1 else noun.many
        number = vocabulary.COUNT_WORDS[one.scene.count][0]
        found = words.effects(one.picture_id, f"{number} {one.scene.colour} {name}")
        told = {"kind": name.split()[-1], "colour": str(one.scene.colour), "number": number}
        for what, word in told.items():
            if word in found:
                plain.setdefault(what, []).append(found[word][0] > 0)
                centred.setdefault(what, []).append(found[word][1].difference > 0)
    return [
        _share(f"{what} that is shown gives something", centred[what], plain[what],
               None if what == "number" else at_least(POSITIVE_FLOOR))
        for what in centred
    ]  # fmt: skip


def _share(
    name: str, right: Sequence[bool], plain: Sequence[bool], bound: Bound | None
) -> ProvedFigure:
    beside = Beside("means not taken away", float(np.mean(plain)))
    return ProvedFigure(name, float(np.mean(right)), bound, beside)


def _unused(words: _Words, seed: int) -> list[ProvedFigure]:
    """Put words without a meaning into queries, and see which are said to be hardly used."""
    choice = words.chance.choice
    made_up = [text for text in nonsense_queries(2 * _CASES, seed) if " " not in text]
    unknown = [word for word in OUTSIDERS if " " not in word]
    told: dict[str, list[bool]] = {}

    def note(what: str, one: _Picture, text: str, asked: Callable[[str], bool]) -> None:
        for word, (_, effect) in words.effects(one.picture_id, text).items():
            if asked(word):
                told.setdefault(what, []).append(effect.hardly_used)

    for one in words.pictures:
        colour, kind = str(one.scene.colour), plain_name(one.scene.kind)
        meant = f"{with_article(colour)} {kind}"
        place = vocabulary.PLACE_PHRASES[one.scene.background][0]
        note(
            "word that is meant",
            one,
            f"{meant} {place}",
            {colour, kind, place.split()[-1]}.__contains__,
        )
        for what, some in (("made-up word", made_up), ("unknown word", unknown)):
            word, asked = choice(some), choice((meant, f"{meant} {place}")).split()
            asked.insert(words.chance.randint(1, len(asked)), word)
            note(what, one, " ".join(asked), word.__eq__)
        sentence = choice(UNSEEN_SENTENCES).format(meant)
        note("word of a sentence", one, sentence, lambda w: w.strip("?") not in {colour, kind})  # noqa: B023 - asked at once
        slipped = slip(kind, words.chance)
        note("mistyped kind", one, f"{with_article(colour)} {slipped}", slipped.__eq__)
    bounds = {
        "word that is meant": at_most(_MEANT_CEILING),
        "made-up word": at_least(_MADE_UP_FLOOR),
        "word of a sentence": at_least(_SENTENCE_FLOOR),
    }
    return [
        ProvedFigure(f"said to be hardly used: {what}", float(np.mean(said)), bounds.get(what))
        for what, said in told.items()
    ]
