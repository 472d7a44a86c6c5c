"""The benchmark measures what it says it measures."""

import json
import re

import pytest

from search_engine.cli import main
from search_engine.collection.decoding import content_hash, decode
from search_engine.errors import BadFolder
from search_engine.lab.benchmark import indexing_speed, random_model
from search_engine.lab.benchmark.indexing_speed import Amount, measure_indexing
from search_engine.lab.benchmark.photographs import photographs, repeated
from search_engine.settings import PROJECT_FOLDER
from tests.conftest import paint

TINY = Amount(ours=24, plain=8, demo=8, rounds=1, probe=12)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A small model in the layout of clip-ViT-B-32."""
    return random_model.build(tmp_path_factory.mktemp("model") / "small", seed=5, small=True)


@pytest.fixture(scope="module")
def jpegs(tmp_path_factory):
    """A folder with three JPEG files and one that is none."""
    folder = tmp_path_factory.mktemp("jpegs")
    for number, colour in enumerate(("red", "green", "blue")):
        paint(folder / f"{number}.jpg", colour, size=(320, 240))
    paint(folder / "other.png")
    return folder


@pytest.fixture(scope="module")
def figures(model, jpegs):
    """A whole run, with very little of everything."""
    return measure_indexing(TINY, jpegs, str(model), lambda _: None)


def test_repeated_photographs_look_alike_and_have_contents_of_their_own(jpegs, tmp_path):
    """No file counts as a copy of another, though only three pictures are shown."""
    contents = photographs(jpegs, tmp_path / "scratch")
    repeated(contents, 10, tmp_path / "many")
    files = sorted((tmp_path / "many").rglob("*.jpg"))
    hashes = {content_hash(file.read_bytes()) for file in files}
    assert (len(contents), len(files), len(hashes)) == (3, 10, 10)
    assert decode(files[4].read_bytes()).image.tobytes() == decode(contents[1]).image.tobytes()


def test_without_a_folder_photographs_are_drawn(tmp_path):
    """Drawn ones are as large as photographs, in pixels and in bytes."""
    contents = photographs(None, tmp_path / "drawn")
    facts = decode(contents[0]).facts
    assert (facts.width, facts.height) == (1024, 768)
    assert len(contents[0]) > 100_000


def test_a_folder_without_photographs_is_named(tmp_path):
    """There is nothing to time with in an empty folder."""
    with pytest.raises(BadFolder, match="no JPEG file"):
        photographs(tmp_path, tmp_path / "scratch")


@pytest.mark.long
def test_the_three_ways_index_all_and_agree(figures):
    """Each way takes all its pictures; ours says what the plain way says."""
    ways = figures.rounds[0]
    taken = {way: one.pictures for way, one in ways.items()}
    assert taken == {"ours": 24, "plain": 8, "demo": 8, "decode": 24, "stand-in": 24}
    assert figures.limit.agreement.lowest_cosine > 0.998
    assert figures.ratio_to("plain") == pytest.approx(ways["ours"].rate / ways["plain"].rate)
    assert set(figures.limit.stages) == {"decode", "preprocess", "thumbnail", "forward", "write"}
    assert str(figures.limit.precision) in figures.limit.forward_rates
    assert figures.percent_of_limit > 0
    without_model = 100 * ways["stand-in"].rate / ways["decode"].rate
    assert figures.percent_without_model == pytest.approx(without_model)


@pytest.mark.long
def test_what_decoders_take_is_counted(figures):
    """Processor time and memory are those of all processes, not of the one that waits for them."""
    decode = figures.rounds[0]["decode"]
    assert decode.cpu_seconds > 0
    assert decode.peak_megabytes > 60  # two of them, or one and whoever asks


def test_the_operations_of_vit_b_32_are_counted(tmp_path):
    """ViT-B/32 takes 4.4 billion multiplications for a picture, as its authors say."""
    from transformers import CLIPConfig

    from search_engine.lab.benchmark.limit import _gflop

    class Clip:
        config = CLIPConfig(vision_config={"patch_size": 32})

    assert _gflop(Clip) == pytest.approx(2 * 4.4, rel=0.03)


@pytest.mark.long
def test_the_command_gives_the_documented_json(figures, monkeypatch, capsys):
    """``benchmark --json`` writes one document with ratios, stages and the machine."""
    monkeypatch.setattr("search_engine.cli.benchmark.measure_indexing", lambda *_: figures)
    assert main(["benchmark", "--quick", "--only", "indexing", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["machine"]["cores"] >= 1
    found = document["indexing"]
    assert found["ratio_to_plain"] > 0
    assert found["ratio_to_demo"] > 0
    assert found["percent_of_limit"] > 0
    assert found["stages"]["forward"] == pytest.approx(figures.limit.stages["forward"], abs=1e-3)
    assert found["precision"] in {"fp32", "bf16", "int8"}
    readme = (PROJECT_FOLDER / "search_engine/cli/README.md").read_text("utf-8")
    shown = next(b for b in re.findall(r"```json\n(.*?)```", readme, re.DOTALL) if "machine" in b)
    example = json.loads(shown)
    assert set(example["machine"]) <= set(document["machine"])
    assert set(example["indexing"]) <= set(found)
    assert set(example["indexing"]["stages"]) == set(found["stages"])


def test_a_way_that_fails_is_reported(model, jpegs, monkeypatch, tmp_path, capsys):
    """A model that is none ends the benchmark with a message, not with a traceback."""
    monkeypatch.setattr("search_engine.cli.benchmark.QUICK", TINY)
    asked = ["benchmark", "--quick", "--only", "indexing", "--pictures", str(jpegs)]
    assert main([*asked, "--model", str(tmp_path)]) == 5
    assert "There is no model in this folder" in capsys.readouterr().err
    assert indexing_speed.FULL.ours > indexing_speed.QUICK.ours


@pytest.mark.long
def test_the_command_shows_ratios_first(figures, monkeypatch, capsys):
    """People read how many times as fast it is before any other figure of indexing."""
    monkeypatch.setattr("search_engine.cli.benchmark.measure_indexing", lambda *_: figures)
    assert main(["benchmark", "--quick", "--only", "indexing"]) == 0
    shown = capsys.readouterr().out
    assert f"{figures.ratio_to('plain'):.1f} times as fast as the plain way" in shown
    assert shown.index("times as fast") < shown.index("pictures/s")
