"""Shells complete commands, options and the names of collections, by what the program tells."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search_engine.cli.arguments import parsers_of_all
from search_engine.settings import PROJECT_FOLDER

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def script(run, indexed, tmp_path):
    """Write what a shell is told, and return the file."""

    def write(shell):
        code, out, err = run("completion", shell)
        assert (code, err) == (0, "")
        file = tmp_path / f"magpie.{shell}"
        file.write_text(out)
        return file

    return write


@pytest.fixture
def environment(indexed, settings, tmp_path):
    """Where a shell finds the program as its installation has it, and the collections."""
    programs, python = tmp_path / "programs", Path(sys.executable)
    programs.mkdir()
    program = programs / "magpie"
    program.write_text(
        f"#!{python}\nimport sys\nfrom search_engine.cli import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    return os.environ | {
        "PATH": os.pathsep.join((str(programs), str(python.parent), os.environ["PATH"])),
        "PYTHONPATH": str(PROJECT_FOLDER),
        "IMAGE_SEARCH_DATA": str(settings.data_folder),
    }


@pytest.fixture
def completed(environment, tmp_path):
    """A function: what bash offers for the last word of a line."""

    def offered(file, *words, function="_python_argcomplete"):
        line, last, before = " ".join(words), words[-1], words[-2]
        code = (
            f"source {file}; COMP_WORDS=({' '.join(word or repr('') for word in words)});"
            f" COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'; COMP_POINT={len(line)};"
            f" {function} '{words[0]}' '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
        run = subprocess.run(
            ["bash", "--norc", "-c", code], check=True, capture_output=True, text=True,
            env=environment, cwd=tmp_path,
        )  # fmt: skip
        return set(run.stdout.split())

    return offered


def test_bash_completes_what_there_is(script, completed, tmp_path):
    """Commands, their parts, options, choices, collections by their names, folders and files."""
    file = script("bash")
    assert completed(file, "magpie", "sear") == {"search"}
    assert completed(file, "magpie", "evaluate", "p") == {"presence"}
    assert completed(file, "magpie", "search", "--prev") == {"--preview"}
    assert completed(file, "magpie", "search", "--orientation", "p") == {"portrait"}
    assert completed(file, "magpie", "search", "--collection", "") == {"things"}
    assert completed(file, "magpie", "info", "") == {"things"}
    commands = {name.partition(" ")[0] for name in parsers_of_all()[1]}
    assert completed(file, "magpie", "") == commands
    (tmp_path / "owls").mkdir()
    (tmp_path / "owl.png").touch()
    assert completed(file, "magpie", "index", "ow") == {"owls/"}
    assert completed(file, "magpie", "search", "--image", "ow") == {"owls/", "owl.png"}
    assert completed(file, "magpie", "search", "ow") == set()


def test_argcompletes_own_script_completes_the_module_too(completed):
    """That for all Python programs finds the mark of ``python -m search_engine``."""
    import argcomplete

    file = Path(argcomplete.__file__).parent / "bash_completion.d" / "_python-argcomplete"
    of_all = {"function": "_python_argcomplete_global"}
    line = ("python", "-m", "search_engine", "search", "--collection", "th")
    assert completed(file, *line, **of_all) == {"things"}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_reads_its_script(script, shell):
    """Without an error, where that shell is installed."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    run = subprocess.run([shell, "-n", script(shell)], check=False, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


def test_fish_completes_with_what_each_command_is_for(script, environment):
    """Commands and collections."""
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("fish is not installed here")
    file = script("fish")

    def offered(line):
        code = f"source {file}; complete --do-complete '{line}'"
        run = subprocess.run(
            [fish, "--no-config", "-c", code], check=True, capture_output=True, text=True,
            env=environment,
        )  # fmt: skip
        return run.stdout.splitlines()

    assert offered("magpie sear") == ["search\tfind pictures by words and example pictures"]
    assert offered("magpie info th") == ["things"]


def test_without_the_package_it_is_said_what_to_install(run, monkeypatch):
    """The file of the extra is named."""
    monkeypatch.setitem(sys.modules, "argcomplete", None)
    for wanted in (False, True):
        if wanted:
            monkeypatch.setenv("_ARGCOMPLETE", "1")
        code, out, err = run("completion", "bash")
        assert (code, out) == (3, "")
        assert "pip install -r search_engine/cli/requirements.txt" in err


def test_a_line_that_is_not_completed_loads_nothing_of_it():
    """The package is loaded where a shell asks only."""
    code = "import sys\nfrom search_engine.cli import main\nassert main(['list']) == 0\n"
    code += "assert 'argcomplete' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT_FOLDER, check=True)
