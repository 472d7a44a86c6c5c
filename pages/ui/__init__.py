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
build        Build index: what to build, and the care of collections
categories   Categories: counts, similarity, retrieval, the map
audits       Categories: copies, wrong labels, odd pictures
scores       Scores: one query, two, a picture, wordings, presence
===========  =======================================================================================
"""
