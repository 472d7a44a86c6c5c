"""What each option of each command makes different, one row an option, by the real command line.

A row asks with and without the option and compares the answers in the way that the help promises.
An option without a row fails, and so does a row without its option.
"""

import json
import logging
import shutil
import statistics
import sys
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from search_engine.errors import BadInput
from search_engine.index import faiss_indexes
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, Settings
from tests.conftest import paint
from tests.seams.parsers import options

ROWS = {}
OPTIONS = sorted(options())
BASES = {
    "demo": ["fish"],
    "search": ["fish", "-k", 3],
    "explain": ["fish", "--picture", 1],
    "prompt": [],
    "list": [],
    "info": [],
    "check": ["--sample", 0],
    "duplicates": [],
    "suspects": ["--no-words"],
    "outliers": ["--what", "tiny"],
    "questions": [],
    "evaluate presence": [],
    "evaluate retrieval": [],
    "evaluate templates": [],
    "wording": ["fish"],
}
"""Each command that reads a collection, in its shortest form."""
NAMED = {"info", "check"}
"""Take the name of a collection as an argument."""
ROUNDING = 2e-6


def row(command, *names):
    """Note a test as the row of an option, or of several."""

    def note(test):
        for name in names:
            assert (command, name) not in ROWS, (command, name)
            ROWS[command, name] = test
        return test

    return note


def row_of(command, name):
    """Return the row of an option; those that many commands have share one."""
    shared = {
        "--json": json_row,
        "--json-schema": schema_row,
        "--collection": collection_row,
        "--trust-model": trust_row,
        "--verbose": verbose_row,
    }
    if (command, name) in ROWS or name not in shared:
        return ROWS.get((command, name))
    return lambda desk: shared[name](desk, command)


@pytest.mark.parametrize(("command", "name"), OPTIONS, ids=map(" ".join, OPTIONS))
def test_each_option_does_what_it_says(command, name, desk, monkeypatch):
    """With the option the answer is different, and in the way that its help promises."""
    found = row_of(command, name)
    assert found, f"{command} {name}: no row says what the option makes different"
    desk.monkeypatch = monkeypatch
    found(desk)


def test_each_row_is_of_an_option_that_exists():
    """A row of an option that is no more would go on for nothing."""
    assert set(ROWS) <= set(OPTIONS)


def command_line(command, name, card=None):
    """Return a command on a collection, in its shortest form."""
    if command == "replay":
        return ["replay", card, "--collection", name]
    where = [name] if command in NAMED else ["--collection", name]
    return [*command.split(), *BASES[command], *where]


# Options of many commands


def base(desk, command, name="things"):
    """Return a command in its shortest form, with what it needs made before."""
    if command == "demo":
        small_demo(desk)
    if command == "benchmark":
        replace(desk, "measure_search_quickly", tuple)
        return ["benchmark", "--quick", "--only", "search"]
    if command in {"rename", "remove"}:
        return [command, "others", *(["more"] if command == "rename" else ["--yes"])]
    if command == "index":
        return ["index", desk.few(), "--name", "few", "--model", "mini"]
    if command in {"demo", "list"}:
        return [command, *BASES[command]]
    return command_line(command, name, card(desk) if command == "replay" else None)


def card(desk):
    """Write a result card of the collection ``things``."""
    file = desk.tmp / "card.json"
    if not file.exists():
        assert desk("search", "fish", "--collection", "things", "--card", file).code == 0
    return file


def json_row(desk, command):
    """JSON and nothing else on standard output, in place of what people read."""
    line = base(desk, command)
    plain, asked = desk(*line), desk(*line, "--json")
    assert (plain.code, asked.code) == (0, 0), asked.err
    with pytest.raises(ValueError, match=r"Expecting value|Extra data"):
        json.loads(plain.out)
    assert isinstance(asked.json, dict | list)
    assert asked.out.strip()[0] in "{["
    assert asked.out.strip()[-1] in "}]"


