"""Rows of the options of what lets other programs in, and of pictures shown elsewhere."""

import os
import re
import subprocess
import sys
import time

from search_engine.settings import PROJECT_FOLDER
from tests.agents.conftest import command, talking
from tests.seams.options.rows import row


@row("mcp", "--collection")
def mcp_collection(desk):
    """Agents see this one and no other."""
    for options, there in (([], {"things", "others", "strange"}), (["things"], {"things"})):
        given = [part for name in options for part in ("--collection", name)]
        with talking(command(desk.data, *given)) as agent:
            told = agent("collections")["collections"]
            assert {one["collection"] for one in told} == there
    assert "Did you mean 'things'?" in served(desk, "--collection", "thing").stderr


@row("mcp", "--verbose")
def mcp_verbose(desk):
    """What goes on is told on standard error; standard output stays empty."""
    for options in ([], ["--verbose"]):
        run = served(desk, *options)
        assert (run.returncode, run.stdout) == (0, "")
        assert ("INFO search_engine.agents" in run.stderr) is bool(options)


def served(desk, *options):
    """Serve until standard input ends, which it does at once."""
    line = [sys.executable, "-m", "search_engine", "mcp", *options]
    environment = os.environ | {"IMAGE_SEARCH_DATA": str(desk.data)}
    return subprocess.run(
        line, cwd=PROJECT_FOLDER, env=environment, stdin=subprocess.DEVNULL, check=False,
        capture_output=True, text=True,
    )  # fmt: skip


@row("completion", "shell")
def completion_shell(desk):
    """Each shell gets a script of its own, and others are refused."""
    scripts = {shell: desk("completion", shell).out for shell in ("bash", "zsh", "fish")}
    assert re.search("complete .*-F .* magpie$", scripts["bash"], re.MULTILINE)
    assert scripts["zsh"].startswith("#compdef magpie")
    assert "complete --command magpie" in scripts["fish"]
    assert desk("completion", "cmd").code == 2


@row("search", "--open")
def search_open(desk):
    """The best picture is given to the desktop's opener; where there is none, that is said."""
    line = ["search", "owl", "--collection", "things", "-k", "2"]
    told = desk(*line, "--json").json
    first = told["shown"][0]["picture_ids"][0]
    best = next(one["path"] for one in told["results"] if one["picture_id"] == first)
    programs, opened = desk.tmp / "programs", desk.tmp / "opened.txt"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.part && mv {opened}.part {opened}\n')
    opener.chmod(0o755)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        desk.monkeypatch.delenv(name, raising=False)
    assert "no picture viewer was found here" in desk(*line, "--open").err
    desk.monkeypatch.setenv("DISPLAY", ":0")
    desk.monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    assert "Opening" not in desk(*line).err
    said = desk(*line, "--open").err
    assert f"Opening {best}" in said, said
    for _ in range(200):
        if opened.exists():
            break
        time.sleep(0.05)
    assert opened.read_text() == str(best)


@row("search", "--preview")
def search_preview(desk):
    """Off a terminal it is said that there is nothing to show on; with JSON it is refused."""
    line = ["search", "owl", "--collection", "things", "-k", "2"]
    plain, shown = desk(*line), desk(*line, "--preview")
    assert plain.out == shown.out
    assert "pictures are shown on a terminal only" in shown.err
    assert "terminal" not in plain.err
    assert desk(*line, "--preview", "--json").code == 3
