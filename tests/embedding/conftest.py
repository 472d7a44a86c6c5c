"""A small model for what embeds."""

import pytest

from search_engine.embedding import load_embedder
from search_engine.lab.benchmark import random_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small model in the layout of clip-ViT-B-32."""
    return random_model.build(tmp_path_factory.mktemp("model") / "small", seed=5, small=True)


@pytest.fixture
def model(folder, settings):
    """That model, loaded."""
    return load_embedder(str(folder), settings)
