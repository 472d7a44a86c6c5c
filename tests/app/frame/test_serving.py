"""Pictures have addresses of their own, which give nothing but pictures, and only to the app."""

import io
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from search_engine import Library, SearchEngine, Settings, build_collection, plan_build
from search_engine.explore import draw_picture_map
from search_engine.settings import MINI_MODEL


@pytest.fixture(scope="module")
def drawings(prepared):
    """Return some pictures of the collection that is served."""
    settings = Settings(prepared)
    with Library(settings).open_catalog("drawings") as catalog:
        return list(catalog.pictures)[:3]


def fetch(address, **headers):
    """Return status, headers and content of an answer."""
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_thumbnail_and_picture_are_those_of_the_collection(site, prepared, drawings):
    """The file itself where a browser can show it; both may be kept for good."""
    for one in drawings:
        base = f"{site}/pictures/drawings/{one.content_hash}"
        status, headers, thumbnail = fetch(base)
        assert (status, headers["content-type"]) == (200, "image/jpeg")
        assert "immutable" in headers["cache-control"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert Image.open(io.BytesIO(thumbnail)).size == (320, 320)
        file = prepared.parent / "drawings" / one.path
        for size in ("", "?size=full"):
            status, headers, content = fetch(f"{base}/{one.picture_id}{size}")
            assert (status, headers["content-type"]) == (200, "image/jpeg")
            assert content == file.read_bytes()


def test_other_contents_ids_and_collections_are_missing(site, drawings):
    """A picture is answered only under its own content, and nothing beside pictures."""
    one, other, _ = drawings
    base = f"{site}/pictures"
    for wrong in (
        f"drawings/{one.content_hash}/{other.picture_id}",
        f"drawings/{one.content_hash}/999999",
        f"drawings/{'0' * 64}",
        f"nothing/{one.content_hash}",
        f"hostile/{one.content_hash}",
        "drawings/catalog.sqlite",
        "drawings/%2e%2e",
    ):
        status, headers, content = fetch(f"{base}/{wrong}")
        assert status in {400, 404}, wrong
        assert b"SQLite" not in content
        assert "immutable" not in (headers["cache-control"] or "")


def test_the_sheet_of_a_map_is_answered_under_its_own_stamp(site, prepared):
    """It may be kept for good, because another map has another stamp; any other is missing."""
    with SearchEngine.open("drawings", Settings(prepared)) as engine:
        drawn = draw_picture_map(engine.catalog, engine.manifest)
    status, headers, content = fetch(f"{site}/maps/drawings/{drawn.stamp}")
    assert (status, headers["content-type"], content) == (200, "image/webp", drawn.sheet)
    assert "immutable" in headers["cache-control"]
    for wrong in ("drawings/000000000000", f"nothing/{drawn.stamp}", f"hostile/{drawn.stamp}"):
        assert fetch(f"{site}/maps/{wrong}")[0] == 404


def test_pages_of_others_get_no_picture(site, drawings):
    """Neither by a request of theirs nor as part of what they show."""
    address = f"{site}/pictures/drawings/{drawings[0].content_hash}"
    assert fetch(address, Origin="http://evil.example")[0] == 403
    as_image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors",
                "Sec-Fetch-Dest": "image"}  # fmt: skip
    assert fetch(address, **as_image)[0] == 403


def test_what_browsers_cannot_show_and_what_changed(serve, tmp_path):
    """A TIFF comes as JPEG; a file that holds something else by now does not come.

    What is large comes at the size of a screen, which is kept, and whole if that is asked for.
    """
    folder = tmp_path / "mixed"
    folder.mkdir()
    Image.new("RGB", (60, 40), "red").save(folder / "a.tif")
    Image.new("RGB", (50, 50), "blue").save(folder / "b.png")
    Image.new("RGB", (3000, 1500), "teal").save(folder / "wide.tif")
    Image.new("RGB", (5000, 4000), "teal").save(folder / "large.jpg")
    settings = Settings(tmp_path / "data")
    name, wanted = plan_build(folder, settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with Library(settings).open_catalog(name) as catalog:
        records = {Path(one.path).name: one for one in catalog.pictures}
    Image.new("RGB", (50, 50), "green").save(folder / "b.png")
    site = serve(settings.data_folder)
    tif, png = (
        f"{site}/pictures/{name}/{one.content_hash}/{one.picture_id}"
        for one in (records["a.tif"], records["b.png"])
    )
    status, headers, content = fetch(tif)
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(content)).size == (60, 40)
    status, _, content = fetch(png)
    assert (status, b"changed" in content) == (404, True)
    for file, screen, whole in (
        ("wide.tif", (2048, 1024), (3000, 1500)),
        ("large.jpg", (2048, 1638), (5000, 4000)),
    ):
        record = records[file]
        address = f"{site}/pictures/{name}/{record.content_hash}/{record.picture_id}"
        for asked, size in (("", screen), ("?size=full", whole), ("", screen)):
            _, headers, content = fetch(address + asked)
            assert headers["content-type"] == "image/jpeg"
            assert Image.open(io.BytesIO(content)).size == size
        kept = settings.collections_folder / name / "screen" / f"{record.content_hash}.jpg"
        assert kept.read_bytes() == content
    assert content != (folder / "large.jpg").read_bytes()
