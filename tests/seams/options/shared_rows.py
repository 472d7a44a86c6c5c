"""Rows of options that many commands have, and each command in its shortest form."""

import json
import logging
import sys

import jsonschema
import pytest

from search_engine.lab.benchmark import random_model
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, Settings
from tests.seams.options.folder_rows import level_row, names_row

BASES = {
    "demo": ["fish"],
    "search": ["fish", "-k", 3],
    "explain": ["fish", "--picture", 1],
    "prompt": [],
    "tag": ["sea", 1],
    "hide": [1],
    "list": [],
    "serve": ["--port", 0],
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
    "precision": ["fish"],
}
"""Each command that reads a collection, in its shortest form."""
NAMED = {"info", "check"}
"""Take the name of a collection as an argument."""
ROUNDING = 2e-6


def command_line(command, name, card=None):
    """Return a command on a collection, in its shortest form."""
    if command == "replay":
        return ["replay", card, "--collection", name]
    where = [name] if command in NAMED else ["--collection", name]
    return [*command.split(), *BASES[command], *where]


def base(desk, command, name="things"):
    """Return a command in its shortest form, with what it needs made before."""
    if command == "demo":
        small_demo(desk)
    if command in {"rename", "remove"}:
        return [command, "others", *(["more"] if command == "rename" else ["--yes"])]
    if command == "serve":
        replace(desk, "open_doors", lambda *_: None)
    made = {"export": vectors_line, "import": vectors_line, "index": few_line,
            "benchmark": benchmark_line}  # fmt: skip
    if command in made:
        return made[command](desk, command, name)
    if command in {"demo", "list", "completion", "serve"}:
        return [command, *BASES.get(command, ["bash"])]
    if command == "compare":
        return [command, f"{name}/cat", f"{name}/owl"]
    if command == "compare-models":
        return [command, name, rival(desk, name)]
    return command_line(command, name, card(desk) if command == "replay" else None)


def few_line(desk, command, _name):
    """Return a build of a small folder."""
    return [command, desk.few(), "--name", "few", "--model", "mini"]


def benchmark_line(desk, command, _name):
    """Return a measurement that takes no time."""
    replace(desk, "measure_search_quickly", tuple)
    return [command, "--quick", "--only", "search"]


def vectors_line(desk, command, name="things"):
    """Return an export to a new folder, or an import of one to a new name."""
    number = len(list(desk.tmp.glob("vectors *")))
    folder = desk.tmp / f"vectors {number}"
    export = ["export", name, "--as", "numpy", "--to", folder]
    if command == "export":
        return export
    assert desk(*export).code == 0
    return ["import", folder, "--as", "numpy", "--name", f"in {number}", "--model", "mini"]


def rival(desk, name="things"):
    """Index the folder of a collection with a model that knows nothing, and name what it makes."""
    model, other = desk.tmp / "random", f"{name} rival"
    if not model.exists():
        random_model.build(model, seed=7, small=True)
        folder = desk.folder if name == "things" else desk.root / name
        assert desk("index", folder, "--name", other, "--model", model).code == 0
    return other


def card(desk):
    """Write a result card of the collection ``things``."""
    file = desk.tmp / "card.json"
    if not file.exists():
        assert desk("search", "fish", "--collection", "things", "--card", file).code == 0
    return file


def json_row(desk, command):
    """JSON and nothing else on standard output, in place of what people read."""
    plain, asked = desk(*base(desk, command)), desk(*base(desk, command), "--json")
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
        assert "something happened" not in answer.out


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


SHARED = {
    "--json": json_row,
    "--json-schema": schema_row,
    "--collection": collection_row,
    "--trust-model": trust_row,
    "--verbose": verbose_row,
    "--level": level_row,
    "--names": names_row,
}
