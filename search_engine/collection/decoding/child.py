"""One decoder in a process of its own, from the outside."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import psutil

from search_engine.collection.decoding.believing import (
    MOST_BYTES,
    BadAnswer,
    number,
    picture_of,
    read_pictures_of,
)
from search_engine.collection.decoding.budget import DECODING, MAX_DECODING
from search_engine.collection.decoding.frames import BadFrame, Frame, read_frame, write_frame
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.limits import LONGEST, SECONDS
from search_engine.collection.decoding.picture import DecodedPicture
from search_engine.collection.decoding.refusal import DecoderEnded, Refusal
from search_engine.errors import passing_over
from search_engine.records import SkipReason
from search_engine.settings import PROJECT_FOLDER

_LOG = logging.getLogger(__name__)

_SECONDS_TO_START = 60.0
_SECONDS_MORE = 5.0  # the decoder's own limits come first
_SECONDS_TO_END = 1.0  # after it has closed its pipe
_SECONDS_BETWEEN_LOOKS = 0.5
_COMPUTING = 0.05
"""Of a processor's time; who takes less is taken to wait for something that does not come."""
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_PIPE_BYTES = 2**20
_LONGEST_NUMBER = 8


class Ended(Exception):
    """A decoder has ended, or was ended, before it had answered."""


class Child:
    """One decoder."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it.

        Raises:
            Ended: It does not come to be ready.
            OSError: The system starts none.
        """
        self.answers = 0
        self._timed_out = False
        self._place = _scratch()
        try:
            self._process = _started(command, self._place)
        except BaseException:
            self._place.close()
            raise
        self._requests, self._answers = _pipe(self._process.stdin), _pipe(self._process.stdout)
        try:
            with WATCH.over(self, _SECONDS_TO_START), _broken_pipes():
                self._next(0)
        except BaseException:
            self.end()
            raise

    @property
    def process_id(self) -> int:
        """The number that the system gave it."""
        return self._process.pid

    def decode(
        self, content: bytes, digest: str, *, uses_profile: bool, longest: int | None = None
    ) -> DecodedPicture | Refusal:
        """Have a file decoded, for models, or with a longer side of up to ``longest`` pixels.

        Raises:
            Ended: There is no answer, or none that can be believed.
        """
        with _broken_pipes():
            wanted: dict[str, object] = {"uses_profile": uses_profile, "longest": longest}
            words, pixels = self._ask(wanted, content)
            answer = picture_of(words, pixels, digest)
        self.answers += 1
        return answer

    def read(self, request: ReadRequest, *, uses_profile: bool) -> list[ReadPicture | Refusal]:
        """Have files read and decoded.

        Raises:
            Ended: There is no answer, or none that can be believed.
            CollectionError: A thumbnail cannot be written.
        """
        seen = request.looks_at
        words: dict[str, object] = {
            "files": [str(file) for file in request.files],
            "collection": str(request.collection),
            "looks_at": (seen.side, seen.resample, seen.squashes) if seen else None,
            "uses_profile": uses_profile,
        }
        with _broken_pipes():
            told, pixels = self._ask(words, most=len(request.files) * MOST_BYTES)
            answer = read_pictures_of(told, pixels, request)
        self.answers += 1
        return answer

    def _ask(self, words: dict[str, object], content: bytes = b"", most: int = MOST_BYTES) -> Frame:
        answer = self._answer(words, content, most)
        while "need" in answer[0]:
            with DECODING.reserve(number(answer[0]["need"], MAX_DECODING)):
                answer = self._answer({}, b"", most)
        return answer

    def _answer(self, words: dict[str, object], content: bytes, most: int) -> Frame:
        with WATCH.over(self, SECONDS):
            write_frame(self._requests, words, content)
            return self._next(most)

    def _next(self, most: int) -> Frame:
        while True:
            frame = read_frame(self._answers, most)
            if frame is None:
                raise Ended
            if "alive" not in frame[0]:
                return frame
            WATCH.renew(self)

    def processor_seconds(self) -> float:
        """Return how much of a processor's time it has taken so far."""
        with passing_over(_LOG, "a decoder has ended", psutil.Error):
            times = psutil.Process(self._process.pid).cpu_times()
            return float(times.user + times.system)
        return 0.0

    def time_out(self) -> None:
        """End the process, because its time is up."""
        self._timed_out = True
        self.stop()

    def stop(self) -> None:
        """End the process, so that whoever waits for its answer waits no longer."""
        self._process.kill()

    def end(self) -> None:
        """End the process, whatever it does, and reap it."""
        self._process.kill()
        for pipe in (self._requests, self._answers, self._place):
            with passing_over(_LOG, "a pipe to a decoder is not closed", OSError):
                pipe.close()
        # One that waits for a drive which does not answer ends when that does.
        with passing_over(_LOG, "a decoder is not reaped yet", subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_END)

    def _file(self) -> int:
        """Return at which of the files that it was asked for it was, as far as it says."""
        with passing_over(_LOG, "a decoder says nothing of its file", OSError, ValueError):
            self._place.seek(0)
            return max(0, int(self._place.read(_LONGEST_NUMBER)))
        return 0

    def refusal(self) -> DecoderEnded:
        """Say why there was no answer; the process has ended, or is ended now."""
        code: int | None = None
        with passing_over(_LOG, "a decoder goes on", subprocess.TimeoutExpired):
            code = self._process.wait(_SECONDS_TO_END)
        file = self._file()
        self.end()
        if self._timed_out:
            return DecoderEnded(SkipReason.TOO_SLOW, f"more than {SECONDS:.0f} seconds", file)
        if code is None:
            return DecoderEnded(SkipReason.CRASHED, "it did not respond", file)
        return DecoderEnded(*_meaning(code), file)


