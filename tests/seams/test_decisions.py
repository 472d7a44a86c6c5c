"""Each decision that is written down has a test that would fail without it."""

import ast
import re
from pathlib import Path

import pytest

from search_engine.settings import PROJECT_FOLDER

_TABLE = """
The match is read off the collection
    evaluation/test_presence.py::test_unknown_words_are_told_better_than_by_cosine
A verdict needs no labels
    calibration/test_calibration.py::test_what_is_not_there_is_said_to_be_missing
Neighbours doubt a label on whitened vectors
    audit/test_suspects.py::test_flipped_labels_are_found
Near-duplicates must agree three ways
    audit/test_duplicates.py::test_nothing_else_is_found
What is taken away weighs half
    query/test_query.py::test_taking_away_is_by_half_wherever_no_weight_is_given
Words are weighed against the collection
    explain/test_scores.py::test_the_words_of_a_question_speak_for_what_answers_it
Heat maps come in two ways
    explain/test_heat_maps.py::test_a_model_whose_patches_cannot_be_read_has_regions
A card holds no date and no path
    cards/test_cards.py::test_the_same_question_gives_the_same_card_byte_for_byte
The catalog is the truth
    building/test_builds.py::test_a_damaged_index_is_made_again_from_the_catalog
Each index generation has its own file
    index/test_publishing.py::test_a_reader_always_finds_a_matching_pair
Catalog and index are tied by chance
    safety/test_belonging.py::test_a_catalog_from_a_backup_is_never_answered_by_a_newer_index
Vectors are on the disk before their index
    safety/test_belonging.py::test_vectors_are_on_the_disk_before_their_index
A picture that changed since its index was made
    safety/test_belonging.py::test_a_stopped_update_shows_no_changed_picture_with_its_old_score
A removed vector leaves a dead slot
    index/test_store_contract.py::test_removed_vectors_are_never_found_again
Filters are searched in full
    index/test_store_contract.py::test_a_narrow_filter_never_answers_short
An approximate index is judged by words
    index/test_appraisal.py::test_the_recall_in_the_manifest_is_the_true_one
An index is measured again when a quarter
    index/test_appraisal.py::test_measured_again_when_a_quarter_has_changed
What is typed as a folder is first looked for
    app/test_typed_folders.py::test_a_folder_is_meant_however_it_is_written
A model is warmed only if it is here
    app/test_model_warming.py::test_what_needs_a_yes_or_a_download_is_left_alone
A folder that suddenly holds no picture
    building/test_builds.py::test_an_emptied_folder_does_not_empty_the_collection
Links are followed
    collection/test_scanning.py::test_linked_folders_and_files_outside_are_taken_in_once
What is to be removed is decided on the disk
    audit/test_removing.py::test_the_disk_is_asked_when_the_list_is_made
Tables on the screen are marked like CSVs
    app/test_downloads.py::test_a_table_on_the_screen_is_marked
The model is asked for once more by fingerprint
    search/test_engine.py::test_another_model_under_the_same_name_is_refused
The app writes its own address line
    app/test_search.py::test_typing_asks_and_the_address_follows
The app has an entry of its own
    safety/pages/test_gate.py::test_a_page_of_another_origin_reaches_nothing
An uploaded picture belongs to the browser
    safety/pages/test_uploads.py::test_a_picture_is_found_by_its_own_browser_only
A collection is deleted by typing its name
    safety/pages/test_clicks.py::test_clicks_alone_delete_nothing
A link cannot name a file of this machine
    safety/test_hostile_links.py::test_no_field_of_a_link_opens_a_file
A picture is kept when its place cannot be judged
    collection/test_homes.py::test_another_stick_at_the_root_forgets_nothing
Files without an ending are not opened
    collection/test_unread.py::test_pictures_without_their_ending_are_told_by_their_first_bytes
A model never sees a string
    safety/test_words_are_words.py::test_no_text_opens_a_file_or_an_address
The log of the server tells where a fault
    safety/test_logs.py::test_a_fault_leaves_no_question_in_the_log
A card is checked field by field
    safety/test_hostile_cards.py::test_every_field_is_checked
Mean similarities of categories come from sums
    explore/test_explore.py::test_similarities_are_those_of_all_pairs
The map is a component of our own
    explore/test_explore.py::test_the_sheet_shows_each_picture_at_its_place
On the search page only the part with the answers
    seams/test_decisions.py::test_the_answers_are_a_fragment_of_their_page
The precision of a model is found by measuring
    embedding/test_precision.py::test_a_way_that_blurs_is_refused
CLIP's picture half is computed by code of our own
    embedding/test_precision.py::test_every_precision_agrees_with_the_model_as_loaded
OpenVINO is not used
    seams/test_decisions.py::test_openvino_is_not_asked_for
Each core takes its files the whole way
    embedding/test_precision.py::test_threads_side_by_side_embed_what_one_would
Thumbnails are JPEG
    seams/test_decisions.py::test_thumbnails_are_jpeg
A model that is not here is reported
    embedding/test_embedding.py::test_a_silent_hub_is_reported_within_seconds
"""
"""The beginning of each decision, and below it a test of it, in the folder of tests."""