def schema_row(desk, command):
    """The shape of the JSON, and nothing else: nothing needs to be there, and nothing is made."""
    document = desk(*base(desk, command), "--json").json
    desk.monkeypatch.setenv(DATA_VARIABLE, str(desk.tmp / "nothing"))
    told = desk(*command.split(), "--json-schema")
    assert told.code == 0, told.err
    assert not (desk.tmp / "nothing").exists()
    jsonschema.validate(document, told.json)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate("something else", told.json)


def verbose_row(desk, command):
    """What the program logs is told on standard error; details too when it is said twice."""
    from_environment = Settings.from_environment

    def speak():
        logger = logging.getLogger("search_engine.seams")
        logger.info("something happened")
        logger.debug("a detail of it")
        return from_environment()

    desk.monkeypatch.setattr("builtins.input", end)
    line = base(desk, command or "list")
    desk.monkeypatch.setattr(Settings, "from_environment", speak)
    for times in (0, 1, 2):
        said = ["--verbose"] * times
        answer = desk(*([*line, *said] if command else [*said, *line]))
        assert ("something happened" in answer.err) is (times > 0)
        assert ("a detail of it" in answer.err) is (times > 1)
        assert "something" not in answer.out


def collection_row(desk, command):
    """It is needed when there are several, and the named one is asked; a card names its own."""
    line = base(desk, command)
    without = line[: line.index("--collection")]
    desk.monkeypatch.setattr("builtins.input", end)
    if command == "prompt":
        assert desk(*without).code == 3
        assert desk(*line).err.startswith(f"{len(desk.photos)} pictures")
        assert desk(*without, "--collection", "others").err.startswith("9 pictures")
        return
    answer = desk(*without, "--json")
    if command == "replay":
        assert answer.code == 0
        asked = desk(*without, "--collection", "others", "--json")
        assert (asked.code, asked.json["overlap"]) == (6, 0)
        return
    assert answer.code == 3
    assert "things" in answer.err
    assert "others" in answer.err
    answers = {name: desk(*without, "--collection", name) for name in ("things", "others")}
    if command == "questions":
        desk("search", "fish", "--collection", "others", "--save", "of others")
        answers = {name: desk(*without, "--collection", name) for name in ("things", "others")}
        assert ["of others" in one.out for one in answers.values()] == [False, True]
        return
    documents = {name: desk(*without, "--collection", name, "--json") for name in answers}
    assert {one.code for one in documents.values()} == {0}
    if "explain" != command.split()[0] != "wording":
        assert documents["things"].json["collection"] == "things"
        assert documents["others"].json["collection"] == "others"
    assert documents["things"].json != documents["others"].json


def trust_row(desk, command):
    """The model that a collection names is loaded from then on, and never before."""
    desk.monkeypatch.setattr("builtins.input", end)
    search = ["search", "cup", "--collection", "strange"]
    assert desk(*search).code == 5
    line = base(desk, command, "strange")
    if command == "index":
        line = ["index", desk.root / "strange", "--name", "strange"]
    if command == "replay":
        assert desk(*line).code == 5
    assert desk(*line, "--trust-model").code in {0, 6}
    assert desk(*search).code == 0


def end(_prompt=""):
    """Ctrl-D."""
    raise EOFError


# search


@row("search", "words")
def search_words(desk):
    """The words say what comes first."""
    assert desk.found("fish")[0].startswith("fish/")
    assert desk.found("umbrella")[0].startswith("umbrella/")
    assert desk("search", "--collection", "things").code == 3


@row("search", "--image")
def search_image(desk):
    """A picture finds itself, with a cosine of one; two are asked for together."""
    first = desk.ask("search", "--image", desk.folder / "owl/3.jpg")["results"][0]
    assert desk.path(first) == "owl/3.jpg"
    assert first["score"] == pytest.approx(1, abs=1e-4)
    files = ["--image", desk.folder / "owl/3.jpg", "--image", desk.folder / "bus/1.jpg"]
    assert {"owl/3.jpg", "bus/1.jpg"} <= set(desk.found(*files, "-k", 3))


