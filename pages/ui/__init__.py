"""What the pages share.

===========  ====================================================================
module       owns
===========  ====================================================================
shell        the frame of every page: title, sidebar, the chosen collection
session      what a browser tab remembers; the only use of ``st.session_state``
resources    what all tabs share; the only use of ``st.cache_*``
address      the address line: what a link reproduces
controls     widgets that give typed values
grid         the grid of results
drawer       one picture, large, with all that is known about it
feedback     errors, empty states, labels; foreign text made harmless
===========  ====================================================================
"""
