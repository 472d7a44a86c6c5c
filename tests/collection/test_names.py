"""One name in two spellings is one name, and what was mistyped is answered with what is near."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from search_engine import Filters, Library
from search_engine.cards import SavedQueries
from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.schema import MIGRATIONS
from search_engine.embedding import load_embedder
from search_engine.errors import BadInput, CollectionMissing
from search_engine.explore.labels import rate_labels
from search_engine.names import as_on_disk, compared, did_you_mean, known_as, near, one_spelling
from search_engine.query.filters import chosen_categories, wider_pattern
from search_engine.records import PictureFacts, PictureFile
from search_engine.settings import MINI_MODEL
from tests.conftest import paint

NFC, NFD = "Café", "Cafe\u0301"
PAIRS = [
    (NFC, NFD),
    ("Müller", "Mu\u0308ller"),
    ("Ångström", "A\u030angstro\u0308m"),
    ("각", "\u1100\u1161\u11a8"),  # Hangul
    ("が", "か\u3099"),
    ("Việt", "Vie\u0302\u0323t"),
    ("\u2126", "\u03a9"),  # the sign for ohm is the letter
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_spellings_of_a_name_are_one(one, other):
    """Letters that are canonically equivalent are kept and compared as the same."""
    assert one != other
    assert one_spelling(one) == one_spelling(other)
    assert compared(one) == compared(other.swapcase())


@pytest.mark.parametrize(("one", "other"), [("x²", "x2"), ("cafe", "café"), ("①", "1")])
def test_what_only_looks_alike_stays_apart(one, other):
    """Nothing is folded that Unicode calls merely compatible, and no accent is dropped."""
    assert compared(one) != compared(other)


@pytest.mark.parametrize(("one", "other"), [("STRASSE", "straße"), ("ΣΊΣΥΦΟΣ", "σίσυφος")])
def test_case_is_no_difference_in_any_alphabet(one, other):
    """Comparing without case is that of Unicode, not that of English."""
    assert compared(one) == compared(other)


def test_a_dotted_capital_i_is_the_same_in_both_spellings():
    """The letter whose small form has two characters is compared as the others are."""
    assert compared("İstanbul") == compared("I\u0307STANBUL")


def test_a_name_is_known_whatever_its_case_unless_that_leaves_a_doubt():
    """As it stands first, then in the other spelling, then without its case if there is one."""
    assert known_as("cat", ["Cat", "cat", "CAT"]) == "cat"
    assert known_as(NFD, [NFC, NFC.upper()]) == NFC
    assert known_as("CAFÉ", [NFC]) == NFC
    assert known_as("cAt", ["Cat", "cat"]) is None
    assert known_as("cow", ["cat"]) is None


def test_near_names_come_nearest_first():
    """A slip of a finger finds the name; a part of one does as well; nonsense finds nothing."""
    assert near("catt", ["cat", "dog", "cathedral"])[0] == "cat"
    assert near("cath", ["dog", "cathedral"]) == ["cathedral"]
    assert near("xyz", ["cat", "dog"]) == []
    assert did_you_mean("CAT ", ["cat"]) == "Did you mean 'cat'?"
    assert near("a" * 100_000, ["a" * 300, "b"]) == ["a" * 300]


def test_a_typed_path_finds_the_folder_in_its_other_spelling(tmp_path):
    """What is typed in one spelling leads to what a Mac wrote in the other, part by part."""
    there = tmp_path / NFD / "Mu\u0308ller" / "a.png"
    paint(there)
    assert as_on_disk(tmp_path / NFC / "Müller" / "a.png") == there
    assert as_on_disk(tmp_path / NFC / "none") == tmp_path / NFC / "none"
    paint(tmp_path / NFC / "b.png")
    assert as_on_disk(tmp_path / NFC / "b.png") == tmp_path / NFC / "b.png"
    # A folder in each spelling: the file is in the one that was not typed.
    assert as_on_disk(tmp_path / NFC / "Müller" / "a.png") == there


@pytest.fixture
def cafes(pictures, build, settings):
    """A collection with one folder's name in both spellings."""
    paint(pictures / NFC / "a.png", "red", salt=50)
    paint(pictures / NFD / "b.png", "red", salt=51)
    build()
    with Library(settings).open_catalog("pictures") as catalog:
        yield catalog


