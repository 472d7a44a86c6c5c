"""What people ask is in no log of the server, whatever goes wrong and however it ends."""

import logging
import os
import signal
import socket
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from pages.ui.frame import logs
from search_engine import build_collection, plan_build
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings
from tests.app.browser import LONG, chromium, idle
from tests.app.conftest import _wait_for

ROOT = Path(__file__).parent.parent.parent
MARKER = "zebra4711"


@pytest.fixture
def data(tmp_path):
    """A small collection of the bundled model."""
    settings = Settings(tmp_path / "data")
    draw_gallery(tmp_path / "drawings", pictures=24)
    name, wanted = plan_build(tmp_path / "drawings", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    (settings.collections_folder / ".no-sample").touch()
    return settings.data_folder


def test_a_fault_leaves_no_query_in_the_log(data, tmp_path):
    """An error whose message and variables hold the query is logged by its place alone.

    Asked by a link and in the box; then the server is stopped as a system stops it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    output = tmp_path / "output"
    with output.open("wb") as target:
        server = subprocess.Popen(
            [sys.executable, ROOT / "tests/safety/faulty_server.py", str(port)],
            cwd=ROOT,
            env=os.environ | {DATA_VARIABLE: str(data), "PYTHONPATH": str(ROOT)},
            stdout=target,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        with chromium() as browser:
            tab = browser.new_page()
            tab.goto(f"http://127.0.0.1:{port}/Search?q={MARKER}+link")
            tab.get_by_text("RuntimeError").first.wait_for(timeout=LONG)
            assert MARKER not in tab.locator('[data-testid="stException"]').first.inner_text()
            tab.locator("input[type=search]").first.fill(f"{MARKER} box")
            idle(tab)
            tab.wait_for_function("document.querySelectorAll('[data-testid=stException]').length")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    printed = output.read_text("utf-8", "replace")
    assert "RuntimeError in" in printed
    assert "KeyError in" in printed
    assert "faulty_server.py" in printed
    assert MARKER not in printed


def test_without_the_filter_the_query_would_be_there(caplog):
    """A logger of Streamlit prints messages and causes until values are kept out of it."""
    logger = logging.getLogger("streamlit.tests")
    for kept_out in (False, True):
        if kept_out:
            logs.keep_values_out()
            logs.keep_values_out()
        caplog.clear()
        with caplog.at_level(logging.ERROR, logger.name):
            try:
                int(MARKER)
            except ValueError as error:
                logger.exception("failed", exc_info=error)
        assert (MARKER in caplog.text) is not kept_out
    assert "test_logs.py" in caplog.text
    assert "ValueError in" in caplog.text
    assert len(logger.filters) == 1


def test_other_loggers_keep_their_tracebacks(caplog):
    """Only what the server prints of a page is shortened."""
    try:
        int("x")
    except ValueError:
        logging.getLogger("search_engine.somewhere").exception("failed")
    assert traceback.format_exc() == "NoneType: None\n"
    assert "invalid literal" in caplog.text
