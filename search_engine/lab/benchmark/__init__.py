"""What this program does on this machine, against the plain way, in one run.

===============  ===================================================================================
module           owns
===============  ===================================================================================
indexing_speed   the ways from a folder to an index, in turn
ways             one of these ways, in a process of its own
limit            the parts of ours, and how fast the machine could be
stand_in         a model that costs nothing
photographs      pictures to time with
random_model     a CLIP of the size of ViT-B/32 that needs no download
random_families  a SigLIP, and a model for words alone
search_speed     how fast and how complete each kind of index is, at which size
made_up_vectors  pictures and queries made up, as a CLIP model would place them
machine          memory, processor time, the machine
===============  ===================================================================================
"""
