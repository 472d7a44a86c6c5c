"""What the collection holds, how its categories differ, and a map of all its pictures."""

from pages.ui import shell
from pages.ui.categories import category_overview, category_similarity, map_view, one_category
from pages.ui.frame import moved_views
from pages.ui.widgets import view_choice
from pages.ui.widgets.view_choice import PageView

moved_views.follow("Categories")
frame = shell.begin("Categories")
view_choice.show(
    frame.engine(),
    {
        "Overview": PageView("Overview", category_overview.show),
        "One category": PageView("One category", one_category.show, needs_categories=True),
        "Similarity": PageView("Similarity", category_similarity.show, needs_categories=True),
        "Map": PageView("Map", map_view.show),
    },
)
