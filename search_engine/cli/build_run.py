"""A build begun on the command line: shown here and on any page, and stopped by either."""

from __future__ import annotations

from search_engine.building import build_collection
from search_engine.cli.console import StopSignal, progress
from search_engine.jobs import shown_to_pages
from search_engine.records import (
    BuildOrder,
    BuildProgress,
    BuildReport,
    BuildRequest,
    CollectionSettings,
    Stage,
)
from search_engine.settings import Settings

_ASK_WHETHER_TO_STOP = {Stage.COMPARE, Stage.EMBED, Stage.THUMBNAILS}
"""The others may end at any moment, and some take seconds: loading a model, say."""


def built(
    name: str, wanted: CollectionSettings, settings: Settings, order: BuildOrder
) -> BuildReport:
    """Build; stopped by Ctrl-C, what is done is kept.

    Raises:
        SearchEngineError: As `build_collection` does.
        KeyboardInterrupt: It was stopped where it does not ask; it says what becomes of it.
    """
    asked = BuildRequest(wanted, order)
    with (
        StopSignal().listening() as stop,
        progress() as listener,
        shown_to_pages(name, asked, settings) as job,
    ):

        def tell(event: BuildProgress) -> None:
            stop.ends_at_once = event.stage not in _ASK_WHETHER_TO_STOP
            job.advance(event)
            listener(event)

        report = build_collection(
            name, wanted, settings, on_progress=tell, cancelled=stop, order=order
        )
        stop.ends_at_once = False
        job.ended(report)
    return report
