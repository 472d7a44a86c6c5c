"""What there is: the folders looked through, their files decoded, and the catalog of them.

==========  ========================================================================================
module      owns
==========  ========================================================================================
catalog     the SQLite catalog, the one truth
dating      when a picture was taken, out of what is written
decoding    a file to an upright RGB picture
folders     what a person means by a folder, and what to say where it is none
last_used   the collection that was used last
library     all collections of a data folder
manifest    what an index says of itself, checked when it is read
scanning    which files are pictures; new, changed, moved, gone
thumbnails  small pictures by content
==========  ========================================================================================
"""