def test_two_folders_of_one_name_are_one_category(cafes):
    """They are counted, filtered and summed up together, while each path stays as it is."""
    assert cafes.pictures.categories()[NFC] == 2
    assert NFD not in cafes.pictures.categories()
    for name in (NFC, NFD):
        records = cafes.pictures.some(Filters(categories=frozenset({name})), 9)
        assert {record.path for record in records} == {f"{NFC}/a.png", f"{NFD}/b.png"}
    assert NFC in [one.name for one in cafes.statistics.categories()]


@pytest.mark.parametrize("pattern", [NFC, NFD, "café/*", "CAFE\u0301/", "caf?/?.png", "./" + NFD])
def test_patterns_fit_both_spellings(cafes, pattern):
    """A pattern typed in either way, in any case, finds the pictures of both folders."""
    assert cafes.pictures.count(Filters(path=pattern)) == 2


def test_a_catalog_of_an_earlier_version_is_brought_together(tmp_path):
    """Categories that were kept as the disk has them are one after the migration."""
    with Catalog.create(tmp_path) as catalog:
        catalog.pictures.add(PictureFile(f"{NFD}/a.jpg", 1, 0), PictureFacts("h", 1, 1))
        database = catalog._database
        database.rows("UPDATE pictures SET category = ?", (os.fsencode(NFD),))
        database.migrate([*MIGRATIONS[:2], MIGRATIONS[2].split("UPDATE")[0]])
        statement = "UPDATE" + MIGRATIONS[2].split("UPDATE", 1)[1].split(";")[0]
        database.rows(statement)
        assert list(catalog.pictures.categories()) == [NFC]
        assert next(iter(catalog.pictures)).path == f"{NFD}/a.jpg"


def test_words_of_a_mac_ask_the_same_query(settings):
    """The two spellings of a word embed to the same vector, as a query and as a label."""
    embedder = load_embedder(MINI_MODEL, settings)
    one, other = embedder.embed_words([f"a {NFC}", f"a {NFD}"])
    assert np.array_equal(one, other)
    rated = rate_labels(embedder, one, [NFC, NFD, "dog"])
    assert sorted(label.label for label in rated) == [NFC, "dog"]


def test_a_category_that_is_not_there_names_those_near(cafes):
    """Case is forgiven where one is meant; else nothing is guessed, but said."""
    assert chosen_categories(cafes, ["RED", NFD]).known == {"red", NFC}
    chosen = chosen_categories(cafes, ["rad"])
    assert (chosen.unknown, chosen.near) == (("rad",), ("red",))
    with pytest.raises(BadInput, match="Did you mean 'red'"):
        chosen.refuse_unknown("pictures")
    assert chosen_categories(cafes, [""]).known == {""}


def test_an_example_that_is_not_there_is_said_not_to_be(run, pictures, tmp_path):
    """A mistyped path is no file that went away."""
    run("index", pictures, "--model", "mini")
    code, _, said = run("search", "--image", tmp_path / "none.jpg")
    assert code != 0
    assert "there is no such file" in said
    assert "gone before" not in said


def test_categories_that_differ_in_case_alone_are_all_meant(pictures, build, settings):
    """DOG, a third spelling, is Dog and dog; who writes one of these means that one."""
    for number, name in enumerate(("Dog", "dog", "STRASSE", "straße")):
        paint(pictures / name / "a.png", "red", salt=60 + number)
    if not (pictures / "dog").samefile(pictures / "Dog"):
        build()
        with Library(settings).open_catalog("pictures") as catalog:
            for typed, meant in (("DOG", {"Dog", "dog"}), ("strasse", {"STRASSE", "straße"})):
                assert chosen_categories(catalog, [typed]).known == meant
            assert chosen_categories(catalog, ["dog"]).known == {"dog"}


def test_a_pattern_that_fits_nothing_is_told_with_a_wider_one(cafes):
    """A part of a word finds nothing, and is offered with stars around it."""
    found = wider_pattern(cafes, Filters(path="yell"))
    assert (found.wider, found.pictures) == ("*yell*", 2)
    assert str(wider_pattern(cafes, Filters(path="nowhere"))) == "No path fits “nowhere”."
    assert wider_pattern(cafes, Filters(path="yellow")) is None
    assert wider_pattern(cafes, Filters()) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("yelow", "yellow"), ("*yelolw*", "*yellow*"), ("yelow/*.png", "yellow/*.png")],
)
def test_a_mistyped_pattern_is_told_with_what_is_near(cafes, typed, meant):
    """A word of it that no path has is put right by one that some path has."""
    found = wider_pattern(cafes, Filters(path=typed))
    assert (found.wider, found.pictures) == (meant, 2)


