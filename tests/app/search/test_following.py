"""What is clicked in a grid while its list is growing: neither is passed over for the other."""

import pytest
from streamlit.testing.v1 import AppTest


def follow_once(clicked):
    """Follow clicks that come with one run, and write the address of what is asked for then."""
    import streamlit as st

    from pages.ui.frame import session
    from pages.ui.frame.search_state import SearchState, as_address
    from pages.ui.search import new_query
    from pages.ui.search.grid import GridClick

    if "begun" not in st.session_state:
        st.session_state["begun"] = True
        session.ask(SearchState(q="red", page=2))
        new_query.follow(GridClick(**clicked))
    st.text(as_address(session.search()))


@pytest.mark.parametrize(
    ("clicked", "wanted"),
    [
        ({"more": True}, "q=red&page=3"),
        ({"pick": 7, "more": True}, "q=red&page=3&picture=7"),
        ({"like": 7, "more": True}, "t=%237"),
        ({"good": 7, "more": True}, "q=red&good=7"),
        ({"bad": 7, "more": True}, "q=red&bad=7"),
    ],
)
def test_a_key_counts_while_more_is_shown(clicked, wanted):
    """Another query begins its own list; a picture that is opened stays in the longer one."""
    app = AppTest.from_function(follow_once, args=(clicked,)).run()
    assert not app.exception
    assert [text.value for text in app.text] == [wanted]
