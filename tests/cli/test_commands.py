"""The command line does what the README says, for people and for scripts."""

import json
import os
import signal
import subprocess
import sys

import pytest

from search_engine import build_collection, plan_build
from search_engine.building import interim
from search_engine.index import appraisal, faiss_indexes
from search_engine.lab.benchmark.random_model import build as build_model
from tests.conftest import paint


def test_demo_answers_a_red_fish(run):
    """Out of the box, offline, the demo shows red fish first, with scores and its model."""
    code, out, _ = run("demo", "--json")
    answer = json.loads(out)
    assert code == 0
    assert list(answer) == [
        "query", "collection", "model", "exact", "results", "verdict", "so_far", "shown",
    ]  # fmt: skip
    assert answer["so_far"] is None
    assert (answer["query"], answer["collection"]) == ("a red fish", "sample-gallery")
    assert (answer["model"], answer["exact"]) == ("mini", True)
    assert [result["rank"] for result in answer["results"]] == [1, 2, 3, 4, 5]
    best = answer["results"][0]
    assert list(best) == [
        "rank", "picture_id", "path", "category", "score", "match", "stands_out", "tags",
    ]  # fmt: skip
    assert best["category"] == "fish"
    assert os.path.isfile(best["path"])  # noqa: PTH113 - the path is a string from JSON
    assert best["score"] > 0.2
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    again_code, again, _ = run("demo", "a", "blue", "boat", "-k", "2")
    assert again_code == 0
    assert "/boat/" in again.splitlines()[2]


def test_a_search_while_the_first_build_runs_says_how_much_is_in(
    run, drawings, settings, monkeypatch
):
    """In a second terminal there are answers, with a note on what they are of; so says the list."""
    name, wanted = plan_build(drawings, settings, name="things", model_id="mini")
    monkeypatch.setattr(interim, "FIRST_PUBLISHED", 32)
    monkeypatch.setattr(interim, "SECONDS_WORTH_IT", 0)
    seen = []

    def look(told):
        if told.done == told.total == 96:  # all of it is stored, some of it is published
            seen.append(run("search", "a red fish", "--json"))
            seen.append(run("search", "a red fish"))
            seen.append(run("list", "--json"))

    build_collection(name, wanted, settings, on_progress=look)
    (code, out, err), (_, shown, note), (_, listed, _) = seen
    assert (code, json.loads(out)["so_far"]["expected"]) == (0, 96)
    part = json.loads(out)["so_far"]["pictures"]
    assert 32 <= part < 96
    said = f"note: 'things' is being indexed; so far {part} of 96 pictures can be found"
    assert said in err
    assert said in note
    assert f"10 of {part} pictures" in shown
    assert json.loads(listed)[0]["state"] == f"being indexed; so far {part} of 96 pictures"
    code, out, err = run("search", "a red fish", "--json")
    assert (code, json.loads(out)["so_far"], "indexed" in err) == (0, None, False)


def test_index_tells_what_it_did(run, drawings):
    """The JSON of index counts every kind of work and names every skip."""
    code, out, _ = run("index", drawings, "--name", "things", "--model", "mini", "--json")
    report = json.loads(out)
    assert code == 0
    assert list(report) == [
        "collection", "added", "changed", "moved", "removed", "lost", "unchanged", "read_again",
        "away", "not_read", "links", "dead_links", "rules", "skipped", "kept", "remarked",
        "seconds",
    ]  # fmt: skip
    assert (report["collection"], report["added"], report["skipped"]) == ("things", 96, [])
    _, again, _ = run("index", drawings, "--name", "things", "--json")
    assert json.loads(again)["unchanged"] == 96