@row("search", "--like")
def search_like(desk):
    """A picture of the collection finds itself."""
    assert desk.found("--like", desk.id_of("owl/3.jpg"))[0] == "owl/3.jpg"
    assert desk.found("--like", desk.id_of("bus/3.jpg"))[0] == "bus/3.jpg"


@row("search", "--not")
def search_not(desk):
    """Words are taken away, by half, and pictures of them fall back."""
    plain, away = (
        desk.ask("search", "animal", "-k", 50),
        desk.ask("search", "animal", "--not", "owl", "-k", 50),
    )
    assert (plain["query"], away["query"]) == ("animal", "animal - owl")
    places = [[desk.path(one) for one in answer["results"]] for answer in (plain, away)]
    assert places[1].index("owl/1.jpg") > places[0].index("owl/1.jpg")
    assert desk.ask("search", "animal", "--not", "1:owl")["query"] != away["query"]


@row("search", "--average-wordings")
def search_average(desk):
    """The words are asked in several wordings, which braces do as well."""
    plain, mean = desk.ask("search", "fish"), desk.ask("search", "fish", "--average-wordings")
    assert mean["query"] == "{fish}"
    assert mean["results"] == desk.ask("search", "{fish}")["results"] != plain["results"]


@row("search", "--leave-out-examples")
def search_leave_out(desk):
    """The example is left out, and nothing else."""
    like = ["--like", desk.id_of("owl/3.jpg"), "-k", 50]
    plain = desk.found(*like)
    assert plain[0] == "owl/3.jpg"
    assert desk.found(*like, "--leave-out-examples") == plain[1:]


@row("search", "--k")
def search_k(desk):
    """As many as asked for, ten without a word, and the same first ones."""
    plain = desk.found("fish")
    assert len(plain) == 10
    assert desk.found("fish", "-k", 4) == desk.found("fish", "--k", 4) == plain[:4]


@row("search", "--category")
def search_category(desk):
    """Only the named categories, and all that is in them."""
    assert desk.everything("--category", "owl") == desk.where(lambda photo: photo.category == "owl")
    both = desk.everything("--category", "owl", "--category", "odd")
    assert both == desk.where(lambda photo: photo.category in {"owl", "odd"})
    assert desk("search", "fish", "--category", "nothing", "--collection", "things").code == 3


@row("search", "--path")
def search_path(desk):
    """Only paths that fit the pattern."""
    assert desk.everything("--path", "smaller.*") == {"cat/smaller.jpg", "owl/smaller.jpg"}
    assert desk.everything("--path", "owl/") == desk.where(lambda photo: photo.category == "owl")


@row("search", "--from")
def search_from(desk):
    """Taken on that day or later; the day itself is in."""
    day = desk.photos["cat/2.jpg"].taken
    taken = desk.everything("--from", day, "--to", "2024-12-31")
    assert taken == desk.where(lambda photo: photo.taken >= day)
    assert "cat/2.jpg" in taken
    assert "cat/1.jpg" not in taken


@row("search", "--to")
def search_to(desk):
    """Taken on that day or before; the day itself is in."""
    day = desk.photos["cat/2.jpg"].taken
    taken = desk.everything("--from", "2024-01-01", "--to", day)
    assert taken == desk.where(lambda photo: "" < photo.taken <= day)
    assert "cat/2.jpg" in taken
    assert "cat/3.jpg" not in taken


def side_row(option, side, *, least):
    """A side on the boundary is in, one pixel further it is out."""

    def test(desk):
        edge = getattr(desk.photos["cup/2.jpg"], side)

        for limit in (edge - 1, edge, edge + 1):
            sides = {path: getattr(photo, side) for path, photo in desk.photos.items()}
            fit = {
                path for path, value in sides.items() if (value - limit) * (1 if least else -1) >= 0
            }
            assert desk.everything(option, limit) == fit, limit
        assert "cup/2.jpg" in desk.everything(option, edge)

    row("search", option)(test)


side_row("--min-width", "width", least=True)
side_row("--max-width", "width", least=False)
side_row("--min-height", "height", least=True)
side_row("--max-height", "height", least=False)


