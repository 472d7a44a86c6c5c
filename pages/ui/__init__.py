"""What the pages share.

===========  =======================================================================================
module       owns
===========  =======================================================================================
frame        what every page stands on: session, address, what all tabs share, errors
widgets      charts, tables, bars: drawn from values, without knowing a collection
collections  builds and folders: begun, at work, ended, out of reach
shell        the frame of every page: title, sidebar, the chosen collection
search       the query, its filters, the results, and one picture in detail
home         the first page
served       the app and the API for other programs in one process
build        Build index: what to build, and the care of collections
categories   Categories: counts, one category, similarity, the map
scores       Scores: one search, two, a picture, wordings
clean_up     Clean up: copies, wrong labels, odd pictures
quality      Quality: how good the search is, and whether it can tell what is not here
===========  =======================================================================================
"""
