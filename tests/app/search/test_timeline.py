"""All pictures without a query: newest first, by month, in the same grid."""

import pytest

from search_engine import build_collection, plan_build
from tests.app.payloads import address, components, grid, opened, paths
from tests.app.shown import button, labels, words
from tests.conftest import paint

NAMES = (
    "boats/IMG_20240503_101112.png", "boats/IMG_20240504_080000.png",
    "home/IMG_20190101_090000.png", "home/IMG_20231231_235959.png",
    "home/scan.png", "home/other scan.png",
)  # fmt: skip
NEWEST_FIRST = [NAMES[1], NAMES[0], NAMES[3], NAMES[2]]


@pytest.fixture
def dated(tmp_path, settings, load, monkeypatch):
    """Return what opens the page of a collection, of which four pictures have a date."""
    for number, name in enumerate(NAMES):
        paint(tmp_path / "dated" / name, "red", size=(60 + number, 40), salt=number)
    name, wanted = plan_build(tmp_path / "dated", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return tmp_path / "dated"


@pytest.fixture
def timeline(page, dated):
    return lambda **asked: page("2_Search.py", **asked)


def cuts(app):
    return [(cut["at"], cut["text"]) for cut in grid(app)["cuts"]]


def test_all_are_there_by_month(timeline):
    """The undated last, nothing of a match, and queries to begin with above."""
    app = timeline()
    assert not app.exception
    assert paths(grid(app))[:4] == NEWEST_FIRST
    assert set(paths(grid(app))[4:]) == set(NAMES[4:])
    assert cuts(app) == [
        (0, "May 2024 · 2"), (2, "December 2023 · 1"), (3, "January 2019 · 1"), (4, "Undated · 2"),
    ]  # fmt: skip
    assert not any({"good", "number", "dim"} & item.keys() for item in grid(app)["items"])
    assert "6 pictures" in words(app)
    assert button(app, "a photo of boats")
    assert address(app)["search"] == "collection=dated"


def test_a_month_is_gone_to(timeline):
    """By the list, and by the address; the undated are a place of their own."""
    app = timeline()
    months = app.selectbox(key="month")
    assert months.options == [
        "Go to a month…", "May 2024 · 2", "December 2023 · 1", "January 2019 · 1", "Undated · 2",
    ]  # fmt: skip
    months.set_value("2023-12").run()
    assert paths(grid(app))[:2] == NEWEST_FIRST[2:]
    assert address(app)["search"] == "collection=dated&month=2023-12"
    assert "6 pictures" in words(app)
    assert set(paths(grid(timeline(month="undated")))) == set(NAMES[4:])
    between = timeline(month="2022-06")
    assert paths(grid(between))[0] == NEWEST_FIRST[3]
    early = timeline(month="1999-01", path="IMG*")
    assert "There are no pictures of January 1999 or before" in words(early)
    button(early, "Show the newest").click().run()
    assert paths(grid(early)) == NEWEST_FIRST


def test_other_orders_have_no_months(timeline):
    """By name and by size, in the address."""
    app = opened(timeline(), "order open")
    assert app.radio(key="browse").options == ["Newest", "Name", "Largest"]
    app.radio(key="browse").set_value("name").run()
    assert [one.rpartition("/")[2] for one in paths(grid(app))] == sorted(
        one.rpartition("/")[2] for one in NAMES
    )
    assert (cuts(app), address(app)["search"]) == ([], "collection=dated&browse=name")
    assert not any(one.key == "month" for one in app.selectbox)
    assert paths(grid(timeline(browse="size"))) == list(reversed(NAMES))


def test_filters_and_tables_work_as_for_results(timeline):
    """What they let through is counted beside all; what nothing fits says so."""
    app = timeline(category="boats")
    assert set(paths(grid(app))) == set(NAMES[:2])
    assert "2 of 6 pictures" in words(app)
    assert cuts(app) == [(0, "May 2024 · 2")]
    table = timeline(category="boats", view="table").dataframe[0].value
    assert table["Path"].tolist() == NEWEST_FIRST[:2]
    assert not {"Rank", "Score", "Match"} & set(table.columns)
    assert "No picture passes the filters" in words(timeline(path="nowhere"))


def test_what_is_selected_is_tagged_hidden_and_searched_for(timeline):
    """There is no good and no bad without a query."""
    app = timeline()
    ids = [item["id"] for item in grid(app)["items"]]
    app.session_state["all pictures"] = {"selected": ids[:2]}
    app.run()
    assert "2 pictures selected" in words(app)
    assert {"More like these", "Compare", "Hide", "Download"} <= set(labels(app))
    assert not {"Good", "Bad", "Add to query"} & set(labels(app))
    button(app, "Hide").click().run()
    assert paths(grid(app))[:2] == NEWEST_FIRST[2:]
    assert "4 pictures" in words(app)
    app.session_state["all pictures"] = {"selected": ids[2:3]}
    app.run()
    button(app, "More like these").click().run()
    assert address(app)["search"] == f"collection=dated&t=%23{ids[2]}"


def test_one_opens_among_all(timeline):
    """The viewer turns through the list; nothing of a match is told."""
    app = timeline()
    ids = [item["id"] for item in grid(app)["items"]]
    app.session_state["all pictures"] = {"pick": ids[1]}
    app.run()
    assert not app.exception
    assert address(app)["search"] == f"collection=dated&picture={ids[1]}"
    (viewer,) = [one for one in components(app) if "desktop" in one]
    assert (viewer["id"], [one["id"] for one in viewer["items"]]) == (ids[1], ids)
    assert not any(metric.label == "Match" for metric in app.metric)


def test_the_end_of_the_list_brings_more_and_leads_on(timeline, dated, settings, load, monkeypatch):
    """The page is in the address; beyond what can be paged through a month leads on."""
    for number in range(26):
        paint(dated / f"IMG_201{number % 5}0203_0000{number:02}.png", "blue", salt=number)
    name, wanted = plan_build(dated, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    app = timeline(per_page="24")
    first = paths(grid(app))
    assert (len(first), grid(app)["more"], grid(app)["count"]) == (24, True, 24)
    of = grid(app)["of"]
    app = timeline(per_page="24", page="2")
    assert (len(paths(grid(app))), grid(app)["more"], grid(app)["of"]) == (32, False, of)
    assert paths(grid(app))[:24] == first
    assert "Go on from" not in " ".join(labels(app))
    monkeypatch.setattr("pages.ui.search.all_pictures.MOST", 24)
    app = timeline(per_page="24")
    assert not grid(app)["more"]
    button(app, "Go on from February 2011").click().run()
    assert paths(grid(app))[0].startswith("IMG_2011")


def test_words_lead_to_results_and_back(timeline):
    """Where the timeline stood is not forgotten."""
    app = timeline(month="2023-12")
    app.text_input(key="q").set_value("red").run()
    assert all(item["number"] for item in grid(app)["items"])
    app.text_input(key="q").set_value("").run()
    assert paths(grid(app))[0] == NEWEST_FIRST[2]


@pytest.mark.parametrize("nonsense", ["2024", "2024-5", "2024-13", "May", "2024-05-01", "' OR 1"])
def test_a_month_that_is_none_is_passed_over(timeline, nonsense):
    """The list begins with the newest."""
    assert paths(grid(timeline(month=nonsense)))[0] == NEWEST_FIRST[0]
