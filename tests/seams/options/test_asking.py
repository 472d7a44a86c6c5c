"""The options of other ways to ask: explain, wording, prompt and demo."""

import pytest
from PIL import Image

from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import ROUNDING, small_demo


@each_option_of("explain", "wording", "prompt", "demo")
def test_each_option_of_asking_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


@row("explain", "words")
def explain_words(desk):
    """The query is what is explained, with a score of its own."""
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
    """The query that is worded."""
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
