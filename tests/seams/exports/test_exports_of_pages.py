"""Every export of the pages, read back and compared with the files."""

import io
import json
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from search_engine.settings import PROJECT_FOLDER
from tests.app import payloads
from tests.seams.exports.exported import (
    BREAKS,
    CATEGORY,
    COPIES,
    NAMES,
    every,
    read_csv,
    same_as_file,
)


@pytest.fixture
def downloads(folder, monkeypatch):
    """Open a page, and return what its buttons for downloads would give, by their labels."""
    offered = {}

    def note(label, data, file_name=None, *_, **__):
        offered[label.split(",")[0].rstrip(")") + (")" if "(" in label else "")] = (data, file_name)
        return False

    monkeypatch.setattr(st, "download_button", note)
    st.cache_resource.clear()
    st.cache_data.clear()

    def opened(name, click=None, choose=None, limit=None, which=None, **address):
        app = AppTest.from_file(str(PROJECT_FOLDER / "Home.py"), default_timeout=120)
        app.run()
        app.switch_page(f"pages/{name}")
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        if click == "download":
            if which:
                app.session_state["download which"] = which == "matches"
            payloads.choose(app, click).run()
        elif click:
            app.button(key=click).click().run()
        if choose:
            app.selectbox(key=choose[0]).set_value(choose[1]).run()
        if limit:
            app.slider[0].set_value(limit).run()
        assert not app.exception
        made = {key: data() if callable(data) else data for key, (data, _) in offered.items()}
        return made, {key: name for key, (_, name) in offered.items()}

    return opened


def test_the_results_of_a_page(downloads, folder, tmp_path):
    """CSV, JSON and ZIP have the same pictures, each as its file is; a card has the nearest."""
    only_matches, _ = downloads("2_Search.py", "download", q="a bus")
    matching = {same_as_file(one, folder) for one in read_csv(only_matches["Table (CSV)"])}
    made, names = downloads("2_Search.py", "download", which="shown", q="a bus")
    assert {Path(name).suffix for name in names.values()} == {
        ".csv", ".json", ".jsonl", ".parquet", ".zip",
    }  # fmt: skip
    table = read_csv(made["Table (CSV)"])
    lines = [json.loads(line) for line in made["Lines (JSON Lines)"].splitlines()]
    assert [line["path"] for line in lines] == [row["path"] for row in table]
    document = json.loads(made["Document (JSON)"])["results"]
    card = json.loads(made["Result card (JSON)"])["results"]
    paths = [same_as_file(row, folder) for row in table]
    assert len(paths) == len(set(paths)) == len(every(folder))
    assert matching < set(paths)
    assert {same_as_file(one, folder) for one in document} == set(paths)
    assert [one["rank"] for one in document] == sorted(int(row["rank"]) for row in table)
    matches = [float(row["match"]) for row in table]
    assert matches == sorted(matches, reverse=True)
    assert [one["rank"] for one in card] == list(range(1, len(paths) + 1))
    score = {int(row["picture_id"]): float(row["score"]) for row in table}
    for one in (*document, *(one for one in card if one["picture_id"] in score)):
        assert score[one["picture_id"]] == pytest.approx(one["score"], abs=1e-5)
    with zipfile.ZipFile(io.BytesIO(made["Pictures (ZIP)"])) as archive:
        assert archive.testzip() is None
        packed = [archive.read(entry) for entry in archive.infolist()]
        assert packed == [path.read_bytes() for path in paths]
        archive.extractall(tmp_path / "unpacked")
    unpacked = [path.name for path in (tmp_path / "unpacked").iterdir()]
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in unpacked}) == len(
        every(folder)
    )


def test_the_lists_of_the_page_of_duplicates(downloads, folder):
    """Table, keep and remove: the same pairs; names that break lines are in the table only."""
    made, names = downloads("5_Clean_up.py", show="Duplicates")
    lists = {names[key]: content for key, content in made.items() if "odd-" in (names[key] or "")}
    (table,) = (read_csv(content) for name, content in lists.items() if name.endswith(".csv"))
    assert {same_as_file(row, folder) for row in table} == every(folder)
    marked = {
        mark: {Path(row["path"]) for row in table if row[mark] == "yes"}
        for mark in ("keep", "remove")
    }
    for kind, paths in marked.items():
        (content,) = (content for name, content in lists.items() if kind in name)
        lines = {Path(line) for line in os.fsdecode(content).split("\n")[:-1]}
        assert lines == {path for path in paths if path.name not in BREAKS}


def test_the_table_of_unusual_pictures(downloads, folder):
    """Each picture with its own path, category and figure."""
    made, _ = downloads("5_Clean_up.py", choose=("oddity", "tiny"), limit=1024, show="Unusual")
    rows = read_csv(made["Table (CSV)"])
    assert rows
    for row in rows:
        with Image.open(same_as_file(row, folder)) as image:
            assert float(row["value"]) == min(image.size)


def test_the_figures_of_charts_are_those_of_the_collection(downloads, folder):
    """The counts of categories, under their names."""
    made, names = downloads("3_Categories.py", show="Overview")
    found = [read_csv(made[key]) for key, name in names.items() if (name or "").endswith(".csv")]
    counted = [
        rows for rows in found if rows and {"category", "pictures"} <= {k.lower() for k in rows[0]}
    ]
    assert counted
    for rows in counted:
        names = {key.lower(): key for key in rows[0]}
        counts = {row[names["category"]]: int(float(row[names["pictures"]])) for row in rows}
        assert counts == {CATEGORY: len(NAMES), COPIES: len(NAMES)}
