"""Pictures of results on the terminal: themselves where it can show some, else coarse blocks."""

from __future__ import annotations

import base64
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from search_engine.cli.console import finish_answer, printable, say, show, writing_answer
from search_engine.collection import thumbnail_content
from search_engine.records import SearchResult
from search_engine.search import SearchEngine

if TYPE_CHECKING:
    from PIL import Image

_SHOWN = 4
_LINES = 14
_CHUNK = 4_096
_KITTY, _ITERM = {"ghostty"}, {"iTerm.app", "WezTerm", "mintty"}


class PictureProtocol(Enum):
    """How a terminal is given pictures."""

    KITTY = auto()
    ITERM = auto()
    BLOCKS = auto()


def protocol_of(environment: Mapping[str, str]) -> PictureProtocol:
    """Return what the terminal understands, by the names that it puts into the environment.

    tmux and screen hand neither protocol on, and leave the names of the terminal around them.
    """
    terminal, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if terminal.startswith(("tmux", "screen")):
        return PictureProtocol.BLOCKS
    if program in _ITERM:
        return PictureProtocol.ITERM
    if program in _KITTY or "kitty" in terminal or "KITTY_WINDOW_ID" in environment:
        return PictureProtocol.KITTY
    return PictureProtocol.BLOCKS


def show_previews(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show the first results as pictures."""
    if sys.stdout is None or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        say("note: pictures are shown on a terminal only, and this is none that could.")
        return
    protocol, console = protocol_of(os.environ), Console()
    if protocol is PictureProtocol.BLOCKS:
        if console.color_system is None or console.no_color or console.options.ascii_only:
            say("note: this terminal shows neither pictures nor blocks of colour.")
            return
        say("note: this terminal shows no pictures; they are drawn coarsely, of coloured blocks.")
    for result in results[:_SHOWN]:
        show(f"#{result.record.picture_id}  {printable(result.record.path)}")
        picture = _thumbnail(engine, result)
        if picture is None:
            say("note: its thumbnail is lost; the next update makes it anew.")
            continue
        finish_answer()
        with writing_answer():
            _draw(picture, protocol, console)


def _thumbnail(engine: SearchEngine, result: SearchResult) -> Image.Image | None:
    from PIL import Image

    found = thumbnail_content(engine.thumbnail_path(result.record))
    if found is None:
        return None
    try:
        with Image.open(io.BytesIO(found[0]), formats=("JPEG", "WEBP")) as image:
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError):  # what Pillow says of a damaged file
        return None


def _draw(picture: Image.Image, protocol: PictureProtocol, console: Console) -> None:
    """Draw a picture from the beginning of a line, over as many lines as there is room for."""
    # A line is about twice as high as a column is wide.
    lines = min(_LINES, round(console.width * picture.height / picture.width / 2)) or 1
    if protocol is PictureProtocol.BLOCKS:
        columns = min(console.width, round(2 * lines * picture.width / picture.height)) or 1
        for line in _blocks(picture, columns, lines):
            console.print(line, no_wrap=True)
        return
    content = io.BytesIO()
    picture.save(content, "PNG")
    encoded = base64.b64encode(content.getvalue()).decode()
    written = _kitty if protocol is PictureProtocol.KITTY else _iterm
    sys.stdout.write(written(encoded, lines) + "\n")


def _kitty(encoded: str, lines: int) -> str:
    """Return a PNG for kitty: ``ESC _G`` keys ``;`` chunk ``ESC`` and a backslash, for each chunk.

    The first says that it is to be shown at once (``a=T``), a PNG (``f=100``), on how many lines
    (``r``), each that nothing is to be replied (``q=2``) and whether more follow (``m``).
    Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/
    """
    chunks = [encoded[start : start + _CHUNK] for start in range(0, len(encoded), _CHUNK)]
    more = [1] * (len(chunks) - 1) + [0]
    keys = [f"a=T,f=100,r={lines},", *[""] * (len(chunks) - 1)]
    return "".join(
        f"\x1b_G{key}q=2,m={follows};{chunk}\x1b\\"
        for key, follows, chunk in zip(keys, more, chunks, strict=True)
    )


def _iterm(encoded: str, lines: int) -> str:
    """Return a picture for iTerm2: ``ESC ] 1337 ; File =`` keys ``:`` the file ``BEL``.

    Source: https://iterm2.com/documentation-images.html
    """
    size = len(base64.b64decode(encoded))
    return f"\x1b]1337;File=inline=1;size={size};height={lines}:{encoded}\x07"


def _blocks(picture: Image.Image, columns: int, lines: int) -> Iterator[Text]:
    """Give each line as half blocks, of two colours each: that of a pixel, and of that below it."""
    import numpy as np

    rows = np.asarray(picture.resize((columns, 2 * lines))).tolist()
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        pairs = zip(upper, lower, strict=True)
        yield Text.assemble(*(("▀", _coloured(above, below)) for above, below in pairs))


def _coloured(above: Sequence[int], below: Sequence[int]) -> Style:
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))
