"""Builds and folders: begun, at work, ended, out of reach.

==============  ====================================================================================
module          owns
==============  ====================================================================================
build_start     a build begun by a click
first_build     a collection that is searched before its first build has ended
folder_browser  a dialog in which a folder is found by clicking
folder_changes  what changed in a folder since the last update
gone_folder     a collection whose folder is not there now, and the way to its new place
job_panel       a build at work
out_of_reach    what is out of reach or not read, said where one wonders about it
outcomes        how builds ended that nobody has put away
==============  ====================================================================================
"""
