"""The background texts of the bundled model: each kind of thing it knows, in each colour.

``python -m search_engine.lab.mini_model.known_things FILE`` writes them as the model brings them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from search_engine.lab.mini_model.vocabulary import NOUNS, UMBRELLA_TERMS
from search_engine.lab.model_quality.queries import with_article
from search_engine.sample.scenes import Colour, Kind

_HEAD = """\
# What else a picture could show, to a model that knows the drawings of the sample gallery. One text
# a line. The line that begins a group says in single words what its texts are kinds of.
"""


def background_file() -> str:
    """Return the file as text."""
    groups = ["\n".join([_heading(kind), *_texts(kind)]) for kind in Kind]
    return "\n\n".join([_HEAD.rstrip(), *groups]) + "\n"


def _heading(kind: Kind) -> str:
    words = [noun.one for noun in NOUNS[kind]]
    words += [noun.one for noun, kinds in UMBRELLA_TERMS if kind in kinds]
    single = dict.fromkeys(word for text in words for word in text.split())
    return f"# {' '.join(single)}"


def _texts(kind: Kind) -> list[str]:
    name = NOUNS[kind][0].one
    return [name, *(with_article(f"{colour} {name}") for colour in Colour)]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(background_file(), encoding="utf-8")
