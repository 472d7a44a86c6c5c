"""The model of a build: loaded once, and remembered with what is found out about it."""

from dataclasses import replace

import pytest

from search_engine.building.build_model import BuildModel
from search_engine.collection.catalog import Catalog
from search_engine.errors import ModelUnavailable
from tests.conftest import ColourEmbedder


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "things") as made:
        yield made


@pytest.fixture
def model(catalog, settings):
    """A model as the next build finds it, with the embedder that is loaded."""

    def begin(embedder=None, *, missing=False):
        def load(*_):
            if missing:
                cause = "It is not here"
                raise ModelUnavailable(cause)
            return embedder

        return BuildModel("colours", settings, catalog, load)

    return begin


def with_notes(notes):
    embedder = ColourEmbedder()
    embedder.card = replace(embedder.card, model_id="colours", notes=notes)
    return embedder


def test_a_model_is_known_once_it_was_loaded(model):
    """The next build need not load it to know which one it is."""
    first = model(with_notes(""))
    assert first.known is None
    first.load()
    again = model(missing=True)
    assert again.card == first.card
    assert again.embedder is None
    assert again.for_background_texts() is None
    assert first.for_background_texts() is first.embedder


def test_the_precision_of_the_first_batch_is_remembered(model):
    """It is found after the model was loaded, and known to the next build."""
    first = model(with_notes(""))
    first.load()
    first.note_precision()
    assert first.card.notes == ""
    first.embedder.card = replace(first.embedder.card, notes="in bf16")
    first.note_precision()
    assert (first.card.notes, model().card.notes) == ("in bf16", "in bf16")


def test_a_few_more_pictures_do_not_change_what_most_were_computed_in(model):
    """Too few to find a precision on, they are of another one; the note stays that of the many."""
    model(with_notes("in bf16")).load()
    later = model(with_notes(""))
    later.load()
    later.note_precision()
    assert (later.card.notes, model().card.notes) == ("in bf16", "in bf16")
    other = with_notes("")
    other.card = replace(other.card, fingerprint="of other weights")
    changed = model(other)
    changed.load()
    assert (changed.card.fingerprint, changed.card.notes) == ("of other weights", "")
