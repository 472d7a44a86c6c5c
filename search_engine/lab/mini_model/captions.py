"""A small grammar: what can be said about a scene, and exactly what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.misspelling import invented_word
from search_engine.lab.mini_model.vocabulary import Noun
from search_engine.sample.chance import Chance
from search_engine.sample.scenes import Background, Colour, Kind, Position, Scene, Size


@dataclass(frozen=True, slots=True)
class Clause:
    """What is claimed about one group of objects; None claims nothing."""

    kinds: frozenset[Kind] | None = None
    colour: Colour | None = None
    background: Background | None = None
    size: Size | None = None
    count: int | None = None
    position: Position | None = None

    def fits(self, scene: Scene) -> bool:
        """Return whether the claim is true of a scene."""
        return (
            (self.kinds is None or scene.kind in self.kinds)
            and self.colour in {None, scene.colour}
            and self.background in {None, scene.background}
            and self.size in {None, scene.size}
            and self.count in {None, scene.count}
            and (self.position is None or (scene.count == 1 and self.position is scene.position))
        )


@dataclass(frozen=True, slots=True)
class Caption:
    """A text and its claims; without claims it names nothing that we draw."""

    text: str
    clauses: tuple[Clause, ...] = ()

    def fits(self, scenes: Sequence[Scene]) -> bool:
        """Return whether every claim is true of one of the scenes in a picture."""
        return bool(self.clauses) and all(
            any(clause.fits(scene) for scene in scenes) for clause in self.clauses
        )


_ASPECTS_OF_ONE: tuple[tuple[int, str], ...] = (
    (14, "kind"), (20, "kind colour"), (6, "kind background"), (8, "kind colour background"),
    (3, "kind count"), (3, "kind colour count"), (5, "kind size"), (6, "kind colour size"),
    (18, "kind position"), (12, "kind colour position"), (3, "kind position background"),
    (2, "background"), (2, "colour"), (2, "position colour"), (3, "kind colour size background"),
)  # fmt: skip
_ASPECTS_OF_SEVERAL: tuple[tuple[int, str], ...] = (
    (14, "kind"), (20, "kind colour"), (6, "kind background"), (8, "kind colour background"),
    (18, "kind count"), (16, "kind colour count"), (4, "kind size"), (5, "kind colour size"),
    (5, "kind count background"), (2, "background"), (2, "colour"), (3, "count colour"),
    (3, "kind colour size count background"),
)  # fmt: skip
"""How often which aspects are said together; what is rare is learned badly."""

_TERM_SHARE = 0.09
_SYNONYM_SHARE = 0.3


def claim(scene: Scene, aspects: str, kinds: frozenset[Kind] | None = None) -> Clause:
    """Claim the named aspects of a scene; several objects have no position of their own."""
    said = set(aspects.split())
    return Clause(
        kinds=(kinds or frozenset({scene.kind})) if "kind" in said else None,
        colour=scene.colour if "colour" in said else None,
        background=scene.background if "background" in said else None,
        size=scene.size if "size" in said else None,
        count=scene.count if "count" in said else None,
        position=scene.position if "position" in said and scene.count == 1 else None,
    )


def random_caption(scene: Scene, chance: Chance) -> Caption:
    """Say something true about a scene."""
    aspects_of = _ASPECTS_OF_ONE if scene.count == 1 else _ASPECTS_OF_SEVERAL
    weights, choices = zip(*aspects_of, strict=True)
    aspects = chance.choices(choices, weights)[0]
    noun, kinds = random_noun(scene.kind, chance)
    clause = claim(scene, aspects, kinds)
    return Caption(sentence(phrase(clause, noun, chance), chance), (clause,))


def pair_caption(first: Scene, second: Scene, chance: Chance) -> Caption:
    """Say that two different things are in one picture."""
    clauses, phrases = [], []
    for scene in chance.sample((first, second), 2):
        noun, kinds = random_noun(scene.kind, chance)
        aspects = chance.choice(("kind", "kind colour", "kind colour"))
        clauses.append(claim(scene, aspects, kinds))
        phrases.append(phrase(clauses[-1], noun, chance))
    joint = chance.choice((" and ", " and ", " with ", " next to ", " beside ", ", "))
    return Caption(sentence(joint.join(phrases), chance), tuple(clauses))


def random_noun(kind: Kind, chance: Chance) -> tuple[Noun, frozenset[Kind]]:
    """Choose a name for a kind: mostly the plain one, sometimes a synonym or an umbrella term."""
    terms = [term for term in words.UMBRELLA_TERMS if kind in term[1]]
    if terms and chance.hits(_TERM_SHARE):
        return chance.choice(terms)
    names = words.NOUNS[kind]
    plain = not chance.hits(_SYNONYM_SHARE)
    return (names[0] if plain else chance.choice(names)), frozenset({kind})


def phrase(clause: Clause, noun: Noun, chance: Chance) -> str:
    """Put a claim into words."""
    named = noun if clause.kinds else Noun("thing", "things")
    if clause.kinds is None and clause.count is None and clause.position is None:
        named = chance.choice((named, Noun("", "")))
    several = clause.count != 1 and (clause.count is not None or chance.hits(0.3))
    core = _describe(clause, named.many if several else named.one, chance)
    core = _counted(clause, core, chance, several=several)
    return " ".join(part for part in (core, *_where(clause, chance)) if part)


def _describe(clause: Clause, name: str, chance: Chance) -> str:
    adjectives = []
    if clause.size:
        adjectives.append(_word(words.SIZE_WORDS[clause.size], chance))
    colour = _word(words.COLOUR_WORDS[clause.colour], chance) if clause.colour else ""
    if colour and name and chance.hits(0.08):
        link = chance.choice(("", "in", "that is", "which is"))
        return " ".join((*adjectives, name, link, colour))
    if chance.hits(0.06):
        adjectives.append(chance.choice(words.PRAISE))
    adjectives.append(colour)
    if chance.hits(0.2):
        chance.shuffle(adjectives)
    return " ".join((*adjectives, name))


def _counted(clause: Clause, core: str, chance: Chance, *, several: bool) -> str:
    core = " ".join(core.split())
    if not core:
        return ""
    if clause.count is not None:
        return f"{_word(words.COUNT_WORDS[clause.count], chance)} {core}"
    if several or core.startswith("something") or chance.hits(0.35):
        return core
    article = "an" if core[0] in "aeiou" else "a"
    return f"{chance.choice((article, article, article, 'the', 'this', 'any'))} {core}"


def _where(clause: Clause, chance: Chance) -> list[str]:
    parts = []
    if clause.position:
        parts.append(_word(words.SPOT_PHRASES[clause.position], chance))
    if clause.background:
        parts.append(_word(words.PLACE_PHRASES[clause.background], chance))
    return parts


def _word(choices: tuple[str, ...], chance: Chance) -> str:
    return choices[0] if chance.hits(0.5) else chance.choice(choices)


def sentence(core: str, chance: Chance) -> str:
    """Wrap a phrase into a sentence, or leave it bare; capitals and stops come by chance."""
    text = core
    if chance.hits(0.5):
        text = chance.choice(words.SENTENCES).format(core)
    if chance.hits(0.2):
        for _ in range(chance.randint(1, 3)):
            filler = invented_word(chance) if chance.hits(0.3) else chance.choice(words.FILLERS)
            text = chance.choice((f"{filler} {text}", f"{filler}, {text}", f"{text} {filler}"))
    return text + chance.choice(("", "", "", "", ".", "!", "?"))
