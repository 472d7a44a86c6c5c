"""The first page: which collections there are, and how they are."""

import pandas as pd
import streamlit as st

from search_engine import Library, Settings

st.set_page_config(page_title="Image search", page_icon=":material/image_search:", layout="wide")
st.title("Image search")

library = Library(Settings.from_environment())
summaries = [library.summary(name) for name in library.names()]

if not summaries:
    st.info("No collection yet. Make one in a terminal, then reload this page:")
    st.code("python -m search_engine demo\npython -m search_engine index FOLDER", language="bash")
    st.stop()

st.dataframe(
    pd.DataFrame(
        {
            "Collection": summary.name,
            "Pictures": summary.pictures,
            "Categories": summary.categories,
            "Left out": summary.skipped,
            "Model": summary.model_id,
            "State": summary.state,
            "Folder": summary.folder,
        }
        for summary in summaries
    ),
    hide_index=True,
)