@row("search", "--orientation")
def search_orientation(desk):
    """Each of the three has the pictures that are so, and none is in two."""
    kinds = {"landscape": lambda p: p.width > p.height, "portrait": lambda p: p.width < p.height,
             "square": lambda p: p.width == p.height}  # fmt: skip
    for kind, fits in kinds.items():
        assert desk.everything("--orientation", kind) == desk.where(fits) != set()


@row("search", "--min-score")
def search_min_score(desk):
    """Only what scores as much."""
    scores = [one["score"] for one in desk.ask("search", "fish", "-k", 50)["results"]]
    limit = statistics.mean(scores[4:6])
    assert [
        s["score"] for s in desk.ask("search", "fish", "-k", 50, "--min-score", limit)["results"]
    ] == scores[:5]


@row("search", "--card")
def search_card(desk):
    """A file that can be asked again, and does not write over another."""
    line = ["search", "fish", "--collection", "things", "--card", card(desk)]
    assert desk("replay", card(desk)).code == 0
    before = card(desk).read_bytes()
    assert desk(*line).code == 3
    assert card(desk).read_bytes() == before


@row("search", "--save")
def search_save(desk):
    """The question is kept with the collection, under its name."""
    assert desk.ask("questions") == {}
    assert desk("search", "fish", "--collection", "things", "--save", "my fish", "-k", 3).code == 0
    kept = desk.ask("questions")
    assert {name: (one["query"], one["k"]) for name, one in kept.items()} == {
        "my fish": ("fish", 3)
    }


# explain, wording, prompt, demo


@row("explain", "words")
def explain_words(desk):
    """The question is what is explained, with a score of its own."""
    one, other = (desk.ask("explain", words, "--picture", 1) for words in ("fish", "boat"))
    assert [len(answer["terms"]) for answer in (one, other)] == [1, 1]
    assert (one["query"], other["query"]) == ("fish", "boat")
    assert other["score"] > one["score"] + 0.05
    assert len(desk.ask("explain", "boat", "-", "owl", "--picture", 1)["terms"]) == 2


@row("explain", "--picture")
def explain_picture(desk):
    """That picture, with the score that the search gives it."""
    for path in ("fish/2.jpg", "owl/3.jpg"):
        found = desk.ask("explain", "fish", "--picture", desk.id_of(path))
        assert desk.path(found) == path
        results = desk.ask("search", "fish", "-k", 50)["results"]
        score = next(one["score"] for one in results if desk.path(one) == path)
        assert found["score"] == pytest.approx(score, abs=ROUNDING)
        assert desk.path(results[found["rank"] - 1]) == path
    assert desk("explain", "fish", "--collection", "things").code == 2


@row("explain", "--heat-map")
def explain_heat_map(desk):
    """A PNG with the picture's shape."""
    file = desk.tmp / "heat.png"
    number = desk.id_of("owl/2.jpg")
    assert desk.ask("explain", "owl", "--picture", number)["heat_map"] is None
    assert desk.ask("explain", "owl", "--picture", number, "--heat-map", file)["heat_map"]
    with Image.open(file) as image:
        assert image.format == "PNG"
        photo = desk.photos["owl/2.jpg"]
        assert image.size == (photo.width, photo.height)
        assert photo.width < photo.height


@row("explain", "--method")
def explain_method(desk):
    """Patches or regions, which are two ways with two grids."""
    line = ["explain", "owl", "--picture", 2]
    found = {way: desk.ask(*line, "--method", way)["heat_map"] for way in ("patches", "regions")}
    assert {way: one["method"] for way, one in found.items()} == {
        "patches": "patches",
        "regions": "regions",
    }
    assert found["patches"]["grid"] != found["regions"]["grid"]


@row("wording", "words")
def wording_words(desk):
    """The question that is worded."""
    for words in ("fish", "owl"):
        found = desk.ask("wording", words)
        assert found["query"] == words
        assert f"a photo of {words}" in {one["query"] for one in found["wordings"]}


