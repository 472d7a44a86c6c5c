"""When a collection was built, and what came of it, in the time of whoever looks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback
from pages.ui.widgets import data_table
from search_engine.collection import Build
from search_engine.records import duration

_STATES = {
    "done": "Done",
    "running": "At work",
    "cancelled": "Stopped",
    "failed": "Failed",
    "interrupted": "Stopped unexpectedly",
}


def show(builds: Iterable[Build]) -> None:
    """List builds, the latest first."""
    table = pd.DataFrame(
        {
            "Started": local_time(build.started_at),
            "Result": _STATES.get(build.state, build.state),
            "New": build.added,
            "Changed": build.changed,
            "Moved": build.moved,
            "Missing": build.removed,
            "Unchanged": build.unchanged,
            "Skipped": build.skipped,
            "Took": duration(build.seconds) if build.seconds else "",
            "Model": feedback.readable(build.model_id),
        }
        for build in builds
    )
    data_table.show(table, hide_index=True)


def local_time(moment: str) -> str:
    """Write a moment, given as ISO text in UTC, in the time of the browser or of this machine."""
    try:
        then = datetime.fromisoformat(moment)
    except ValueError:
        return feedback.readable(moment)
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    zone = None
    with suppress(ValueError, OSError, KeyError):  # of a browser that names none, or an odd one
        zone = ZoneInfo(st.context.timezone or "")
    local = then.astimezone(zone)
    return f"{local.day} {local:%b} {local.year}, {local:%H:%M}"
