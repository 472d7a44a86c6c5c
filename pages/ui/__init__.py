"""What the pages share.

===================  ============================================================
module               owns
===================  ============================================================
gate                 who may talk to the app, and what a browser may do with its pages
uploads              pictures shown as examples, kept for their browser while it is here
shell                the frame of every page: title, sidebar, the chosen collection
session              what a browser tab remembers; the only use of ``st.session_state``
model_warming        the model that will be asked next, loaded before it is needed
model_wait           what a page shows while its model is loaded
measured             what takes long to measure, with progress, once
resources            what all tabs share; the only use of ``st.cache_*``
address              the address line: what a link to search and scores reproduces
linked               widgets whose value is in the address
model_trust          the question whether a model that a collection names may be loaded
feedback             errors, empty states, labels; foreign text made harmless
logs                 what the log of the server says about a fault
folder_watch         what changed in the folders, without making a page wait
home                 Home: the page itself
covers               Home: the collections with pictures from each
build_form           Build index: what to build
folder_choice        Build index: which folder; typed, suggested, or clicked through to
folder_browser       Build index: a dialog in which a folder is found by clicking
gone_folder          a collection whose folder is not there now, and the way to its new place
new_place            Build index: where the folder of a collection is now
folder_looks         looks into folders, without making a page wait for a slow drive
model_choice         Build index: which model; listed, in a folder of this machine, or of the hub
build_choices        Build index: the models and kinds to choose from
build_preview        Build index: what a build would do
rules_form           Build index: which files are left out
build_start          a build begun by a click
build_history        when a collection was built, and what came of it
collection_cards     Build index: a card for each collection
collection_care      Build index: what is out of reach, a folder that moved, another name
collection_panel     Build index: the care of the chosen collection
out_of_reach         what is out of reach or not read, said where one wonders about it
outcomes             how builds ended that nobody has put away
ways_on              what leads on from an error, as buttons
check_panel          Build index: a check of a collection, and its repair
job_panel            a build at work
search_form          the question, its filters, and what is asked for
example_questions    questions to begin with, that work on the collection
filter_form          what restricts the answers
date_filter          the filter on dates, typed
bundled_model        what the bundled model does not know
one_view             the place of a view among several
category_needs       what a view needs of categories, said where a collection lacks it
name_filters         the filters on category and path
category_choice      categories to choose from, however many
asking               the answer to what a page asks for
result_top           the place where results begin
odd_names            names of categories that do not say what is shown
verdict_line         whether what was asked for is here at all
terms                pictures and words beside the question
negation_note        a question with a no in it, and what to ask instead
grid                 the grid of results
term_bars            what each term of a question gives to a score
drawer               one picture, large, with all that is known about it
why_view             the drawer: terms, words, and the place in the picture
seen_view            the drawer: the square that the model saw
signed_bars          rows with a bar above or below zero
downloads            results to take away
packing              pictures in one ZIP that unpacks everywhere
data_table           tables on the screen, which the browser can save
saved_view           questions to ask again, and what is different then
charts               charts with a title, units and a table to take away
behind               the pictures behind a bar, a cell, a point
category_overview    Categories: counts
category_similarity  Categories: how alike they are; typical pictures
retrieval_view       Categories: their names as questions
zero_shot_view       Categories: which are taken for which
map_view             Categories: the map of all pictures
audit_steps          Categories: what takes long, begun by a click
audit_duplicates     Categories: copies, and which to keep
copies_view          a group of copies side by side
audit_suspects       Categories: pictures that may be in the wrong one
audit_unusual        Categories: odd pictures
score_view           Scores: one question
score_histogram      Scores: how they are spread
presence_view        Scores: can it be told what is not here?
words_view           which word of a question carries its scores
pair_view            Scores: two questions side by side
label_view           Scores: one picture against many words
wording_view         Scores: the same question in other words
===================  ============================================================
"""
