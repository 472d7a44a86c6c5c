"""The options of the list of duplicates: what counts as a copy, and how it is written."""

import shutil

from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import ROUNDING


@each_option_of("duplicates")
def test_each_option_of_duplicates_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def groups(desk, *options):
    """Return the groups as sets of paths, in their order."""
    found = desk.ask("duplicates", *options)["groups"]
    return [{desk.path(one) for one in (group["keep"], *group["copies"])} for group in found]


EXACT, CATS, OWLS = (
    {f"{name}/1.jpg", f"{name}/{copy}.jpg"}
    for name, copy in (("fish", "copy"), ("cat", "smaller"), ("owl", "smaller"))
)


def copy_of(desk, name):
    """Return what is measured of the one copy in a category."""
    every = [copy for group in desk.ask("duplicates")["groups"] for copy in group["copies"]]
    return next(copy for copy in every if desk.path(copy).startswith(name))


def duplicates_row(option, key, beyond):
    """The limit is taken as given, and a pair that does not reach it is none."""

    def test(desk):
        owls = copy_of(desk, "owl")[key]
        assert OWLS in groups(desk)
        for limit, there in ((owls, True), (beyond(owls), False)):
            # What is written is rounded, so a boundary is met with a hair of room.
            room = limit if isinstance(limit, int) else limit - ROUNDING
            assert (OWLS in groups(desk, option, room)) is there
            assert EXACT in groups(desk, option, room)

    row("duplicates", option)(test)


duplicates_row("--cosine", "cosine", lambda value: value + 0.001)
duplicates_row("--bits", "hash_bits", lambda value: value - 1)
duplicates_row("--overlay", "overlay", lambda value: value + 0.0005)


@row("duplicates", "--exact-only")
def duplicates_exact(desk):
    """Only files with the same bytes."""
    assert groups(desk) == [EXACT, CATS, OWLS]
    assert groups(desk, "--exact-only") == [EXACT]


@row("duplicates", "--list")
def duplicates_list(desk):
    """Paths to keep, paths to remove, or a table, in place of what people read."""
    lines = {kind: desk("duplicates", "--collection", "things", "--list", kind).out.splitlines()
             for kind in ("keep", "remove", "table")}  # fmt: skip
    assert lines["keep"] == [str(desk.folder / name / "1.jpg") for name in ("fish", "cat", "owl")]
    copies = ("fish/copy.jpg", "cat/smaller.jpg", "owl/smaller.jpg")
    assert lines["remove"] == [str(desk.folder / copy) for copy in copies]
    assert lines["table"][0].lstrip("\ufeff").startswith("group,keep,remove,")
    assert len(lines["table"]) == 1 + 6


@row("duplicates", "--print0")
def duplicates_print0(desk):
    """A NUL after each path, and no line break."""
    line = ["duplicates", "--collection", "things", "--list", "remove"]
    paths = desk(*line).out.splitlines()
    assert desk(*line, "--print0").out == "".join(f"{path}\0" for path in paths)
    assert desk("duplicates", "--collection", "things", "--print0").code == 3


@row("duplicates", "--quote")
def duplicates_quote(desk):
    """Paths in the quotes of a shell, where they need them."""
    odd = desk.tmp / "quoted"
    for name in ("a b", "c"):
        shutil.copytree(desk.few(), odd / name)
    assert desk("index", odd, "--name", "odd", "--model", "mini").code == 0
    line = ["duplicates", "--collection", "odd", "--exact-only", "--list", "keep"]
    plain, quoted = desk(*line).out.splitlines(), desk(*line, "--quote").out.splitlines()
    spaced = [path for path in plain if " " in path]
    assert [f"'{path}'" if path in spaced else path for path in plain] == quoted
    assert spaced


@row("duplicates", "--relative")
def duplicates_relative(desk):
    """Paths below the folder."""
    line = ["duplicates", "--collection", "things", "--list", "remove", "--relative"]
    assert desk(*line).out.splitlines() == [
        "./fish/copy.jpg",
        "./cat/smaller.jpg",
        "./owl/smaller.jpg",
    ]


@row("duplicates", "--limit")
def duplicates_limit(desk):
    """So many groups are shown; all are counted."""
    found = desk.ask("duplicates", "--limit", 1)
    assert (len(found["groups"]), found["found"], found["copies"]) == (1, 3, 3)


@row("duplicates", "--export")
def duplicates_export(desk):
    """All of the list goes into the file, whatever is shown."""
    file = desk.tmp / "list.txt"
    line = ["duplicates", "--collection", "things", "--limit", 1, "--list", "remove"]
    printed = desk(*line).out
    assert desk(*line, "--export", file).code == 0
    assert file.read_text() == printed
    assert len(printed.splitlines()) == 3
