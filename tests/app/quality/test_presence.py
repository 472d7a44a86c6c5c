"""The view “Is it here?”: a proof that is made on demand."""

import pytest

from search_engine.settings import DATA_VARIABLE
from tests.app.payloads import chart, metrics


@pytest.fixture
def drawings(page, gallery, monkeypatch):
    """Open a page over the drawings, with the bundled model."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    return page


def test_the_proof_is_made_on_demand(drawings):
    """A button searches for all categories; figures, queries and calibration are shown and kept."""
    app = drawings("6_Quality.py", show="Presence")
    assert not app.exception
    assert "AUROC of the best match" not in metrics(app)
    next(b for b in app.button if b.label == "Measure on this collection").click().run()
    assert not app.exception
    assert float(metrics(app)["AUROC of the best match"]) >= 0.99
    queries = chart(app, "Queries")
    assert queries["case"].value_counts().tolist() == [100, 100, 64]
    assert chart(app, "Are match scores reliable?")["pictures"].sum() == 100 * 24
    app.segmented_control(key="presence scale").set_value("cosine").run()
    assert not app.exception
    assert "AUROC of the best match" in metrics(app)


def test_the_proof_says_when_there_is_nothing_to_ask(page, collection, monkeypatch):
    """Folders whose names are no words are an explained case."""
    monkeypatch.setattr("search_engine.evaluation.labelling.name_as_words", lambda _name: "")
    app = page("6_Quality.py", show="Presence")
    next(b for b in app.button if b.label == "Measure on this collection").click().run()
    assert not app.exception
    told = " ".join(note.value for note in app.info).replace("\\", "")
    assert (len(app.error), "named after what they show" in told) == (0, True), told
