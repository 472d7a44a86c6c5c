"""Which folders are the categories is chosen on the page, and codes get their names there."""

import shutil

import pytest

from search_engine import build_collection, plan_build
from search_engine.audit import Signal
from tests.app.payloads import chart, components, grids, metrics, paths
from tests.app.shown import words
from tests.conftest import COLOURS, paint
from tests.seams.exports.exported import read_csv

PAGE_OF = {"Retrieval": "6_Quality.py", "Suspects": "5_Clean_up.py"}
CODES = {f"n0000{number}": colour for number, colour in enumerate(COLOURS)}
NAMES = "".join(f"{code};{colour}\n" for code, colour in CODES.items()).encode()


@pytest.fixture
def coded(settings, load, tmp_path, monkeypatch):
    """Colours in folders named by codes below two parts, one picture in the wrong folder."""
    root = tmp_path / "set"
    for number in range(6):
        for code, colour in CODES.items():
            part = "val" if number % 2 else "train"
            paint(root / part / code / f"{number}.png", colour, salt=number)
    paint(root / "train/n00000/stray.png", COLOURS["blue"], salt=99)
    name, wanted = plan_build(root, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return root


@pytest.fixture
def view(page, coded):
    """Open one view that rests on categories."""
    return lambda name, **more: page(PAGE_OF[name], show=name, **more)


def level_box(app):
    """Return the list of levels."""
    return next(one for one in app.selectbox if one.label.startswith("Categories are"))


def upload(app, content=NAMES, name="names.csv"):
    """Give a file of names."""
    box = next(one for one in app.file_uploader if "codes" in one.label)
    box.set_value((name, content, "text/csv"))
    app.run()
    assert not app.exception
    return app


def tables(app, *columns):
    """Return the first table with these columns."""
    return next(one.value for one in app.dataframe if set(columns) <= set(one.value.columns))


def test_levels_say_what_they_are(view):
    """Each with how many folders it has and some of them; the first is taken."""
    app = view("Retrieval")
    assert not app.exception
    box = level_box(app)
    assert box.options == [
        "Level 1 · 2: train, val", "Level 2 · 6: n00000, n00001, n00002…",
    ]  # fmt: skip
    assert box.value == "1"
    assert "parts of a data set" in words(app)


def test_a_level_is_taken_from_the_link_and_goes_into_it(view):
    """And holds for the other views, on other pages as well."""
    app = view("Retrieval", level="2")
    assert level_box(app).value == "2"
    assert "6 categories as queries" in words(app)
    app = view("Retrieval", level="9")
    assert level_box(app).value == "1"
    level_box(app).set_value("2").run()
    assert app.query_params["level"] == "2"
    app.switch_page("pages/5_Clean_up.py")
    app.query_params.clear()
    app.query_params["show"] = "Suspects"
    app.run()
    assert not app.exception
    assert level_box(app).value == "2"
    assert any("n00000" in text.value for text in app.markdown)
    app.switch_page("pages/4_Scores.py")
    app.query_params["tab"] = "wording"
    app.query_params["q"] = "red"
    app.run()
    assert not app.exception
    assert level_box(app).value == "2"
    assert "Each of the 6 categories" in words(app)


def test_names_turn_codes_into_questions(view):
    """Codes are noticed; a file of names is asked with, counted, and stands beside the codes."""
    app = view("Retrieval", level="2")
    assert "named by a number or code, like n00000" in words(app)
    before = float(metrics(app)["mAP"])
    upload(app)
    assert "6 of 6 folders are named by names.csv" in words(app)
    assert "number or code" not in words(app)
    assert float(metrics(app)["mAP"]) > before
    figures = tables(app, "category", "name", "query").set_index("category")
    assert figures.loc["n00002", "name"] == "blue"
    assert figures.loc["n00002", "query"] == "a photo of a blue"
    assert "blue (n00002)" in set(chart(app, "Search quality by category")["title"])
    assert ("red (n00000)", "blue (n00002)") in set(
        map(tuple, chart(app, "Zero-shot")[["one", "other"]].to_numpy())
    )
    next(one for one in app.file_uploader if "codes" in one.label).clear().run()
    assert not app.exception
    assert "number or code" in words(app)
    assert float(metrics(app)["mAP"]) == before


def test_names_last_until_they_are_forgotten(view):
    """Also while another view is open; where their file is in sight, taking it away is enough."""
    app = upload(view("Retrieval", level="2"))
    assert not [one for one in app.button if one.label == "Forget the names"]
    app.switch_page("pages/5_Clean_up.py")
    app.query_params.clear()
    app.query_params["show"] = "Suspects"
    app.run()
    assert not app.exception
    assert "6 of 6 folders are named by names.csv" in words(app)
    next(one for one in app.button if one.label == "Forget the names").click().run()
    assert not app.exception
    assert "number or code" in words(app)


def test_names_hold_for_suspects_too(view):
    """The stray picture is in red by name, and looks like blue."""
    app = upload(view("Suspects", level="2"))
    assert any(
        r"In “**red \(n00000\)**”, looks like “**blue \(n00002\)**”" in text.value
        for text in app.markdown
    )
    assert paths(grids(app)[0]) == ["train/n00000/stray.png"]
    assert "these put" in words(app)


def test_a_review_is_about_the_folder_that_was_doubted(view):
    """It does not come back at that level, and says nothing at another."""
    app = view("Suspects", level="2")
    next(one for one in app.button if one.label == "Label is wrong").click().run()
    assert not app.exception
    assert ["train/n00000/stray.png"] not in [paths(grid) for grid in grids(app)][:1]
    assert any("Reviewed labels · 1" in box.label for box in app.expander)
    assert "train/n00000/stray.png: the label is wrong" in words(app)


def test_what_is_wrong_with_a_file_is_told_by_its_line(view):
    """The names that were given before are gone, as the file was taken in their place."""
    app = upload(view("Retrieval", level="2"), b"n00000,red\nn00001\n", "half.csv")
    assert "'n00001' has no name" in app.error[0].value.replace("\\", "")
    assert "half.csv, line 2" in app.error[0].value.replace("\\", "")
    assert "number or code" in words(app)


def test_unknown_codes_are_counted_and_listed(view):
    """Of the folders and of the file."""
    app = upload(view("Retrieval", level="2"), b"n00000,red\nn77777,pink\n")
    assert "1 of 6 folders are named" in words(app)
    assert "no name of 5 of 6 categories (n00001, n00002, n00003…)" in words(app)
    assert "1 of the 2 codes in the file of names is no category here (n77777)" in words(app)


def test_suspects_are_titled_by_the_folder_that_names_their_class(view):
    """Of the level that is chosen, not the part of the set that they are in; so are witnesses."""
    app = view("Suspects", level="2")
    app.segmented_control(key="signal").set_value(Signal.NEIGHBOURS).run()
    next(one for one in app.toggle if one.label.startswith("Show weaker")).set_value(True).run()
    assert not app.exception
    titles = {item["what"] for part in components(app) for item in part.get("items", ())}
    assert titles
    assert titles <= set(CODES)


def test_a_set_of_one_part_can_be_measured_one_level_down(page, settings, load, tmp_path, coded):
    """At the first level there is one category and nothing to compare; the list stays in sight."""
    shutil.rmtree(coded / "val")
    name, wanted = plan_build(coded, settings, model_id="colours", name="part")
    build_collection(name, wanted, settings, load=load)
    told = {"Retrieval": "6 categories as queries", "Suspects": "Neighbours are found by"}
    for view, sentence in told.items():
        app = page(PAGE_OF[view], collection="part", show=view)
        assert not app.exception
        assert "only one" in app.info[0].value
        level_box(app).set_value("2").run()
        assert not app.exception
        assert sentence in words(app)


def test_where_there_is_one_level_only_names_are_asked_for(page, collection):
    """And where there are no folders nothing is."""
    app = page("6_Quality.py", show="Retrieval")
    assert not app.exception
    assert not [one for one in app.selectbox if one.label.startswith("Categories are")]
    assert [one.label for one in app.file_uploader] == ["What folders named by codes are called"]


def test_the_tables_to_take_away_have_codes_and_names(view, monkeypatch):
    """Each in a column of its own, so that they can be joined with the data set."""
    made = {}

    def note(label, data, file_name=None, *_, **__):
        made[file_name] = data() if callable(data) else data
        return False

    app = view("Retrieval", level="2", first="5")
    monkeypatch.setattr("streamlit.download_button", note)
    upload(app)
    rows = {row["category"]: row for row in read_csv(made["retrieval_figures.csv"])}
    assert {code: row["name"] for code, row in rows.items()} == CODES
    pairs = read_csv(made["confusions.csv"])
    assert pairs
    for row in pairs:
        assert CODES[row["Searched for"]] == row["Its name"]
        assert CODES[row["Found"]] == row["Name of that"]
    taken = read_csv(made["taken_for_others.csv"])
    for row in taken:
        assert (CODES[row["Category"]], CODES[row["Mistaken for"]]) == (
            row["Its name"], row["Name of that"],
        )  # fmt: skip
    assert taken
    monkeypatch.setattr("streamlit.download_button", note)
    app.switch_page("pages/5_Clean_up.py")
    app.query_params.clear()
    app.query_params["show"] = "Suspects"
    app.run()
    rows = read_csv(made["set-suspects.csv"])
    assert (rows[0]["category"], rows[0]["category_name"]) == ("n00000", "red")
    assert (rows[0]["suggested"], rows[0]["suggested_name"]) == ("n00002", "blue")
