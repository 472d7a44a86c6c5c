"""Vectors are imported and exported on the page, by whoever sits at this machine."""

import pytest

from search_engine import Library, SearchEngine
from search_engine.exchange import VectorFormat, export_vectors, import_vectors
from search_engine.settings import MINI_MODEL
from tests.app.shown import button, labels, words


@pytest.fixture
def at_this_machine(monkeypatch):
    """The browser is on the machine whose folders are named."""
    monkeypatch.setattr("pages.ui.frame.visitor.is_of_this_machine", lambda: True)


def exported(app, folder, form):
    """Export the collection on its card."""
    app.selectbox(key="vector form of pictures").set_value(form)
    app.text_input(key="vector folder of pictures").set_value(str(folder)).run()
    return app.button(key="vector export of pictures").click().run()


def test_a_collection_is_exported(collection, at_this_machine, page, tmp_path):
    """What is written is told; a folder that holds something is refused."""
    app = exported(page("1_Build_index.py"), tmp_path / "out", VectorFormat.NUMPY)
    assert not app.exception
    assert "12 pictures" in app.success[0].value
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "pictures.csv", "vectors.npy",
    ]  # fmt: skip
    again = exported(app, tmp_path / "out", VectorFormat.NUMPY)
    assert "There is something in this folder already" in again.error[0].value


@pytest.fixture
def vectors(collection, settings, load, tmp_path, monkeypatch):
    """The collection's vectors in a folder; the page asks the fake embedder about them."""
    with SearchEngine.open("pictures", settings, load=load) as engine:
        export_vectors(engine, VectorFormat.NUMPY, tmp_path / "out")

    def asked(order, settings, **more):
        return import_vectors(order, settings, load=load, **more)

    monkeypatch.setattr("pages.ui.build.vector_import.import_vectors", asked)
    return tmp_path / "out"


def test_vectors_become_the_chosen_collection(vectors, collection, at_this_machine, page, settings):
    """What became of them is told until that is dismissed."""
    app = page("1_Build_index.py")
    app.session_state["import open"] = True
    app.run()
    app.selectbox(key="import form").set_value(VectorFormat.NUMPY)
    app.text_input(key="import folder").set_value(str(vectors))
    app.text_input(key="import root").set_value(str(collection))
    app.text_input(key="import name").set_value("taken over")
    app.selectbox(key="model of import").set_value(MINI_MODEL).run()
    app.button(key="import now").click().run()
    assert not app.exception
    assert "12 pictures are in “taken over” now" in app.success[0].value
    assert "median cosine 1.000" in app.success[0].value
    assert app.session_state["collection"] == "taken over"
    assert Library(settings).names() == ["pictures", "taken over"]
    button(app, "Dismiss").click().run()
    assert not app.success


def test_what_is_wrong_is_said_and_nothing_is_made(
    collection, at_this_machine, page, tmp_path, settings
):
    """The cause and what to do, where one looks for the result."""
    app = page("1_Build_index.py")
    app.session_state["import open"] = True
    app.run()
    assert app.button(key="import now").disabled
    app.text_input(key="import folder").set_value(str(tmp_path / "nothing"))
    app.text_input(key="import name").set_value("new").run()
    app.button(key="import now").click().run()
    assert not app.exception
    assert "There is no such folder" in app.error[0].value
    assert Library(settings).names() == ["pictures"]


def test_who_is_elsewhere_names_no_folders(collection, page):
    """Neither to read from nor to write into."""
    app = page("1_Build_index.py")
    assert "Export" not in labels(app)
    assert "Import vectors" not in words(app)
    assert not [one for one in app.expander if "Import" in one.label]