def test_skipped_files_are_named(run, drawings, tmp_path):
    """A folder with broken files is indexed, and each broken file is named with its reason."""
    folder = tmp_path / "mixed"
    paint(folder / "good.png")
    (folder / "one.jpg").write_bytes(b"\xff")
    (folder / "text.jpg").write_text("just words")
    (folder / "new\nline.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    code, out, _ = run("index", folder, "--model", "mini", "--json")
    skipped = {skip["path"]: skip["reason"] for skip in json.loads(out)["skipped"]}
    assert code == 0
    assert set(skipped) == {"one.jpg", "text.jpg", "new\nline.png"}
    assert "text" in skipped["text.jpg"]
    code, out, _ = run("info", "mixed", "--skipped")
    assert "new\\nline.png" in out


def test_search_gives_paths_and_scores(run, indexed):
    """A search prints match, id, path, score and rank of each picture, best match first."""
    code, out, _ = run("search", "an", "umbrella", "-k", "2")
    lines = out.splitlines()[2:]
    (better, *_, one), (worse, *_, other) = map(str.split, lines)
    assert (code, {one, other}, int(better) >= int(worse)) == (0, {"1)", "2)"}, True)
    assert all(f"{indexed}/umbrella/" in line for line in lines)


def test_search_takes_images_minus_and_filters(run, indexed):
    """Example pictures, minus terms, categories and a minimum score all change the answer."""
    example = next((indexed / "cat").iterdir())
    _, out, _ = run("search", "--image", example, "--json")
    best = json.loads(out)["results"][0]
    assert best["path"] == str(example)
    assert best["score"] == pytest.approx(1, abs=1e-3)  # in whichever precision
    _, out, _ = run("search", "--image", example, "--leave-out-examples", "--json")
    assert str(example) not in {result["path"] for result in json.loads(out)["results"]}
    _, out, _ = run("search", "fish", "--category", "boat", "--category", "bus", "--json")
    assert {r["category"] for r in json.loads(out)["results"]} == {"boat", "bus"}
    _, out, _ = run("search", "fish", "--min-score", "0.99", "--json")
    assert json.loads(out)["results"] == []
    _, plain, _ = run("search", "animal", "--json")
    _, without, _ = run("search", "animal", "--not", "cat", "-k", "10", "--json")
    assert "cat" not in {result["category"] for result in json.loads(without)["results"]}
    assert json.loads(without)["query"] == "animal - cat"
    assert plain != without


def test_info_tells_how_many_answers_an_index_finds(run, drawings, monkeypatch):
    """An approximate index was measured with words that its own model embedded, and says so."""
    monkeypatch.setattr(faiss_indexes, "APPROXIMATE_FROM", 50)
    assert run("index", drawings, "--name", "c", "--model", "mini", "--kind", "ivf")[0] == 0
    index = json.loads(run("info", "--json")[1])["index"]
    assert index["kind"] == "ivf"
    assert index["parameters"]["questions"] == 256
    share = f"{index['parameters']['text_recall_at_10']:.1%}"
    assert f"Recall: {share} of the ten best results by words" in run("info")[1]
    monkeypatch.setattr(appraisal, "RECALL_FLOOR", 1.1)
    assert run("index", drawings, "--name", "c", "--kind", "hnsw")[0] == 0
    assert json.loads(run("info", "--json")[1])["index"]["instead_of"] == "hnsw"
    assert "Note: HNSW found" in run("info")[1]


def test_list_info_and_remove(run, indexed):
    """Collections are listed, described and removed; their pictures stay."""
    _, out, _ = run("list", "--json")
    listed = json.loads(out)
    assert [(entry["collection"], entry["pictures"]) for entry in listed] == [("things", 96)]
    _, out, _ = run("info", "--json")
    assert json.loads(out)["index"]["kind"] == "exact"
    assert json.loads(out)["categories"]["fish"] == 2
    assert "ready" in run("list")[1]
    code, _, err = run("remove", "things")
    assert (code, "--yes" in err) == (3, True)
    assert run("remove", "things", "--yes")[0] == 0
    assert json.loads(run("list", "--json")[1]) == []
    assert len(list(indexed.rglob("*.jpg"))) == 96


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["search", "cat"], 4, "no collection yet"),
        (["search", "cat", "--collection", "nothing"], 4, "no collection 'nothing'"),
        (["info", "nothing"], 4, "nothing"),
        (["remove", "nothing", "--yes"], 4, "nothing"),
        (["index", "/does/not/exist"], 3, "no such folder"),
        (["index", ".", "--name", "../evil"], 3, "cannot be the name"),
        (["search"], 4, "no collection"),
        (["search", "-k", "0", "x"], 2, "not 1 or more"),
        (["nonsense"], 2, "nonsense"),
        ([], 2, "COMMAND"),
    ],
)
def test_mistakes_have_their_exit_code_and_a_message(run, arguments, code, message):
    """What goes wrong is said on standard error, with the documented code and nothing on stdout."""
    got, out, err = run(*arguments)
    assert got == code
    assert message in err
    assert out == ""


