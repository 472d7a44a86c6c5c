"""How things look on a terminal, and in a file or pipe.

Answers go to standard output; progress, notes and errors to standard error.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from search_engine.errors import OutputLost
from search_engine.records import BuildProgress, ProgressListener, Stage, Step, duration

_SECONDS_BETWEEN_LINES = 5.0
_LONGEST_NAME = 300

_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What steers a terminal; catalogs, cards and names of files may hold it."""


def show(text: str = "") -> None:
    """Write a line of the answer.

    Raises:
        OutputLost: It cannot be written.
    """
    with writing_answer():
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        print(_harmless(text))  # noqa: T201 - the command line prints


def say(text: str) -> None:
    """Write a line about the work, which goes on where nobody can read it."""
    if sys.stderr is None:  # print would take it for standard output
        return
    with suppress(OSError):
        print(_harmless(text), file=sys.stderr)  # noqa: T201 - the command line prints


@contextmanager
def writing_answer() -> Iterator[None]:
    """Say by an error of ours that an answer cannot be written; a reader may have had enough."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # the second of a stream that was closed
        cause = f"The output cannot be written: {getattr(error, 'strerror', '') or error}"
        remedy = "Is the disk full that it goes to? Send it elsewhere."
        raise OutputLost(cause, place="standard output", remedy=remedy) from error


def finish_answer() -> None:
    """Have all of the answer written, while an error can still be told.

    Raises:
        OutputLost: It cannot be written.
    """
    if sys.stdout is not None:
        with writing_answer():
            sys.stdout.flush()


def _harmless(text: str) -> str:
    return _STEERS.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def printable(text: str) -> str:
    """Write a name on one line, with escapes for what cannot be seen."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def shortened(name: str) -> str:
    """Leave out the middle of a name that is longer than some lines."""
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[-half:]}"


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write columns under headings, each as wide as it needs; numbers to the right."""
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]
    numeric = [all(_is_number(row[n]) for row in rows) for n in range(len(header))]
    for row in [header, *rows]:
        cells = zip(row, widths, numeric, strict=True)
        line = "  ".join(c.rjust(w) if right else c.ljust(w) for c, w, right in cells)
        show(line.rstrip())


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(",", "").replace(".", "").isdigit()


@contextmanager
def progress() -> Iterator[ProgressListener]:
    """Return a listener that shows a build: a bar on a terminal, plain lines otherwise."""
    console = Console(stderr=True)
    if not console.is_terminal or os.environ.get("TERM") == "dumb":
        yield _Lines()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Bar(bars)


@contextmanager
def share_done(what: str) -> Iterator[Callable[[Step], None]]:
    """Return a listener that shows which share of some work is done."""
    console = Console(stderr=True)
    if not console.is_terminal or os.environ.get("TERM") == "dumb":
        say(what)
        yield lambda _step: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(what, total=1.0)
        yield lambda step: bars.update(task, completed=step.share)


class _Bar:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("Starting", total=None, counts="")

    def __call__(self, event: BuildProgress) -> None:
        total = event.total or None
        self._bars.update(
            self._task,
            description=event.stage.label,
            total=total,
            completed=event.done,
            counts=_counts(event) if total else "",
        )


class _Lines:
    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, event: BuildProgress) -> None:
        now = time.monotonic()
        between = 0 < event.done < event.total
        if between and now - self._last < _SECONDS_BETWEEN_LINES:
            return
        if event.stage is not Stage.DONE and (event.total or event.stage is not Stage.EMBED):
            self._last = now
            eta = (
                ""
                if not event.eta_seconds
                else f" · {duration(event.eta_seconds, tenths=True)} to go"
            )
            say(f"{event.stage.label} {_counts(event)}{eta}".rstrip())


def _counts(event: BuildProgress) -> str:
    if not event.total:
        return ""
    rate = f" · {event.pictures_per_second:.1f}/s" if event.done else ""
    skips = f" · {event.skipped} skipped" if event.skipped else ""
    return f"{event.done:,} of {event.total:,}{rate}{skips}"


_SHOW_CURSOR = "\x1b[?25h"
_STOPPING_SOON = "\nStopping after the pictures at hand; press Ctrl-C again to stop at once.\n"
_KEPT = "What was done is kept; the same command goes on from here."
_STANDARD_ERROR = 2
_STOPPING = (signal.SIGINT, signal.SIGTERM)


class StopSignal:
    """Becomes true on the first Ctrl-C; the second one ends the process, whatever it is doing.

    The second does not come to us: by then the system ends the process itself, as it does where
    nobody listens. So it works while a thread is stuck in a decoder, too, and the exit code is what
    a shell says of it, 130. A build may end at any moment, and decoders end with us.
    """

    def __init__(self) -> None:
        self.given = False
        self.ends_at_once = False
        """Whether the first ends what is done as well, which nobody asks whether to stop."""

    def __call__(self) -> bool:
        """Return whether it was given."""
        return self.given

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        for number in _STOPPING:
            signal.signal(number, signal.SIG_DFL)
        self.given = True
        # A bar hides the cursor, and may not get to show it again. What is being printed at this
        # moment cannot be printed to, so this goes past it.
        cursor = _SHOW_CURSOR if os.isatty(_STANDARD_ERROR) else ""
        soon = "" if self.ends_at_once else _STOPPING_SOON
        with suppress(OSError):
            os.write(_STANDARD_ERROR, (cursor + soon).encode())
        if self.ends_at_once:
            raise KeyboardInterrupt(_KEPT)

    @contextmanager
    def listening(self) -> Iterator[StopSignal]:
        """Take Ctrl-C and a request to terminate as a wish to stop, for a while."""
        before = {number: signal.signal(number, self._note) for number in _STOPPING}
        for number in _STOPPING:
            _end_at_the_second(number)
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _end_at_the_second(number: int) -> None:
    """Have the system take our handler away when it first calls it.

    Python's own part of a handler waits for Python's lock, which a stuck decoder may hold. Only
    glibc has this, and elsewhere that one case is left.
    """
    try:
        import ctypes

        install = ctypes.CDLL(None)["__sysv_signal"]
        install.restype, install.argtypes = ctypes.c_void_p, (ctypes.c_int, ctypes.c_void_p)
        install(number, install(number, None))  # None is the system's own way
    except (AttributeError, OSError, TypeError):
        return
