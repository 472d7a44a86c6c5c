"""What the tests of attacks and faults share."""

import pytest

from search_engine.collection.decoding.children import Children
from tests.safety.evil_decoders import program


@pytest.fixture
def pool():
    """Make decoders that do something evil with files which begin with the word."""
    made = []

    def make(evil, *, most=1, **options):
        made.append(Children(program(evil, **options), most))
        return made[-1]

    yield make
    for one in made:
        one.close()