@row("wording", "--k")
def wording_k(desk):
    """So many first answers are compared."""
    for k in (3, 5):
        found = desk.ask("wording", "fish", "-k", k)
        assert found["k"] == k
        assert {one[f"shared_at_{k}"] for one in found["wordings"]} <= set(range(k + 1))
        assert len(found["always"]) <= k
        assert found["wordings"][0][f"shared_at_{k}"] == k


@row("prompt", "--no-open")
def prompt_no_open(desk):
    """Without it the best picture is opened in the viewer of the desktop."""
    opened = []
    desk.monkeypatch.setenv("DISPLAY", ":9")
    desk.monkeypatch.setattr("sys.platform", "linux")
    desk.monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    desk.monkeypatch.setattr("subprocess.Popen", lambda line, **_: opened.append(line))
    for option in ([], ["--no-open"]):
        lines = iter(["fish", "exit"])
        desk.monkeypatch.setattr("builtins.input", lambda _="", lines=lines: next(lines))
        assert "/fish/" in desk("prompt", "--collection", "things", *option).out
        assert len(opened) == 1
    assert "/fish/" in opened[0][1]


def small_demo(desk):
    """Let the sample gallery be a small one, so that it is drawn in a moment."""

    def ensure(folder, **_):
        return not folder.exists() and bool(draw_gallery(folder, pictures=50))

    replace(desk, "ensure_gallery", ensure)


def replace(desk, name, value):
    """Put something else in the place of a function, wherever the engine imported it."""
    desk("list")  # whatever the command line imports late
    for key, module in list(sys.modules.items()):
        if key.startswith("search_engine") and name in vars(module):
            desk.monkeypatch.setattr(module, name, value)


@row("demo", "words")
def demo_words(desk):
    """A red fish without words, else what was asked."""
    small_demo(desk)
    assert desk("demo", "--json").json["query"] == "a red fish"
    assert desk("demo", "an", "umbrella", "--json").json["results"][0]["category"] == "umbrella"


@row("demo", "--k")
def demo_k(desk):
    """As many as asked for, five without a word."""
    small_demo(desk)
    assert [len(desk("demo", *k, "--json").json["results"]) for k in ([], ["-k", 2])] == [5, 2]


# info, check, rename, remove


@row("info", "name")
def info_name(desk):
    """That collection; needed when there are several."""
    assert desk("info").code == 3
    assert desk("info", "things", "--json").json["pictures"] == len(desk.photos)
    assert desk("info", "others", "--json").json["pictures"] == 9


@row("info", "--skipped")
def info_skipped(desk):
    """Every file that was left out, where else the last ones are only counted."""
    files = {f"broken-{number:02}.jpg" for number in range(22)}
    plain, every = desk("info", "things").out, desk("info", "things", "--skipped").out
    assert sum(file in plain for file in files) == 20
    assert "and 2 more" in plain
    assert all(file in every for file in files)
    assert "cup/cut.jpg" not in every


@row("info", "--remarks")
def info_remarks(desk):
    """The picture whose end is missing, where else it is only counted."""
    plain, every = desk("info", "things").out, desk("info", "things", "--remarks").out
    assert "cup/cut.jpg" not in plain
    assert "1 picture was read with a remark" in plain
    (line,) = [line for line in every.splitlines() if "cup/cut.jpg" in line]
    assert "(" in line
    assert "broken-21.jpg" not in every


@row("check", "name")
def check_name(desk):
    """That collection; needed when there are several."""
    assert desk("check", "--sample", 0).code == 3
    for name, pictures in (("things", len(desk.photos)), ("others", 9)):
        found = desk("check", name, "--sample", 0, "--json").json
        assert (found["collection"], found["pictures"]) == (name, pictures)


