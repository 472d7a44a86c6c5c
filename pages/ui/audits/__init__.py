"""Categories: copies, labels that may be wrong, odd pictures.

================  ==================================================================================
module            owns
================  ==================================================================================
audit_duplicates  copies, and which to keep
audit_steps       what takes long, begun by a click
audit_suspects    pictures that may be in the wrong one
audit_unusual     odd pictures
copies_view       a group of copies side by side
================  ==================================================================================
"""
