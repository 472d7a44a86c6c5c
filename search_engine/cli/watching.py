"""How ``index --watch`` goes on: looks, updates, and a line for each update."""

from __future__ import annotations

from datetime import UTC, datetime
from time import sleep

from search_engine.building import WatchedFolder
from search_engine.cli.build_run import built
from search_engine.cli.console import finish_answer, printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.index_answer import index_answer, say_resumable
from search_engine.cli.json_answers import line_of_json
from search_engine.collection import where_it_lies
from search_engine.errors import BadFolder, CollectionBusy, WorkersUnavailable
from search_engine.records import BuildOrder, BuildReport, CollectionSettings, counted, duration
from search_engine.settings import Settings

_COUNTS = ("added", "changed", "moved", "removed", "lost")


def watch(
    name: str, wanted: CollectionSettings, settings: Settings, order: BuildOrder, *, as_json: bool
) -> ExitCode:
    """Update a collection whenever its folder has changed, until Ctrl-C.

    Raises:
        CollectionMissing: It is not there any more.
        SearchEngineError: As a build does, but for what passes: another build, a drive away.
    """
    folder, told = WatchedFolder(name, settings), _Told(where_it_lies(wanted.root))
    say(f"Watching {printable(where_it_lies(wanted.root))}; Ctrl-C ends it.")
    try:
        while True:
            if folder.look():
                report = _updated(name, wanted, settings, order, told)
                if report and report.cancelled:
                    say_resumable(report)
                    return ExitCode.STOPPED
                if report:
                    folder.note_update()
                    _tell(report, as_json=as_json)
            told.whether_away(folder.is_away)
            sleep(folder.rest)
    except KeyboardInterrupt:
        say("No longer watching.")
        return ExitCode.DONE


def _updated(
    name: str, wanted: CollectionSettings, settings: Settings, order: BuildOrder, told: _Told
) -> BuildReport | None:
    """Build; None where something is in the way that passes by itself."""
    try:
        return built(name, wanted, settings, order)
    except (BadFolder, CollectionBusy, WorkersUnavailable) as error:
        told.trouble(str(error))
        return None


class _Told:
    """What was said of things that pass, each once."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._away = False
        self._trouble = ""

    def trouble(self, text: str) -> None:
        if text != self._trouble:
            say(f"Waiting: {printable(text)}")
        self._trouble = text

    def whether_away(self, is_away: bool) -> None:  # noqa: FBT001 - what was seen
        if is_away != self._away:
            now = "is out of reach; waiting for it" if is_away else "is there again"
            say(f"{printable(self._root)} {now}.")
        self._away = is_away


def _tell(report: BuildReport, *, as_json: bool) -> None:
    if as_json:
        show(line_of_json(index_answer(report)))
    else:
        counts = [f"{getattr(report, name):,} {name}" for name in _COUNTS if getattr(report, name)]
        counts += [counted(len(report.skipped), "file skipped", "files skipped")] * bool(
            report.skipped
        )
        clock = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        took = duration(report.seconds, tenths=True)
        show(f"{clock}  {', '.join(counts) or 'nothing to change'} in {took}")
    finish_answer()
