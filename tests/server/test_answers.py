"""Programs get the answers that people get: the same pictures, matches and verdicts."""

import io
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from search_engine.query import Query
from search_engine.records import Filters
from tests.conftest import paint


def ids(answer):
    return [one["picture_id"] for one in answer["results"]]


def shown(answer):
    return [one for group in answer["shown"] for one in group["picture_ids"]]


def ask(client, query="a red fish", **body):
    found = client.post(f"{client.base}/search", json={"query": query, **body})
    assert found.status_code == 200, found.text
    return found.json()


def test_a_search_finds_what_the_engine_finds(client, indexed_gallery):
    """Score, match and verdict are those of the engine; paths are relative to the folder."""
    answer = ask(client, limit=5)
    found = indexed_gallery.search("a red fish", 240)
    by_id = {one.record.picture_id: one for one in found.results}
    assert len(ids(answer)) == 5
    for one in answer["results"]:
        same = by_id[one["picture_id"]]
        assert one["score"] == pytest.approx(same.score, abs=1e-5)
        assert one["match"] == pytest.approx(same.match, abs=0.01)
        assert one["path"] == same.record.path
    assert answer["results"][0]["category"] == "fish"
    assert answer["verdict"]["presence"] == "clear"
    assert answer["considered"] == len(indexed_gallery)
    assert ask(client, "a violin", limit=1)["verdict"]["presence"] != "clear"


def test_terms_marks_and_filters_change_the_answer(client, indexed_gallery):
    """A query may be a sum, with good and bad results; filters come before ranking."""
    fish, *_ = ids(ask(client, limit=1))
    like = ask(client, f"#{fish}", leave_out_examples=True, limit=10)
    assert fish not in ids(like)
    assert fish not in ids(ask(client, bad=[fish], limit=10))
    boats = ask(client, limit=100, filters={"categories": ["boat"], "min_width": 1})
    assert {one["category"] for one in boats["results"]} == {"boat"}
    assert boats["considered"] == indexed_gallery.catalog.pictures.count(
        Filters(categories=frozenset(["boat"]))
    )
    by_path = ask(client, limit=100, filters={"path": ["boat/", "fish/"]})
    assert {one["category"] for one in by_path["results"]} == {"boat", "fish"}
    plain, averaged = ask(client, limit=1), ask(client, limit=1, average_wordings=True)
    assert plain["query"] == "a red fish"
    assert averaged["query"] == "{a red fish}"


def test_pages_follow_one_another(client, indexed_gallery):
    """All pages together are the whole answer, each picture once, in the order people read."""
    whole = ask(client, limit=100)
    cursor, read, pages = None, [], 0
    while True:
        page = ask(client, limit=30, **({"cursor": cursor} if cursor else {}))
        read, cursor, pages = read + shown(page), page["next_cursor"], pages + 1
        if cursor is None:
            break
    assert pages == 5
    assert sorted(read) == sorted(record.picture_id for record in indexed_gallery.catalog.pictures)
    assert read[:100] == shown(whole)


def test_a_cursor_is_of_one_request_and_one_state(own, engine):
    """Another query, a changed text or another state of the collection refuse it."""
    page = ask(own, "red", limit=3)
    cursor = page["next_cursor"]

    def again(**body):
        found = own.post(f"{own.base}/search", json={"query": "red", "cursor": cursor, **body})
        return found.status_code, found.json().get("type", "").partition("#")[2]

    assert again(limit=2)[0] == 200
    assert again(query="blue") == (422, "unusable")
    assert again(filters={"hidden": None}) == (422, "unusable")
    for forged in ("0.a.b", "-1.a.b", cursor.replace("3.", "4.", 1), "9" * 200, "é", f"{cursor}x"):
        assert again(cursor=forged) == (422, "unusable"), forged
    engine().catalog.tags.hide([shown(page)[0]])
    assert again() == (409, "changed")


def test_a_picture_is_told_with_its_links(client, indexed_gallery):
    """Thumbnail and image are those of the collection; their addresses show them for good."""
    record = next(iter(indexed_gallery.catalog.pictures))
    told = client.get(f"{client.base}/pictures/{record.picture_id}").json()
    assert (told["path"], told["width"]) == (record.path, record.width)
    small = client.get(told["thumbnail"])
    assert small.headers["content-type"] == "image/jpeg"
    assert "immutable" in small.headers["cache-control"]
    assert small.content == indexed_gallery.thumbnail_path(record).read_bytes()
    whole = client.get(told["image"])
    file = indexed_gallery.path(record)
    assert whole.content == file.read_bytes()
    plain = client.get(f"{client.base}/pictures/{record.picture_id}/image", params={"size": "full"})
    assert plain.content == file.read_bytes()
    assert "immutable" not in plain.headers["cache-control"]


@pytest.mark.parametrize("what", ["thumbnail", "image"])
def test_a_picture_that_is_there_is_not_sent_again(client, indexed_gallery, what):
    """Its ETag names the content; with that a browser is told that it has the picture."""
    record = next(iter(indexed_gallery.catalog.pictures))
    address = f"{client.base}/pictures/{record.picture_id}/{what}"
    tag = client.get(address).headers["etag"]
    assert record.content_hash in tag
    for known in (tag, f'"other", W/{tag}', "*"):
        again = client.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(address, params={"content": "0" * 64}).status_code == 404


