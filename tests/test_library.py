"""The engine as a library: its names stay, each says what it does, and its examples run."""

import inspect
import os
import subprocess
import sys

import pytest

import search_engine
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, PROJECT_FOLDER
from tests.test_readme import CLI, blocks

NAMES = [
    "BuildReport", "Filters", "IndexKind", "Library", "Query", "RuleChange", "ScanRules",
    "SearchEngine", "SearchEngineError", "SearchResult", "SearchResults", "Settings",
    "build_collection", "index_folder", "plan_build",
]  # fmt: skip
"""Programs of others use these: one that is renamed breaks them."""


def test_the_names_are_these():
    """None was dropped or renamed, and a new one is promised to stay."""
    assert search_engine.__all__ == NAMES


def members():
    """Return each public name, and each method and property of the classes among them."""
    for name in NAMES:
        thing = getattr(search_engine, name)
        yield name, thing
        if inspect.isclass(thing):
            for part, value in vars(thing).items():
                told = value.__func__ if isinstance(value, classmethod | staticmethod) else value
                if not part.startswith("_") and (inspect.isfunction(told) or is_property(told)):
                    yield f"{name}.{part}", told


def is_property(value):
    """Tell whether a value of a class is one."""
    return isinstance(value, property)


MEMBERS = dict(members())


@pytest.mark.parametrize("name", MEMBERS)
def test_each_name_says_what_it_does(name):
    """In one sentence at least, written for it and not inherited."""
    thing = MEMBERS[name]
    told = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    first = (told or "").strip().partition("\n")[0]
    assert len(first.split()) >= 2, name
    assert first.endswith((".", ":")), name


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("index_folder", {"BadInput", "CollectionBusy", "ModelError"}),
        ("SearchEngine.open", {"CollectionMissing", "IndexMissing", "CollectionDamaged"}),
        ("SearchEngine.search", {"BadQuery", "BadInput", "ModelError"}),
        ("SearchEngine.content", {"PictureChanged", "PictureMissing", "PictureRefused"}),
    ],
)
def test_what_can_go_wrong_is_named(name, errors):
    """By the classes that a program catches, which are all of one tree."""
    told = MEMBERS[name].__doc__.partition("Raises:")[2]
    assert {error for error in errors if error not in told} == set()
    for error in errors:
        kind = getattr(search_engine.errors, error)
        assert issubclass(kind, search_engine.SearchEngineError)


def test_five_lines_lead_from_a_folder_to_results(tmp_path):
    """The examples of the documents run as they stand, in a program in another folder."""
    draw_gallery(tmp_path / "Pictures", pictures=100)
    first, second = blocks("python", CLI)
    assert len(first.splitlines()) <= 5
    call = 'index_folder("~/Pictures")'
    assert call in first
    script = first.replace(call, f'index_folder("~/Pictures", model="{MINI_MODEL}")')
    # The drawings have a fish and no dog, and no dates.
    second = second.replace('"a dog - snow"', '"a fish - snow"')
    second = second.replace('dated_from="2024"', "hidden=False")
    (tmp_path / "script.py").write_text(script + second)
    environment = os.environ | {
        "HOME": str(tmp_path), DATA_VARIABLE: str(tmp_path / "data"),
        "PYTHONPATH": str(PROJECT_FOLDER),
    }  # fmt: skip
    run = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=environment, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "picture_id" in run.stdout
    assert f"{tmp_path}/Pictures/fish/" in run.stdout
    assert "clear matches" in run.stdout


def test_type_checkers_read_its_types():
    """The marker lies in the package."""
    assert (PROJECT_FOLDER / "search_engine/py.typed").is_file()
