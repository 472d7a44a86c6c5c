"""Links to pictures that are in anyway: left out, named, and forgotten where they were in."""

import json
from shutil import copyfile

from search_engine import Library
from search_engine.collection import scanning
from search_engine.records import Findings
from tests.conftest import counts, ids_by_path


def test_a_build_names_links_to_pictures_that_are_in(pictures, settings, run, build):
    """The summary, `info` and JSON count them; the pictures are there once."""
    (pictures / "best").mkdir()
    for number in range(2):
        (pictures / "best" / f"{number}.png").symlink_to(f"../red/{number}.png")
    report = build()
    assert counts(report) == {"added": 12, "embedded": 12}
    assert report.findings.links == 2
    assert not any(path.startswith("best/") for path in ids_by_path(settings))
    assert "2 links lead to pictures that are in anyway" in run("info", "pictures")[1]
    assert json.loads(run("info", "pictures", "--json")[1])["links"] == 2


def test_links_of_an_older_catalog_are_forgotten(pictures, settings, build, monkeypatch):
    """A folder that holds nothing but such links is not out of reach; its pictures are all in."""
    (pictures / "best").mkdir()
    (pictures / "best/0.png").symlink_to("../red/0.png")
    with monkeypatch.context() as older:
        older.setattr(
            scanning.walking, "apart", lambda root, files, links: (links, []), raising=True
        )
        assert build().added == 13
    before = ids_by_path(settings)
    report = build()
    assert counts(report) == {"removed": 1, "unchanged": 12}
    assert not report.findings.away
    assert ids_by_path(settings) == {
        path: number for path, number in before.items() if path != "best/0.png"
    }
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.findings.links == 1


def test_links_that_lead_nowhere_are_counted(pictures, settings, run, build):
    """To nothing, in a circle; a link that brings in a picture is none of them."""
    (pictures / "gone.png").symlink_to("nothing.png")
    (pictures / "circle").symlink_to("circle")
    (pictures / "more.png").symlink_to("../elsewhere.png")
    copyfile(pictures / "red/0.png", pictures.parent / "elsewhere.png")
    report = build()
    assert counts(report)["added"] == 13
    assert report.findings.dead_links == 2
    assert "2 links lead nowhere." in run("info", "pictures")[1]
    assert json.loads(run("info", "pictures", "--json")[1])["dead_links"] == 2
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.findings == report.findings
    (pictures / "gone.png").unlink()
    assert build().findings.dead_links == 1


def test_findings_of_earlier_versions_are_read(build, settings):
    """They counted fewer kinds of links."""
    build()
    with Library(settings).open_catalog("pictures") as catalog:
        for old, found in (("[[], []]", 0), ("[[], [], 3]", 3)):
            catalog._state._put("findings", old)
            assert catalog.findings == Findings(links=found)
