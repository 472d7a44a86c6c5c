"""The views of duplicates, suspects and unusual pictures."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from PIL import Image

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit.lists import table_of_reviews
from search_engine.audit.reviews import REVIEWS_FILE, Opinion, Reviews
from search_engine.errors import ModelUnavailable
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL
from tests.app.payloads import grids, metrics, of_collection, paths
from tests.conftest import paint
from tests.seams.exports.exported import read_csv


@pytest.fixture
def messy(pictures, settings, load, monkeypatch):
    """The coloured pictures with a copy, one in the wrong category, and one that is large."""
    for number in range(2, 6):
        paint(pictures / f"red/{number}.png", "red", salt=number)
        paint(pictures / f"blue/{number}.png", "blue", salt=number)
    shutil.copy(pictures / "red/0.png", pictures / "red/copy of it.png")
    paint(pictures / "blue/stray.png", "red", size=(400, 300), salt=77)
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return pictures


@pytest.fixture
def view(page, messy):
    """Open one view of the page of categories."""
    return lambda name: page("5_Clean_up.py", show=name)


def labels(cards):
    """Return what each card of a group says that its picture is."""
    return [item["label"] for item in cards["items"]]


def test_a_copy_is_shown_with_the_one_to_keep(view, messy):
    """Side by side with path, size and date; the sum says what is gained; lists are offered."""
    app = view("Duplicates")
    assert not app.exception
    assert (metrics(app)["Groups"], metrics(app)["Copies"]) == ("1", "1")
    assert paths(grids(app)[0]) == ["red/0.png", "red/copy of it.png"]
    assert labels(grids(app)[0]) == ["Keep", "Exact copy"]
    day = datetime.fromtimestamp((messy / "red/0.png").stat().st_mtime, UTC).astimezone().date()
    facts = grids(app)[0]["items"][0]["facts"]
    assert facts.startswith("60 × 40 · ")
    assert facts.replace("\N{NON-BREAKING HYPHEN}", "-").endswith(f"modified {day}")
    labels_there = [button.label for button in app.get("download_button")]
    assert labels_there == ["Paths to remove", "Paths to keep", "Table (CSV)"]


def test_a_folder_with_a_line_break_has_no_list_of_paths(
    page, settings, load, tmp_path, monkeypatch
):
    """Its paths would name other files; the table has them, and that is said."""
    root = tmp_path / "li\nne"
    for name in ("a.png", "copy.png"):
        paint(root / name, "red")
    name, wanted = plan_build(root, settings, model_id="colours", name="line")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    app = page("5_Clean_up.py", collection="line", show="Duplicates")
    assert not app.exception
    assert [button.label for button in app.get("download_button")] == ["Table (CSV)"]
    assert any("1 group is in the table only" in caption.value for caption in app.caption)


def test_another_picture_can_be_kept(view):
    """Choosing the other file marks it, it stays chosen, and no card moves meanwhile."""
    app = view("Duplicates")
    first, second = grids(app)[0]["items"]
    key = of_collection(app, f"group {first['id']}")
    app.session_state[key] = {"keep": second["id"]}
    app.run()
    assert not app.exception
    app.session_state[key] = {"keep": None}
    app.run()
    assert paths(grids(app)[0]) == ["red/0.png", "red/copy of it.png"]
    assert labels(grids(app)[0]) == ["Exact copy", "Keep"]
    assert [item["keep"] for item in grids(app)[0]["items"]] == [False, True]


def test_only_a_picture_of_the_group_can_be_kept(view):
    """What the browser sends is believed only if it was shown."""
    app = view("Duplicates")
    key = of_collection(app, f"group {grids(app)[0]['items'][0]['id']}")
    app.session_state[key] = {"keep": 999}
    app.run()
    assert not app.exception
    assert paths(grids(app)[0]) == ["red/0.png", "red/copy of it.png"]


def test_other_names_of_a_file_are_said(view, messy, settings, load):
    """A hard link and a link are no copies: they stand below, and what a link leads to stays."""
    os.link(messy / "red/0.png", messy / "red/hard.png")
    (messy / "red/link to the copy").symlink_to("copy of it.png")
    build_collection(*plan_build(messy, settings, model_id="colours"), settings, load=load)
    app = view("Duplicates")
    assert not app.exception
    assert metrics(app)["Copies"] == "1"
    assert any(r"red/hard\.png" in c.value.replace("\\/", "/") for c in app.caption)
    stays = [item["stays"] for item in grids(app)[0]["items"]]
    assert stays == ["", "a link leads to it"]


def test_without_copies_it_says_so(page, collection):
    """The empty view is a sentence."""
    app = page("5_Clean_up.py", show="Duplicates")
    assert not app.exception
    assert "No duplicates found" in app.info[0].value


def test_equal_files_need_no_thumbnails(view, settings):
    """The comparison of bytes alone finds the copy, also where every thumbnail was lost."""
    shutil.rmtree(settings.collections_folder / "pictures/thumbnails")
    app = view("Duplicates")
    app.segmented_control(key="kind of duplicates").set_value("Exact copies only").run()
    assert not app.exception
    assert metrics(app)["Groups"] == "1"
    assert not app.slider


def test_copies_are_named_in_plain_words(page, settings, tmp_path):
    """A smaller one says its size; one of the same size says that it was saved again."""
    draw_gallery(tmp_path / "drawings", pictures=50)
    one = tmp_path / "drawings/apple/0001.jpg"
    shutil.copy(one, one.with_name("copy.jpg"))
    with Image.open(one) as picture:
        picture.resize((300, 300)).save(one.with_name("small.jpg"), quality=92)
        picture.save(one.with_name("again.jpg"), quality=60)
    planned = plan_build(tmp_path / "drawings", settings, model_id=MINI_MODEL)
    build_collection(*planned, settings)
    (group,) = grids(page("5_Clean_up.py"))
    assert {item["name"]: item["label"] for item in group["items"]} == {
        "0001.jpg": "Keep", "copy.jpg": "Exact copy", "small.jpg": "Smaller copy 300 × 300",
        "again.jpg": "Same picture, saved again",
    }  # fmt: skip


@pytest.fixture
def made(monkeypatch):
    """Note what every button for a download would give."""
    found = {}

    def note(label, data, *_, **__):
        found[label] = data() if callable(data) else data
        return False

    monkeypatch.setattr("streamlit.download_button", note)
    return found


def test_the_lists_honour_what_was_chosen_to_be_kept(view, messy, made):
    """The other file is listed to be removed, in the list of paths and in the table."""
    app = view("Duplicates")
    assert made["Paths to remove"].decode().split() == [f"{messy}/red/copy", "of", "it.png"]
    first, second = grids(app)[0]["items"]
    app.session_state[of_collection(app, f"group {first['id']}")] = {"keep": second["id"]}
    app.run()
    assert made["Paths to remove"].decode().strip() == f"{messy}/red/0.png"
    assert made["Paths to keep"].decode().strip() == f"{messy}/red/copy of it.png"
    rows = {row["path"]: row for row in read_csv(made["Table (CSV)"])}
    assert rows[f"{messy}/red/0.png"]["remove"] == "yes"


def test_the_list_of_suspects_has_the_decisions(view, messy, made):
    """A decided label is in the file with what was said, an open one without."""
    app = view("Suspects")
    before = read_csv(made["Table (CSV)"])
    assert {row["review"] for row in before} == {""}
    next(button for button in app.button if button.label == "Label is wrong").click().run()
    assert not app.exception
    rows = {row["path"]: row["review"] for row in read_csv(made["Table (CSV)"])}
    assert rows == {f"{messy}/blue/stray.png": "wrong"}
    assert "No suspicious labels." in app.info[0].value
    (row,) = read_csv(made["Table (CSV)"])
    assert row["move_to"] == f"{messy}/red/stray.png"
    assert any("the label is wrong" in one.value for one in app.markdown)
    app.button(key="take back last").click().run()
    (row,) = read_csv(made["Table (CSV)"])
    assert (row["review"], row["move_to"]) == ("", "")
    assert "take back last" not in {one.key for one in app.button}


def test_the_stray_picture_is_suspected(view):
    """The red picture among the blue ones comes first, with red ones as witnesses."""
    app = view("Suspects")
    assert not app.exception
    assert any("In “**blue**”, looks like “**red**”" in text.value for text in app.markdown)
    suspect, witnesses = grids(app)[:2]
    assert paths(suspect) == ["blue/stray.png"]
    assert paths(witnesses)[0].startswith("red/")
    assert any(
        "nearest pictures are more often in another category than in “blue”" in caption.value
        for caption in app.caption
    )


def test_a_reviewed_label_does_not_come_back_until_it_is_taken_back(view, messy, settings, run):
    """What somebody says of a label is kept by content: over reloads, builds and moves."""
    app = view("Suspects")
    doubted = len(grids(app))
    next(button for button in app.button if button.label == "Label is right").click().run()
    assert not app.exception
    assert ["blue/stray.png"] not in [paths(grid) for grid in grids(view("Suspects"))]
    (messy / "blue/stray.png").rename(messy / "blue/found.png")
    assert run("index", messy)[0] == 0
    app = view("Suspects")
    assert ["blue/found.png"] not in [paths(grid) for grid in grids(app)]
    assert any("Reviewed labels · 1" in box.label for box in app.expander)
    assert "stray" not in run("suspects", "--no-words", "--json")[1]
    assert "found.png" in run("suspects", "--no-words", "--all", "--json")[1]
    next(button for button in app.button if button.label == "Undo").click().run()
    assert ["blue/found.png"] in [paths(grid) for grid in grids(app)]
    assert len(grids(app)) == doubted


def test_a_review_is_about_a_label_not_a_picture(view, messy, settings):
    """In another category the picture is doubted anew; a table tells what was said."""
    with SearchEngine.open("pictures", settings, load=lambda *_: None) as engine:
        reviews = Reviews(engine.catalog.folder)
        record = next(one for one in engine.catalog.pictures if one.path == "blue/stray.png")
        reviews.note((record.content_hash, "blue"), Opinion.RIGHT)
        reviews.note((record.content_hash, "green"), Opinion.WRONG)
        assert reviews.all() == {
            (record.content_hash, "blue"): Opinion.RIGHT,
            (record.content_hash, "green"): Opinion.WRONG,
        }
        rows = table_of_reviews(engine, reviews.all()).decode("utf-8-sig").splitlines()
        assert len(rows) == 2
        assert "right" in rows[1]
        assert "stray.png" in rows[1]
        reviews.note((record.content_hash, "blue"), None)
        assert list(reviews.all().values()) == [Opinion.WRONG]
        (engine.catalog.folder / REVIEWS_FILE).write_text("[{]")
        assert reviews.all() == {}
    app = view("Suspects")
    assert not app.exception
    assert paths(grids(app)[0]) == ["blue/stray.png"]


def test_neighbours_fill_one_row(view):
    """Five of them stand in five columns."""
    rows = [grid for grid in grids(view("Suspects")) if grid["size"] == "row"]
    assert rows
    assert {len(grid["items"]) for grid in rows} == {5}


def test_without_the_model_neighbours_tell(view, monkeypatch):
    """Where the model is gone the error is shown, and the neighbours still tell."""

    def gone(*_):
        cause = "The model is gone"
        raise ModelUnavailable(cause, remedy="Download it.")

    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", gone)
    app = view("Suspects")
    assert not app.exception
    assert "The model is gone" in app.error[0].value
    assert paths(grids(app)[0]) == ["blue/stray.png"]


def test_unusual_pictures_by_limit(view):
    """The tiny ones are those below the limit, and the slider moves it."""
    app = view("Unusual")
    assert not app.exception
    app.selectbox(key="oddity").set_value("tiny").run()
    assert not app.exception
    assert "blue/stray.png" not in paths(grids(app)[0])
    assert grids(app)[0]["items"][0]["number"] == "40"
    app.slider[0].set_value(512).run()
    assert any(paths(grid)[-1] for grid in grids(app))
    assert any("22 pictures" in text.value for text in app.markdown)


def test_more_is_shown_step_by_step(view):
    """A list ends at its limit; “Show more” moves that, as far as it goes."""
    app = view("Unusual")
    counts = [len(grids(app)[0]["items"]) if grids(app) else 0]
    for _ in range(8):
        next(button for button in app.button if button.label == "Show more").click().run()
        assert not app.exception
        counts.append(len(grids(app)[0]["items"]) if grids(app) else 0)
    assert counts == sorted(counts)
    assert 0 <= counts[0] < counts[-1]
    assert next(button for button in app.button if button.label == "Show more").disabled


@pytest.mark.parametrize("oddity", ["far", "typical", "hub", "unreached", "blurred", "odd-shaped"])
def test_every_way_of_being_odd_can_be_shown(view, oddity):
    """Each choice shows pictures or says that there are none."""
    app = view("Unusual")
    app.selectbox(key="oddity").set_value(oddity).run()
    assert not app.exception
    assert grids(app) or app.info


def test_a_large_collection_waits_for_a_click(view, monkeypatch):
    """What takes long begins only on a click, and is not asked for again once it is found."""
    monkeypatch.setattr("pages.ui.clean_up.audit_steps._AT_ONCE_UP_TO", 3)
    app = view("Duplicates")
    assert not app.exception
    assert not grids(app)
    assert any("this takes about" in caption.value for caption in app.caption)
    next(button for button in app.button if button.label == "Begin").click().run()
    assert metrics(app)["Groups"] == "1"
    app.run()
    assert metrics(app)["Groups"] == "1"
    assert not [button for button in app.button if button.label == "Begin"]
