"""A manifest is believed only if each of its fields is there, of its type and of its form."""

import pytest

from search_engine.collection.manifest import manifest_of


def document():
    """A manifest as it is written."""
    return {
        "generation": 1, "file": "index.1.faiss", "checksum": "a" * 64, "kind": "exact",
        "parameters": {"nlist": 4, "text_recall": 0.99}, "count": 3, "catalog_revision": 2,
        "model": {"model_id": "mini", "fingerprint": "f" * 32, "dimension": 256, "notes": ""},
        "created_at": "2026-11-26T10:00:00+00:00", "format_version": 3, "note": "",
        "instead_of": None, "catalog_identity": "x", "catalog_token": "y",
    }  # fmt: skip


ODD = [None, [], {}, "", "x", -1, 1.5, True, 2**70, float("nan"), float("inf"), "\x1b[2J", "a\0b"]
ODD += ["\u202egpj.exe", "x" * 100_000, ["a"], {"a": []}, {"a": True}, {"a": float("nan")}]
MAY_BE = {
    "note": {"", "x"}, "catalog_identity": {"", "x"}, "catalog_token": {"", "x"},
    "instead_of": {None}, "parameters": set(), "model_id": {"", "x"}, "fingerprint": {"", "x"},
    "notes": {"", "x"},
}  # fmt: skip


@pytest.mark.parametrize("field", [*document(), *document()["model"]])
def test_every_field_of_a_manifest_has_its_type(field):
    """Each of many odd values in each field is refused, or is one that the field may have."""
    for value in ODD:
        changed = document()
        where = changed["model"] if field in changed["model"] else changed
        where[field] = value
        may_be = isinstance(value, str | None) and value in MAY_BE.get(field, ())
        if may_be or (field == "parameters" and value == {}):
            assert manifest_of(changed)
        else:
            with pytest.raises((ValueError, TypeError)):
                manifest_of(changed)


def test_a_manifest_has_all_its_fields_and_no_other():
    """What is missing or added is refused; what older versions did not write may be missing."""
    assert manifest_of(document()).model.model_id == "mini"
    optional = {"note", "instead_of", "catalog_identity", "catalog_token"}
    for field in document():
        changed = document()
        del changed[field]
        if field in optional:
            assert manifest_of(changed)
        else:
            with pytest.raises(ValueError, match=field):
                manifest_of(changed)
    with pytest.raises(ValueError, match="more"):
        manifest_of(document() | {"more": 1})


@pytest.mark.parametrize(
    ("field", "value"),
    [("file", "../index.1.faiss"), ("file", "index.1.faiss\n"), ("file", "/etc/passwd"),
     ("checksum", "A" * 64), ("created_at", "2026-11-26T10:00:00"), ("created_at", "yesterday"),
     ("kind", "automatic"), ("instead_of", "automatic")],
)  # fmt: skip
def test_texts_of_a_manifest_are_of_their_form(field, value):
    """Names of files, sums, times and kinds are those that are written here."""
    with pytest.raises(ValueError, match=r".+"):
        manifest_of(document() | {field: value})
