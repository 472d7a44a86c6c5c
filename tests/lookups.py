"""What tests look up in a catalog, and the program never does."""

from search_engine import Library


def at_path(catalog, path):
    """Return the picture at a relative path, or None."""
    return next((record for record in catalog.pictures if record.path == path), None)


def skipped(settings):
    """Return why each file of the collection ``pictures`` was left out, by its path."""
    with Library(settings).open_catalog("pictures") as catalog:
        return {skip.path: skip.explanation for skip in catalog.skipped}


def indexed(settings):
    """Return the paths of all pictures of the collection ``pictures``."""
    with Library(settings).open_catalog("pictures") as catalog:
        return {record.path for record in catalog.pictures}