SHOWN_BY = {
    beginning: test.strip()
    for beginning, test in re.findall(r"^(\S.*)\n    (\S+)$", _TABLE, re.MULTILINE)
}

TESTS = PROJECT_FOLDER / "tests"


def decisions():
    """Return the bold beginning of each decision, wherever they are written down."""
    for place in ("README.md", "search_engine/README.md"):
        file = PROJECT_FOLDER / place
        text = file.read_text("utf-8") if file.exists() else ""
        if "\n## Decisions\n" in text:
            section = text.split("\n## Decisions\n")[1].split("\n## ")[0]
            items = re.findall(r"^\* (.*?)(?=^\* |\Z)", section, re.DOTALL | re.MULTILINE)
            return [" ".join(item.replace("**", "").split()) for item in items]
    return []


def entry(decision):
    """Return the beginnings in the table that fit a decision."""
    return [beginning for beginning in SHOWN_BY if decision.startswith(beginning)]


def test_they_are_found():
    """There are many, in one of the two places."""
    assert len(decisions()) > 30


@pytest.mark.parametrize("decision", decisions(), ids=lambda one: one[:40])
def test_each_decision_names_its_test(decision):
    """A new decision comes with a test."""
    assert len(entry(decision)) == 1, f"no test is named for: {decision[:80]}"


def test_no_entry_is_left_over():
    """A decision that was taken back goes from the table."""
    used = {beginning for decision in decisions() for beginning in entry(decision)}
    assert used == SHOWN_BY.keys()


@pytest.mark.parametrize("named", sorted(set(SHOWN_BY.values())))
def test_each_named_test_exists(named):
    """It was not renamed or deleted."""
    file, _, name = named.partition("::")
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_answers_are_a_fragment_of_their_page():
    """What is typed runs the answers again, not the page around them."""
    tree = ast.parse((PROJECT_FOLDER / "pages/2_Search.py").read_text("utf-8"))
    fragments = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("fragment" in ast.unparse(one) for one in node.decorator_list)
    }
    assert fragments
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert fragments & called


def test_openvino_is_not_asked_for():
    """Neither the program nor its checks need it."""
    for file in (PROJECT_FOLDER / "requirements.txt", TESTS / "requirements.txt"):
        assert "openvino" not in file.read_text("utf-8").lower()


def test_thumbnails_are_jpeg(shelf):
    """Every one of them, whatever the picture is."""
    folder = shelf.data / "collections/things/thumbnails"
    files = [file for file in Path(folder).rglob("*") if file.is_file()]
    assert len(files) > 30
    assert all(file.read_bytes().startswith(b"\xff\xd8\xff") for file in files)
