"""What is chosen in one collection is not chosen in another, on any page, by any widget."""

import re
import shutil

import pytest

from search_engine import Library, build_collection, plan_build
from search_engine.audit.unusual import Oddity
from tests.app.payloads import grids, of_collection, opened, paths
from tests.conftest import COLOURS, paint

KINDS = (
    "slider", "select_slider", "selectbox", "multiselect", "text_input", "text_area",
    "number_input", "toggle", "checkbox", "segmented_control", "pills", "pagination", "date_input",
)  # fmt: skip
LOOKS = {
    "kind of duplicates", "signal", "oddity", "presence scale", "histogram scale", "check sample",
}  # fmt: skip
"""How somebody likes to look at any collection; these go along."""
WAYS = {"collection picker", "show", "tab"}
STAY = {"q", "folder", None}
"""The words stay; and the form for a new collection is about none that there is."""
NAMED = re.compile(r"(delete|new name of|watch) (one|two)")
"""What stands on the card of a collection, whichever is chosen, is about the one it names."""
PAGES = [
    ("1_Build_index.py", {}, {}),
    ("2_Search.py", {"q": "red"}, {}),
    *(
        ("3_Categories.py", {"show": view}, {})
        for view in ("Overview", "Similarity", "One category", "Map")
    ),
    *(("5_Clean_up.py", {"show": view}, {}) for view in ("Duplicates", "Compare", "Suspects")),
    *(("6_Quality.py", {"show": view}, {}) for view in ("Retrieval", "Presence")),
    *(
        ("5_Clean_up.py", {"show": "Unusual"}, {"oddity": oddity})
        for oddity in Oddity
        if oddity is not Oddity.TYPICAL
    ),
    *(
        ("4_Scores.py", {"tab": tab, "q": "red"}, {})
        for tab in ("query", "pair", "words", "wording", "saved")
    ),
]  # fmt: skip


@pytest.fixture
def twins(tmp_path, settings, load, monkeypatch):
    """Two collections of equal pictures, so that every id and category of one is in the other."""
    for colour in COLOURS:
        for number in range(4):
            paint(tmp_path / "one" / colour / f"{number}.png", colour, salt=number)
        shutil.copy(tmp_path / "one" / colour / "0.png", tmp_path / "one" / colour / "copy.png")
        paint(tmp_path / "one" / colour / "stray.png", "red", size=(400, 300), salt=77)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    for folder in ("one", "two"):
        name, wanted = plan_build(tmp_path / folder, settings, model_id="colours")
        build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    for module in ("clean_up.duplicates_view", "clean_up.suspects_view", "search.behind"):
        monkeypatch.setattr(f"pages.ui.{module}._A_PAGE", 2)
    monkeypatch.setattr("pages.ui.search.category_choice._MOST", 2)


def widgets(app):
    """Return every widget of a page by kind, key and label."""
    return {
        (kind, widget.key, getattr(widget, "label", "")): widget
        for kind in KINDS
        for widget in getattr(app, kind, [])
        if widget.key not in WAYS | LOOKS
    }


def choices(app):
    """Return what the widgets of a page hold, without what goes along, by their names anywhere."""
    return {
        (kind, re.sub(r" of (one|two|[0-9a-f]{32})$", "", key or ""), label): widget.value
        for (kind, key, label), widget in widgets(app).items()
        if key not in STAY and not NAMED.fullmatch(key)
    }


def another(widget, kind):
    """Return something else than a widget holds; None if there is nothing else."""
    if kind in {"text_input", "text_area"}:
        return "re"
    if kind in {"toggle", "checkbox"}:
        return not widget.value
    if kind in {"slider", "number_input"}:
        return widget.min if widget.value != widget.min else widget.max
    if kind == "pagination":
        return 2
    others = [one for one in getattr(widget, "options", ()) if one != widget.value]
    return others[-1:] or None if kind == "multiselect" else None


def choose_otherwise(widget, kind):
    """Set a widget to something else; tell whether that could be."""
    if kind == "selectbox" and len(widget.options) > 1:
        widget.select_index((widget.index + 1) % len(widget.options))
        return True
    if kind == "segmented_control":
        other = next((one for one in widget.options[::-1] if one != widget.value), None)
        if other is not None:
            widget.set_value(other)
        return other is not None
    value = another(widget, kind)
    if value is not None:
        widget.set_value(value)
    return value is not None


@pytest.mark.one_in(2)
@pytest.mark.parametrize(("name", "address", "looks"), PAGES)
def test_no_choice_leaves_its_collection(page, twins, name, address, looks):
    """With every widget changed in one collection, another shows what it shows at first."""
    app = page(name, collection="one", **address)
    for key, value in looks.items():
        app.session_state[key] = value
    app.run()
    before = choices(app)
    changed = 0
    for (kind, key, _), widget in widgets(app).items():
        changed += key not in STAY and choose_otherwise(widget, kind)
    app.run()
    assert not app.exception
    if changed:
        assert choices(app) != before
    app.selectbox(key="collection picker").set_value("two").run()
    for key, value in address.items():
        app.query_params[key] = value
    for key, value in looks.items():
        app.session_state[key] = value
    app.run()
    fresh = page(name, collection="two", **address)
    for key, value in looks.items():
        fresh.session_state[key] = value
    fresh.run()
    assert not app.exception
    assert choices(app) == choices(fresh)
    assert [paths(one) for one in grids(app)] == [paths(one) for one in grids(fresh)]


def test_the_picture_to_keep_is_chosen_for_one_collection(page, twins):
    """Which duplicate is kept in one says nothing of another; back in the first it is still so."""
    app = page("5_Clean_up.py", collection="one", show="Duplicates")
    first, second, *_ = grids(app)[0]["items"]
    key = of_collection(app, f"group {first['id']}")
    app.session_state[key] = {"keep": second["id"]}
    app.run()
    app.session_state[key] = {"keep": None}
    app.run()
    assert [item["id"] for item in grids(app)[0]["items"] if item["keep"]] == [second["id"]]
    for name, kept in (("two", first), ("one", second)):
        app.selectbox(key="collection picker").set_value(name).run()
        app.query_params["show"] = "Duplicates"
        app.run()
        assert [one["id"] for one in grids(app)[0]["items"] if one["keep"]] == [kept["id"]]


def test_what_is_asked_of_a_collection_goes_with_it(page, twins, settings):
    """Where the chosen collection was deleted meanwhile, its filters and pictures go as well."""
    app = page("2_Search.py", collection="two", q="red", t="#3", category="blue", min_side="320")
    opened(app, "filters open")
    assert app.multiselect(key="category").value == ["blue"]
    Library(settings).remove("two")
    app.query_params.clear()
    app.run()
    assert not app.exception
    assert app.selectbox(key="collection picker").value == "one"
    assert app.multiselect(key="category").value == []
    assert app.select_slider(key="min_side").value == 0
