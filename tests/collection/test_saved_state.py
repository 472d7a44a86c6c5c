"""What a catalog keeps as JSON comes back as it was, from older versions too, or is damage."""

import json
import os
from pathlib import Path

import pytest

from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionDamaged, Way
from search_engine.records import (
    AwayPlace,
    AwayReason,
    CollectionSettings,
    Findings,
    IndexKind,
    ModelCard,
    ScanRules,
    UnreadType,
)

ROOT = Path(os.fsdecode(b"/pictures/caf\xe9"))
SETTINGS = CollectionSettings(ROOT, ScanRules(("a/*",), ("b",), hidden=True), "m", IndexKind.IVF)
FINDINGS = Findings(
    (AwayPlace("usb", 3, AwayReason.EMPTY),), (UnreadType(".nef", "Nikon raw", 4),), links=2
)
MODEL = ModelCard("m", "print", 512, "in bf16")
SAVED_SETTINGS = {
    "root": "/p", "include": ["a"], "exclude": [], "hidden": False, "patterns": 2,
    "model_id": "m", "kind": "exact",
}  # fmt: skip
SAVED_MODEL = ["signature", {"model_id": "m", "fingerprint": "f", "dimension": 3, "notes": ""}]
SAVED_FINDINGS = [[["usb", 3, "is there, but holds no picture any more"]], [[".nef", "raw", 4]], 2]


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "cats") as made:
        yield made


def put(catalog, key, value):
    text = value if isinstance(value, str | bytes | int) else json.dumps(value)
    catalog._database.rows("INSERT OR REPLACE INTO collection VALUES (?, ?)", (key, text))


def model_of(catalog):
    return catalog.vectors.remembered_model("m", "signature")


def test_what_was_kept_comes_back(catalog, tmp_path):
    """Settings with odd names, the model and what a look through the folder found are the same."""
    catalog.settings, catalog.findings = SETTINGS, FINDINGS
    catalog.vectors.remember_model(MODEL, "signature")
    with Catalog.open(tmp_path / "cats") as again:
        assert (again.settings, again.findings, model_of(again)) == (SETTINGS, FINDINGS, MODEL)


def test_what_this_and_older_versions_wrote_is_read(catalog):
    """The JSON of a catalog keeps its form, whichever version opens it."""
    for key, saved in (
        ("settings", SAVED_SETTINGS), ("model", SAVED_MODEL), ("findings", SAVED_FINDINGS),
    ):  # fmt: skip
        put(catalog, key, saved)
    assert catalog.settings.rules == ScanRules(("a",))
    assert model_of(catalog) == ModelCard("m", "f", 3)
    assert (catalog.findings.pictures_away, catalog.findings.links) == (3, 2)
    put(catalog, "findings", SAVED_FINDINGS[:2])  # before links were counted
    assert (catalog.findings.unread[0].count, catalog.findings.links) == (4, 0)
    older = {name: value for name, value in SAVED_SETTINGS.items() if name != "patterns"}
    put(catalog, "settings", older | {"include": ["a/b"]})  # before patterns could lie anywhere
    assert catalog.settings.rules == ScanRules(("/a/b",))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, odd) for key in ("settings", "model", "findings") for odd in ("", "{", "7", b"7")),
        ("settings", SAVED_SETTINGS | {"kind": "quantum"}),
        ("settings", SAVED_SETTINGS | {"hidden": "no"}),
        ("settings", SAVED_SETTINGS | {"root": None}),
        ("settings", SAVED_SETTINGS | {"include": "abc"}),
        ("settings", SAVED_SETTINGS | {"more": 1}),
        ("settings", {"root": "/p"}),
        ("model", [*SAVED_MODEL, 1]),
        ("model", ["signature", SAVED_MODEL[1] | {"dimension": "3"}]),
        ("model", ["signature", SAVED_MODEL[1] | {"dimension": -3}]),
        ("findings", SAVED_FINDINGS[:1]),
        ("findings", [[["usb", "three", "is there, but holds no picture any more"]], [], 0]),
        ("findings", [[["usb", 3, "for fun"]], [], 0]),
        ("findings", [[], [], -1]),
    ],
)
def test_what_nobody_wrote_is_damage_that_can_be_mended(catalog, key, value):
    """Each is one error that leads to a repair, and is gone when the catalog is mended."""
    put(catalog, key, value)
    with pytest.raises(CollectionDamaged, match=f"its {key} cannot be read") as damaged:
        _ = model_of(catalog) if key == "model" else getattr(catalog, key)
    assert damaged.value.way is Way.REPAIR
    assert catalog.unreadable() == [damaged.value.cause]
    catalog.remove_unreadable()
    assert catalog.unreadable() == []
    assert (catalog.settings, catalog.findings, model_of(catalog)) == (None, Findings(), None)