@row("check", "--repair")
def check_repair(desk):
    """Nothing is changed without it; with it lost thumbnails are made again."""
    thumbnails = desk.data / "collections/things/thumbnails"
    lost = min(path for path in thumbnails.rglob("*") if path.is_file())
    lost.unlink()
    plain = desk("check", "things", "--sample", 0, "--json")
    assert (plain.code, plain.json["sound"], plain.json["repaired"]) == (7, False, False)
    assert not lost.exists()
    mended = desk("check", "things", "--sample", 0, "--repair", "--json")
    assert (mended.code, mended.json["sound"], mended.json["repaired"]) == (0, True, True)
    assert lost.exists()


@row("check", "--sample")
def check_sample(desk):
    """So many pictures are embedded again; none for 0."""
    for count in (0, 3):
        assert desk("check", "things", "--sample", count, "--json").json["sampled"] == count


@row("rename", "name", "new_name")
def rename(desk):
    """That collection has the new name, with all that it has."""
    before = desk.found("fish")
    assert desk("rename", "things", "stuff").code == 0
    assert {one["collection"] for one in desk("list", "--json").json} == {
        "stuff",
        "others",
        "strange",
    }
    answer = desk.ask("search", "fish", collection="stuff")
    assert [desk.path(one) for one in answer["results"]] == before


@row("remove", "name", "--yes")
def remove(desk):
    """Nothing is removed without a yes, nor anything but what is named; pictures stay."""
    assert desk("remove", "things").code == 3
    assert len(desk("list", "--json").json) == 3
    assert desk("remove", "things", "--yes").code == 0
    assert {one["collection"] for one in desk("list", "--json").json} == {"others", "strange"}
    assert (desk.folder / "cat/1.jpg").exists()


# duplicates


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
    odd = desk.root / "quoted"
    if not odd.exists():
        for name in ("a b", "c"):
            shutil.copytree(desk.few(), odd / name, dirs_exist_ok=True)
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


# suspects, outliers


def suspects(desk, *options):
    """Return suspects as pairs of path and suggestion."""
    return [
        (desk.path(one), one["suggested"]) for one in desk.ask("suspects", *options)["suspects"]
    ]


@row("suspects", "--signal")
def suspects_signal(desk):
    """Sorted by the signal that was asked for."""
    for signal in ("combined", "neighbours", "words"):
        found = desk.ask("suspects", "--signal", signal, "--all")
        values = [one[signal] for one in found["suspects"]]
        assert found["signal"] == signal
        assert values == sorted(values, reverse=True)
    for signal in ("combined", "words"):
        assert suspects(desk, "--signal", signal)[0] == ("boat/misplaced.jpg", "fish")
    assert suspects(desk, "--signal", "words", "--all") != suspects(
        desk, "--signal", "neighbours", "--all"
    )


@row("suspects", "--no-words")
def suspects_no_words(desk):
    """Neighbours alone: no words are counted, and the model is not needed."""
    assert all(one["words"] is not None for one in desk.ask("suspects")["suspects"])
    found = desk.ask("suspects", "--no-words")["suspects"]
    assert found
    assert all(one["words"] is None for one in found)
    strange = ["suspects", "--collection", "strange", "--json"]
    assert (desk(*strange).code, desk(*strange, "--no-words").code) == (5, 0)


@row("suspects", "--all")
def suspects_all(desk):
    """Slight doubts as well, after the clear ones."""
    plain, every = suspects(desk), suspects(desk, "--all")
    assert set(plain) < set(every)
    assert plain[0] == every[0] == ("boat/misplaced.jpg", "fish")


@row("suspects", "--limit")
def suspects_limit(desk):
    """So many are shown; all are counted."""
    every = suspects(desk, "--all")
    found = desk.ask("suspects", "--all", "--limit", 2)
    assert ([desk.path(one) for one in found["suspects"]], found["found"]) == (
        [path for path, _ in every[:2]],
        len(every),
    )


@row("suspects", "--export")
def suspects_export(desk):
    """All of it is written, whatever is shown."""
    file = desk.tmp / "suspects.csv"
    found = desk.ask("suspects", "--all", "--limit", 1, "--export", file)
    assert len(file.read_text().splitlines()) == 1 + found["found"] > 2


