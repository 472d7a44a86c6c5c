"""Where one of several views is shown, nothing of another stays behind."""

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from pages.ui.widgets import one_view

    view = st.radio("View", ["Map", "Table"])
    with one_view.begin(view):
        st.caption(f"All about the {view}")


def places(app):
    """Return the types of what stands below the choice of a view, in order."""
    return [app.main.children[place].type for place in sorted(app.main.children)][1:]


def test_each_view_takes_the_place_that_the_one_before_did_not_have():
    """What is emptied goes at once; a view that is shown again keeps its place, without flicker."""
    app = AppTest.from_function(page, default_timeout=60).run()
    first = places(app)
    assert places(app.run()) == first
    app.radio[0].set_value("Table").run()
    assert not app.exception
    assert places(app) == first[::-1] != first
    assert [one.value for one in app.caption] == ["All about the Table"]
    app.radio[0].set_value("Map").run()
    assert places(app) == first
