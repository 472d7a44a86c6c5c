"""The measurement of the app's speed measures what it says, and many people are served at once."""

import pytest

from tests.app.speed import PAGES, STEPS, WORDS, measure


@pytest.mark.long
def test_every_figure_is_measured(prepared):
    """Each query, turn and change of the page has its time, and no tab an error."""
    figures = measure(prepared, "drawings", sessions=20)
    assert len(figures["query_ms"]) == len(figures["messages"]) == len(WORDS)
    assert len(figures["next_picture_ms"]) == STEPS
    assert all(len(figures[f"page {page}"]) == 3 for page in PAGES)
    assert len(figures["crowd_ms"]) == 3 * 20
    assert min(figures["query_ms"]) > 0
    assert figures["errors"] == []
