"""Decoders in processes of their own: a file that crashes one costs one file, not us.

They are started when the first file needs one, are used again, and end with us. On Linux that also
goes for one that is stuck, however we end (see `limits`).
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, BinaryIO, cast

from PIL import Image

from search_engine.collection.decoding.budget import DECODING, MAX_DECODING
from search_engine.collection.decoding.conversion import MOST_WORKING_PIXELS
from search_engine.collection.decoding.frames import BadFrame, Frame, read_frame, write_frame
from search_engine.collection.decoding.limits import PROCESSOR_SECONDS, SECONDS
from search_engine.collection.decoding.picture import MAX_PIXELS, DecodedPicture
from search_engine.collection.decoding.refusal import Refusal
from search_engine.errors import passing_over
from search_engine.records import READER, PictureFacts, SkipReason
from search_engine.settings import PROJECT_FOLDER

_LOG = logging.getLogger(__name__)

WORKER = (sys.executable, "-m", "search_engine.collection.decoding.worker")
_MOST = 16
"""Decoders at once; each takes about 50 MB when it has nothing to do."""
_SECONDS_TO_START = 60.0
_SECONDS_MORE = 5.0  # the decoder's own limit comes first
_SECONDS_TO_END = 1.0  # after it has closed its pipe
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_LONGEST_TEXT = 1000
_PIPE_BYTES = 2**20


class _Ended(Exception):
    """A decoder has ended, or was ended, before it had answered."""


class _Child:
    """One decoder."""

    def __init__(self, command: Sequence[str]) -> None:
        self.answers = 0
        self._timed_out = False
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=PROJECT_FOLDER,
            env=os.environ | _ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us
            creationflags=flags,
        )
        self._requests, self._answers = _pipe(self._process.stdin), _pipe(self._process.stdout)
        try:
            with self._deadline(_SECONDS_TO_START), _broken_pipes():
                self._next(0)
        except BaseException:
            self.end()
            raise

    def decode(self, content: bytes, digest: str) -> DecodedPicture | Refusal:
        """Have a file decoded.

        Raises:
            _Ended: There is no answer, or none that can be believed.
        """
        words, pixels = self._ask({}, content)
        if "need" in words:
            with DECODING.reserve(_number(words["need"], MAX_DECODING)):
                words, pixels = self._ask({})
        answer = _believed(words, pixels, digest)
        self.answers += 1
        return answer

    def _ask(self, words: dict[str, object], content: bytes = b"") -> Frame:
        with self._deadline(SECONDS + _SECONDS_MORE), _broken_pipes():
            write_frame(self._requests, words, content)
            return self._next(3 * MOST_WORKING_PIXELS)

    def _next(self, most: int) -> Frame:
        frame = read_frame(self._answers, most)
        if frame is None:
            raise _Ended
        return frame

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self._process.kill()

    def end(self) -> None:
        """End the process, whatever it does, and reap it."""
        self._process.kill()
        for pipe in (self._requests, self._answers):
            with passing_over(_LOG, "a pipe to a decoder is not closed", OSError):
                pipe.close()
        self._process.wait()

    def refusal(self) -> Refusal:
        """Say why there was no answer; the process has ended, or is ended now."""
        try:
            code = self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.end()
            return Refusal(SkipReason.CRASHED, "it gave no answer")
        self.end()
        return _refusal(code, timed_out=self._timed_out)


@contextmanager
def _broken_pipes() -> Iterator[None]:
    try:
        yield
    except (BadFrame, OSError, ValueError) as error:  # a ValueError says that we closed the pipe
        raise _Ended from error


def _pipe(stream: IO[bytes] | None) -> BinaryIO:
    assert stream is not None  # noqa: S101 - tells the type checker that it is a pipe
    # A picture goes through in one piece, where the system knows how and grants it.
    with passing_over(_LOG, "a pipe stays small", ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return cast("BinaryIO", stream)


def _refusal(code: int, *, timed_out: bool) -> Refusal:
    """Say what the end of a decoder means."""
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
    if timed_out or name == "SIGALRM":
        return Refusal(SkipReason.TOO_SLOW, f"more than {SECONDS:.0f} seconds")
    if name == "SIGPROF":
        detail = f"more than {PROCESSOR_SECONDS:.0f} seconds of the processor"
        return Refusal(SkipReason.TOO_SLOW, detail)
    if name == "SIGKILL":
        return Refusal(SkipReason.TOO_MUCH_MEMORY, "the system ended its decoder")
    return Refusal(SkipReason.CRASHED, name)


def _believed(words: dict[str, Any], pixels: bytes, digest: str) -> DecodedPicture | Refusal:
    """Make an answer of a frame.

    Raises:
        _Ended: It says what no decoder says.
    """
    try:
        said = _text(words.get("said")) or ""
        if "reason" in words:
            detail = _text(words["detail"]) or ""
            if said:
                _LOG.info("refused as %s (%s): its decoder says %r", words["reason"], detail, said)
            return Refusal(SkipReason(words["reason"]), detail, said=said)
        across, down = (_number(side, MOST_WORKING_PIXELS) for side in words["size"])
        width, height = (_number(words[side], MAX_PIXELS) for side in ("width", "height"))
        _number(across * down, MOST_WORKING_PIXELS)
        if len(pixels) != 3 * across * down:
            raise _Ended
        taken_at, camera = _text(words["taken_at"]), _text(words["camera"])
        dated_by, remark = _text(words["dated_by"]), _text(words["remark"])
        if said:
            _LOG.info("read with a remark (%s): its decoder says %r", remark, said)
        facts = PictureFacts(digest, width, height, taken_at, camera, dated_by, remark, READER)
        return DecodedPicture(Image.frombytes("RGB", (across, down), pixels), facts)
    except (KeyError, ValueError, TypeError) as error:
        raise _Ended from error


def _number(value: object, most: int) -> int:
    if isinstance(value, int) and 0 < value <= most:
        return value
    cause = f"{value!r} where a number up to {most} should be"
    raise _Ended(cause)


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, str) and len(value) <= _LONGEST_TEXT):
        return value
    cause = "no text, or too long a one"
    raise _Ended(cause)


class Children:
    """Decoders in processes of their own, as many at a time as there are cores."""

    def __init__(self, command: Sequence[str] = WORKER, most: int | None = None) -> None:
        self._command = command
        self._turns = threading.BoundedSemaphore(most or _cores())
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()

    def decode(self, content: bytes, digest: str) -> DecodedPicture:
        """Decode the bytes of a picture file in another process.

        Raises:
            Refusal: As `decode_here` does; also when the decoder crashes, takes too long or too
                much memory.
        """
        with self._turns:
            answer = self._answer(content, digest)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def _answer(self, content: bytes, digest: str) -> DecodedPicture | Refusal:
        while True:
            child = self._idle_one() or self._started()
            try:
                answer = child.decode(content, digest)
            except _Ended:
                answer = child.refusal()
                self._all.discard(child)
                _LOG.info("a decoder has ended: %s", answer.cause)
                if child.answers and answer.reason is not SkipReason.TOO_SLOW:
                    continue  # an earlier file may have spoiled it, or the system ended it
                return answer
            except BaseException:
                self._discard(child)
                raise
            self._idle.append(child)
            return answer

    def _idle_one(self) -> _Child | None:
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def _started(self) -> _Child:
        try:
            child = _Child(self._command)
        except (_Ended, OSError) as error:
            _LOG.warning("no decoder can be started: %r", error)
            raise Refusal(SkipReason.UNREADABLE, "its decoder cannot be started") from error
        self._all.add(child)
        return child

    def _discard(self, child: _Child) -> None:
        self._all.discard(child)
        child.end()

    def close(self) -> None:
        """End all decoders; the next file starts new ones."""
        self._idle.clear()
        for child in list(self._all):
            self._discard(child)


def _cores() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, _MOST)


CHILDREN = Children()
atexit.register(CHILDREN.close)
