"""Build index: what to build, and the care of collections.

==================  ================================================================================
module              owns
==================  ================================================================================
build_choices       the models and kinds to choose from
build_form          what to build
build_preview       what a build would do
check_panel         a check of a collection, and its repair
collection_actions  what can be done with a collection
collection_cards    a card for each collection
collection_care     what is out of reach, and a folder that moved
collection_panel    what was skipped, a check, and the history
deleted_notice      what was deleted and can be brought back
folder_choice       which folder; typed, suggested, or clicked through to
model_choice        which model; listed, in a folder of this machine, or of the hub
new_place           where the folder of a collection is now
past_builds         when a collection was built, and what came of it
rules_form          which files are skipped
vector_export       a collection's vectors, written for another program
vector_forms        their formats, as people read them
vector_import       vectors of another program, as a collection
watch_switch        keeps a collection up to date by itself
==================  ================================================================================
"""
