"""The questions that judge the model, each with what a right answer shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.captions import Clause
from search_engine.lab.mini_model.misspelling import misspell
from search_engine.lab.model_quality.album import Album
from search_engine.lab.model_quality.judges import UNSEEN_SENTENCES
from search_engine.sample.chance import Chance
from search_engine.sample.scenes import HELD_OUT, Colour, Kind, Scene


@dataclass(frozen=True, slots=True)
class Question:
    """A query and what a right answer shows."""

    text: str
    claim: Clause


def plain_name(kind: Kind) -> str:
    """Name a kind as most people would."""
    return words.NOUNS[kind][0].one


def with_article(text: str) -> str:
    """Put the indefinite article before a phrase."""
    return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"


def questions(album: Album, ask: Callable[[Scene], Question | None]) -> list[Question]:
    """Ask about every picture; the same question only once."""
    asked = (ask(scene) for scene in album.scenes)
    return list(dict.fromkeys(question for question in asked if question))


def named(scene: Scene) -> Question:
    """Ask for the kind."""
    name = plain_name(scene.kind)
    return Question(f"a photo of {with_article(name)}", Clause(frozenset({scene.kind})))


def coloured(scene: Scene, *, held_out: bool = False) -> Question | None:
    """Ask for colour and kind, of pairs that training has seen, or of those held out."""
    if ((scene.kind, scene.colour) in HELD_OUT) is not held_out:
        return None
    text = with_article(f"{scene.colour} {plain_name(scene.kind)}")
    return Question(text, Clause(frozenset({scene.kind}), scene.colour))


def never_drawn(scene: Scene) -> Question | None:
    """Ask for colour and kind of a pair that training has never seen."""
    return coloured(scene, held_out=True)


def placed(scene: Scene) -> Question | None:
    """Ask for colour, kind and background."""
    question = coloured(scene)
    if question is None:
        return None
    text = f"{question.text} {words.PLACE_PHRASES[scene.background][0]}"
    return Question(text, Clause(frozenset({scene.kind}), scene.colour, scene.background))


def counted(scene: Scene) -> Question:
    """Ask for so many of a kind."""
    noun = words.NOUNS[scene.kind][0]
    name = noun.one if scene.count == 1 else noun.many
    text = f"{words.COUNT_WORDS[scene.count][0]} {name}"
    return Question(text, Clause(frozenset({scene.kind}), count=scene.count))


def sized(scene: Scene) -> Question:
    """Ask for a kind of some size."""
    text = with_article(f"{scene.size} {plain_name(scene.kind)}")
    return Question(text, Clause(frozenset({scene.kind}), size=scene.size))


def positioned(scene: Scene) -> Question | None:
    """Ask for a kind at some place in the picture."""
    if scene.count > 1:
        return None
    spot = words.SPOT_PHRASES[scene.position][0]
    text = f"{with_article(plain_name(scene.kind))} {spot}"
    return Question(text, Clause(frozenset({scene.kind}), position=scene.position))


def mistyped(scene: Scene) -> Question | None:
    """Ask for colour and kind with one slip of the pen."""
    question = coloured(scene)
    if question is None:
        return None
    text = misspell(question.text, Chance(question.text), known=frozenset(Colour) | frozenset(Kind))
    return Question(text, question.claim)


def wrapped(scene: Scene) -> Question | None:
    """Ask for colour and kind in a sentence that training has never used."""
    question = coloured(scene)
    if question is None:
        return None
    sentence = Chance(question.text).choice(UNSEEN_SENTENCES)
    return Question(sentence.format(question.text), question.claim)


FIRST_ANSWERS: tuple[tuple[str, Callable[[Scene], Question | None]], ...] = (
    ("colour + object R@1", coloured),
    ("never-drawn pair R@1", never_drawn),
    ("colour + object + background R@1", placed),
    ("count + object R@1", counted),
    ("size + object R@1", sized),
    ("position + object R@1", positioned),
    ("one typo R@1", mistyped),
    ("unseen sentence R@1", wrapped),
)
