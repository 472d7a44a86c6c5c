"""Clean up: copies, labels that may be wrong, odd pictures.

===============  ===================================================================================
module           owns
===============  ===================================================================================
audit_steps      what takes long, begun by a click
copies_view      a group of copies side by side
duplicates_view  copies, and which to keep
suspects_view    pictures that may be in the wrong category
unusual_view     odd pictures
===============  ===================================================================================
"""
