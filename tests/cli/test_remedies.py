"""What leads on from an error is said where it is read: options at the command line only."""

import ast
import importlib
import inspect
import pkgutil
import re
import shlex
from pathlib import Path

import pytest

import search_engine
from search_engine import Library, plan_build
from search_engine.cli.remedies import told
from search_engine.errors import (
    CollectionMissing,
    ModelNotConfirmed,
    ModelUnavailable,
    SearchEngineError,
    Trouble,
    Way,
)

ROOT = Path(search_engine.__file__).parent
TYPED = re.compile(
    r"(?<![\w(-])--[a-z]|python -m|HF_[A-Z]|IMAGE_SEARCH|\bcommands?\b|environment variable"
)
"""What only somebody at a command line can make use of."""
AT_THE_COMMAND_LINE = {"cli", "proofs", "benchmark"}
PROGRAMS = {"pointing.py", "quality.py", "training.py"}
"""Of the sample's makers, with a command line of their own."""


def all_errors(kind=SearchEngineError):
    """Return the whole tree of errors, those that live in other modules included."""
    for module in pkgutil.walk_packages([str(ROOT)], "search_engine."):
        if module.name.rsplit(".", 1)[-1] != "__main__":
            importlib.import_module(module.name)
    yield kind
    for below in kind.__subclasses__():
        yield from all_errors(below)


def said_in(file):
    """Return the texts of a module that are no docstrings, with their lines."""
    tree = ast.parse(file.read_text("utf-8"))
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documents:
            yield node.lineno, node.value


def modules():
    for folder in (ROOT, ROOT.parent / "pages"):
        for file in sorted(folder.rglob("*.py")):
            if not AT_THE_COMMAND_LINE & set(file.parts) and file.name not in PROGRAMS:
                yield file


def test_nothing_below_the_command_line_names_an_option_or_a_variable():
    """Whatever the engine or a page says may be read in the app, where there are no options."""
    found = [
        f"{file.relative_to(ROOT.parent)}:{line}: {text[:80]}"
        for file in modules()
        for line, text in said_in(file)
        if TYPED.search(text) and " " in text
    ]
    assert found == []


@pytest.mark.parametrize("way", Way)
def test_the_command_line_says_how_each_way_is_typed(way):
    """Each way on is an option or a command there, and one that exists."""
    said = told(SearchEngineError("It went wrong", remedy="Do this.", way=way, about="a b"))
    assert said.startswith("It went wrong. Do this. ")
    assert TYPED.search(said.removeprefix("It went wrong. Do this. ")) or "search --card" in said


def test_a_name_is_quoted_as_a_shell_reads_it():
    """The command that mends a collection can be copied, whatever its name."""
    said = told(SearchEngineError("It is damaged", way=Way.REPAIR, about="my trip's"))
    assert shlex.split(said.partition("search_engine ")[2]) == ["check", "my trip's", "--repair"]


def test_the_usual_ways_go_with_their_errors():
    """No error about a model or a missing collection leaves the reader without a way on."""
    assert ModelUnavailable("x").way is Way.OTHER_MODEL
    assert CollectionMissing("x").way is Way.OTHER_COLLECTION
    assert ModelNotConfirmed("m").way is Way.CONFIRM_MODEL


def test_trouble_keeps_all_that_an_error_says():
    """What is kept of an error tells its class, so that a page can offer what fits."""
    for kind in set(all_errors()):
        try:
            error = kind("cause", place="place", remedy="remedy", way=Way.UPDATE, about="about")
        except TypeError:  # one that words itself
            parameters = inspect.signature(kind).parameters.values()
            error = kind(*[one.name for one in parameters if one.default is one.empty])
        trouble = Trouble.of(error)
        assert (trouble.cause, trouble.place) == (error.cause, error.place)
        assert trouble.is_a(kind)
        assert trouble.is_a(SearchEngineError)
        assert trouble.is_a(ModelUnavailable) == issubclass(kind, ModelUnavailable)


def test_another_model_is_announced_before_it_embeds_again(run, pictures, settings, build):
    """Index says how many pictures it embeds again before it starts; an update says nothing."""
    build(model_id="colours")
    _, _, said = run("index", pictures)
    assert "embedded again" not in said
    _, out, said = run("index", pictures, "--model", "clip-ViT-B-16")
    assert "12 pictures are embedded again, with the model 'clip-ViT-B-16'" in said
    assert "embedded again" not in out
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.settings.model_id == "colours"  # the model was not to be had


def test_a_planned_update_keeps_the_model(pictures, settings, build):
    """What nobody names stays what it was."""
    build(model_id="colours")
    assert plan_build(pictures, settings)[1].model_id == "colours"
