"""The map: what it tells the browser, and what follows from what is drawn on it."""

from urllib.parse import parse_qs

import numpy as np
import pytest

from pages.ui.categories import map_colours
from pages.ui.frame.search_state import SearchState, as_address, on_map
from tests.app.payloads import address, components, grid, of_collection, paths
from tests.app.test_accessibility import contrast

WHOLE = [0, 0, 1000, 0, 1000, 1000, 0, 1000]


@pytest.fixture
def shown(page, collection):
    """Open the map of the collection."""
    return lambda **wanted: page("3_Categories.py", show="Map", **wanted)


def told(app):
    """Return what the browser was told of the map."""
    assert not app.exception
    return next(payload for payload in components(app) if "groups" in payload)


def draw(app, corners, number=1):
    """Draw a line on the map."""
    drawn = {"area": {"drawn": number, "corners": corners}}
    app.session_state[of_collection(app, "map")] = drawn
    return app.run()


def round_about(app, *names, room=12):
    """Return the corners of a box round the points of some categories."""
    data = told(app)
    details, points, steps = data["details"], data["points"], data["steps"]
    at = [i for i, n in enumerate(details["categories"]) if details["names"][n] in names]
    x = [round(points["x"][i] / steps * 1000) for i in at]
    y = [round(points["y"][i] / steps * 1000) for i in at]
    left, right = max(min(x) - room, 0), min(max(x) + room, 1000)
    top, bottom = max(min(y) - room, 0), min(max(y) + room, 1000)
    return [left, top, right, top, right, bottom, left, bottom]


def press(app, label):
    """Press a button."""
    return next(button for button in app.button if button.label == label).click().run()


def test_the_map_has_a_point_for_every_picture(shown):
    """Every picture is on the map, with its category, its file and its place on the sheet."""
    data = told(shown())
    points, details = data["points"], data["details"]
    assert len(set(points["ids"])) == data["count"] == 12
    assert sorted(details["places"]) == list(range(12))
    assert {details["names"][number] for number in details["categories"]} == set(details["names"])
    assert sorted(details["files"]) == sorted(["0.png", "1.png"] * 6)
    assert (min(points["x"]), max(points["x"])) == (0, data["steps"])
    assert data["sheet"] == f"/maps/pictures/{data['stamp']}"
    assert data["cells"] is None
    assert not data["asks"]


def test_a_line_selects_what_is_inside_and_stands_in_the_address(shown):
    """What is drawn round is shown below; the address reproduces it; nonsense is no line."""
    app = shown()
    corners = round_about(app, "red")
    app = draw(app, corners)
    assert {"red/0.png", "red/1.png"} <= set(paths(grid(app)))
    assert len(paths(grid(app))) < 12
    written = ".".join(map(str, corners))
    assert app.query_params["area"] in (written, [written])
    again = shown(area=written)
    assert told(again)["area"] == corners
    assert paths(grid(again)) == paths(grid(app))
    for nonsense in ("1.2.3", "a.b.c.d.e.f", "0.0.0.0.0.9000", ".".join(["1"] * 400)):
        app = shown(area=nonsense)
        assert told(app)["area"] == []
        assert grid(app) is None


def test_a_selection_has_the_actions_of_search(shown, collection):
    """It is tagged, hidden with an undo, searched within by an address, and cleared."""
    app = draw(shown(), WHOLE)
    assert "**12 pictures selected**" in [text.value for text in app.markdown]
    labels = [button.label for button in app.button]
    assert {"Search within it", "Add to query", "Exclude", "Hide", "Download", "Clear"} <= set(
        labels
    )
    assert "Compare" not in labels
    app = draw(app, round_about(app, "blue"), number=2)
    assert "Compare" in [button.label for button in app.button]
    count = len(paths(grid(app)))
    app = press(app, "Hide")
    assert told(app)["count"] == 12 - count
    app = press(app, "Undo")
    assert told(app)["count"] == 12


def test_search_within_a_selection_has_an_address_of_its_own(shown, page):
    """The search finds just these, also in another tab; drawn again it is the same address."""
    app = draw(shown(), round_about(shown(), "green"))
    wanted = sorted(paths(grid(app)))
    app = press(app, "Search within it")
    said = address(app)["search"]
    assert parse_qs(said)["tag"] == ["Map area 1"]
    found = page("2_Search.py", q="red", tag="Map area 1")
    assert sorted(paths(grid(found))) == wanted
    app = press(draw(shown(), round_about(shown(), "green"), number=5), "Search within it")
    assert parse_qs(address(app)["search"])["tag"] == ["Map area 1"]
    app = press(draw(shown(), WHOLE, number=6), "Search within it")
    assert parse_qs(address(app)["search"])["tag"] == ["Map area 2"]


def test_a_search_lights_up_its_results(shown):
    """The matches are ringed; words, terms and filters of the search count, and lead to Search."""
    state = SearchState(q="red", path="red/")
    app = shown(**{name: text for name, text in on_map(state).items() if name != "show"})
    data = told(app)
    files = dict(zip(data["points"]["ids"], data["details"]["categories"], strict=True))
    assert {data["details"]["names"][files[one]] for one in data["lit"]["ids"]} == {"red"}
    app = press(app, "Open in Search")
    assert address(app)["search"] == as_address(
        SearchState(collection="pictures", q="red", path="red/")
    )
    assert told(shown())["lit"]["ids"] == []
    app = shown(search="q=%2Fetc%2Fpasswd")
    assert told(app)["lit"]["ids"] == []


