"""The query, its filters, the results, and one picture in detail.

=================  =================================================================================
module             owns
=================  =================================================================================
all_pictures       all pictures, where nothing is searched for
asking             the answer to what a page asks for
behind             the pictures behind a bar, a cell, a point
bundled_model      what the bundled model does not know
category_choice    categories to choose from, however many
compare_view       two to four pictures side by side
current_query      what is asked for in this run, by the address or by widgets
date_filter        the filter on dates, typed
downloads          results to take away
drawer             one picture in the viewer, with all that is known about it
dropped_pictures   pictures that are dropped, pasted or chosen as terms of the query
example_queries    queries to begin with, that work on the collection
export_form        results exported into a folder
filter_form        what restricts the answers
folding            near copies among results, for which one card stands
grid               the grid of results
keys_help          the keys that do something, in a small dialog; the last of the search tools
name_filters       the filters on category and path
negation_note      a query with a no in it, and what to search for instead
new_query          another query: by a widget, a button, a click on a picture
order_form         which results are shown, in which order, and those that are marked
result_order       the results in the order that is asked for
over_page          what is open over a page, as a part of its address
precision_chart    the precision of matches by threshold
preview_choice     whether a picture is shown larger while the mouse rests on it
precision_view     “Check 20”: how many matches are right, by what a person says of twenty
result_summary     the line above the results, with what can be done with them
result_table       results as a table of facts, whose rows open the picture
saved_state        what a saved query asks for, with its filters and order
saved_view         queries to run again, and what is different then
search_form        the box for words, terms beside it, and how answers are shown
selection          results that are selected, and what can be done with them
selection_bar      … the bar at the foot of the window, for the map as well
seen_view          the drawer: the square that the model saw
suggestions        recent searches, and what fits while one types
tagging            tags of one's own, and hidden pictures
term_bars          what each term of a query gives to a score
terms              pictures and words beside the query
timeline_view      all pictures as a timeline
verdict_line       whether what was asked for is here at all
view_form          how results are shown, and how large
viewer             one picture as large as the window
why_view           the drawer: terms, words, and the place in the picture
words_view         which word of a query carries its scores
=================  =================================================================================
"""
