"""Pictures of results on the terminal, where it can show some."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from search_engine.cli.console import finish_answer, printable, say, show
from search_engine.collection import thumbnail_content
from search_engine.errors import BadInput
from search_engine.records import SearchResult
from search_engine.search import SearchEngine

_SHOWN = 4
_LINES = 14
_EXTRA = "search_engine/cli/requirements.txt"


def show_previews(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show the first results as pictures: by kitty's protocol, as sixels, or of half blocks.

    Raises:
        BadInput: The package that draws them is not installed.
    """
    if sys.stdout is None or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        say("note: pictures are shown on a terminal only, and this is none that could.")
        return
    kinds = _kinds()
    if kinds.Image is kinds.HalfcellImage:
        say("note: this terminal shows no pictures; they are drawn coarsely, of coloured blocks.")
    console = Console()
    for result in results[:_SHOWN]:
        show(f"#{result.record.picture_id}  {printable(result.record.path)}")
        finish_answer()
        _draw(engine, result, kinds, console)


def _draw(engine: SearchEngine, result: SearchResult, kinds: Any, console: Console) -> None:  # noqa: ANN401 - a module
    from PIL import Image

    found = thumbnail_content(engine.thumbnail_path(result.record))
    if found is None:
        say("note: its thumbnail is lost; the next update makes it anew.")
        return
    try:
        with Image.open(io.BytesIO(found[0]), formats=("JPEG", "WEBP")) as image:
            console.print(kinds.Image(image.convert("RGB"), width="auto", height=_LINES))
    except (ArithmeticError, ValueError) as error:  # of a terminal that says no size, for one
        say(f"note: this terminal cannot be drawn on ({error}).")


def _kinds() -> Any:  # noqa: ANN401 - a module
    try:
        import textual_image.renderable as kinds
    except ImportError as error:
        cause = "The package 'textual-image' is not installed here, which draws on terminals"
        remedy = f"Install it: python -m pip install -r {_EXTRA}"
        raise BadInput(cause, remedy=remedy) from error
    return kinds