def test_queries_that_cannot_be_answered(run, indexed):
    """Empty queries, missing examples and unknown ids are refused by name."""
    for arguments, message in (
        ([], "nothing to look for"),
        (["--image", "gone.jpg"], "gone.jpg"),
        (["--like", "4711"], "#4711"),
        (["a", "-", "1:a"], "cancel"),
    ):
        code, out, err = run("search", *arguments)
        assert (code, out) == (3, "")
        assert message in err


def test_a_missing_model_is_reported_and_the_bundled_one_offered(run, drawings):
    """Without network the default model is named as missing, and --model mini is offered."""
    code, out, err = run("index", drawings)
    assert (code, out) == (5, "")
    assert "clip-ViT-B-32" in err
    assert "--model mini" in err
    assert json.loads(run("list", "--json")[1]) == []


def test_another_model_than_the_index_was_made_with(run, pictures, tmp_path):
    """When the model's files have changed, search says so and index mends it."""
    model = build_model(tmp_path / "model", seed=1, small=True)
    assert run("index", pictures, "--model", model)[0] == 0
    other = build_model(tmp_path / "other", seed=2, small=True)
    (other / "0_CLIPModel/model.safetensors").replace(model / "0_CLIPModel/model.safetensors")
    code, _, err = run("search", "red")
    assert code == 5
    assert "embeds it again with the model as it is" in err
    assert run("index", pictures)[0] == 0
    assert run("search", "red")[0] == 0


def test_no_traceback_for_faults_of_the_program(run, indexed, monkeypatch):
    """Even a fault of ours ends in one readable line and its own exit code."""
    monkeypatch.setattr("search_engine.search.engine.SearchEngine.search", lambda *_, **__: 1 / 0)
    code, _, err = run("search", "cat")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err


def test_ctrl_c_leaves_a_resumable_collection(tmp_path, drawings, settings):
    """Interrupted by the user, index says what is kept, and the next run does only the rest."""
    environment = os.environ | {"IMAGE_SEARCH_DATA": str(settings.data_folder)}
    command = [sys.executable, "-m", "search_engine", "index", str(drawings), "--name", "things"]
    command += ["--model", str(build_model(tmp_path / "slow", small=True)), "--json"]
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for line in running.stderr:
        if line.startswith("Embedding"):
            break
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "goes on from here" in err
    assert "Traceback" not in err
    kept = json.loads(out)["added"]
    assert kept < 96
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(finished.stdout)["added"] == 96 - kept


def test_a_reader_that_stops_early_is_no_fault(indexed, settings):
    """Piped into head, a long list ends quietly."""
    environment = os.environ | {"IMAGE_SEARCH_DATA": str(settings.data_folder)}
    command = f"{sys.executable} -m search_engine search fish -k 96 | head -n 1"
    run = subprocess.run(
        ["sh", "-c", command],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("fish: ")
    assert "Traceback" not in run.stderr
    assert "Broken" not in run.stderr


def test_progress_is_plain_lines_without_a_terminal(run, drawings):
    """In a file or pipe progress is lines with counts, rate and stage."""
    _, _, err = run("index", drawings, "--name", "things", "--model", "mini")
    assert "Looking for pictures" in err
    assert any(line.startswith("Embedding 96 of 96 · ") for line in err.splitlines())
    assert "\x1b" not in err


@pytest.mark.parametrize("date", ["yesterday", "2024-13", "2024-02-30", "24", "2024-0", ""])
def test_a_date_that_is_none_is_refused(run, date):
    """A filter that cannot be meant does not find nothing in silence."""
    code, _, err = run("search", "fish", "--from", date)
    assert (code, "is no date like" in err) == (2, True)
