"""How good the search is here, measured with the categories of the collection."""

from pages.ui import shell
from pages.ui.quality import presence_view, retrieval_view
from pages.ui.widgets import view_choice
from pages.ui.widgets.view_choice import PageView

frame = shell.begin("Quality")
view_choice.show(
    frame.engine(),
    {
        "Retrieval": PageView("Search quality", retrieval_view.show, needs_categories=True),
        "Presence": PageView("Is it here?", presence_view.show, needs_categories=True),
    },
)
