"""Counts and times as people read them, in the app and in a terminal."""

from __future__ import annotations

_TENTHS_BELOW = 9.95


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many}"


def duration(seconds: float, *, tenths: bool = False) -> str:
    """Return a span of time in the two units that matter; below ten seconds also in tenths."""
    if tenths and seconds < _TENTHS_BELOW:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(max(seconds, 0)), 60)  # clocks are put back
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{max(seconds, 1)} s"
