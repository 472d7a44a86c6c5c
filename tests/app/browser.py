"""A real browser for tests, where there is one."""

import os
import shutil
from contextlib import contextmanager

import pytest

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def chromium():
    """Open a headless Chromium; skip the test where none is installed, but fail in CI."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        reason = "no Chromium is installed"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
