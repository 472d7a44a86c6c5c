import pytest

from search_engine.lab.model_quality.quality import measure
from search_engine.settings import Settings


@pytest.fixture(scope="session")
def model_folder():
    return Settings.from_environment().mini_model_folder


@pytest.fixture(scope="session")
def figures(model_folder):
    """The figures of the shipped model by name."""
    return {figure.name: figure.value for figure in measure(model_folder)}
