"""Rules of a collection add up, are shown, can be reset, and say what they do."""

import json
from pathlib import Path

import pytest

from search_engine import Filters, Library, ScanRules
from search_engine.cards.card_file import CardFilters, _meant
from search_engine.collection.catalog import Catalog
from search_engine.collection.scanning import scan
from search_engine.errors import BadFolder, BadInput
from search_engine.files import documents
from search_engine.records import CollectionSettings, IndexKind
from search_engine.records.patterns import below, fits
from search_engine.records.rules import CountedRules, RuleChange, RuleEffects
from tests.conftest import COLOURS, paint

ROOT = "/photos/tree"
PATHS = (
    "cat/a.jpg", "x/cat/b.jpg", "my cat.jpg", "cats/c.jpg", "vacation/d.jpg", "cat1.jpg",
    "private/e.jpg", "boat/private/f.jpg", "beach1.jpg", "sub/beach-2.jpg", "beaches/g.jpg",
    "[2019]/h.jpg", "2019/june/i.jpg", "cat.jpg",
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("cat", "cat/a.jpg x/cat/b.jpg my+cat.jpg cat1.jpg cat.jpg"),
        ("CAT/", "cat/a.jpg x/cat/b.jpg"),
        ("./cat", "cat/a.jpg"),
        ("/cat/", "cat/a.jpg"),
        ("cat/*", "cat/a.jpg x/cat/b.jpg"),
        ("cat//a.jpg", "cat/a.jpg"),
        ("cat\\*", "cat/a.jpg x/cat/b.jpg"),
        ("'cat/*'", "cat/a.jpg x/cat/b.jpg"),
        ('"cat/"', "cat/a.jpg x/cat/b.jpg"),
        ("“cat/”", "cat/a.jpg x/cat/b.jpg"),
        (f"{ROOT}/cat", "cat/a.jpg"),
        (f"{ROOT}/cat/", "cat/a.jpg"),
        (f"{ROOT}/cat/a.jpg", "cat/a.jpg"),
        ("/photos/tree2/cat", ""),
        ("private/*", "private/e.jpg boat/private/f.jpg"),
        ("**/private/**", "private/e.jpg boat/private/f.jpg"),
        ("/private/*", "private/e.jpg"),
        ("beach", "beach1.jpg sub/beach-2.jpg"),
        ("beach*.jpg", "beach1.jpg sub/beach-2.jpg beaches/g.jpg"),
        ("*beach*", "beach1.jpg sub/beach-2.jpg beaches/g.jpg"),
        ("2019/**/i.jpg", "2019/june/i.jpg"),
        ("2019/june", "2019/june/i.jpg"),
        ("[2019]", "[2019]/h.jpg"),
        ("2019", "[2019]/h.jpg 2019/june/i.jpg"),
        ("?at/?.jpg", "cat/a.jpg x/cat/b.jpg"),
        ("..", ""),
        ("../cat", ""),
        ("jpg/", ""),
    ],
)
def test_a_pattern_means_what_is_written_about_it(pattern, expected):
    """Words without signs, whole names with them, in any way that people write paths."""
    found = {path for path in PATHS if fits(path, pattern, ROOT)}
    assert found == {path.replace("+", " ") for path in expected.split()}


@pytest.mark.parametrize("pattern", ["*", "/", "./", ".", ROOT, f"{ROOT}/"])
def test_the_whole_folder_is_everything(pattern):
    """However the folder itself is named."""
    assert all(fits(path, pattern, ROOT) for path in PATHS)


def test_a_path_in_full_follows_its_folder():
    """Rules keep what lies below the folder, so that they hold after it was moved."""
    assert below("/photos/tree/cat/*", ROOT) == "/cat/*"
    assert below("C:\\Photos\\cat", "C:\\Photos") == "/cat"
    assert below("c:/photos/cat", "C:\\Photos") == "/cat"
    assert below("/photos/Cafe\u0301/x", "/photos/Café") == "/x"
    assert below("cat", ROOT) == "cat"
    assert below("/photos/tree2/cat", ROOT) == "/photos/tree2/cat"


WITH_SIGNS = ["red", "red/", "./red", "re*", "*.png", "?.png", "red/0*", "/", "blue\\1.png", "0"]


@pytest.mark.parametrize("pattern", WITH_SIGNS)
def test_builds_and_searches_mean_the_same(build, pictures, settings, pattern):
    """What is taken in, what is not left out and what a search lets through agree."""
    build()
    with Library(settings).open_catalog("pictures") as catalog:
        found = {r.path for r in catalog.pictures.some(Filters(path=pattern), 99)}
    taken = {file.path for file in scan(pictures, ScanRules(include=(pattern,))).files}
    left = {file.path for file in scan(pictures, ScanRules(exclude=(pattern,))).files}
    everything = {file.path for file in scan(pictures).files}
    assert found == taken == everything - left
    assert found


@pytest.mark.parametrize(
    ("pattern", "folders", "others"),
    [
        ("private/", ["private", "a/private"], ["my private", "private2"]),
        ("private/*", ["private", "a/private"], ["my private"]),
        ("'private/**'", ["private"], ["my private"]),
        ("./private/*", ["private"], ["a/private"]),
        ("cat\\*", ["cat"], ["a cat"]),
        ("cat/?", [], ["cat"]),
        ("cat/*.jpg", [], ["cat"]),
        ("cat", ["cat", "a cat"], ["cats"]),
        ("/*", ["cat"], []),
        ("*", ["cat"], []),
    ],
)
def test_a_folder_is_not_even_looked_into_where_all_in_it_is_left_out(pattern, folders, others):
    """A large folder that is left out costs nothing, however its pattern is written."""
    rules = CountedRules(ScanRules(exclude=(pattern,)), Path(ROOT))
    assert not [one for one in folders if rules.lets_folder(one)]
    assert not [one for one in others if not rules.lets_folder(one)]


