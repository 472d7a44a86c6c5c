"""Files to vectors on one core or graphics card of any machine: what a worker does there.

The steps are those of a build in one process: the same decoders, each in a process of its own, the
same model, the same precision. Nothing here knows of Ray: what goes in and comes out are records,
and an error is handed back as what it says.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from search_engine.collection.decoding import ReadPicture, ReadRequest, Refusal, read
from search_engine.collection.decoding.budget import CONTENTS
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import PART_SIZE, Embedder, Lanes, PictureEmbedding, load_embedder
from search_engine.errors import SearchEngineError, Trouble, WorkersUnavailable
from search_engine.records import READER, ModelCard, PictureFacts, SkipReason, Vectors
from search_engine.records.model_inputs import ModelInput
from search_engine.settings import Settings

_PARTS = 4
"""A batch is cut into so many, or more, so that the next is read while one is embedded."""


@dataclass(frozen=True, slots=True)
class FileToEmbed:
    """A file, by a path that is the same on every machine."""

    number: int
    """What the one who asks knows it by."""
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """What became of a file: facts, vector and thumbnail, or the reason for none of them."""

    number: int
    facts: PictureFacts | None = None
    vector: Vectors | None = None
    thumbnail: bytes = b""
    """A JPEG of some ten thousand bytes: the pixels themselves stay where they were read."""
    reason: SkipReason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WorkerJob:
    """What all workers of a build are to know."""

    card: ModelCard
    pictures: int
    """For each of them, about; finding the fastest precision pays only from some dozens on."""
    probe: FileToEmbed | None
    """A file that must be there, as proof that the folder is."""
    reader: int = READER
    """Which way of reading files the build is of."""


@dataclass(frozen=True, slots=True)
class EmbeddedBatch:
    """What became of the files of a batch, or what keeps the worker from working at all."""

    node: str
    card: ModelCard | None = None
    """With notes on the precision that it embeds in."""
    files: tuple[EmbeddedFile, ...] = ()
    trouble: Trouble | None = None


_Read: TypeAlias = "tuple[FileToEmbed, ReadPicture | Refusal]"


class EmbeddingWorker:
    """Reads and embeds; `prepare` comes first."""

    def __init__(self, job: WorkerJob, cores: int, device: str) -> None:
        self._job = job
        self._device = device
        self._node = platform.node()
        self._held = ExitStack()
        self._readers = ThreadPoolExecutor(cores, thread_name_prefix="read")
        self._embedder: Embedder | None = None
        self._lanes: Lanes | None = None
        self._probe = 0

    def prepare(self) -> EmbeddedBatch:
        """Load the model, and make sure that it and the pictures are those that are meant."""
        os.environ["HF_HUB_OFFLINE"] = "1"  # a model comes from no network in the middle of a run
        try:
            self._see(self._job.probe)
            self._embedder = load_embedder(
                self._job.card.model_id, Settings.from_environment(), self._device
            )
            self._agree(self._embedder.card)
            self._probe = self._embedder.get_ready(self._job.pictures)
        except SearchEngineError as error:
            return EmbeddedBatch(self._node, trouble=Trouble.of(error))
        return EmbeddedBatch(self._node, self._embedder.card)

    def _see(self, probe: FileToEmbed | None) -> None:
        try:
            if probe and Path(probe.path).stat().st_size != probe.size_bytes:
                cause = "A worker finds another file under the path of a picture"
                raise self._unable(cause, probe.path, "Every machine must see the same folder.")
            if probe:
                with Path(probe.path).open("rb") as file:
                    file.read(1)
        except OSError as error:
            cause = f"A worker cannot read the pictures: {error.strerror or error}"
            remedy = "Every machine must see the folder under the same path, and may read it."
            raise self._unable(cause, probe.path if probe else "", remedy) from error

    def _agree(self, card: ModelCard) -> None:
        wanted = self._job.card
        if self._job.reader != READER:
            cause = "A worker runs another version of this program"
            raise self._unable(cause, "", "Put the same one on every machine.")
        if card.fingerprint != wanted.fingerprint:
            cause = f"A worker has another model under the name '{wanted.model_id}'"
            raise self._unable(cause, "", "Put the same files on every machine.")

    def _unable(self, cause: str, place: str, remedy: str) -> WorkersUnavailable:
        on = f"{place} on {self._node}" if place else f"on {self._node}"
        return WorkersUnavailable(cause, place=on, remedy=remedy)

    def embed(self, files: Sequence[FileToEmbed]) -> EmbeddedBatch:
        """Read files and embed what they show; what is wrong with one stands in its place."""
        assert self._embedder is not None  # noqa: S101 - tells the type checker that it is prepared
        try:
            with TemporaryDirectory(prefix="thumbnails-") as folder:
                done = self._embedded(files, Path(folder), self._embedder)
        except SearchEngineError as error:
            return EmbeddedBatch(self._node, trouble=Trouble.of(error))
        except OSError as error:
            unable = self._unable(f"A worker cannot work: {error}", "", "Is its disk full?")
            return EmbeddedBatch(self._node, trouble=Trouble.of(unable))
        return EmbeddedBatch(self._node, self._embedder.card, tuple(done))

    def _embedded(
        self, files: Sequence[FileToEmbed], folder: Path, embedder: Embedder
    ) -> list[EmbeddedFile]:
        embed, at_once = self._way(len(files), embedder)
        seen = embedder.looks_at
        reading = [
            self._readers.submit(_read, files[at : at + PART_SIZE], folder, seen)
            for at in range(0, len(files), PART_SIZE)
        ]
        done: list[EmbeddedFile] = []
        begun: list[_Read] = []
        for part in reading:
            begun += part.result()
            if len(begun) >= at_once or part is reading[-1]:
                done += _with_vectors(begun, embed, folder)
                begun = []
        return done

    def _way(self, files: int, embedder: Embedder) -> tuple[PictureEmbedding, int]:
        """Return how pictures are embedded, and how many at once; the first of many find out."""
        if self._probe:
            self._probe = 0
            return embedder.tune, files
        if self._lanes is None:
            self._lanes = self._held.enter_context(embedder.side_by_side())
        return self._lanes.embed, min(self._lanes.part_size, max(PART_SIZE, files // _PARTS))


def _read(files: Sequence[FileToEmbed], folder: Path, seen: ModelInput | None) -> list[_Read]:
    request = ReadRequest([Path(file.path) for file in files], folder, seen)
    with CONTENTS.reserve(max(file.size_bytes for file in files)):
        return list(zip(files, read(request), strict=True))


def _with_vectors(
    begun: Sequence[_Read], embed: PictureEmbedding, folder: Path
) -> Iterator[EmbeddedFile]:
    pictures = [one.seen for _, one in begun if isinstance(one, ReadPicture)]
    vectors = iter(embed(pictures) if pictures else ())
    for file, one in begun:
        if isinstance(one, Refusal):
            yield EmbeddedFile(file.number, reason=one.reason, detail=one.detail)
        else:
            thumbnail = Thumbnails(folder).path(one.facts.content_hash).read_bytes()
            yield EmbeddedFile(file.number, one.facts, next(vectors), thumbnail)