def test_a_replaced_file_is_not_shown(own, pictures):
    """Nothing but what was indexed is handed out: neither another content nor through a link."""
    found = own.get(f"{own.base}/pictures/1").json()
    file, elsewhere = pictures / found["path"], pictures.parent / "private.png"
    paint(elsewhere, "yellow", size=(70, 70))
    file.write_bytes(elsewhere.read_bytes())
    refused = own.get(f"{own.base}/pictures/1/image")
    assert (refused.status_code, refused.json()["title"]) == (404, "There is no such thing")
    file.unlink()
    file.symlink_to(elsewhere)
    refused = own.get(f"{own.base}/pictures/1/image")
    assert refused.status_code == 404
    assert str(pictures.parent) not in refused.text


def test_what_browsers_cannot_show_comes_as_jpeg(build, engine, tmp_path):
    """As in the app."""
    from tests.server.conftest import asking

    folder = tmp_path / "tiffs"
    folder.mkdir()
    Image.new("RGB", (60, 40), "red").save(folder / "a.tif")
    build(root=folder, name="pictures")
    with asking(engine()) as client:
        picture = client.get(f"{client.base}/pictures/1/image")
    assert picture.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(picture.content)).size == (60, 40)


def test_an_explanation_is_that_of_the_engine(client, indexed_gallery):
    """Terms, words and, where it is asked for, the part of the picture that matches."""
    best = ids(ask(client, limit=1))[0]
    address = f"{client.base}/pictures/{best}/explain"
    told = client.get(address, params={"query": "a red fish"}).json()
    found = indexed_gallery.explain(Query.parse("a red fish"), best)
    assert told["score"] == pytest.approx(found.score, abs=1e-5)
    assert [one["word"] for one in told["words"]] == [one.word for one in found.words]
    assert told["heat_map"] is None
    heat = client.get(address, params={"query": "a red fish", "method": "regions"}).json()
    assert heat["heat_map"]["method"] == "regions"
    assert client.get(address).status_code == 422
    unknown = client.get(f"{client.base}/pictures/999999/explain", params={"query": "fish"})
    assert unknown.status_code == 404


def test_collections_are_told_without_their_folders(client, indexed_gallery):
    """What can be filtered by is told; where it lies on the machine is not."""
    (listed,) = client.get("/api/v1/collections").json()["collections"]
    assert listed["collection"] == indexed_gallery.name
    assert listed["pictures"] == len(indexed_gallery)
    told = client.get(client.base)
    assert told.json()["categories"]["fish"] == 3
    folder = str(Path(indexed_gallery.collection.root))
    for answer in (told, client.get("/api/v1/collections"), client.get("/api/v1/health")):
        assert folder not in answer.text
        assert str(indexed_gallery.settings.data_folder) not in answer.text


def test_the_list_of_the_demo_leads_to_the_five_best_pictures(client, indexed_gallery):
    """Its page puts each entry of the list into an image; words are taken as they are."""
    query = "a red fish & - #1"
    listed = client.get("/search", params={"search_query": query}).json()
    best = indexed_gallery.search(Query.words(query), 5, Filters(hidden=False))
    assert len(listed) == 5
    for address, one in zip(listed, best.results, strict=True):
        assert client.get(address).content == indexed_gallery.path(one.record).read_bytes()
    assert client.get("/search").status_code == 422
    assert client.get("/search", params={"search_query": ""}).status_code == 422


def test_each_answer_is_as_the_document_says(client):
    """The schemas of the document fit the answers, and nothing that is not in them is there."""
    document = client.get("/api/v1/openapi.json").json()
    parts = document["components"]["schemas"]
    addresses = {
        "/health": "HealthAnswer", "/collections": "CollectionList", "/problems": "ProblemList",
    }  # fmt: skip
    answers = {name: client.get(f"/api/v1{one}").json() for one, name in addresses.items()}
    answers["SearchPage"] = ask(client, limit=2)
    answers["PictureAnswer"] = client.get(f"{client.base}/pictures/1").json()
    answers["Problem"] = client.get("/api/v1/nothing").json()
    for name, answer in answers.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": parts}}
        jsonschema.validate(answer, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**answer, "more": 1}, schema)


def test_tags_and_hidden_pictures_change_only_where_that_is_allowed(own, client):
    """Read by all; a server for reading refuses the method, and says which it has."""
    tagged = own.post(f"{own.base}/tags", json={"tag": "sea", "picture_ids": [1, 2]})
    assert (tagged.json()["changed"], tagged.json()["tags"]) == ([1, 2], {"sea": 2})
    again = own.post(f"{own.base}/tags", json={"tag": "sea", "picture_ids": [2], "remove": True})
    assert again.json()["tags"] == own.get(f"{own.base}/tags").json()["tags"] == {"sea": 1}
    found = ask(own, "red", filters={"tags": ["sea"]})
    assert (ids(found), found["results"][0]["tags"]) == ([1], ["sea"])
    assert own.post(f"{own.base}/hidden", json={"picture_ids": [1]}).json()["hidden"] == 1
    assert 1 not in ids(ask(own, "red", limit=100))
    shown_again = own.post(f"{own.base}/hidden", json={"picture_ids": [1], "undo": True})
    assert shown_again.json()["hidden"] == 0
    unknown = own.post(f"{own.base}/tags", json={"tag": "sea", "picture_ids": [1, 999]})
    assert unknown.status_code == 422
    for what in ("tags", "hidden"):
        refused = client.post(f"{client.base}/{what}", json={"tag": "sea", "picture_ids": [1]})
        assert refused.status_code == 405
        assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
        assert (
            "post"
            not in client.get("/api/v1/openapi.json").json()["paths"][
                f"/api/v1/collections/{{name}}/{what}"
            ]
        )
