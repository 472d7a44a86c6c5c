"""What the pages share.

===================  ============================================================
module               owns
===================  ============================================================
shell                the frame of every page: title, sidebar, the chosen collection
session              what a browser tab remembers; the only use of ``st.session_state``
measured             what takes long to measure, with progress, once
resources            what all tabs share; the only use of ``st.cache_*``
address              the address line: what a link to search and scores reproduces
linked               widgets whose value is in the address
feedback             errors, empty states, labels; foreign text made harmless
logs                 what the log of the server says about a fault
covers               Home: the collections with pictures from each
build_form           Build index: what to build, and the care of what is built
job_panel            a build at work, and how it ended
search_form          the question, its filters, and what is asked for
terms                pictures and words beside the question
negation_note        a question with a no in it, and what to ask instead
grid                 the grid of results
term_bars            what each term of a question gives to a score
drawer               one picture, large, with all that is known about it
why_view             the drawer: terms, words, and the place in the picture
seen_view            the drawer: the square that the model saw
signed_bars          rows with a bar above or below zero
downloads            results to take away
charts               charts with a title, units and a table to take away
behind               the pictures behind a bar, a cell, a point
category_overview    Categories: counts
category_similarity  Categories: how alike they are; typical pictures
retrieval_view       Categories: their names as questions
zero_shot_view       Categories: which are taken for which
map_view             Categories: the map of all pictures
score_view           Scores: one question
words_view           which word of a question carries its scores
pair_view            Scores: two questions side by side
label_view           Scores: one picture against many words
wording_view         Scores: the same question in other words
===================  ============================================================
"""
