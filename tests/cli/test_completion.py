"""Shells complete commands, options and the names of collections, by their own means."""

import shutil
import subprocess
import sys

import pytest

from search_engine.cli.arguments import parsers_of_all

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


def completed(file, *words):
    """Return what bash offers for the last word of a line."""
    line = " ".join(f"'{word}'" for word in ("magpie", *words))
    last, before = words[-1], words[-2] if len(words) > 1 else "magpie"
    code = (
        f"source {file}; COMP_WORDS=({line}); COMP_CWORD={len(words)};"
        f" _shtab_magpie magpie '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    run = subprocess.run(["bash", "--norc", "-c", code], check=True, capture_output=True, text=True)
    return set(run.stdout.split())


def test_bash_completes_what_there_is(script):
    """Commands, their parts, options, choices, and collections by their names."""
    file = script("bash")
    assert completed(file, "sear") == {"search"}
    assert completed(file, "evaluate", "p") == {"presence"}
    assert completed(file, "search", "--prev") == {"--preview"}
    assert completed(file, "search", "--orientation", "p") == {"portrait"}
    assert completed(file, "search", "--collection", "th") == {"things"}
    assert completed(file, "info", "th") == {"things"}
    commands = {name.partition(" ")[0] for name in parsers_of_all()[1]}
    assert commands <= completed(file, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_reads_its_script(script, shell):
    """Without an error, where that shell is installed."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    run = subprocess.run([shell, "-n", script(shell)], check=False, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


def test_without_the_package_it_is_said_what_to_install(run, monkeypatch):
    """The file of the extra is named."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    code, out, err = run("completion", "bash")
    assert (code, out) == (3, "")
    assert "pip install -r search_engine/cli/requirements.txt" in err
