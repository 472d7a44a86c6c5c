"""The face of the app: its name, its two colours, its signs."""

import tomllib
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from pages.ui import shell
from pages.ui.frame import look
from pages.ui.widgets import charts
from tests.app.conftest import ROOT
from tests.app.test_accessibility import contrast

THEMES = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_two_colours_are_legible(scheme):
    """As text 4.5 to 1 on page and sidebar, and what stands on the warm one too; marks 3 to 1."""
    theme, (accent, on_accent) = THEMES[scheme], look.ACCENTS[scheme]
    grounds = theme["backgroundColor"], theme["secondaryBackgroundColor"]
    for ground in grounds:
        for text in (theme["primaryColor"], accent, theme["textColor"]):
            assert contrast(text, ground) >= 4.5, (text, ground)
        for mark in (charts.ACCENT, charts.SECOND):
            assert contrast(mark, ground) >= 3, (mark, ground)
    assert contrast(charts.FAINT, theme["backgroundColor"]) >= 3
    assert contrast(accent, on_accent) >= 4.5


def test_headings_are_one_scale():
    """Each is smaller than the one above it, and none smaller than what it stands above."""
    sizes = [float(size.removesuffix("rem")) for size in THEMES["headingFontSizes"]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 6
    assert sizes[4] >= 1


def test_every_page_has_its_name(page, no_sample):
    """It stands in README, on Home, and on its signs; these load nothing from elsewhere."""
    assert page().title[0].value == shell.PRODUCT
    assert (ROOT / "README.md").read_text("utf-8").startswith(f"# {shell.PRODUCT}\n")
    for sign in ("icon.svg", "logo.svg"):
        drawn = ET.parse(ROOT / "pages/ui" / sign).getroot()  # noqa: S314 - our own file
        assert drawn.get("aria-label") == shell.PRODUCT
        assert not [
            part for part in drawn.iter() if part.tag.rpartition("}")[2] in {"image", "text"}
        ]
    with Image.open(ROOT / "pages/ui/icon.png") as icon:
        assert icon.size == (128, 128)
