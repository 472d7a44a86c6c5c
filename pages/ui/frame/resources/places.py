"""Where things lie, what was deleted of them, and the builds in processes of their own."""

from __future__ import annotations

from functools import partial

from search_engine import Settings
from search_engine.collection import DeletedCollections
from search_engine.index import forget_vectors
from search_engine.jobs import Jobs, Watches


def settings() -> Settings:
    """Return where things lie."""
    return Settings.from_environment()


def deleted_collections() -> DeletedCollections:
    """Return the collections that were deleted and can still be brought back."""
    return DeletedCollections(settings(), partial(forget_vectors, settings=settings()))


def jobs() -> Jobs:
    """Return the builds that run in processes of their own."""
    return Jobs(settings())


def watches() -> Watches:
    """Return the collections whose folders are watched."""
    return Watches(settings())
