import pytest

from search_engine.sample import draw_gallery
from search_engine.sample.quality import measure
from search_engine.settings import Settings


@pytest.fixture(scope="session", autouse=True)
def offline():
    """No test of the sample asks the network for anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """The whole gallery, drawn once: its folder and its pictures."""
    folder = tmp_path_factory.mktemp("sample") / "gallery"
    return folder, draw_gallery(folder)


@pytest.fixture(scope="session")
def model_folder():
    return Settings.from_environment().mini_model_folder


@pytest.fixture(scope="session")
def figures(model_folder, offline):
    """The figures of the shipped model by name."""
    return {figure.name: figure.value for figure in measure(model_folder)}
