"""What a worker does, wherever it runs: here without any cluster around it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from search_engine.cluster.embedding_worker import EmbeddingWorker, FileToEmbed, WorkerJob
from search_engine.collection.thumbnails import THUMBNAILS_FOLDER
from search_engine.embedding import load_embedder
from search_engine.records import READER, SkipReason
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL, Settings
from tests.hostile import crashing_heic

PICTURES = 20


@pytest.fixture(scope="module")
def embedder():
    """The bundled model, as any machine loads it."""
    return load_embedder(MINI_MODEL, Settings.from_environment(), "cpu")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Some drawings; then one that is none, one that crashes its decoder, and one that is gone."""
    folder = tmp_path_factory.mktemp("drawings")
    draw_gallery(folder, pictures=PICTURES)
    paths = sorted(folder.rglob("*.jpg"))
    (folder / "note.jpg").write_text("no picture")
    (folder / "evil.heic").write_bytes(crashing_heic())
    paths += [folder / "note.jpg", folder / "evil.heic", folder / "gone.jpg"]
    sizes = [path.stat().st_size if path.exists() else 1 for path in paths]
    return [FileToEmbed(n, str(path), sizes[n]) for n, path in enumerate(paths)]


@pytest.fixture
def worker(embedder, files, settings, monkeypatch):
    """Make a worker; what is given is another job than that of the files."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def make(**other):
        job = WorkerJob(embedder.card, pictures=PICTURES, probe=files[0])
        return EmbeddingWorker(replace(job, **other), 1, "cpu")

    return make


def opened(file):
    """Return the picture in a file."""
    with Image.open(file.path) as image:
        return image.convert("RGB")


def test_a_worker_gives_what_a_build_here_would(worker, files, embedder, tmp_path, monkeypatch):
    """Vectors, facts and thumbnails of what can be read, of the rest why not; nothing stays."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one = worker()
    assert one.prepare().trouble is None
    batch = one.embed(files)
    good, bad = batch.files[:PICTURES], batch.files[PICTURES:]
    assert [found.number for found in batch.files] == list(range(len(files)))
    plain = embedder.embed_pictures([opened(file) for file in files[:PICTURES]])
    cosines = (np.stack([found.vector for found in good]) * plain).sum(1)
    assert cosines.min() > 0.9999
    assert all(found.thumbnail.startswith(b"\xff\xd8\xff") for found in good)
    assert {found.facts.reader for found in good} == {READER}
    assert [(found.facts.width, found.facts.height) for found in good] == [
        opened(file).size for file in files[:PICTURES]
    ]
    assert [found.reason for found in bad] == [
        SkipReason.NOT_A_PICTURE, SkipReason.CRASHED, SkipReason.VANISHED,
    ]  # fmt: skip
    assert list(tmp_path.rglob(THUMBNAILS_FOLDER)) == []


def test_no_pixels_are_handed_back(worker, files):
    """What comes back of a picture is smaller than the small picture that the model looks at."""
    one = worker()
    one.prepare()
    for found in one.embed(files[:PICTURES]).files:
        assert len(found.thumbnail) + found.vector.nbytes < 40_000


def test_another_model_of_that_name_is_told(worker, embedder):
    """Before anything is embedded, and on which machine."""
    trouble = worker(card=replace(embedder.card, fingerprint="another")).prepare().trouble
    assert "another model under the name 'mini'" in trouble.cause
    assert trouble.place.startswith("on ")
    assert trouble.kind == "WorkersUnavailable"


def test_a_model_that_is_not_there_is_told(worker, embedder):
    """It is not fetched in the middle of a run."""
    trouble = worker(card=replace(embedder.card, model_id="clip-ViT-B-32")).prepare().trouble
    assert trouble.kind == "ModelUnavailable"
    assert "clip-ViT-B-32" in trouble.cause


def test_a_folder_that_is_not_there_is_told(worker, files):
    """A machine that does not see the pictures would else skip them all as gone."""
    unseen = replace(files[0], path="/nowhere/1.jpg")
    other = replace(files[0], size_bytes=files[0].size_bytes + 1)
    for probe, cause in ((unseen, "cannot read the pictures"), (other, "finds another file")):
        trouble = worker(probe=probe).prepare().trouble
        assert cause in trouble.cause
        assert probe.path in trouble.place
        assert "Every machine must see" in trouble.remedy


def test_another_version_of_the_program_is_told(worker):
    """One that reads files in another way would give facts that do not fit the others."""
    trouble = worker(reader=READER + 1).prepare().trouble
    assert "another version" in trouble.cause
