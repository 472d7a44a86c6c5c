"""A picture that somebody gives as an example can crash its decoder, and nothing else."""

import base64
from dataclasses import replace
from functools import partial

import pytest

from pages.ui.search import terms
from search_engine import Query, SearchEngine
from search_engine.cards import card_of, read_card, replay, write_card
from search_engine.collection.decoding import Refusal, children
from search_engine.collection.decoding.children import Children
from search_engine.errors import BadInput, BadQuery
from search_engine.records import Filters, SkipReason
from tests.conftest import paint
from tests.hostile import crashing_heic

CRASHED = str(SkipReason.CRASHED)


@pytest.fixture
def opened(build, engine):
    build()
    return engine()


@pytest.fixture
def crash(tmp_path):
    file = tmp_path / "crash.heic"
    file.write_bytes(crashing_heic())
    return file


@pytest.mark.parametrize("is_path", [True, False])
def test_an_example_that_crashes_is_a_clear_error(opened, crash, is_path):
    """By its path or its bytes: the error says why, and the next query is answered."""
    query = Query.picture(crash if is_path else crash.read_bytes())
    with pytest.raises(BadQuery, match=CRASHED) as caught:
        opened.search(query)
    assert caught.value.remedy
    assert opened.search("red", 3).results[0].record.path.startswith("red/")


def test_the_command_line_says_so(run, build, load, crash, monkeypatch):
    """``--image`` and a path among the words end with what cannot be used, not with the program."""
    build()
    opening = partial(SearchEngine.open, load=load)
    monkeypatch.setattr(SearchEngine, "open", staticmethod(opening))
    code, out, err = run("search", "--image", crash, "--collection", "pictures")
    assert (code, out) == (3, "")
    assert CRASHED in err
    code, _, err = run("search", crash, "--collection", "pictures")
    assert code == 3
    assert CRASHED in err


def test_a_card_with_such_a_picture_inside_says_so(opened, crash, tmp_path):
    """A card holds PNG only; what else somebody puts into it meets no decoder at all."""
    query = Query.picture(paint(tmp_path / "example.png", "red"))
    card = card_of(opened, opened.search(query, 3), 3, Filters())
    spoiled = base64.b64encode(crash.read_bytes()).decode()
    card = replace(card, terms=(replace(card.terms[0], example=spoiled),))
    with pytest.raises(BadInput, match="an example that is no picture"):
        replay(opened, read_card(write_card(card)))
    assert opened.search("red", 3).results


def test_what_is_uploaded_is_decoded_apart(settings, crash, monkeypatch):
    """Whatever its format, an upload never meets a decoder in the process of the app."""

    def here(*_, **__):
        raise AssertionError

    monkeypatch.setattr("PIL.Image.open", here)
    with pytest.raises(Refusal, match=CRASHED):
        terms.keep_example(crash.read_bytes())
    assert not list((settings.collections_folder / ".examples").glob("*"))
    kept = terms.keep_example(paint(crash.with_suffix(".jpg"), "red").read_bytes())
    assert kept.startswith("@")


def test_an_example_is_decoded_apart(opened, tmp_path, monkeypatch):
    """Whatever its format, an example never meets a decoder in the process that asks."""

    def here(*_, **__):
        raise AssertionError

    monkeypatch.setattr("PIL.Image.open", here)
    example = paint(tmp_path / "example.jpg", "red")
    found = opened.search(Query.picture(example), 3)
    assert found.results[0].record.path.startswith("red/")
    card_of(opened, found, 3, Filters())


def test_an_example_is_refused_kindly_where_no_decoder_can_be_started(
    opened, tmp_path, monkeypatch
):
    """A machine without memory for one more process answers the next query all the same."""
    monkeypatch.setattr(
        "search_engine.collection.decoding.routes.CHILDREN", Children(["/nowhere"], 1)
    )
    with pytest.raises(BadQuery, match="cannot be started"):
        opened.search(Query.picture(paint(tmp_path / "example.jpg", "red")))
    assert opened.search("red", 3).results
    assert children.CHILDREN
