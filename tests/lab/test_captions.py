import pytest

from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.batches import captions_of, unknown_captions
from search_engine.lab.mini_model.captions import Caption, Clause, phrase, random_caption
from search_engine.lab.mini_model.misspelling import misspell, slip
from search_engine.lab.mini_model.truth import claim_codes, truth, view_codes
from search_engine.lab.mini_model.unknown_words import UNKNOWN_WORDS
from search_engine.lab.model_quality.judges import LOOK_ALIKES, OUTSIDERS, UNSEEN_SENTENCES
from search_engine.sample.chance import Chance
from search_engine.sample.scenes import (
    HELD_OUT,
    Background,
    Colour,
    Kind,
    Position,
    Scene,
    Size,
    View,
    random_scene,
)

FISH = Scene(Kind.FISH, Colour.RED, Background.SEA, Size.SMALL, 1, Position.LEFT)
CATS = Scene(Kind.CAT, Colour.BLUE, Background.SEA, Size.SMALL, 2)


def test_captions_are_true():
    """Every caption is true of the scene it was made for."""
    chance = Chance(1)
    for _ in range(500):
        scene = random_scene(chance)
        assert random_caption(scene, chance).fits((scene,))


@pytest.mark.parametrize(
    ("clause", "true"),
    [
        (Clause(frozenset({Kind.FISH})), True),
        (Clause(frozenset({Kind.FISH, Kind.WHALE})), True),
        (Clause(frozenset({Kind.CAT})), False),
        (Clause(colour=Colour.RED), True),
        (Clause(colour=Colour.BLUE), False),
        (Clause(background=Background.SEA), True),
        (Clause(background=Background.SNOW), False),
        (Clause(size=Size.SMALL), True),
        (Clause(size=Size.LARGE), False),
        (Clause(count=1), True),
        (Clause(count=2), False),
        (Clause(position=Position.LEFT), True),
        (Clause(position=Position.RIGHT), False),
        (Clause(frozenset({Kind.FISH}), Colour.RED, Background.SEA), True),
        (Clause(frozenset({Kind.FISH}), Colour.RED, Background.SNOW), False),
    ],
)
def test_claims(clause, true):
    """A claim is true exactly if all that it says is so."""
    assert clause.fits(FISH) is true


def test_groups_have_no_position():
    """Nothing said about a position is true of several objects."""
    assert not Clause(position=Position.CENTRE).fits(CATS)


def test_two_claims_about_two_scenes():
    """A caption about two things is true only where both are to be seen."""
    both = Caption(
        "a fish and cats", (Clause(frozenset({Kind.FISH})), Clause(frozenset({Kind.CAT})))
    )
    assert both.fits((FISH, CATS))
    assert not both.fits((FISH,))
    assert not Caption("a stapler").fits((FISH, CATS))


def test_truth_of_batches_is_that_of_captions():
    """The table of a whole batch says the same as asking every caption about every picture."""
    chance = Chance(2)
    scenes = [random_scene(chance) for _ in range(40)]
    views = [View(scene.background, (scene,)) for scene in scenes]
    views += [View(FISH.background, (FISH, CATS)), View(Background.SNOW)]
    captions = [said for view in views for said in captions_of(view, 3, chance)]
    captions += unknown_captions(10, chance)
    table = truth(claim_codes(captions), view_codes(views))
    for row, caption in enumerate(captions):
        for column, view in enumerate(views):
            expected = (
                caption.fits(view.scenes)
                if view.scenes
                else caption.clauses == (Clause(background=view.background),)
            )
            assert table[row, column] == expected, (caption, view)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Clause(frozenset({Kind.FISH}), Colour.RED), {"red", "fish"}),
        (Clause(frozenset({Kind.CAT}), count=2), {"two", "cats"}),
        (Clause(frozenset({Kind.CAT}), position=Position.LEFT), {"left", "cat"}),
        (Clause(frozenset({Kind.OWL}), background=Background.SNOW), {"snow", "owl"}),
        (Clause(frozenset({Kind.OWL}), size=Size.LARGE), {"large", "owl"}),
    ],
)
def test_phrases_say_what_they_claim(clause, expected):
    """Among the ways to put a claim there is the plain one, with the words for all it says."""
    (kind,) = clause.kinds
    texts = [phrase(clause, words.NOUNS[kind][0], Chance(seed)) for seed in range(60)]
    assert any(expected <= set(text.split()) for text in texts)


def test_slips_change_one_letter_or_two():
    """A slip changes a word a little and never its first letter."""
    for seed in range(200):
        slipped = slip("umbrella", Chance(seed))
        assert slipped[0] == "u"
        assert abs(len(slipped) - 8) <= 1


def test_slips_never_make_a_word_we_know():
    """A slip does not turn one of our words into another."""
    for seed in range(500):
        assert "car" not in misspell("a cat", Chance(seed), known=frozenset({"car", "cat"})).split()


def _words_of_training():
    nouns = [noun for names in words.NOUNS.values() for noun in names]
    nouns += [noun for noun, _ in words.UMBRELLA_TERMS]
    texts = [form for noun in nouns for form in (noun.one, noun.many)]
    for table in (
        words.COLOUR_WORDS,
        words.SIZE_WORDS,
        words.COUNT_WORDS,
        words.PLACE_PHRASES,
        words.PLACE_NAMES,
        words.SPOT_PHRASES,
    ):
        texts += [text for choices in table.values() for text in choices]
    texts += [*words.SENTENCES, *words.PRAISE, *words.FILLERS, *UNKNOWN_WORDS]
    return {part for text in texts for part in text.replace("-", " ").split()}


def test_judges_are_unknown_to_training():
    """No word that judges the model is ever used in training, not even by chance."""
    judges = {word for text in (*OUTSIDERS, *LOOK_ALIKES) for word in text.split()}
    assert not judges & _words_of_training()
    chance = Chance(3)
    said = {caption.text.strip(".!?") for caption in unknown_captions(5000, chance)}
    assert not {*OUTSIDERS, *LOOK_ALIKES} & said
    assert not set(UNSEEN_SENTENCES) & set(words.SENTENCES)


def test_unknown_words_are_unknown():
    """No word that stands for nothing is one of our own words."""
    ours = {
        form for nouns in words.NOUNS.values() for noun in nouns for form in (noun.one, noun.many)
    }
    ours |= {word for choices in words.COLOUR_WORDS.values() for word in choices}
    ours |= {name for names in words.PLACE_NAMES.values() for name in names}
    assert not ours & {word.replace("-", " ") for word in UNKNOWN_WORDS}
    assert len(UNKNOWN_WORDS) == len(set(UNKNOWN_WORDS))


def test_training_never_speaks_of_held_out_pairs():
    """No caption of training claims one of the pairs that are held out."""
    chance = Chance(4)
    for _ in range(300):
        scene = random_scene(chance)
        if (scene.kind, scene.colour) in HELD_OUT:
            continue
        for clause in random_caption(scene, chance).clauses:
            if clause.kinds and len(clause.kinds) == 1 and clause.colour:
                assert (next(iter(clause.kinds)), clause.colour) not in HELD_OUT
