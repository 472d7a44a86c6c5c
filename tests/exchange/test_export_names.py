"""The names of exported files, whatever anybody called a picture."""

import os
import unicodedata
from pathlib import PureWindowsPath

from hypothesis import example, given
from hypothesis import strategies as st

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.exchange import export_files, plan_export
from search_engine.exchange.export_names import FreeNames
from search_engine.names import compared
from tests.conftest import paint

HOSTILE = (
    "=cmd|' !A1.png", "-rf.png", "line\nbreak.png", '$x^2$ "quoted" *?.png', "é.png",
    unicodedata.normalize("NFD", "é.png"), os.fsdecode(b"caf\xe9.png"), "con.png", "AUX.jpg.png",
    "x" * 200 + ".png", "é" * 120 + ".png", "trailing. .png", "back\\slash.png", "UPPER.png",
    "upper.png", "👩‍👧.png", "tab\t<>|.png", "\u202egnp.exe.png", "a. .png", "files.csv.png",
    "a:b.png", "~.png", "files (2).png", " .png", "a (2).png", "a.png",
)  # fmt: skip
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)),
}


def is_portable(name):
    """Tell whether Windows, a Mac and a stick take a name as it is."""
    return (
        0 < len(name.encode()) <= 140
        and not set('\\/:*?"<>|\0\n\t') & set(name)
        and name == name.rstrip(" .")
        and name.split(".")[0].strip().lower() not in RESERVED
        and PureWindowsPath(name).name == name
        and name == unicodedata.normalize("NFC", name)
        and not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name)
    )


names = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(HOSTILE)


@given(st.lists(names, max_size=12))
@example(["a.png", "A.PNG", "a (2).png", "a.png"])
@example(["", ".", "..", "con", "CON.", "x" * 300])
@example(["a." + "b" * 200, "\ud800.png", " .png "])
def test_every_file_gets_a_portable_name_of_its_own(asked):
    """None is taken for another by a system that knows no case."""
    free = FreeNames(["taken.png"])
    found = [free.take(name) for name in asked]
    assert all(map(is_portable, found)), found
    assert len({compared(name) for name in [*found, "taken.png"]}) == len(found) + 1


@given(
    st.text("abcXYZ 09_()-éü", min_size=1, max_size=30).filter(lambda name: name == name.strip())
)
def test_an_ordinary_name_stays_as_it_is(stem):
    """With its ending, once; the next of that name has a number."""
    name = unicodedata.normalize("NFC", f"{stem}.jpg")
    free = FreeNames()
    assert free.take(name) == name
    assert free.take(name) == f"{unicodedata.normalize('NFC', stem)} (2).jpg"


def test_hostile_names_are_all_exported(tmp_path, settings, load):
    """Each file is there under a name that every system takes, with its own content."""
    root = tmp_path / "-odd $names"
    for number, name in enumerate(HOSTILE):
        paint(root / "=1+1" / name, "red", salt=number, format="PNG")
    build_collection(
        *plan_build(root, settings, name="odd", model_id="colours"), settings, load=load
    )
    with SearchEngine.open("odd", settings, load=load) as engine:
        records = list(engine.catalog.pictures)
        assert len(records) == len(HOSTILE)
        report = export_files(plan_export(engine, records, tmp_path / "out"))
        assert report.left_out == ()
        assert all(map(is_portable, report.names))
        for record, name in zip(records, report.names, strict=True):
            assert (report.folder / name).read_bytes() == engine.path(record).read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [*report.names, "files.csv"]
    )
