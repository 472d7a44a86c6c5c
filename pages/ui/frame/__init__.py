"""What every page stands on.

=============  =====================================================================================
module         owns
=============  =====================================================================================
address        the address line, read and written
asked_build    what the page that builds is asked for
every_page     what works behind every page: focus of dialogs, steps of the history
feedback       errors, empty states, labels; foreign text made harmless
folder_looks   looks into folders, without making a page wait for a slow drive
folder_watch   what changed in the folders, without making a page wait
gate           who may talk to the app, and what a browser may do with its pages
linked         widgets whose value is in the address
look           how pages look beyond what the theme says
logs           what the log of the server says about a fault
measured       what takes long to measure, with progress, once
model_trust    the question whether a model that a collection names may be loaded
model_wait     what a page shows while its model is loaded
model_warming  the model that will be asked next, loaded before it is needed
moved_views    links of before, led to where a view is now
resources      what all tabs share; the only use of ``st.cache_*``
search_memory  what a tab remembers of a search, and what is asked for next
search_state   everything that a search can be asked for, and how an address says it
serving        pictures handed to a browser, by addresses of their own
session        what a browser tab remembers; the only use of ``st.session_state``
uploads        pictures shown as examples, kept for their browser while it is here
visitor        whether the browser is of this machine
ways_on        what leads on from an error, as buttons
=============  =====================================================================================
"""
