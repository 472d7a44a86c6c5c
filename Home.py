"""What ``streamlit run`` serves, and the first page of it."""

import streamlit as st
from streamlit import runtime

from pages.ui.frame import gate, serving

if runtime.exists():  # a tab shows the page
    from pages.ui.home import front_page

    front_page.show()
else:  # the server starts
    app = st.App(
        __file__, routes=serving.routes(), middleware=gate.middleware(), lifespan=gate.opened
    )
