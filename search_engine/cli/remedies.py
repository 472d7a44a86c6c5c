"""What leads on from an error, as it is typed."""

from __future__ import annotations

import shlex

from search_engine.errors import SearchEngineError, Way

_ANOTHER = (
    "--model names another: an id of the hub, the folder of a model on this machine, or --model"
    " mini for the bundled one."
)
_COMMANDS = {
    Way.OTHER_MODEL: _ANOTHER,
    Way.ALLOW_DOWNLOAD: f"HF_HUB_OFFLINE is set, and forbids fetching it. {_ANOTHER}",
    Way.CONFIRM_MODEL: "--trust-model confirms it.",
    Way.CONFIRM_STORE: "Run: python -m search_engine index FOLDER --store {about}",
    Way.STORE_TOKEN: "IMAGE_SEARCH_MILVUS_TOKEN holds it, as USER:PASSWORD.",
    Way.OTHER_COLLECTION: "The command list shows those there are, the command index makes one.",
    Way.OTHER_CARD: "search --card writes one.",
    Way.SEPARATE_BY_NUL: "--print0 does it.",
    Way.BYTES_ALONE: "--exact-only does it.",
    Way.UPDATE: "Run: python -m search_engine index FOLDER, with its folder.",
    Way.TAKE_OUT: "--take-out FOLDER does that.",
    Way.REPAIR: "Run: python -m search_engine check {about} --repair",
}


def told(error: SearchEngineError) -> str:
    """Join what an error says and the command that leads on from it to one line."""
    command = _COMMANDS[error.way].format(about=shlex.quote(error.about)) if error.way else ""
    return f"{error} {command}".rstrip()
