"""What the documentation says is so."""

import ast
import re
from pathlib import Path

import pytest

import search_engine
from search_engine.cli import ExitCode
from search_engine.cli.arguments import options_of, parse, parsers_of_all
from search_engine.query import Query

ROOT = Path(search_engine.__file__).parent.parent


def documents(top):
    """Return the documents of a folder; of the root itself only those that lie right in it."""
    return (ROOT / top).rglob("*.md") if top else ROOT.glob("*.md")


FILES = sorted(
    file for top in ("", "search_engine", "pages", "tests", "data") for file in documents(top)
)
README = (ROOT / "README.md").read_text("utf-8")
ENGINE = (ROOT / "search_engine/README.md").read_text("utf-8")
CLI = (ROOT / "search_engine/cli/README.md").read_text("utf-8")

MOST_WORDS = 1_400
"""Of the README; what is longer stands beside the code."""


def blocks(language, text=README):
    """Return the code blocks of a language, without their fences."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [content for name, content in fenced if name == language]


def section(title, text=README):
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_readme_is_for_users_and_short():
    """A user reads it in some minutes."""
    assert len(README.split()) <= MOST_WORDS


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
    offered = set(re.findall(r"^    ([\w-]+) ", capsys.readouterr().out, re.MULTILINE))
    table = "\n".join(row for row in README.splitlines() if row.startswith("| `"))
    shown = {
        word
        for word in re.findall(r"`([\w-]+)", table.split("| package |")[0])
        if word.islower() and word in offered
    }
    assert shown == offered


def test_every_option_that_is_named_exists():
    """No option in the README is a left-over."""
    whole, parsers = parsers_of_all()
    options = options_of(whole).union(*map(options_of, parsers.values()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", README + CLI + ENGINE)) <= options


def test_every_page_is_described():
    """Each page of the app has its paragraph."""
    for page in (ROOT / "pages").glob("[0-9]*.py"):
        name = page.stem.partition("_")[2].replace("_", " ")
        assert f"**{name}**" in section("The app")


def test_every_package_has_its_reason():
    """Whatever is installed is in the table that says why."""
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    reasons = section("Why these packages", ENGINE)
    assert [name for name in pinned if name not in reasons] == []


def test_exit_codes_are_the_documented_ones():
    """The table of exit codes lists exactly those that the command line can give."""
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE)}
    assert codes == {int(code) for code in ExitCode}


def test_the_examples_of_queries_mean_what_they_say():
    """Every line of the syntax example parses to as many terms as it shows."""
    lines = next(block for block in blocks("") if "a red fish - night" in block).splitlines()
    queries = [line.split("   ")[0] for line in lines if line.strip()]
    terms = [len(Query.parse(query, paths=True).terms) for query in queries]
    assert terms == [1, 2, 2, 3, 2, 1, 1]


def test_the_example_of_python_uses_what_there_is():
    """The names that the snippet imports are public."""
    tree = ast.parse(blocks("python", CLI)[0])
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names]
    assert set(names) <= set(search_engine.__all__)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file):
    """Every relative link and picture exists, and every heading that is linked to."""
    for link in re.findall(r"\]\((?!http)([^)]+)\)", file.read_text("utf-8")):
        place, _, heading = link.partition("#")
        target = file.parent / place if place else file
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in {title.lower().replace(" ", "-") for title in titles}, link
