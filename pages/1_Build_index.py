"""Make a folder searchable, and look after the collections there are."""

import streamlit as st

from pages.ui import (
    build_form,
    build_preview,
    build_start,
    collection_panel,
    job_panel,
    resources,
    shell,
)
from search_engine.settings import SAMPLE_COLLECTION

frame = shell.begin("Build index")
jobs = resources.jobs()

for name in jobs.active():
    job_panel.watch(name)

request = build_form.show_request()
if request is not None:
    name, wanted, named = request
    if build_preview.show_preview(frame.library, name, wanted):
        build_start.start(name, wanted, named=named)

if frame.summary is not None and not jobs.status(frame.summary.name).state.active:
    st.divider()
    collection_panel.show_collection(frame)
elif frame.library.wants_sample and not jobs.status(SAMPLE_COLLECTION).state.active:
    st.page_link("Home.py", label="Try the sample gallery", icon=":material/home:")
