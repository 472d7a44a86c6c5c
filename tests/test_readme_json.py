"""The examples of JSON in the README have the keys that the commands give."""

import json

import pytest

from search_engine.cli import ExitCode, main
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE
from tests.test_readme import example

COMMANDS = {
    "heat_map": ("explain", "a fish - night", "--picture", "1", "--method", "patches"),
    "auroc_match": ("evaluate", "presence"),
    "chance_map": ("evaluate", "retrieval"),
    "templates": ("evaluate", "templates"),
    "wordings": ("wording", "a fish"),
    "bytes_to_gain": ("duplicates", "--cosine", "0", "--bits", "64", "--overlay", "-1"),
    "suspects": ("suspects",),
    "rankings": ("outliers",),
    "sound": ("check",),
}


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """A few drawings with a copy among them, indexed with the bundled model."""
    root = tmp_path_factory.mktemp("readme")
    draw_gallery(root / "drawings", pictures=100)
    copied = next((root / "drawings").glob("*/*.jpg"))
    copied.with_name("copy.jpg").write_bytes(copied.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(root / "data"))
        assert main(["index", str(root / "drawings"), "--model", "mini"]) == 0
        yield


@pytest.mark.parametrize("key", COMMANDS)
def test_an_example_has_the_keys_of_the_real_thing(collection, key, capsys):
    """At every level, as far as the example shows one."""
    capsys.readouterr()
    assert main([*COMMANDS[key], "--json"]) in {ExitCode.DONE, ExitCode.FAULTY}
    compare(example(key), json.loads(capsys.readouterr().out), key)


def compare(shown, found, place):
    """Compare keys; of lists the first entries, and of tables by name only what is shown."""
    if isinstance(shown, dict):
        tables = {"intervals", "verdicts", "present"}
        kept = {name: found[name] for name in shown} if place in tables else found
        assert set(shown) == set(kept), place
        for name, value in shown.items():
            compare(value, found[name], name)
    elif isinstance(shown, list) and shown and found:
        compare(shown[0], found[0], place)