def _scratch() -> IO[bytes]:
    """Return a file where a decoder notes its place, which goes with us; a full disk costs it."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        _LOG.info("decoders cannot note their place: %s", error)
        return Path(os.devnull).open("w+b")


def _started(command: Sequence[str], place: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=PROJECT_FOLDER,
        env=os.environ | _ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=place,
        start_new_session=True,  # Ctrl-C is for us
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


@contextmanager
def _broken_pipes() -> Iterator[None]:
    try:
        yield
    except (BadFrame, BadAnswer, OSError, ValueError) as error:
        raise Ended from error  # a ValueError says that we closed the pipe


def _pipe(stream: IO[bytes] | None) -> BinaryIO:
    assert stream is not None  # noqa: S101 - tells the type checker that it is a pipe
    # A picture goes through in one piece, where the system knows how and grants it.
    with passing_over(_LOG, "a pipe stays small", ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return cast("BinaryIO", stream)


def _meaning(code: int) -> tuple[SkipReason, str]:
    """Say what the end of a decoder means."""
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
    if name in {"SIGALRM", "SIGPROF"}:
        return SkipReason.TOO_SLOW, f"more than {SECONDS:.0f} seconds"
    if name == "SIGKILL":
        return SkipReason.TOO_MUCH_MEMORY, "the system ended its decoder"
    return SkipReason.CRASHED, name


class _Watch:
    """One thread that ends the decoders whose time is up, started with the first of them.

    Where the system holds the limits that a decoder has set itself, that is only one which waits
    for something that never comes.
    """

    def __init__(self) -> None:
        self._busy: dict[Child, tuple[float, float]] = {}
        """Since when, and for how long at most."""
        self._starting = threading.Lock()
        self._runs = False

    @contextmanager
    def over(self, child: Child, seconds: float) -> Iterator[None]:
        """End a decoder that neither answers nor computes for so many seconds."""
        self._busy[child] = time.monotonic(), seconds
        if not self._runs:
            self._start()
        try:
            yield
        finally:
            self._busy.pop(child, None)

    def renew(self, child: Child) -> None:
        """Count a decoder's time from now on; for the one who waits for it."""
        self._busy[child] = time.monotonic(), self._busy[child][1]

    def _start(self) -> None:
        with self._starting:
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="decoders", daemon=True).start()

    def _run(self) -> None:
        spent: dict[Child, tuple[float, float]] = {}
        while True:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
            busy = self._busy.copy()
            spent = {child: known for child, known in spent.items() if child in busy}
            for child, (since, most) in busy.items():
                if spent.get(child, (0.0, 0.0))[0] != since:
                    spent[child] = since, child.processor_seconds()
                self._end_overdue(child, since, most, spent[child][1])

    def _end_overdue(self, child: Child, since: float, most: float, spent: float) -> None:
        waited = time.monotonic() - since
        if waited <= most:
            return
        is_computing = child.processor_seconds() - spent > _COMPUTING * waited
        still = self._busy.get(child) == (since, most)
        if still and (not is_computing or waited > LONGEST + _SECONDS_MORE):
            child.time_out()


WATCH = _Watch()