def test_colours_stand_for_categories_matches_or_dates(shown):
    """Each has a legend with its unit; of a match, what matches more is further along the ramp."""
    by_category = told(shown())["legend"]
    assert by_category["names"] == ["black", "blue", "green", "purple", "red", "yellow"]
    assert by_category["counts"] == [2] * 6
    data = told(shown(colour="match", search="q=red"))
    assert data["legend"]["by"] == "match"
    colours = dict(zip(data["points"]["ids"], data["points"]["colours"], strict=True))
    names = dict(zip(data["points"]["ids"], data["details"]["categories"], strict=True))
    of = {name: [] for name in data["details"]["names"]}
    for one, colour in colours.items():
        of[data["details"]["names"][names[one]]].append(colour)
    assert min(of["red"]) > max(of["blue"])
    assert min(of["blue"]) >= 0
    assert data["legend"]["ticks"][-1].endswith(
        ("%", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
    )
    nothing = told(shown(colour="match"))
    assert set(nothing["points"]["colours"]) == {-1}
    assert nothing["legend"]["nothing"]
    dated = told(shown(colour="date"))["legend"]
    assert dated["title"] == "date"
    assert dated["ticks"][0][-10:-6].isdigit() or dated["ticks"][0].startswith("until")


def test_only_the_largest_categories_have_a_colour(shown, monkeypatch):
    """All others are grey and called “other”, with their count."""
    few = {theme: colours[:2] for theme, colours in map_colours.KINDS.items()}
    monkeypatch.setattr(map_colours, "KINDS", few)
    data = told(shown())
    assert data["legend"]["names"][2:] == ["other"]
    assert data["legend"]["counts"] == [2, 2, 8]
    assert sorted(data["points"]["colours"]) == [0, 0, 1, 1] + [2] * 8


def test_many_points_are_counted_by_cell_until_few_are_in_view(shown, monkeypatch):
    """The message of a view holds counts where many are in it, else points with their names."""
    monkeypatch.setattr("search_engine.explore.picture_map._SHEET_SIDES", ())
    monkeypatch.setattr("pages.ui.categories.map_message.MOST_POINTS", 5)
    app = shown()
    data = told(app)
    assert data["asks"]
    assert (data["points"], data["details"], data["sheet"]) == (None, None, "")
    assert sum(data["cells"]["pictures"]) == 12
    assert len(data["cells"]["colours"]) == len(data["cells"]["at"])
    app.session_state[of_collection(app, "map")] = {"view": [0.9, 0, 1, 1]}
    near = told(app.run())
    assert near["view"] == [0.9, 0, 1, 1]
    assert 1 <= near["in_view"] <= 5
    assert min(near["points"]["x"]) >= 0.9 * near["steps"]
    assert all(len(content) == 64 for content in near["details"]["contents"])
    assert near["details"]["thumbnails"] == "/pictures/pictures/"
    for nonsense in ([1, 0, 0, 1], "all", [0, 0, float("nan"), 1], [0, 1]):
        app.session_state[of_collection(app, "map")] = {"view": nonsense}
        assert told(app.run())["view"] == [0, 0, 1, 1]


def test_a_point_opens_its_picture(shown):
    """A click on a point opens the viewer, a click that names no point nothing."""
    app = shown()
    first = told(app)["points"]["ids"][0]
    app.session_state[of_collection(app, "map")] = {"pick": first}
    app.run()
    assert not app.exception
    assert any("SHA" in str(table.value) for table in app.table)
    app.session_state[of_collection(app, "map")] = {"pick": 999}
    app.run()
    assert not app.exception
    assert not app.table


def test_the_colours_of_the_map_are_told_apart():
    """On its ground each shows 3 to 1, and no two are alike, also for those who see less colour."""
    grounds = {"light": "#f0f5f5", "dark": "#182124"}
    for theme, ground in grounds.items():
        colours = [*map_colours.KINDS[theme], map_colours.OTHER[theme]]
        assert min(contrast(colour, ground) for colour in colours) >= 3
        assert contrast(map_colours.RINGS[theme], ground) >= 3
        for sight in SIGHTS.values():
            seen = np.array([lab(colour, sight) for colour in colours])
            apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1)[np.triu_indices(13, 1)]
            assert apart.min() >= LEAST_APART
        for ramp in (map_colours.RAMPS[theme], map_colours.TIMES[theme]):
            towards = [contrast(colour, ground) for colour in ramp]
            assert towards == sorted(towards)
            assert towards[-1] / towards[0] > 3


LEAST_APART = 0.05
"""In Oklab; two greys of 4 % difference in lightness are 0.04 apart."""
SIGHTS = {
    "full": np.eye(3),
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.052]],
    "deuteranopia": [[0.3673, 0.8606, -0.228], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
}  # fmt: skip
"""G. Machado, M. Oliveira and L. Fernandes, IEEE TVCG 15, 2009, severity 1, on linear RGB."""


def lab(colour, sight):
    """Return a colour as somebody sees it, in Oklab (B. Ottosson, 2020)."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(sight) @ linear, 0, 1)
    to_lms = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]]
    to_lab = [[0.2105, 0.7936, -0.0041], [1.978, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    return np.asarray(to_lab) @ np.cbrt(np.asarray(to_lms) @ seen)
