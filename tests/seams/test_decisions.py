"""Each decision that is written down has a test that would fail without it."""

import ast
import re
from pathlib import Path

import pytest

from search_engine.settings import PROJECT_FOLDER

ENGINE = PROJECT_FOLDER / "search_engine"
TESTS = PROJECT_FOLDER / "tests"


def decisions():
    """Return each decision as one line."""
    text = (ENGINE / "README.md").read_text("utf-8")
    section = text.split("\n## Decisions\n")[1].split("\n## ")[0]
    items = re.findall(r"^\* (.*?)(?=^\* |\Z)", section, re.DOTALL | re.MULTILINE)
    return [" ".join(item.split()) for item in items]


def test_they_are_found():
    """There are many."""
    assert len(decisions()) > 30


@pytest.mark.parametrize("decision", decisions(), ids=lambda one: one[2:42])
def test_each_decision_names_its_module_and_its_test(decision):
    """A new decision comes with a test; neither was renamed or deleted."""
    named = re.search(r"\[`[^`]+`\]\((\S+)\) · \[`(\w+)`\]\((\S+)\)$", decision)
    assert named, "no module and no test"
    module, test, file = named.groups()
    assert (ENGINE / module).is_file()
    tree = ast.parse((ENGINE / file).read_text("utf-8"))
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_answers_are_a_fragment_of_their_page():
    """What is typed runs the answers again, not the page around them."""
    tree = ast.parse((PROJECT_FOLDER / "pages/2_Search.py").read_text("utf-8"))
    fragments = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("fragment" in ast.unparse(one) for one in node.decorator_list)
    }
    assert fragments
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert fragments & called


def test_openvino_is_not_asked_for():
    """Neither the program nor its checks need it."""
    for file in (PROJECT_FOLDER / "requirements.txt", TESTS / "requirements.txt"):
        assert "openvino" not in file.read_text("utf-8").lower()


def test_thumbnails_are_jpeg(shelf):
    """Every one of them, whatever the picture is."""
    folder = shelf.data / "collections/things/thumbnails"
    files = [file for file in Path(folder).rglob("*") if file.is_file()]
    assert len(files) > 30
    assert all(file.read_bytes().startswith(b"\xff\xd8\xff") for file in files)
