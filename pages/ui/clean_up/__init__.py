"""Clean up: copies, labels that may be wrong, odd pictures.

===============  ===================================================================================
module           owns
===============  ===================================================================================
audit_steps      what takes long, begun by a click
compared_sets    the two sets of pictures that are compared
comparison_view  what two sets have in common, and what not
copies_view      a group of copies side by side
duplicates_view  copies, and which to keep
suspects_view    pictures that may be in the wrong category
unusual_view     odd pictures
===============  ===================================================================================
"""
