"""Background texts are a file that belongs to the model, and that a user can add to."""

import pytest

from search_engine.calibration.background_texts import (
    MOST_TEXTS,
    BackgroundText,
    BackgroundTexts,
    background_texts,
    content_words,
    read_texts,
)
from search_engine.embedding import trust
from search_engine.lab.mini_model.known_things import background_file
from search_engine.settings import BACKGROUND_FILE, DEFAULT_MODEL, MINI_MODEL


def texts(*plain):
    return BackgroundTexts(tuple(map(BackgroundText, plain)))


def test_everyday_nouns_are_many_and_different(settings):
    """A few hundred, each once, of people, animals, food, rooms, streets and landscapes."""
    found = background_texts(DEFAULT_MODEL, settings).plain
    assert 300 <= len(found) <= 500
    assert len({text.casefold() for text in found}) == len(found)
    assert {"a dog", "a car", "a mountain", "bread", "a person", "a screenshot"} <= set(found)
    assert all(len(content_words(text)) > 0 for text in found)


def test_the_bundled_model_brings_its_own(settings):
    """Each kind of thing it knows, plain and in ten colours: the file is what its maker writes."""
    found = background_texts(MINI_MODEL, settings)
    assert len(found.texts) == 50 * 11
    file = settings.mini_model_folder / BACKGROUND_FILE
    assert file.read_text(encoding="utf-8") == background_file()


def test_a_model_of_a_folder_may_bring_its_own(settings, tmp_path):
    """Once somebody chose it; a folder that only a collection names is not looked into."""
    model = tmp_path / "fungi"
    model.mkdir()
    (model / BACKGROUND_FILE).write_text("a chanterelle\na death cap\n")
    assert "a chanterelle" not in background_texts(str(model), settings).plain
    trust(str(model), settings)
    assert background_texts(str(model), settings).plain == ["a chanterelle", "a death cap"]
    both = f"{DEFAULT_MODEL}::{model}"
    assert background_texts(both, settings).plain == ["a chanterelle", "a death cap"]


def test_a_user_adds_the_words_of_a_field(settings):
    """They are there beside those of any model, and make another set of texts of it."""
    before = background_texts(MINI_MODEL, settings)
    settings.data_folder.mkdir(parents=True)
    (settings.data_folder / BACKGROUND_FILE).write_text("# fungus\na chanterelle\nfish\n")
    after = background_texts(MINI_MODEL, settings)
    assert set(after.plain) - set(before.plain) == {"a chanterelle"}
    assert len(after.texts) == len(before.texts) + 1
    assert after.digest != before.digest
    assert after.saying_the_same(["a fungus"]).sum() == 2  # fish is said to be one here


def test_a_file_is_read_as_people_write_it(tmp_path):
    """With a mark of its encoding, empty lines, spaces; what is no text is passed over."""
    file = tmp_path / "texts.txt"
    file.write_bytes("\ufeffa  cat \r\n\r\n# animal, pet\r\na dog\r\n".encode() + b"x" * 400)
    assert read_texts(file) == [
        BackgroundText("a cat"),
        BackgroundText("a dog", frozenset({"animal", "pet"})),
    ]
    file.write_bytes(b"\xff\xfe\x00broken")
    assert read_texts(file) == []
    assert read_texts(tmp_path / "none.txt") == []
    file.write_text("\n".join(f"thing {n}" for n in range(MOST_TEXTS + 5)))
    assert len(read_texts(file)) == MOST_TEXTS


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        (["a red fish"], {"a red fish", "a fish"}),
        (["a fish"], {"a red fish", "a blue fish", "a fish"}),
        (["two red fishes"], {"a red fish", "a fish"}),
        (["a photo of the red Fish, please"], {"a red fish", "a fish"}),
        (["red", "a fish"], {"a red fish", "a blue fish", "a fish"}),
        (["xyzzy"], set()),
        (["a photo of"], set()),
        ([], set()),
    ],
)
def test_a_text_says_the_same_if_its_words_are_in_the_question_or_the_other_way_round(asked, same):
    """Articles, plurals and case say nothing."""
    found = texts("a red fish", "a blue fish", "a fish", "a boat")
    kept = {
        text
        for text, is_same in zip(found.plain, found.saying_the_same(asked), strict=True)
        if is_same
    }
    assert kept == same


def test_a_kind_of_what_is_asked_for_says_the_same():
    """Whoever asks for an animal asks for a dog; a red one is another question."""
    dog = BackgroundText("a dog", frozenset({"animal", "pet"}))
    found = BackgroundTexts((dog, BackgroundText("a car")))
    assert found.saying_the_same(["animals"]).tolist() == [True, False]
    assert found.saying_the_same(["a red animal"]).tolist() == [False, False]


@pytest.mark.parametrize(
    ("word", "one"),
    [("cats", "cat"), ("cherries", "cherry"), ("boxes", "box"), ("churches", "church"),
     ("bus", "bus"), ("glass", "glass"), ("octopus", "octopus"), ("tennis", "tennis")],
)  # fmt: skip
def test_words_are_compared_in_the_singular(word, one):
    """As far as plain English goes."""
    assert content_words(word) == {one}
