"""CLIP's picture half, computed faster: the one place that uses private parts of torch.

=========  =========================================================================================
module     owns
=========  =========================================================================================
precision  the fastest precision that agrees with full precision
vision     CLIP's picture half, computed faster in a chosen precision
=========  =========================================================================================
"""
