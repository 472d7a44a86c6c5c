"""The queries that judge the model, each with what a right answer shows."""

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
class JudgedQuery:
    """A query and what a right answer shows."""

    text: str
    claim: Clause


def plain_name(kind: Kind) -> str:
    """Name a kind as most people would."""
    return words.NOUNS[kind][0].one


def with_article(text: str) -> str:
    """Put the indefinite article before a phrase."""
    return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"


def queries_about(album: Album, ask: Callable[[Scene], JudgedQuery | None]) -> list[JudgedQuery]:
    """Make a query about every picture; the same only once."""
    queries = (ask(scene) for scene in album.scenes)
    return list(dict.fromkeys(query for query in queries if query))


def named(scene: Scene) -> JudgedQuery:
    """Ask for the kind."""
    name = plain_name(scene.kind)
    return JudgedQuery(f"a photo of {with_article(name)}", Clause(frozenset({scene.kind})))


def coloured(scene: Scene, *, held_out: bool = False) -> JudgedQuery | None:
    """Ask for colour and kind, of pairs that training has seen, or of those held out."""
    if ((scene.kind, scene.colour) in HELD_OUT) is not held_out:
        return None
    text = with_article(f"{scene.colour} {plain_name(scene.kind)}")
    return JudgedQuery(text, Clause(frozenset({scene.kind}), scene.colour))


def never_drawn(scene: Scene) -> JudgedQuery | None:
    """Ask for colour and kind of a pair that training has never seen."""
    return coloured(scene, held_out=True)


def placed(scene: Scene) -> JudgedQuery | None:
    """Ask for colour, kind and background."""
    query = coloured(scene)
    if query is None:
        return None
    text = f"{query.text} {words.PLACE_PHRASES[scene.background][0]}"
    return JudgedQuery(text, Clause(frozenset({scene.kind}), scene.colour, scene.background))


def counted(scene: Scene) -> JudgedQuery:
    """Ask for so many of a kind."""
    noun = words.NOUNS[scene.kind][0]
    name = noun.one if scene.count == 1 else noun.many
    text = f"{words.COUNT_WORDS[scene.count][0]} {name}"
    return JudgedQuery(text, Clause(frozenset({scene.kind}), count=scene.count))


def sized(scene: Scene) -> JudgedQuery:
    """Ask for a kind of some size."""
    text = with_article(f"{scene.size} {plain_name(scene.kind)}")
    return JudgedQuery(text, Clause(frozenset({scene.kind}), size=scene.size))


def positioned(scene: Scene) -> JudgedQuery | None:
    """Ask for a kind at some place in the picture."""
    if scene.count > 1:
        return None
    spot = words.SPOT_PHRASES[scene.position][0]
    text = f"{with_article(plain_name(scene.kind))} {spot}"
    return JudgedQuery(text, Clause(frozenset({scene.kind}), position=scene.position))


def mistyped(scene: Scene) -> JudgedQuery | None:
    """Ask for colour and kind with one slip of the pen."""
    query = coloured(scene)
    if query is None:
        return None
    text = misspell(query.text, Chance(query.text), known=frozenset(Colour) | frozenset(Kind))
    return JudgedQuery(text, query.claim)


def wrapped(scene: Scene) -> JudgedQuery | None:
    """Ask for colour and kind in a sentence that training has never used."""
    query = coloured(scene)
    if query is None:
        return None
    sentence = Chance(query.text).choice(UNSEEN_SENTENCES)
    return JudgedQuery(sentence.format(query.text), query.claim)


FIRST_ANSWERS: tuple[tuple[str, Callable[[Scene], JudgedQuery | None]], ...] = (
    ("colour + object R@1", coloured),
    ("never-drawn pair R@1", never_drawn),
    ("colour + object + background R@1", placed),
    ("count + object R@1", counted),
    ("size + object R@1", sized),
    ("position + object R@1", positioned),
    ("one typo R@1", mistyped),
    ("unseen sentence R@1", wrapped),
)
