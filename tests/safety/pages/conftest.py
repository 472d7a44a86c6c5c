"""The collection, and the way to run a page, that the tests of the app have."""

import psutil
import pytest

from search_engine.jobs.control import Jobs
from tests.app.conftest import collection, fresh_caches, no_sample, page

__all__ = ["collection", "fresh_caches", "no_sample", "page"]


@pytest.fixture
def jobs(settings):
    """The jobs of a data folder; whatever still runs at the end is ended."""
    found = Jobs(settings)
    yield found
    for name in found.active():
        psutil.Process(found.status(name).process).kill()