def outliers(desk, what, *options):
    """Return the paths of one ranking with their values, the oddest first."""
    (ranking,) = desk.ask("outliers", "--what", what, "--limit", 100, *options)["rankings"]
    assert ranking["what"] == what
    return [(desk.path(one), one["value"]) for one in ranking["pictures"]]


@row("outliers", "--what")
def outliers_what(desk):
    """One ranking, or several; all without a word."""
    assert outliers(desk, "tiny")[0][0] == "odd/tinier.jpg"
    assert outliers(desk, "odd-shaped")[0][0] == "odd/longer.jpg"
    both = desk.ask("outliers", "--what", "dark", "--what", "tiny")["rankings"]
    assert [one["what"] for one in both] == ["dark", "tiny"]
    assert len(desk.ask("outliers")["rankings"]) == 11


@row("outliers", "--k")
def outliers_k(desk):
    """So many answers of each question count."""
    for k in (1, 7):
        (ranking,) = desk.ask("outliers", "--what", "hub", "--k", k)["rankings"]
        assert ranking["measure"].endswith(f"among their first {k}")
    few, many = (dict(outliers(desk, "unreached", "--k", k)) for k in (1, 30))
    assert set(many) < set(few)


def limit_row(option, what, wide, *, least, whole=False):
    """Between two values the limit parts them; without a word only the oddest are there."""

    def test(desk):
        every = outliers(desk, what, option, wide)
        usual = outliers(desk, what)
        assert len(every) > len(usual)
        assert every[: len(usual)] == usual
        values = [value for _, value in every]
        place = len(every) // 2
        edge = statistics.mean(values[place - 1 : place + 1])
        edge = round(edge) if whole else edge
        inside = [one for one in every if (one[1] >= edge if least else one[1] <= edge)]
        assert 0 < len(inside) < len(every)
        assert outliers(desk, what, option, edge) == inside

    row("outliers", option)(test)


limit_row("--off", "far-in-category", 0.1, least=True)
limit_row("--typical", "typical", 50, least=False)
limit_row("--blur", "blurred", -50, least=True)
limit_row("--dark", "dark", 250, least=False)
limit_row("--bright", "bright", 20, least=True)
limit_row("--tiny", "tiny", 300, least=False, whole=True)
limit_row("--odd", "odd-shaped", 1, least=True)


@row("outliers", "--far")
def outliers_far(desk):
    """More of them the lower it is, each farther than the limit that is named."""
    every, some = (outliers(desk, "far", "--far", limit) for limit in (-50, 0))
    assert len(every) == len(desk.photos)
    middle = statistics.median(value for _, value in every)
    assert some == [one for one in every if one[1] >= middle]
    assert outliers(desk, "far") == []


@row("outliers", "--limit")
def outliers_limit(desk):
    """So many of each list are shown; all are counted."""
    (ranking,) = desk.ask("outliers", "--what", "tiny", "--limit", 1)["rankings"]
    assert (len(ranking["pictures"]), ranking["found"]) == (1, 3)


@row("outliers", "--export")
def outliers_export(desk):
    """All of it is written, whatever is shown."""
    file = desk.tmp / "odd.csv"
    desk.ask("outliers", "--what", "tiny", "--limit", 1, "--export", file)
    assert [line.split(",")[1] for line in file.read_text().splitlines()[1:]] == ["1", "2", "3"]


# replay, questions


@row("replay", "card")
def replay_card(desk):
    """That card's question is asked again."""
    other = desk.tmp / "other.json"
    assert desk("search", "owl", "--collection", "things", "--card", other).code == 0
    for file, words in ((card(desk), "fish"), (other, "owl")):
        found = desk("replay", file, "--json")
        assert (found.code, found.json["query"], found.json["same"]) == (0, words, True)


def changed(desk):
    """Save a question, and index the collection without its best answer."""
    best = desk.found("fish")[0]
    desk("search", "fish", "--collection", "things", "--save", "fish", "-k", 3)
    assert desk("index", desk.folder, "--name", "things", "--exclude", f"/{best}").code == 0
    return best


