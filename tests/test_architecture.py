"""Rules of the house that a machine can check."""

import ast
import dataclasses
import fnmatch
import importlib
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import search_engine
from pages.ui.frame.search_state import SearchState

ROOT = Path(search_engine.__file__).parent.parent
SOURCES = sorted(path for top in ("search_engine", "pages") for path in (ROOT / top).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
UI = ROOT / "pages/ui"
PAGES = [ROOT / "Home.py", *sorted((ROOT / "pages").glob("*.py"))]
LONGEST_MODULE = 320
LONGEST_PAGE = 80
LONGEST_FUNCTION = 45


def modules_after(statement):
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["search_engine", "search_engine.cli", "search_engine.sample"])
def test_importing_the_engine_is_light(module):
    """Neither the engine nor its command line loads torch, faiss or Streamlit before it must."""
    heavy = {"torch", "faiss", "transformers", "sentence_transformers", "streamlit", "pandas"}
    assert not heavy & modules_after(f"import {module}")


def test_the_facade_names_what_it_promises():
    """Every public name exists."""
    for name in search_engine.__all__:
        assert getattr(search_engine, name)


def test_every_room_has_what_it_promises():
    """What a package names as its own is there, also where it comes when it is first asked for."""
    rooms = [path.parent.name for path in (ROOT / "search_engine").glob("*/__init__.py")]
    for package in (importlib.import_module(f"search_engine.{room}") for room in rooms):
        for name in getattr(package, "__all__", ()):
            assert getattr(package, name) is not None


def test_a_room_that_decoders_pass_through_loads_nothing():
    """Importing the package of what there is loads none of its modules."""
    loaded = modules_after("import search_engine.collection")
    assert not {name for name in loaded if name.startswith("search_engine.collection.")}


COMMAND_LINE = sorted((ROOT / "search_engine/cli").glob("*.py"))


@pytest.mark.parametrize("path", COMMAND_LINE, ids=lambda path: path.name)
def test_the_command_line_takes_what_the_packages_offer(path):
    """It reaches into none of them; only its benchmark imports of the laboratory, deeper down."""
    taken = {
        node.module: [alias.name for alias in node.names]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    others = {name for name in taken if name.startswith("search_engine.") and ".cli" not in name}
    laboratory = {name for name in others if name.startswith("search_engine.lab.")}
    assert bool(laboratory) == (path.name == "benchmark.py")
    assert [name for name in others - laboratory if name.count(".") > 1] == []
    for name in others - laboratory:
        offered = getattr(importlib.import_module(name), "__all__", taken[name])
        assert set(taken[name]) <= set(offered), name


PACKAGES = sorted((ROOT / "search_engine").rglob("__init__.py")) + sorted(
    (ROOT / "pages/ui").rglob("__init__.py")
)


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_every_module_has_its_caption(path):
    """The docstring of a package has a table with a line for each of its modules, and no other."""
    parts = {module.stem for module in path.parent.glob("[a-z]*.py")}
    parts |= {package.parent.name for package in path.parent.glob("*/__init__.py")}
    table = re.search(r"^module +owns\n=.*\n((?:.*\n)*?)=", path.read_text("utf-8"), re.MULTILINE)
    assert {line.split()[0] for line in table[1].splitlines()} == parts


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path):
    """A module does one thing, and a function fits on a screen."""
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1 - _docstring_lines(node)
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_of_tests_stay_small(path):
    """They too are about one thing, and are named after it."""
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


def test_the_tests_of_the_app_lie_in_the_rooms_that_they_test():
    """Each room of the pages has its folder there; what walks through several lies above them."""
    there = {path.parent.name for path in (ROOT / "tests/app").glob("*/test_*.py")}
    assert there == {path.parent.name for path in UI.glob("*/__init__.py")} | {"shell"}


def test_no_folder_of_tests_is_passed_over(pytestconfig):
    """Pytest walks into all of them, also where it takes the name for what a build left."""
    folders = {part for path in TESTS for part in path.relative_to(ROOT).parts[:-1]}
    for pattern in pytestconfig.getini("norecursedirs"):
        assert not fnmatch.filter(folders, pattern), pattern


def _docstring_lines(node):
    first = node.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return first.end_lineno - first.lineno + 1 if is_text else 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_stay_thin(path):
    """A page asks the engine and shows; what is longer belongs elsewhere."""
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_PAGE


PAGE_PARTS = [ROOT / "Home.py", *sorted((ROOT / "pages").rglob("*.py"))]


SESSION = "pages/ui/frame/session.py"
CACHE = "pages/ui/frame/resources/cache.py"


