"""Rows of the options that say which folders are the categories and what they are called."""

from tests.coded_folders import CODES, set_of_codes

EVERYTHING = {"suspects": ["--all", "--signal", "words"]}
"""What shows all that a command finds."""


def coded(desk):
    """Index a data set of codes; give its file of names."""
    folder, names = set_of_codes(desk.root / "drawings", desk.tmp)
    assert desk("index", folder, "--name", "coded", "--model", "mini").code == 0
    return names


def ask(desk, command, *options):
    """Ask for that collection, for folders at a level."""
    return desk.ask(command, *EVERYTHING.get(command, []), *options, collection="coded")


def level_row(desk, command):
    """The folders so far down are the categories: parts of the set, or the codes in them."""
    coded(desk)
    for level, folders in ((1, {"train", "val"}), (2, set(CODES))):
        found = ask(desk, command, "--level", level)
        assert found["labelling"]["level"] == level
        assert found["labelling"]["categories"] == len(folders)
        listed = found.get("categories", found.get("suspects"))
        if command == "evaluate templates":
            assert listed == len(folders)
        elif command == "evaluate presence":
            assert {name for one in listed for name in one["names"]} <= folders
        else:
            assert {one["category"] for one in listed} <= folders


def names_row(desk, command):
    """Folders are asked for by the names that the file tells, and found better by them."""
    names = coded(desk)
    plain, named = (
        ask(desk, command, "--level", 2, *more) for more in ([], ["--names", names])
    )  # fmt: skip
    assert [one["labelling"]["named"] for one in (plain, named)] == [0, len(CODES)]
    if command == "suspects":
        assert len(named["suspects"]) < len(plain["suspects"])
        assert {one["category_name"] for one in plain["suspects"]} == {None}
    else:
        best = [
            one.get("map") or one.get("map_match") or one["templates"][0]["map"]
            for one in (plain, named)
        ]
        assert best[1] > best[0] + 0.2