def rules_of(settings):
    with Library(settings).open_catalog("pictures") as catalog:
        return catalog.settings.rules


def test_what_is_not_given_stays(build, settings):
    """Each of the three rules is kept, added to and forgotten without the others."""
    build(rules=RuleChange(exclude=("red",)))
    build(rules=RuleChange(exclude=("blue/*",)))
    assert rules_of(settings) == ScanRules(exclude=("red", "blue/*"))
    build(rules=RuleChange(hidden=True))
    build(rules=RuleChange(include=("*.png",)))
    build(rules=RuleChange(exclude=("RED",)))
    build()
    assert rules_of(settings) == ScanRules(("*.png",), ("red", "blue/*"), hidden=True)
    build(rules=RuleChange(forget_exclude=True, exclude=("green",)))
    assert rules_of(settings) == ScanRules(("*.png",), ("green",), hidden=True)
    build(rules=RuleChange(forget_include=True, hidden=False))
    assert rules_of(settings) == ScanRules(exclude=("green",))


def test_a_pattern_that_is_none_is_refused(build):
    """An empty one would be nothing, and one longer than any path costs too much."""
    for pattern in ("", "  ", "x" * 5_000):
        with pytest.raises(BadInput, match=r"empty|5,000"):
            build(rules=RuleChange(exclude=(pattern,)))
    with pytest.raises(BadInput, match="too many"):
        build(rules=ScanRules(include=tuple(map(str, range(2_000)))))


def test_a_build_tells_what_its_rules_do(build, pictures):
    """Folders and pictures that were kept out are counted, and patterns that do nothing named."""
    paint(pictures / "top.gif", "red")
    effects = build(rules=ScanRules(("*.png",), ("red", "reed", "*/0.png"))).effects
    assert (effects.folders_left_out, effects.pictures_left_out) == (1, 5)
    assert effects.pictures_not_included == 1
    assert dict(effects.left_out) == {"red": 1, "reed": 0, "*/0.png": 5}
    (remark,) = effects.remarks()
    assert "“reed”" in remark
    assert RuleEffects().remarks() == []


def test_rules_that_keep_everything_out_are_told_from_a_lost_drive(build, settings):
    """They are named with counts, and what was indexed stays as it was."""
    with pytest.raises(BadFolder, match="12 pictures are none of those") as new:
        build(rules=ScanRules(include=("fish",)))
    assert "drive" not in str(new.value)
    build()
    with pytest.raises(BadFolder, match=r"gets past its rules: 6 folders are excluded"):
        build(rules=ScanRules(exclude=tuple(COLOURS)))
    with Library(settings).open_catalog("pictures") as catalog:
        assert len(catalog.pictures) == 12
    assert rules_of(settings) == ScanRules()


def test_rules_of_earlier_versions_keep_their_meaning(tmp_path):
    """A name was one file or folder, and a path began at the top; an update leaves out no more."""
    with Catalog.create(tmp_path) as catalog:
        old = {"root": "/x", "include": ["a.jpg"], "exclude": ["cat", "private/*", "*.gif", ""],
               "hidden": False, "model_id": "m", "kind": "exact"}  # fmt: skip
        catalog._state._put("settings", json.dumps(old))
        rules = catalog.settings.rules
        assert rules == ScanRules(("a.jpg",), ("cat/", "/private/*", "*.gif"))
        again = CollectionSettings(Path("/x"), ScanRules(exclude=("cat",)), "m", IndexKind.EXACT)
        catalog.settings = again
        assert catalog.settings.rules == ScanRules(exclude=("cat",))


def test_the_command_line_shows_changes_and_resets_rules(run, pictures):
    """Options add up, info and list show them, and each has its way back."""
    index = ("index", pictures, "--model", "mini")
    run(*index, "--exclude", "red")
    code, out, err = run(*index, "--exclude", "./blue", "--exclude", "gren")
    assert code == 0
    assert "2 folders are excluded" in out
    assert "“gren”" in err
    assert "Excludes: red, ./blue, gren" in run("info")[1]
    assert "excludes: red, ./blue, gren" in run("list")[1]
    document = json.loads(run("info", "--json")[1])
    assert document["rules"] == {"include": [], "exclude": ["red", "./blue", "gren"],
                                 "hidden": False}  # fmt: skip
    code, out, _ = run(*index, "--no-exclude", "--hidden", "--json")
    assert json.loads(out)["rules"]["exclude"] == {}
    assert "hidden and system" in run("info")[1]
    run(*index, "--no-hidden")
    assert "hidden" not in run("info")[1]
    code, _, err = run(*index, "--include", "fish")
    assert code == 3
    assert "12 pictures are none of those to include" in err
    assert run(*index, "--exclude", "")[0] == 3


@pytest.mark.parametrize(
    ("then", "now"), [("beach", "*beach*"), ("cats/*", "/cats/*"), ("*.png", "/*.png"), ("", "")]
)
def test_a_saved_query_of_an_earlier_version_keeps_its_meaning(then, now):
    """Its filter on paths is read as it was meant when it was written; a new one as it stands."""

    def read(**filters):
        return _meant(documents.as_record(filters, CardFilters)).path or ""

    assert read(path=then) == now
    assert read(pattern=then) == then
