"""An export: files placed in a folder one by one, none over another, and a table of them."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_engine.collection import Refusal, content_hash, read_content
from search_engine.errors import BadInput, ExportStopped, passing_over
from search_engine.exchange.export_names import FreeNames
from search_engine.exchange.export_place import names_in
from search_engine.exchange.export_plan import (
    CHANGED,
    GONE,
    TABLE,
    ExportPlan,
    LeftOutFile,
    Manner,
    PlannedFile,
)
from search_engine.files import tables
from search_engine.records import Progress, Step, counted, no_progress

_LOG = logging.getLogger(__name__)

_HEADER = (
    "file", "picture", "picture_id", "category", "match", "sha256", "what",
)  # fmt: skip
_DONE = {
    Manner.COPY: "copied", Manner.HARD_LINK: "hard link", Manner.SYMBOLIC_LINK: "symbolic link",
}  # fmt: skip
_STAGES = {Manner.COPY: "Copying", Manner.HARD_LINK: "Linking", Manner.SYMBOLIC_LINK: "Linking"}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
_OF_ONE_FILE = {
    errno.EXDEV: "on another drive", errno.EMLINK: "has too many names already",
    errno.EFBIG: "too large for the disk",
}  # fmt: skip
"""What the system says that is no reason to stop."""
_NO_PRIVILEGE = 1314
"""What Windows says where only administrators may make symbolic links."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did."""

    folder: Path
    manner: Manner
    names: tuple[str, ...]
    """Of the files that are in the folder now, in the order of the plan."""
    bytes: int
    """How much was written."""
    left_out: tuple[LeftOutFile, ...]
    table: Path | None
    """Says which file is which; None where not even that could be written."""


def export_files(plan: ExportPlan, progress: Progress = no_progress) -> ExportReport:
    """Do what a plan says, and write the table; where it is stopped, of what was done until then.

    A picture is copied only if its file still holds what was indexed. Copies have the dates of
    their files.

    Raises:
        BadInput: The copies would not fit on the disk; nothing was written.
        ExportStopped: The folder cannot be made or written, the disk is full, or it holds no such
            links. What was written until then stays, and the error counts it.
    """
    if not plan.fits:
        cause = f"The copies take {plan.bytes:,} bytes, and the disk has {plan.free_bytes:,} left"
        remedy = "Free some space, export fewer, or choose links."
        raise BadInput(cause, place=str(plan.folder), remedy=remedy)
    return _Export(plan).run(progress)


class _Export:
    def __init__(self, plan: ExportPlan) -> None:
        self._plan = plan
        self._done: list[tuple[PlannedFile, str]] = []
        self._left_out = list(plan.left_out)
        self._names = FreeNames()

    def run(self, progress: Progress) -> ExportReport:
        plan = self._plan
        with self._translated():
            plan.folder.mkdir(exist_ok=True)
        taken = names_in(plan.folder)
        self._names = FreeNames([*taken, TABLE])
        table = None
        try:
            for number, file in enumerate(plan.files):
                progress(Step(_STAGES[plan.manner], number, len(plan.files)))
                with self._translated():
                    self._take(file)
        finally:  # whoever stops it finds out what is there
            table = self._write_table(taken)
        written = sum(one.record.size_bytes for one, _ in self._done)
        return ExportReport(
            plan.folder,
            plan.manner,
            tuple(name for _, name in self._done),
            written if plan.manner is Manner.COPY else 0,
            tuple(self._left_out),
            table,
        )

    def _take(self, file: PlannedFile) -> None:
        """Place a file, or note why it is left out."""
        try:
            put = self._way_to_put(file)
        except (Refusal, OSError):
            self._leave_out(file, GONE)
            return
        if put is None:
            self._leave_out(file, CHANGED)
            return
        try:
            self._done.append((file, self._placed(file.name, put)))
        except OSError as error:
            if error.errno not in _OF_ONE_FILE:
                raise
            self._leave_out(file, _OF_ONE_FILE[error.errno])

    def _leave_out(self, file: PlannedFile, reason: str) -> None:
        self._left_out.append(LeftOutFile(file.record, str(file.source), reason))

    def _way_to_put(self, file: PlannedFile) -> Callable[[Path], None] | None:
        """Return what puts the file at a path; None where it holds something else by now.

        Raises:
            Refusal: It is gone, or cannot be read.
            OSError: The same.
        """
        facts = file.source.stat()
        if self._plan.manner is Manner.COPY:
            content = read_content(file.source)
            if content_hash(content) != file.record.content_hash:
                return None
            return lambda target: _write_new(target, content, facts)
        is_as_indexed = (facts.st_size, facts.st_mtime_ns) == (
            file.record.size_bytes,
            file.record.modified_ns,
        )
        if (
            not is_as_indexed
            and content_hash(read_content(file.source)) != file.record.content_hash
        ):
            return None
        if self._plan.manner is Manner.HARD_LINK:
            source = file.source.resolve()
            return lambda target: target.hardlink_to(source)
        return lambda target: target.symlink_to(file.source)

    def _placed(self, wanted: str, put: Callable[[Path], None]) -> str:
        while True:
            name = self._names.take(wanted)
            try:
                put(self._plan.folder / name)
            except FileExistsError:  # it came since the folder was looked at
                continue
            return name

    def _write_table(self, taken: list[str]) -> Path | None:
        rows = [
            *(self._row(file, name, _DONE[self._plan.manner]) for file, name in self._done),
            *(_row_left_out(one) for one in self._left_out),
        ]
        content = tables.as_csv(_HEADER, rows)
        names = FreeNames(taken)
        with passing_over(_LOG, "the table of an export is not written", OSError):
            while True:
                target = self._plan.folder / names.take(TABLE)
                try:
                    _write_new(target, content)
                except FileExistsError:
                    continue
                return target
        return None

    def _row(self, file: PlannedFile, name: str, what: str) -> list[object]:
        match = None if file.match is None else round(file.match, 2)
        record = file.record
        source = str(file.source)
        return [name, source, record.picture_id, record.category, match, record.content_hash, what]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            done = f"{len(self._done):,} of {counted(len(self._plan.files), 'file', 'files')}"
            cause = f"{_cause(error, self._plan.manner)}; {done} are in the folder"
            place = str(self._plan.folder)
            raise ExportStopped(cause, place=place, remedy=_remedy(error)) from error


def _row_left_out(one: LeftOutFile) -> list[object]:
    record = one.record
    what = f"skipped: {one.reason}"
    return ["", one.place, record.picture_id, record.category, None, record.content_hash, what]


def _write_new(target: Path, content: bytes, facts: os.stat_result | None = None) -> None:
    """Write a file that is not there yet, with the dates of another; or none of it."""
    file = target.open("xb")
    try:
        with file:
            file.write(content)
    except BaseException:
        target.unlink()
        raise
    if facts is not None:
        with passing_over(_LOG, "the dates of a copy are not kept", OSError):
            os.utime(target, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _is_of_links(error: OSError, manner: Manner) -> bool:
    is_refused = error.errno in _NO_LINKS or getattr(error, "winerror", None) == _NO_PRIVILEGE
    return manner is not Manner.COPY and is_refused


def _cause(error: OSError, manner: Manner) -> str:
    if error.errno in _FULL:
        return "The disk is full"
    if _is_of_links(error, manner):
        return f"The disk or the system makes no {manner}s there"
    return f"The folder cannot be written: {error.strerror or error}"


def _remedy(error: OSError) -> str:
    if error.errno in _FULL:
        return "Free some space, or choose another disk."
    return "Choose copies, or another folder."
