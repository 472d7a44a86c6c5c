"""The options of the build: folder, name, model, kind, rules, and what is out of reach."""

import shutil
from pathlib import Path

import pytest

from search_engine.index import faiss_indexes
from tests.conftest import paint
from tests.seams.options.rows import each_option_of, row, row_of


@each_option_of("index")
def test_each_option_of_index_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def index(desk, folder, *options):
    """Index a folder and return the report."""
    answer = desk("index", folder, *options, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def collections(desk):
    """Return what is known of each collection, by its name."""
    return {one["collection"]: one for one in desk("list", "--json").json}


@row("index", "folder", "--name")
def index_name(desk):
    """That folder, under that name, or one made of the folder's."""
    assert index(desk, desk.few(), "--model", "mini")["collection"] == "few"
    assert index(desk, desk.few("more"), "--name", "mine", "--model", "mini")["added"] == 4
    found = collections(desk)
    assert (found["few"]["folder"], found["mine"]["folder"]) == tuple(
        str(desk.tmp / name) for name in ("few", "more")
    )


@row("index", "--take-out")
def index_take_out(desk):
    """Several folders are one collection; one goes, and only with this option."""
    places = [desk.few(name) for name in ("one", "two", "three")]
    assert index(desk, *places, "--name", "all", "--model", "mini")["added"] == 12
    assert collections(desk)["all"]["folders"] == [str(one) for one in sorted(places)]
    left = ("index", *places[:2], "--name", "all")
    refused = desk(*left)
    assert refused.code == 3
    assert str(places[2]) in refused.err
    assert index(desk, *left[1:], "--take-out", places[2])["removed"] == 4
    assert set(collections(desk)["all"]["folders"]) == {str(one) for one in places[:2]}


@row("index", "--model")
def index_model(desk):
    """That model, which is then remembered; the usual one is not on this machine."""
    assert desk("index", desk.few(), "--name", "few").code == 5
    index(desk, desk.few(), "--name", "few", "--model", desk.root / "model")
    index(desk, desk.few(), "--name", "few")
    assert collections(desk)["few"]["index"]["model"]["model_id"] == str(desk.root / "model")
    index(desk, desk.few(), "--name", "few", "--model", "mini")
    assert collections(desk)["few"]["index"]["model"]["model_id"] == "mini"


@row("index", "--kind")
def index_kind(desk):
    """That kind of index."""
    desk.monkeypatch.setattr(faiss_indexes, "APPROXIMATE_FROM", 2)
    for kind in ("exact", "ivf"):
        index(desk, desk.few(), "--name", "few", "--model", "mini", "--kind", kind)
        manifest = collections(desk)["few"]["index"]
        assert kind in {manifest["kind"], manifest["instead_of"]}


@row("index", "--store")
def index_store(desk):
    """The index lies there, and after another word of it here again."""
    pytest.importorskip("milvus_lite", reason="the package milvus-lite is not installed")
    address = f"milvus-lite://{desk.tmp}/vectors.db"
    stores = []
    for options in (("--model", "mini"), ("--store", address), (), ("--store", "local")):
        index(desk, desk.few(), "--name", "few", *options)
        found = desk.ask("search", "cup", "-k", 100, collection="few")["results"]
        stores.append(collections(desk)["few"]["index"]["store"])
        assert len(found) == 4
    assert stores == ["", address, address, ""]


@row("index", "--rebuild")
def index_rebuild(desk):
    """The index is made anew where nothing else asks for it."""
    generations = []
    for options in (("--model", "mini"), (), ("--rebuild",)):
        index(desk, desk.few(), "--name", "few", *options)
        generations.append(collections(desk)["few"]["index"]["generation"])
    assert generations == [1, 1, 2]


def rules(desk, *options):
    """Index ``few`` with rules, and return them with the paths that are in."""
    index(desk, desk.few(), "--name", "few", "--model", "mini", *options)
    answer = desk.ask("search", "cup", "-k", 100, collection="few")
    inside = {str(Path(one["path"]).relative_to(desk.tmp / "few")) for one in answer["results"]}
    return collections(desk)["few"]["rules"], inside


CUPS, BELLS = {"cup/1.jpg", "cup/2.jpg"}, {"bell/1.jpg", "bell/2.jpg"}


@row("index", "--include", "--no-include")
def index_include(desk):
    """Only these; patterns are added until they are forgotten."""
    assert rules(desk)[1] == CUPS | BELLS
    assert rules(desk, "--include", "cup/") == (
        {"include": ["cup/"], "exclude": [], "hidden": False},
        CUPS,
    )
    assert rules(desk, "--include", "bell/1.jpg")[1] == CUPS | {"bell/1.jpg"}
    assert rules(desk, "--no-include")[1] == CUPS | BELLS


@row("index", "--exclude", "--no-exclude")
def index_exclude(desk):
    """All but these; patterns are added until they are forgotten."""
    assert rules(desk, "--exclude", "cup/") == (
        {"include": [], "exclude": ["cup/"], "hidden": False},
        BELLS,
    )
    assert rules(desk, "--exclude", "bell/1.jpg")[1] == {"bell/2.jpg"}
    assert rules(desk, "--no-exclude")[1] == CUPS | BELLS


@row("index", "--hidden", "--no-hidden")
def index_hidden(desk):
    """Hidden folders and files as well, until they are not wanted any more."""
    shutil.copytree(desk.few() / "cup", desk.few() / ".secret")
    shutil.copy(desk.few() / "cup/1.jpg", desk.few() / "cup/.hidden.jpg")
    hidden = {".secret/1.jpg", ".secret/2.jpg", "cup/.hidden.jpg"}
    assert rules(desk)[1] == CUPS | BELLS
    assert rules(desk, "--hidden")[1] == CUPS | BELLS | hidden
    assert rules(desk)[0]["hidden"] is True
    assert rules(desk, "--no-hidden") == (
        {"include": [], "exclude": [], "hidden": False},
        CUPS | BELLS,
    )


@row("index", "--verify")
def index_verify(desk):
    """Every file is read again, although nothing says that it changed."""
    folder = desk.few()
    for verify, again in (([], 0), ([], 0), (["--verify"], 4)):
        line = (folder, "--name", "few", "--model", "mini", *verify)
        assert index(desk, *line)["read_again"] == again


def away(desk):
    """Index a folder of two places, and let both be out of reach."""
    folder = desk.few()
    index(desk, folder, "--name", "few", "--model", "mini")
    (desk.tmp / "elsewhere").mkdir()
    for name in ("cup", "bell"):
        (folder / name).rename(desk.tmp / "elsewhere" / name)
        (folder / name).symlink_to(desk.tmp / "not there" / name)
    paint(folder / "star" / "1.png")
    return folder


@row("index", "--forget")
def index_forget(desk):
    """Pictures of places out of reach are kept without it, and gone with it."""
    folder = away(desk)
    kept = index(desk, folder, "--name", "few")
    assert {one["place"]: one["pictures"] for one in kept["away"]} == {"cup": 2, "bell": 2}
    assert collections(desk)["few"]["pictures"] == 5
    assert index(desk, folder, "--name", "few", "--forget")["removed"] == 4
    assert collections(desk)["few"]["pictures"] == 1


@row("index", "--forget-place")
def index_forget_place(desk):
    """The same for one of the places; the other is kept, and no other can be named."""
    folder = away(desk)
    index(desk, folder, "--name", "few")
    assert desk("index", folder, "--name", "few", "--forget-place", "star").code == 3
    report = index(desk, folder, "--name", "few", "--forget-place", "cup")
    assert (report["removed"], [one["place"] for one in report["away"]]) == (2, ["bell"])
    assert collections(desk)["few"]["pictures"] == 3


@row("index", "--move")
def index_move(desk):
    """The collection belongs to the other folder then, with nothing embedded again."""
    index(desk, desk.few(), "--name", "few", "--model", "mini")
    (desk.tmp / "few").rename(desk.tmp / "moved")
    assert desk("index", desk.tmp / "moved").code == 3
    report = index(desk, desk.tmp / "moved", "--move", "few")
    assert (report["collection"], report["added"], report["changed"]) == ("few", 0, 0)
    assert collections(desk)["few"]["folder"] == str(desk.tmp / "moved")


@row("index", "--watch")
def index_watch(desk):
    """It stays, takes in what comes, and tells it in a line; Ctrl-C ends it."""
    folder = desk.few()
    looks = []

    def sleep(seconds):
        looks.append(seconds)
        if len(looks) == 1:
            shutil.copy(folder / "cup/1.jpg", folder / "cup/3.jpg")
        if len(looks) >= 4:
            raise KeyboardInterrupt

    desk.monkeypatch.setattr("search_engine.cli.watching.sleep", sleep)
    answer = desk("index", folder, "--name", "few", "--model", "mini", "--watch")
    assert answer.code == 0
    assert [line.split("  ")[1].partition(" in")[0] for line in answer.out.splitlines()[2:]] == [
        "1 added"
    ]
    assert "No longer watching" in answer.err


@row("index", "--workers")
def index_workers(desk):
    """Pictures are embedded there and nowhere else: where nobody answers, none is."""
    line = (desk.few(), "--name", "few", "--model", "mini")
    refused = desk("index", *line, "--workers", "127.0.0.1:1")
    assert refused.code == 3
    assert "(127.0.0.1:1)" in refused.err
    assert "few" not in collections(desk)
    assert index(desk, *line)["added"] == 4
