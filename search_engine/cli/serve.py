"""The command ``serve``: the app and an API for other programs, in one process."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.console import say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.cli.values import path, whole
from search_engine.server import THIS_MACHINE, TOKEN_VARIABLE, USUAL_PORT, Terms, token_of
from search_engine.settings import Settings

_MOST_PORTS = 65_535
_APP = "pages.ui.served.joined"
"""What puts both together; the engine knows its name alone, as Streamlit knows ``Home.py``."""


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """Where the server listens, and for whom."""

    port: int
    address: str
    token_file: Path | None
    host_name: list[str] | None
    allow_writes: bool

    def terms(self) -> Terms:
        """Return the terms on which it is started.

        Raises:
            BadInput: It cannot be started on them.
        """
        return Terms(
            address=self.address,
            port=self.port,
            token=token_of(self.token_file),
            host_names=tuple(self.host_name or ()),
            allow_writes=self.allow_writes,
        ).checked()


def add_options(serve: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = serve.add_argument
    port = f"where it listens; 0 takes a free one ({USUAL_PORT})"
    add("--port", type=whole(0, _MOST_PORTS), default=USUAL_PORT, help=port)
    address = f"by which address it can be reached ({THIS_MACHINE}, by this machine alone);"
    add("--address", default=THIS_MACHINE, help=f"{address} any other needs a token")
    token = f"holds the token, in place of {TOKEN_VARIABLE}; made with a new one where it is not"
    add("--token-file", type=path, metavar="FILE", help=f"{token} there")
    name = "another name that it is called by, behind a proxy for one (repeat)"
    add("--host-name", action="append", metavar="NAME", help=name)
    add("--allow-writes", action="store_true", help="let programs tag and hide pictures")


def run(options: ServeOptions, _settings: Settings) -> ExitCode:
    """Serve until Ctrl-C."""
    terms = options.terms()

    def told(link: str) -> None:
        show(f"Magpie is at {link}")
        show("The API is described at /api/v1/openapi.json. Ctrl-C ends both.")
        if not terms.is_private:
            say("note: the token travels as plain text; let a proxy with TLS stand before it.")

    open_doors(terms, told)
    return ExitCode.DONE


def open_doors(terms: Terms, told: Callable[[str], None]) -> None:
    """Start the app and the API, and return when they have ended."""
    importlib.import_module(_APP).start(terms, told)


COMMAND = Command(
    name="serve",
    help="start the app and an API for other programs",
    description="Start the app and, in the same process, an API over HTTP for other programs. It"
    " listens to this machine only, and lets programs read, unless told otherwise.",
    epilog=f"A token, of {TOKEN_VARIABLE} or of a file, is needed by all: programs send it"
    " as a bearer token, and the link that is told at the start lets a browser in.",
    add_options=add_options,
    options=ServeOptions,
    run=run,
)