@row("questions", "--check")
def questions_check(desk):
    """All are asked again, and what is different is said, with an exit code of its own."""
    best = changed(desk)
    line = ["questions", "--collection", "things", "--json"]
    assert list(desk(*line).json["fish"]) == ["query", "k", "generation", "model"]
    found = desk(*line, "--check")
    assert found.code == 6
    assert any(one["path"] == best for one in found.json["fish"]["differences"])


@row("questions", "--accept")
def questions_accept(desk):
    """The answers of today are right from then on."""
    changed(desk)
    line = ["questions", "--collection", "things", "--check"]
    assert desk(*line).code == 6
    assert desk(*line, "--accept").code == 0
    assert desk(*line).code == 0


@row("questions", "--forget")
def questions_forget(desk):
    """That one is deleted, and no other."""
    for name in ("one", "two"):
        desk("search", "fish", "--collection", "things", "--save", name)
    assert desk("questions", "--collection", "things", "--forget", "one").code == 0
    assert list(desk.ask("questions")) == ["two"]


# evaluate


@row("evaluate retrieval", "--k")
def retrieval_k(desk):
    """So many answers are judged."""
    found = {k: desk.ask("evaluate retrieval", "-k", k) for k in (1, 5)}
    for k, one in found.items():
        assert one["k"] == k
        fish = next(c for c in one["categories"] if c["category"] == "fish")
        answers = desk.ask("search", fish["question"], "-k", k)["results"]
        share = sum(answer["category"] == "fish" for answer in answers) / k
        assert fish[f"precision_at_{k}"] == pytest.approx(share)


@row("evaluate retrieval", "--template")
def retrieval_template(desk):
    """Each category is asked for so."""
    for template in ("the photo of one {}", "I see one {} here"):
        found = desk.ask("evaluate retrieval", "--template", template)
        questions = {one["category"]: one["question"] for one in found["categories"]}
        assert questions["owl"] == template.replace("{}", "owl")
    assert desk.ask("evaluate retrieval")["template"] == "a photo of a {}"


@row("evaluate retrieval", "--once")
def retrieval_once(desk):
    """Copies count once, so that a category with copies is another one."""
    plain, once = desk.ask("evaluate retrieval"), desk.ask("evaluate retrieval", "--once")
    assert (plain["once"], once["once"]) == (False, True)
    of = [
        {one["category"]: one["precision_at_10"] for one in found["categories"]}
        for found in (plain, once)
    ]
    assert of[1]["fish"] < of[0]["fish"]
    assert of[1]["bus"] == of[0]["bus"]


@row("evaluate templates", "--k")
def templates_k(desk):
    """So many answers are judged."""
    for k in (1, 5):
        found = desk.ask("evaluate templates", "-k", k)
        assert found["k"] == k
        assert {f"precision_at_{k}"} <= set(found["templates"][0])


# benchmark: it takes minutes, so what is measured is put in its place


@row("benchmark", "--quick", "--pictures", "--model", "--only", "--json")
def benchmark(desk):
    """Quick or in full, one half or both, with the pictures and the model that are given."""
    calls = []

    def indexing(amount, pictures, model, *_):
        calls.append(("indexing", amount.ours < 1_000, pictures, model))
        cause = "stopped"
        raise BadInput(cause, remedy="")

    replace(desk, "measure_indexing", indexing)
    replace(desk, "measure_search_quickly", lambda *_: calls.append(("search", True)) or ())
    replace(desk, "measure_search_fully", lambda *_: calls.append(("search", False)) or ())
    answer = desk("benchmark", "--quick", "--only", "search", "--json")
    assert answer.json["search"] == []
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(desk("benchmark", "--only", "search").out)
    given = ["--pictures", desk.folder, "--model", desk.root / "model"]
    assert desk("benchmark", "--quick", "--only", "indexing", *given).code == 3
    assert desk("benchmark").code == 3
    assert calls == [
        ("search", True),
        ("search", False),
        ("indexing", True, desk.folder, str(desk.root / "model")),
        ("indexing", False, None, None),
    ]


# index


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