@pytest.mark.parametrize(
    ("names", "owners"),
    [
        ({"session_state", "SafeSessionState", "get_script_run_ctx"}, {SESSION}),
        ({"cache_data", "cache_resource", "experimental_memo", "lru_cache"}, {CACHE}),
        ({"faiss", "sqlite3", "torch"}, set()),
    ],
    ids=["what a tab remembers", "what tabs share", "what the engine hides"],
)
def test_each_power_of_the_app_has_one_owner(names, owners):
    """What a tab remembers and what all tabs share each live in one file; faiss in none."""
    users = {str(path.relative_to(ROOT)) for path in PAGE_PARTS if names & _names_used(path)}
    assert users == owners


def _names_used(path):
    """Return the names that a file imports, and those it takes from what it imported."""
    used = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            used |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Import):
            used |= {part for alias in node.names for part in alias.name.split(".")}
    return used


ROOMS = {path.parent.name for path in (ROOT / "search_engine").glob("*/__init__.py")}


@pytest.mark.parametrize("path", PAGE_PARTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_use_packages_only(path):
    """What a page uses of the engine is what a package says that may be used."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        inside = [name for name in names if name.startswith("search_engine")]
        assert all(name.count(".") <= 1 for name in inside), inside
        if inside and isinstance(node, ast.ImportFrom):
            offered = getattr(importlib.import_module(node.module), "__all__", None)
            used = {alias.name for alias in node.names} - ROOMS
            assert offered is None or used <= {*offered}, used - {*offered}


def test_each_remembered_value_has_one_owner():
    """No two modules keep something under one name, and none under a name of its own making."""
    owners = {}
    for path in PAGE_PARTS:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in {"Key", "CollectionKey"}:
                name = ast.unparse(node.args[0])
                assert owners.setdefault(name, path) == path or name == "key", name
    assert "'kept instead'" in owners


def _called(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_the_pages_are_as_their_readme_says():
    """Its rooms, modules and names of the address are those there are."""
    text = (ROOT / "pages/README.md").read_text("utf-8")
    rooms, address = (
        re.findall(r"^\| (`.*?) \|", part, re.MULTILINE) for part in text.split("| name |")
    )
    there = {path.parent.name for path in UI.glob("*/__init__.py")} | {"shell"}
    assert {name for row in rooms for name in re.findall(r"`(\w+)`", row)} == there
    fields = [field.name for field in dataclasses.fields(SearchState)]
    named = [name for row in address for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(fields)
    for module in re.findall(r"`(\w+/\w+\.py)`", text):
        assert (UI / module).is_file(), module


def test_no_button_is_of_the_primary_colour():
    """In the dark its white text would have a contrast of 2.4 to 1."""
    assert not [path.name for path in PAGE_PARTS if 'type="primary"' in path.read_text("utf-8")]


FAILURES = {"BaseException", "Exception", "OSError", "SearchEngineError", "CollectionError"}
FAILURES |= {"ModelError", "psutil.Error"}


ENGINE = sorted((ROOT / "search_engine").rglob("*.py"))


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_failure_is_passed_over_without_a_word(path):
    """What fails and does not matter is logged with its reason; see `errors.passing_over`.

    The command line and the laboratory say on the screen what there is to say.
    """
    if {"cli", "lab"} & set(path.parts):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            assert not FAILURES & set(map(ast.unparse, node.args)), f"line {node.lineno}"


def test_no_file_is_called_after_nothing():
    """Names such as utils say nothing about what is inside."""
    vague = {"util", "utils", "helper", "helpers", "common", "misc"}
    assert not [
        path for path in ROOT.rglob("*.py") if path.stem in vague and ".venv" not in str(path)
    ]


def test_every_class_has_a_name_of_its_own():
    """Who reads a name of a class knows which one it is, wherever it stands."""
    homes = defaultdict(set)
    for path in {*SOURCES, *PAGE_PARTS}:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].add(str(path.relative_to(ROOT)))
    shared = {name: sorted(files) for name, files in homes.items() if len(files) > 1}
    assert shared == {}


def test_every_module_has_a_name_of_its_own():
    """A module of the engine is named after what no other one owns; commands after what they run.

    So a command may have the name of the module that it calls.
    """
    homes = defaultdict(set)
    for path in (ROOT / "search_engine").rglob("*.py"):
        room = path.relative_to(ROOT / "search_engine").parts[0]
        if not path.stem.startswith("__") and room != "cli":
            homes[path.stem].add(str(path.relative_to(ROOT)))
    shared = {name: sorted(files) for name, files in homes.items() if len(files) > 1}
    assert shared == {}
