"""Installed from a clone, the engine can be imported from everywhere."""

import email
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest

from search_engine.settings import PROJECT_FOLDER

PYPROJECT = tomllib.loads((PROJECT_FOLDER / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """What ``pip install -e`` makes of a copy of the clone, without its network."""
    root = tmp_path_factory.mktemp("clone")
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.txt", "search_engine"):
        source = PROJECT_FOLDER / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)
    build = "from setuptools import build_meta; build_meta.build_editable('out')"
    (root / "out").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", build], cwd=root, check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    (made,) = (root / "out").glob("*.whl")
    return root, made


def test_what_it_says_of_itself(wheel):
    """Name, version and licence, what it needs, and what agents need besides."""
    _, made = wheel
    with zipfile.ZipFile(made) as content:
        (name,) = [one for one in content.namelist() if one.endswith("/METADATA")]
        told = email.message_from_bytes(content.read(name))
    assert told["Name"] == PYPROJECT["project"]["name"]
    assert told["Version"] == PYPROJECT["project"]["version"]
    assert told["License-Expression"] == "MIT"
    needs = told.get_all("Requires-Dist")
    lines = (PROJECT_FOLDER / "requirements.txt").read_text("utf-8").splitlines()
    pinned = [line for line in lines if "==" in line]
    assert len([one for one in needs if "extra ==" not in one]) == len(pinned)
    assert any(one.startswith("mcp==") and 'extra == "agents"' in one for one in needs)


def test_it_is_imported_from_another_folder(wheel, tmp_path):
    """It is the clone itself, so that its bundled model and its data stay where they are."""
    root, made = wheel
    with zipfile.ZipFile(made) as content:
        content.extractall(tmp_path / "site")
    code = (
        "import site; site.addsitedir('site')\n"
        "import search_engine; print(search_engine.__file__)\n"
        "import importlib.util; print(importlib.util.find_spec('pages'))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout.split() == [str(root / "search_engine/__init__.py"), "None"]