def test_collections_and_saved_queries_are_found_in_both_spellings(settings, build, tmp_path):
    """A name typed on a Mac is the one typed elsewhere, also where the disk has it otherwise."""
    build(name=NFC)
    library = Library(settings)
    assert library.names() == [NFC]
    library.open_catalog(NFD).close()
    (settings.collections_folder / NFC).rename(settings.collections_folder / NFD)
    assert library.names() == [NFC]
    library.open_catalog(NFC).close()
    assert library.name_for(tmp_path / "Mu\u0308ller") == "Müller"
    queries = tmp_path / "questions"
    queries.mkdir()
    (queries / f"{NFD}.json").write_text("{}")
    saved = SavedQueries(tmp_path)
    assert saved.names() == [NFC]
    saved.forget(NFC)
    assert saved.names() == []


def test_a_saved_query_has_one_name_whatever_its_case(run, pictures):
    """Saved under its name in capitals it is replaced, which is said; it is found and forgotten."""
    run("index", pictures, "--model", "mini")
    assert "in place of" not in run("search", "red", "--save", NFC)[2]
    said = run("search", "blue", "--save", NFD.upper())[2]
    assert f"saved as '{NFC}', in place of the query that was kept as '{NFC}'" in said
    assert list(json.loads(run("questions", "--json")[1])) == [NFC]
    assert run("questions", "--forget", NFC.lower())[0] == 0
    assert json.loads(run("questions", "--json")[1]) == {}


def test_a_collection_that_is_not_there_names_those_near(settings, build):
    """A mistyped name of a collection is answered with the one that is meant."""
    build()
    with pytest.raises(CollectionMissing, match="Did you mean 'pictures'"):
        Library(settings).open_catalog("Picturs")
    with pytest.raises(CollectionMissing, match="no collection 'x'"):
        Library(settings).open_catalog("x")


def test_the_command_line_says_which_name_is_not_there(run, pictures):
    """Unknown names end with their exit code, say what is near, and leave the answer empty."""
    run("index", pictures, "--model", "mini")
    code, out, err = run("search", "red", "--category", "rad", "--json")
    assert (code, out) == (3, "")
    assert "Did you mean 'red'?" in err
    code, out, _ = run("search", "fish", "--category", "RED", "-k", 9)
    assert code == 0
    assert "2 of 2 pictures" in out
    code, out, err = run("search", "fish", "--path", "yell")
    assert code == 0
    assert "“*yell*” fits 2" in err
    code, _, err = run("search", "fish", "--collection", "pictuers")
    assert code == 4
    assert "Did you mean 'pictures'?" in err
    code, _, err = run("search", "fish", "--colection", "pictures")
    assert code == 2
    assert "--collection" in err


@pytest.mark.parametrize("word", ["-cat", "-hat", "-kitten", "-x"])
def test_a_word_with_a_dash_before_it_is_no_riddle_on_the_command_line(run, word):
    """It says how to take it away, also where an option begins with that letter."""
    code, out, err = run("search", "dog", word)
    assert (code, out) == (2, "")
    assert f"dog - {word[1:]}" in err
    assert f"--not {word[1:]}" in err


def test_paths_in_full_work_as_results_print_them(cafes):
    """A path that was printed finds its picture, and that of a folder all that is in it."""
    root = cafes.settings.root
    assert cafes.pictures.count(Filters(path=str(root / "red"))) == 2
    assert cafes.pictures.count(Filters(path=str(root / NFC / "a.png"))) == 1
    assert cafes.pictures.count(Filters(path=str(Path("/elsewhere") / "red"))) == 0


def test_a_folder_typed_in_the_other_spelling_is_indexed(run, tmp_path):
    """The folder of a Mac is found by what a keyboard writes, and gives the collection its name."""
    paint(tmp_path / NFD / "red" / "a.png")
    code, out, _ = run("index", tmp_path / NFC, "--model", "mini", "--json")
    assert code == 0
    assert '"added": 1' in out
    code, out, _ = run("search", "fish", "--collection", NFD, "--json")
    assert code == 0
    assert str(tmp_path / NFD / "red" / "a.png") in json.loads(out)["results"][0]["path"]
