"""Make a folder searchable, and look after the collections there are."""

from pages.ui import shell
from pages.ui.build import (
    build_form,
    build_preview,
    collection_cards,
    collection_care,
    deleted_notice,
    vector_import,
)
from pages.ui.collections import build_start, job_panel, outcomes
from pages.ui.frame import asked_build, resources

frame = shell.begin("Build index", about_builds=True)

deleted_notice.show()
outcomes.show()
for name in resources.jobs().active():
    job_panel.watch(name)
wanted = asked_build.take_update()
if wanted:
    build_start.update(wanted)

request = build_form.show_request()
if request is not None:
    is_moved = collection_care.offer_move(frame.library, request.wanted)
    with build_preview.place(folded=is_moved):
        if build_preview.show_preview(frame.library, request.name, request.wanted):
            build_start.start(request.name, request.wanted, named=request.model_named)

vector_import.show()
collection_cards.show(frame)
build_start.offer_sample(frame.library)
