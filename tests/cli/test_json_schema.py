"""Every answer in JSON is what its schema says, and the schema misses no key."""

import copy
import json
import shutil

import jsonschema
import pytest

from search_engine import SearchEngine
from search_engine.cli.commands import COMMANDS
from search_engine.cli.json_answers import document_of, schema_of
from search_engine.evaluation import FIRST_FOLDERS
from search_engine.lab.benchmark import random_model
from search_engine.lab.benchmark.indexing_speed import IndexingFigures
from search_engine.lab.benchmark.limit import Agreement, Limit
from search_engine.lab.benchmark.search_speed import Answers, SearchFigures
from search_engine.lab.benchmark.ways import WAYS, WayFigures
from search_engine.records import IndexKind
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE

ASKED = {
    "demo": ("-k", "2"),
    "index": ("{folder}", "--exclude", "nothing/"),
    "search": ("a red fish", "-k", "3"),
    "explain": ("a fish - night without snow", "--picture", "1", "--method", "patches"),
    "tag": ("fish",),
    "hide": ("--list",),
    "list": (),
    "info": (),
    "check": ("--sample", "1"),
    "export": ("--as", "numpy", "--to", "{vectors} again"),
    "import": ("{vectors}", "--as", "numpy", "--name", "taken", "--model", "mini"),
    "duplicates": ("--cosine", "0", "--bits", "64", "--overlay", "-1"),
    "compare": ("drawings", "parts"),
    "suspects": ("--all",),
    "outliers": (),
    "benchmark": ("--quick",),
    "replay": ("{card}",),
    "questions": ("--check",),
    "evaluate presence": (),
    "evaluate retrieval": ("-k", "3"),
    "evaluate templates": ("-k", "3"),
    "compare-models": ("drawings", "other", "-k", "3"),
    "wording": ("something to eat", "-k", "3"),
    "precision": ("a fish", "--right", "{best}"),
}
WITH_JSON = [command.name for command in COMMANDS if command.answer is not None]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return the folder and the card of a small collection, with what every answer can hold."""
    from search_engine.cli import main

    root = tmp_path_factory.mktemp("schema")
    folder = draw_gallery(root / "drawings", pictures=100) and root / "drawings"
    copied = next(folder.glob("*/*.jpg"))
    copied.with_name("copy.jpg").write_bytes(copied.read_bytes())
    (folder / "broken.jpg").write_bytes(b"\xff")
    (folder / "raw.nef").write_bytes(b"raw")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(root / "data"))
        assert main(["index", str(folder), "--model", "mini"]) == 0
        assert main(["search", "a fish", "--card", str(root / "card"), "--save", "fish"]) == 0
        assert main(["tag", "fish", "1", "2"]) == 0
        assert main(["hide", "1"]) == 0
        best = next(folder.glob("fish/*.jpg"))
        best.unlink()
        assert main(["index", str(folder)]) == 0
        with SearchEngine.open("drawings") as engine:
            best = engine.measure.precision("a fish").picture_ids[0]
        vectors = root / "vectors"
        assert main(["export", "drawings", "--as", "numpy", "--to", str(vectors)]) == 0
        yield {"folder": folder, "card": root / "card", "best": best, "vectors": vectors}


def test_every_command_with_json_is_asked():
    """None is left out of the test below."""
    assert set(ASKED) == set(WITH_JSON)


@pytest.mark.parametrize("name", WITH_JSON)
def test_the_answer_is_what_the_schema_says(asked, run_main, monkeypatch, tmp_path, name):
    """It validates; without any one of its keys, or with one more, it does not."""
    timed(monkeypatch)
    if name == "demo":  # it makes a collection of its own
        monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
        home = "search_engine.cli.demo.ensure_gallery"
        monkeypatch.setattr(home, lambda folder: draw_gallery(folder, pictures=50))
    if name == "import":  # the others know but one collection
        monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    if name == "compare-models":  # the others know but one collection
        monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
        other = str(random_model.build(tmp_path / "model", small=True))
        for model in (("--model", "mini"), ("--model", other, "--name", "other")):
            assert run_main("index", str(asked["folder"]), *model)[0] == 0
    if name == "compare":
        monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
        for part in ("fish", "boat", "cat", "owl"):
            shutil.copytree(asked["folder"] / part, tmp_path / "parts" / part)
        for folder in (asked["folder"], tmp_path / "parts"):
            assert run_main("index", str(folder), "--model", "mini")[0] == 0
    arguments = [one.format(**asked) for one in ASKED[name]]
    code, out, _ = run_main(*name.split(), "--json-schema")
    assert code == 0
    schema = json.loads(out)
    _, out, _ = run_main(*name.split(), *arguments, "--json")
    answer = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(answer)) == []
    places = list(records_in(answer, schema, schema))
    assert places
    for place in places:
        for key in [*follow(answer, place)]:
            poorer = copy.deepcopy(answer)
            del follow(poorer, place)[key]
            optional = name == "benchmark" and key in {"indexing", "search"} and not place
            assert validator.is_valid(poorer) == optional, (place, key)
        richer = copy.deepcopy(answer)
        follow(richer, place)["something else"] = 1
        assert not validator.is_valid(richer), place


def records_in(value, schema, root, place=()):
    """Return where an answer has records, whose keys are fixed: one of each kind of place."""
    schema = resolved(value, schema, root)
    if isinstance(value, dict):
        fixed = "properties" in schema
        if fixed:
            yield place
        for name, inner in value.items():
            below = schema["properties"].get(name) if fixed else schema["additionalProperties"]
            yield from records_in(inner, below or pattern(schema, name), root, (*place, name))
    elif isinstance(value, list) and value and "items" in schema:
        yield from records_in(value[0], schema["items"], root, (*place, 0))


def pattern(schema, name):
    """Return the schema of a key that is called after k."""
    stem = name.rstrip("0123456789")
    return schema["patternProperties"][f"^{stem}[0-9]+$"]


def resolved(value, schema, root):
    """Return the schema itself, where it is named or one of several."""
    if "$ref" in schema:
        return resolved(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    for one in schema.get("anyOf", ()):
        if jsonschema.Draft202012Validator(one | {"$defs": root.get("$defs", {})}).is_valid(value):
            return resolved(value, one, root)
    return schema


def follow(value, place):
    """Return what stands at a place of an answer."""
    for step in place:
        value = value[step]
    return value


def timed(monkeypatch):
    """Let a benchmark measure nothing."""
    ways = {way: WayFigures(10, 2.0, 1.0, 100.0) for way in WAYS}
    limit = Limit(
        "fp32", 1.0, {"fp32": 20.0}, {"fp32": 300.0}, 9.0, {"decode": 1.0}, 0.5,
        Agreement(0.99, 0.98, 0.97),
    )  # fmt: skip
    answers = Answers("text", 1.0, 1.0, 2.0, 0.9, 0.8, 0)
    found = [SearchFigures(IndexKind.EXACT, 100, 8, {"m": 2}, 0.1, 100, 1.0, (answers,))]
    home = "search_engine.cli.benchmark"
    monkeypatch.setattr(f"{home}.measure_indexing", lambda *_: IndexingFigures((ways,), limit))
    monkeypatch.setattr(f"{home}.measure_search_quickly", lambda: found)


def test_a_schema_does_nothing_else(run):
    """Options that the command needs may be missing, and nothing is opened or made."""
    code, out, err = run("explain", "--json-schema")
    assert (code, err) == (0, "")
    assert json.loads(out)["title"] == "ExplainAnswer"
    code, out, err = run("index", "/nowhere", "--json-schema", "--json")
    assert (code, err) == (0, "")
    assert json.loads(run("list", "--json")[1]) == []


def test_saved_queries_are_listed_as_the_schema_says(asked, run_main):
    """The list has another shape than a check; the schema of the command knows both."""
    schema = json.loads(run_main("questions", "--json-schema")[1])
    listed = json.loads(run_main("questions", "--json")[1])
    jsonschema.validate(listed, schema)
    assert listed["fish"]["query"] == "a fish"
    del listed["fish"]["model"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(listed, schema)


def test_keys_are_called_after_k():
    """A field that ends in ``_at_k`` is written with the number, and read with any."""
    retrieval = next(one for one in COMMANDS if one.name == "evaluate templates").answer
    from search_engine.cli.evaluate_templates import TemplateAnswer, TemplatesAnswer
    from search_engine.reports import labelling_answer

    one = TemplateAnswer("{}", 0.5, (0.4, 0.6), 0.7, 0.0, (0.0, 0.0))
    labels = labelling_answer(FIRST_FOLDERS, ["cat"])
    document = document_of(TemplatesAnswer("c", "mini", 7, 3, "{}", (one,), labels, ()))
    assert document["templates"][0]["precision_at_7"] == 0.7
    jsonschema.validate(json.loads(json.dumps(document)), schema_of(retrieval))


@pytest.fixture
def run_main(capsys):
    """Run a command on the collection of this module."""
    from search_engine.cli import main

    def call(*arguments):
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as left:
            code = left.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
