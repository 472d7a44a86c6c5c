"""An answer that cannot be written is an error with a name; no half of it passes for the whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from search_engine import build_collection, plan_build
from search_engine.cli.console import shortened
from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.conftest import paint

FULL = Path("/dev/full")
COMMANDS = (
    "list", "list --json", "info c", "info c --json", "check c --sample 0",
    "check c --sample 0 --json", "duplicates --collection c", "outliers --collection c --json",
    "duplicates --collection c --print0 --list remove",
)  # fmt: skip


@pytest.fixture
def environment(tmp_path, settings, load):
    for colour in ("red", "green", "blue"):
        paint(tmp_path / "pictures" / colour / "0.png", colour)
        paint(tmp_path / "pictures" / colour / "1.png", colour)
    name, wanted = plan_build(tmp_path / "pictures", settings, name="c", model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return os.environ | {DATA_VARIABLE: str(settings.data_folder), "HF_HUB_OFFLINE": "1"}


def run(command, environment, **streams):
    return subprocess.run(
        [sys.executable, "-m", "search_engine", *command.split()], cwd=PROJECT_FOLDER,
        env=environment, text=True, timeout=120, check=False, **streams,
    )  # fmt: skip


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", COMMANDS)
def test_an_answer_onto_a_full_disk_is_an_error_with_a_name(command, environment):
    with FULL.open("w") as full:
        told = run(command, environment, stdout=full, stderr=subprocess.PIPE)
    assert told.returncode == 3
    assert "error: The output cannot be written" in told.stderr
    assert "Exception ignored" not in told.stderr


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_notes_onto_a_full_disk_stop_nothing(environment):
    with FULL.open("w") as full:
        told = run("check c --sample 0", environment, stdout=subprocess.PIPE, stderr=full)
    assert told.returncode == 0
    assert "Nothing is wrong" in told.stdout


@pytest.mark.parametrize(("closed", "code"), [(1, 3), (2, 0)])
def test_closed_streams_are_no_accident(closed, code, environment):
    """Nothing goes to the other stream instead."""
    told = run(
        "list", environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: os.close(closed),
    )  # fmt: skip
    assert told.returncode == code
    assert ("cannot be written" in told.stderr) == (code == 3)
    assert "error" not in told.stdout


def test_a_name_of_four_thousand_letters_is_shown_by_its_ends():
    assert shortened("a" * 2000 + "b" * 2000) == "a" * 150 + "…" + "b" * 150
    assert shortened("short") == "short"
