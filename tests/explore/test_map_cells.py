"""What of a map is in view, inside a line, and in which cell."""

import numpy as np
import pytest

from search_engine.explore import MapCells, MapView, inside

POINTS = np.array([[0.05, 0.05], [0.45, 0.05], [0.55, 0.95], [0.95, 0.95], [0.06, 0.04]], "f4")


def test_a_view_has_the_points_within_it():
    """All are in the whole; on the edge is within."""
    assert MapView().places(POINTS).tolist() == [0, 1, 2, 3, 4]
    assert MapView(0.5, 0.5, 0.95, 0.95).places(POINTS).tolist() == [2, 3]
    assert MapView(0.2, 0.2, 0.3, 0.3).places(POINTS).tolist() == []


def test_a_line_holds_what_it_goes_round():
    """Whatever its form; what lies in the bay of a horseshoe is outside."""
    horseshoe = np.array(
        [[0, 0], [1, 0], [1, 1], [0.7, 1], [0.7, 0.2], [0.3, 0.2], [0.3, 1], [0, 1]]
    )
    assert inside(POINTS, horseshoe).tolist() == [0, 1, 3, 4]
    assert inside(POINTS, horseshoe[:2]).tolist() == []
    rng = np.random.default_rng(0)
    many = rng.random((5000, 2)).astype("f4")
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    circle = 0.5 + 0.3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    within = np.linalg.norm(many - 0.5, axis=1) < 0.2995
    found = np.zeros(5000, bool)
    found[inside(many, circle)] = True
    assert (found == within).mean() > 0.995


def test_cells_count_every_point_once():
    """A cell has the count, the most common kind and the mean of what lies there."""
    cells = MapCells(POINTS, MapView(), 2, 2)
    assert (cells.cells.tolist(), cells.pictures.tolist()) == ([0, 3], [3, 2])
    assert cells.most_common(np.array([1, 0, 2, 2, 1]), 3).tolist() == [1, 2]
    values = np.array([1.0, 2.0, np.nan, np.nan, 3.0])
    np.testing.assert_allclose(cells.mean(values), [2.0, np.nan])


@pytest.mark.parametrize("columns", [1, 7, 128])
def test_cells_of_a_part_are_those_of_that_part(columns):
    """Nothing is counted twice or lost, whatever the view."""
    rng = np.random.default_rng(1)
    points = rng.random((3000, 2)).astype("f4")
    view = MapView(0.25, 0.5, 0.5, 1.0)
    seen = points[view.places(points)]
    cells = MapCells(seen, view, columns, 5)
    assert cells.pictures.sum() == len(seen)
    assert cells.cells.max() < columns * 5
    corner = ((seen[:, 0] < 0.25 + 0.25 / columns) & (seen[:, 1] < 0.6)).sum()
    assert dict(zip(cells.cells.tolist(), cells.pictures.tolist(), strict=True)).get(0, 0) == corner


def test_a_line_round_everything_holds_what_lies_at_the_edge():
    """The outermost points are within the whole."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    edge = np.array([[0, 0], [1, 1], [0, 1], [1, 0], [0.5, 1]], "f4")
    assert inside(edge, corners).tolist() == [0, 1, 2, 3, 4]
