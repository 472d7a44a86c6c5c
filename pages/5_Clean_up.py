"""Duplicates, what two sets share, wrong labels, odd pictures: found and listed, never changed."""

from pages.ui import shell
from pages.ui.clean_up import comparison_view, duplicates_view, suspects_view, unusual_view
from pages.ui.widgets import view_choice
from pages.ui.widgets.view_choice import PageView

frame = shell.begin("Clean up")
view_choice.show(
    frame.engine(),
    {
        "Duplicates": PageView("Duplicates", duplicates_view.show),
        "Compare": PageView("Compare", comparison_view.show),
        "Suspects": PageView("Suspicious labels", suspects_view.show, needs_categories=True),
        "Unusual": PageView("Unusual", unusual_view.show),
    },
)
