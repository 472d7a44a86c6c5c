"""The options of what asks again, judges and measures: replay, questions, evaluate, benchmark."""

import json

import pytest

from search_engine.errors import BadInput
from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import card, replace


@each_option_of(
    "replay",
    "questions",
    "evaluate presence",
    "evaluate retrieval",
    "evaluate templates",
    "benchmark",
)
def test_each_option_of_proofs_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


@row("replay", "card")
def replay_card(desk):
    """That card's query is run again."""
    other = desk.tmp / "other.json"
    assert desk("search", "owl", "--collection", "things", "--card", other).code == 0
    for file, words in ((card(desk), "fish"), (other, "owl")):
        found = desk("replay", file, "--json")
        assert (found.code, found.json["query"], found.json["same"]) == (0, words, True)


def changed(desk):
    """Save a query, and index the collection without its best answer."""
    best = desk.found("fish")[0]
    desk("search", "fish", "--collection", "things", "--save", "fish", "-k", 3)
    assert desk("index", desk.folder, "--name", "things", "--exclude", f"/{best}").code == 0
    return best


@row("questions", "--check")
def queries_check(desk):
    """All are run again, and what is different is said, with an exit code of its own."""
    best = changed(desk)
    line = ["questions", "--collection", "things", "--json"]
    assert list(desk(*line).json["fish"]) == ["query", "k", "generation", "model", "precision"]
    found = desk(*line, "--check")
    assert found.code == 6
    assert any(one["path"] == best for one in found.json["fish"]["differences"])


@row("questions", "--accept")
def queries_accept(desk):
    """The answers of today are right from then on."""
    changed(desk)
    line = ["questions", "--collection", "things", "--check"]
    assert desk(*line).code == 6
    assert desk(*line, "--accept").code == 0
    assert desk(*line).code == 0


@row("questions", "--forget")
def queries_forget(desk):
    """That one is deleted, and no other."""
    for name in ("one", "two"):
        desk("search", "fish", "--collection", "things", "--save", name)
    assert desk("questions", "--collection", "things", "--forget", "one").code == 0
    assert list(desk.ask("questions")) == ["two"]


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
        queries = {one["category"]: one["question"] for one in found["categories"]}
        assert queries["owl"] == template.replace("{}", "owl")
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


@row("benchmark", "--quick", "--pictures", "--model", "--only", "--json")
def benchmark(desk):
    """Quick or in full, one half or both, with the pictures and the model that are given.

    It takes minutes, so what is measured is put in its place.
    """
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
