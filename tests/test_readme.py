"""What the README says is so."""

import ast
import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

import search_engine
from search_engine.cards import card_of, replay
from search_engine.cli import ExitCode
from search_engine.cli.arguments import options_of, parse, parsers_of_all
from search_engine.cli.json_answers import document_of
from search_engine.cli.replay import replay_answer
from search_engine.lab.benchmark.search_speed import Answers, SearchFigures
from search_engine.query import Query
from search_engine.records import Filters

ROOT = Path(search_engine.__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    """Return the code blocks of a language, without their fences."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [content for name, content in fenced if name == language]


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_check_line_is_the_one_that_ci_runs():
    """The line for checking a clone stands in the README and ends the script of CI."""
    last = (ROOT / ".ci/run").read_text("utf-8").strip().splitlines()[-1]
    assert f"{last}\n" in blocks("bash")


def test_the_first_line_sets_up_and_opens_the_app():
    """The first line makes an environment, installs what is pinned, and starts the app."""
    first = blocks("bash")[0].strip()
    assert first.startswith("python3 -m venv .venv && .venv/bin/pip install -r requirements.txt")
    assert first.endswith("streamlit run Home.py")


def test_every_command_is_shown_and_exists(capsys):
    """The table names the commands that there are, and no other."""
    with pytest.raises(SystemExit):
        parse(["--help"])
    offered = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE))
    table = "\n".join(row for row in README.splitlines() if row.startswith("| `"))
    shown = {
        word
        for word in re.findall(r"`(\w+)", table.split("| package |")[0])
        if word.islower() and word in offered
    }
    assert shown == offered


def test_every_option_that_is_named_exists():
    """No option in the README is a left-over."""
    whole, parsers = parsers_of_all()
    options = options_of(whole).union(*map(options_of, parsers.values()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", README)) <= options | {"--help", "--k"}


def test_every_page_is_described():
    """Each page of the app has its paragraph."""
    for page in (ROOT / "pages").glob("[0-9]*.py"):
        name = page.stem.partition("_")[2].replace("_", " ")
        assert f"**{name}**" in section("The app")


def test_every_package_has_its_reason():
    """Whatever is installed is in the table that says why."""
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    reasons = section("Why these packages")
    assert [name for name in pinned if name not in reasons] == []


def test_exit_codes_are_the_documented_ones():
    """The table of exit codes lists exactly those that the command line can give."""
    codes = {
        int(code) for code in re.findall(r"^\| (\d+) \|", section("For scripts"), re.MULTILINE)
    }
    assert codes == {int(code) for code in ExitCode}


def example(key):
    """Return the example of JSON that has this key."""
    (found,) = (one for one in map(json.loads, blocks("json")) if key in one)
    return found


def test_the_examples_of_json_are_json():
    """Each example parses and has the documented keys."""
    search, index, benchmark = example("results"), example("added"), example("machine")
    assert list(search) == ["query", "collection", "model", "exact", "results", "verdict"]
    assert list(search["results"][0]) == [
        "rank", "picture_id", "path", "category", "score", "match",
        "stands_out",
    ]  # fmt: skip
    assert list(index)[-2:] == ["remarked", "seconds"]
    found = benchmark["search"][0]
    assert set(found) <= {one.name for one in fields(SearchFigures)}
    assert set(found["answers"][0]) == {one.name for one in fields(Answers)}


def test_the_example_of_a_replay_is_what_one_gives(build, engine):
    """The keys are those of a real replay."""
    build()
    with engine() as opened:
        card = card_of(opened, opened.search("red", 1), 1, Filters())
        lost = replace(card, results=(replace(card.results[0], content_hash="0" * 64),))
        found = document_of(replay_answer(replay(opened, lost)))
    shown = example("largest_score_change")
    assert list(shown) == list(found)
    assert list(shown["differences"][0]) == list(found["differences"][0])


def test_the_examples_of_questions_mean_what_they_say():
    """Every line of the syntax example parses to as many terms as it shows."""
    lines = next(block for block in blocks("") if "a red fish - night" in block).splitlines()
    questions = [line.split("   ")[0] for line in lines if line.strip()]
    terms = [len(Query.parse(question, paths=True).terms) for question in questions]
    assert terms == [1, 2, 2, 3, 2, 1, 1]


def test_the_example_of_python_uses_what_there_is():
    """The names that the snippet imports are public."""
    tree = ast.parse(blocks("python")[0])
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names]
    assert set(names) <= set(search_engine.__all__)


def test_links_lead_somewhere():
    """Every relative link and picture of the README exists."""
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_module_has_its_caption():
    """Docstrings of packages that show a table of modules name them all."""
    for package in (ROOT / "search_engine").rglob("__init__.py"):
        text = ast.get_docstring(ast.parse(package.read_text("utf-8"))) or ""
        if "======" in text:
            modules = sorted(path.stem for path in package.parent.glob("[a-z]*.py"))
            captions = re.findall(r"^(\w+)  +", text, re.MULTILINE)
            assert [name for name in modules if name not in captions] == []
