"""CLIP's picture half, computed faster: the one place that uses private parts of torch.

=============  =====================================================================================
module         owns
=============  =====================================================================================
choosing       the fastest way on this machine that agrees with full precision
noted          what was chosen here before
precision      whether a faster way says what the model says in full precision
portions       as many pictures at once as memory takes
graphics_card  CLIP's picture half on a graphics card
vision         CLIP's picture half on the CPU, in a chosen precision
=============  =====================================================================================
"""
