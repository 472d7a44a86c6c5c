"""The proofs measure what they say, and a figure that misses its bound is not passed over."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from search_engine.evaluation.metrics import chance_of
from search_engine.lab.proofs import (
    prove_duplicates,
    prove_label_errors,
    prove_precision,
    prove_presence,
    prove_words,
)
from search_engine.lab.proofs.bounds import at_least, at_most, more_than
from search_engine.lab.proofs.command import main
from search_engine.lab.proofs.studio import Studio

WAYS = ("random", "proposed")


def quietly(_text):
    """Listen to what is done next."""


@pytest.fixture
def studio(indexed_gallery, monkeypatch):
    """A studio whose gallery was drawn before."""
    monkeypatch.setattr(Studio, "gallery", indexed_gallery)
    with Studio(5, 150, quietly) as studio:
        yield studio


def by_name(figures):
    return {figure.name: figure for figure in figures}


def test_a_gallery_is_drawn_and_proved(capsys):
    """The command draws its own pictures, and writes JSON alone to standard output."""
    code = main(["--only", "retrieval", "--pictures", "100", "--seed", "5", "--json"])
    written = capsys.readouterr()
    found = json.loads(written.out)
    assert (found["seed"], found["pictures"]) == (5, 100)
    assert list(found["embedded"]) == ["gallery"]
    assert found["embedded"]["gallery"].startswith("pictures in ")
    assert {figure["proof"] for figure in found["figures"]} == {"retrieval"}
    figures = {figure["figure"]: figure for figure in found["figures"]}
    assert figures["mAP"]["value"] > 10 * figures["mAP"]["beside"]["value"]
    assert figures["mAP"]["beside"]["value"] == pytest.approx(chance_of(100, 2), abs=1e-6)
    assert figures["P@2"]["beside"] == {"name": "chance", "value": 0.02}
    assert figures["largest difference of AP to scikit-learn"]["value"] < 1e-9
    permuted = figures["mAP with permuted labels"]
    assert permuted["value"] == pytest.approx(permuted["beside"]["value"], abs=0.01)
    assert code == any(figure["holds"] is False for figure in found["figures"])
    assert "Drawing a gallery of 100 pictures from seed 5" in written.err


@pytest.mark.usefixtures("studio")
def test_a_figure_below_its_floor_gives_exit_code_1(indexed_gallery, monkeypatch, capsys):
    """When each category is asked for by the name of another, the command says so and fails."""
    assert main(["--only", "retrieval"]) == 0
    assert "MISSED" not in capsys.readouterr().out
    embedder = indexed_gallery.embedder()
    right = embedder.embed_words
    monkeypatch.setattr(embedder, "embed_words", lambda texts: np.roll(right(texts), 1, axis=0))
    assert main(["--only", "retrieval"]) == 1
    missed = [line for line in capsys.readouterr().out.splitlines() if line.endswith("MISSED")]
    assert len(missed) == 3
    assert "mAP" in missed[0]


def test_flipped_labels_are_told_from_right_ones(studio, monkeypatch):
    """Both signals find far more than chance; where nothing was flipped, nothing is to be found."""
    found = by_name(prove_label_errors.prove(studio))
    combined = found["recall in the top 5 %, combined"]
    assert combined.holds
    assert combined.value > 10 * combined.beside.value
    assert combined.beside.value == 0.05
    assert found["recall in the top 5 %, combined, worst draw"].value <= combined.value
    everywhere = prove_label_errors.flipped

    def elsewhere(inventory, seed):
        changed, places = everywhere(inventory, seed)
        return changed, (places + 1) % len(inventory)

    monkeypatch.setattr(prove_label_errors, "flipped", elsewhere)
    assert by_name(prove_label_errors.prove(studio))["recall in the top 5 %, combined"].value < 0.3


@pytest.mark.long
def test_absence_is_told_by_match_better_than_by_cosine(studio, monkeypatch):
    """The figures of both stand side by side; asked for what is there, they tell nothing."""
    found = by_name(prove_presence.prove(studio))
    every = found["AUROC of the best match, against all that is absent"]
    gain = found["AUROC, match less cosine"]
    assert every.holds
    assert gain.value == pytest.approx(every.value - every.beside.value)
    assert gain.holds
    monkeypatch.setattr(prove_presence, "OUTSIDERS", ("cat", "fish", "owl", "boat"))
    monkeypatch.setattr(prove_presence, "_by_categories", lambda _engine: [])
    monkeypatch.setattr(prove_presence, "_NONSENSE", 1)
    wrong = by_name(prove_presence.prove(studio))["AUROC of the best match, against unknown words"]
    assert not wrong.holds
    assert wrong.value < 0.8


@pytest.mark.long
def test_an_interval_from_twenty_pictures_holds_the_truth(monkeypatch):
    """In at least 93 of a hundred sessions; of a person who answers at random it does not."""
    with Studio(5, 500, quietly) as studio:
        _holds_the_truth(studio, monkeypatch)


def _holds_the_truth(studio, monkeypatch):
    found = by_name(prove_precision.prove(studio))
    one, best = (found[f"interval holds the truth, {way} threshold"] for way in WAYS)
    assert one.value >= prove_precision.FLOOR <= best.value
    assert one.holds
    assert best.holds
    assert found["all intervals of a session hold"].value <= one.value
    width = found["width of the interval, random threshold"]
    assert 0.1 < width.value < width.beside.value + 0.05
    answered = prove_precision._answered
    monkeypatch.setattr(
        prove_precision, "_answered", lambda asked, _: answered(asked, set(asked[::2]))
    )
    wrong = by_name(prove_precision.prove(studio))
    assert not wrong["interval holds the truth, random threshold"].holds


@pytest.mark.long
def test_words_that_are_shown_give_more_where_means_are_taken_away(studio, monkeypatch):
    """Without that, colours look as if they spoke against pictures of them; beside it stands so."""
    monkeypatch.setattr(prove_words, "_CASES", 30)
    found = by_name(prove_words.prove(studio))
    said = {name: one.value for name, one in found.items() if name.startswith("said to be")}
    meant, sentence = (
        said[f"said to be hardly used: word {w}"] for w in ("that is meant", "of a sentence")
    )
    assert meant < 0.1
    assert said["said to be hardly used: made-up word"] > 0.6
    assert sentence > 0.9
    colour = found["colour that is shown gives something"]
    assert colour.beside.value < 0.7 < colour.value
    backdrop = studio.gallery.backdrop()
    nothing = replace(backdrop, mean=np.zeros_like(backdrop.mean))
    monkeypatch.setattr(studio.gallery, "backdrop", lambda: nothing)
    plain = by_name(prove_words.prove(studio))["colour that is shown gives something"]
    assert plain.value == plain.beside.value
    assert not plain.holds


@pytest.mark.long
def test_copies_are_told_from_drawings_alike():
    """In a small constructed set nearly all copies are found, and no drawing of the same thing."""
    with Studio(5, 24, quietly) as studio:
        found = by_name(prove_duplicates.prove(studio))
        files = [path.name for path in (studio.folder / "copies").iterdir()]
    assert not studio.folder.exists()
    assert len(files) == 12 + 12 + 4 * 10
    assert found["precision"].value == 1
    assert found["recall"].value >= 0.8
    assert found["recall, quality 40"].value == 1


def test_what_was_found_is_judged_by_file_names():
    """A copy counts with its original; a drawing alike or of another number is wrong."""
    groups = [
        ("0000.original.jpg", "0000.quality 40.jpg", "0000.crop 2 %.jpg", "0000.redrawn.jpg"),
        ("0003.crop 5 %.jpg", "0003.crop 8 %.jpg"),
        ("0006.original.jpg", "0009.quality 40.jpg"),
    ]
    finding = prove_duplicates.judge(
        [
            SimpleNamespace(records=[SimpleNamespace(path=path) for path in group])
            for group in groups
        ]
    )
    assert (finding.removed, finding.wrong) == (5, 2)
    assert finding.precision == pytest.approx(3 / 5)
    assert finding.found == {"quality 40": 1, "crop 2 %": 1}
    assert finding.recall(1) == pytest.approx(2 / 10)


def test_bounds():
    """A floor is kept by its own value unless it says otherwise; no bound is kept by NaN."""
    assert at_least(0.9).holds(0.9)
    assert not more_than(0).holds(0)
    assert at_most(0.1).holds(0.1)
    for bound in (at_least(0), more_than(0), at_most(1)):
        assert not bound.holds(float("nan"))


@pytest.mark.parametrize("wrong", [["--only", "beauty"], ["--seed", "-1"], ["--pictures", "99"]])
def test_a_wrong_command_line_is_refused(wrong, capsys):
    """With the code of a wrong command line, not that of a missed floor."""
    with pytest.raises(SystemExit) as left:
        main(wrong)
    assert left.value.code == 2
    assert wrong[1] in capsys.readouterr().err
