"""What keeps workers from being had is told before anything is changed."""

import socket
import sys

import pytest

from search_engine import Library
from search_engine.cluster import ray_session
from tests.conftest import paint

NOBODY = "127.0.0.1:1"


@pytest.fixture
def index(run, pictures):
    """Index a folder of small pictures with the bundled model, and give code and errors."""

    def call(*options):
        code, _, err = run("index", pictures, "--name", "some", "--model", "mini", *options)
        return code, err

    return call


@pytest.mark.parametrize("address", [NOBODY, f"ray://{NOBODY}", "no-such-host.invalid:6379"])
def test_a_head_that_is_away_is_told(index, settings, address):
    """With its address and what to do; no collection is begun."""
    code, err = index("--workers", address)
    assert code == 3
    assert "No Ray cluster responds" in err
    assert address in err
    assert "Nothing was changed" in err
    assert Library(settings).names() == []


def test_what_was_there_stays_as_it_was(index, settings, pictures):
    """A picture that is new and one that is gone are taken in when the head is there again."""
    assert index()[0] == 0
    (pictures / "red/0.png").unlink()
    paint(pictures / "red/2.png", "red", salt=2)
    before = known(settings)
    assert index("--workers", NOBODY)[0] == 3
    assert known(settings) == before
    assert index()[0] == 0
    assert known(settings) == before - {"red/0.png"} | {"red/2.png"}


def known(settings):
    """Return the paths of the pictures that the collection has."""
    with Library(settings).open_catalog("some") as catalog:
        return {record.path for record in catalog.pictures}


def test_nothing_to_embed_needs_nobody(index):
    """A collection that is up to date asks no cluster."""
    assert index()[0] == 0
    assert index("--workers", NOBODY)[0] == 0


def test_ray_that_is_not_installed_is_told(index, settings, monkeypatch):
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, "ray", None)
    code, err = index("--workers", "local:1")
    assert code == 3
    assert "not installed" in err
    assert "pip install -r search_engine/cluster/requirements.txt" in err
    assert Library(settings).names() == []


def test_what_is_no_place_is_told_as_a_mistake_of_typing(index):
    """Before the folder is looked at."""
    code, err = index("--workers", "local:none")
    assert code == 2
    assert "names no workers" in err


@pytest.mark.parametrize("form", ["{}", "ray://{}"])
def test_something_else_at_the_address_is_told(index, settings, monkeypatch, form):
    """What answers need not be a cluster."""
    monkeypatch.setattr(ray_session, "_SECONDS_TO_ANSWER", 1.0)
    with socket.create_server(("", 0)) as other:
        code, err = index("--workers", form.format(f"127.0.0.1:{other.getsockname()[1]}"))
    assert code == 3
    assert "no Ray cluster" in err
    assert Library(settings).names() == []
