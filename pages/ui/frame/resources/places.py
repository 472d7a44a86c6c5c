"""Where things lie, and the builds that run in processes of their own."""

from __future__ import annotations

from search_engine import Settings
from search_engine.jobs import Jobs


def settings() -> Settings:
    """Return where things lie."""
    return Settings.from_environment()


def jobs() -> Jobs:
    """Return the builds that run in processes of their own."""
    return Jobs(settings())
