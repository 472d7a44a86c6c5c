"""Why a file is not decoded, in a form that can be counted and in words."""

from __future__ import annotations

from search_engine.errors import PictureRefused
from search_engine.records import SkipReason


class Refusal(PictureRefused):
    """A file was refused; ``reason`` says why in a form that can be counted."""

    def __init__(
        self, reason: SkipReason, detail: str = "", *, place: str = "", said: str = ""
    ) -> None:
        """``said`` is what a decoder says, in its own words, for the log alone."""
        super().__init__(f"{reason}: {detail}" if detail else str(reason), place=place)
        self.reason = reason
        self.detail = detail
        self.said = said


class DecoderEnded(Refusal):
    """A decoder has ended over one of the files that it was asked for."""

    def __init__(self, reason: SkipReason, detail: str, file: int = 0) -> None:
        """``file`` is its number among them, counted from zero, as far as the decoder said."""
        super().__init__(reason, detail)
        self.file = file


def too_slow(most: int, what: str) -> Refusal:
    """Refuse a file that has more of something than can be read in reasonable time."""
    return Refusal(SkipReason.TOO_SLOW, f"it has more than {most:,} {what}")


def too_much_memory(need: int, most: int) -> Refusal:
    """Refuse a file whose decoder would need more bytes of memory than it may have."""
    limits = f"about {need // 2**20:,} MiB, more than the {most // 2**20:,} that one picture may"
    return Refusal(SkipReason.TOO_MUCH_MEMORY, limits)


def one_line(error: BaseException) -> str:
    """Write an error of another library on one line."""
    return " ".join(str(error).split()) or type(error).__name__
