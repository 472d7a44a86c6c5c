"""The app and the API put together and started: one process, one gate, each collection open once.

The command line starts this by its name, as ``streamlit run`` starts the app by its file.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from pages.ui.frame import gate, serving
from pages.ui.frame.resources import engines, places
from search_engine import Library, SearchEngine
from search_engine.collection import read_manifest
from search_engine.server import Api, Source, Terms, TokenOnly
from search_engine.settings import PROJECT_FOLDER

HOME = PROJECT_FOLDER / "Home.py"
_PAGELESS = "streamlit.runtime.scriptrunner_utils.script_run_context"


def start(terms: Terms, told: Callable[[str], None]) -> None:
    """Serve the app and the API until the process is told to end.

    Args:
        terms: Where, and for whom.
        told: Is told what a person opens, when the server listens.
    """
    # Streamlit reads its settings beside the script that is named here.
    sys.argv = [str(HOME)]
    api = Api(
        Source(settings=places.settings(), engine_of=_engine, allow_writes=terms.allow_writes)
    )
    app = st.App(
        HOME,
        routes=[*serving.routes(base=""), *api.routes()],
        middleware=_before(terms),
        lifespan=lambda app: _opened(app, api, terms, told),
    )
    app.run(
        config={
            "server.address": terms.address,
            "server.port": terms.port,
            "server.allowedHosts": [],  # the gate knows them
            "server.baseUrlPath": "",
            "server.headless": True,
            "logger.hideWelcomeMessage": True,
        }
    )


def _before(terms: Terms) -> list[Middleware]:
    gates = gate.middleware(terms.names, any_number=not terms.is_private, others=())
    # The headers come first, then who asks and by which name; then the token, and then all else.
    token = [Middleware(TokenOnly, token=terms.token)] if terms.token else []
    return [*gates[: gate.WHO_ASKS], *token, *gates[gate.WHO_ASKS :]]


@asynccontextmanager
async def _opened(
    app: object, api: Api, terms: Terms, told: Callable[[str], None]
) -> AsyncIterator[None]:
    # Of what the app caches some shows that it waits, which no page sees here.
    logging.getLogger(_PAGELESS).setLevel(logging.ERROR)
    async with gate.opened(app):
        told(terms.link(int(st.get_option("server.port"))))
        try:
            yield
        finally:
            api.close()


def _engine(name: str) -> SearchEngine:
    """Return a collection as the app has it open.

    Raises:
        CollectionError: There is none of this name, or it cannot be used.
    """
    library = Library(places.settings())
    if name not in library.names():
        library.open_catalog(name).close()  # which says what is meant
    manifest = read_manifest(library.folder(name))
    if manifest is None:
        # It says why; or it is mended, and opened anew with what it published.
        SearchEngine.open(name, places.settings()).close()
        manifest = read_manifest(library.folder(name))
    assert manifest is not None  # noqa: S101 - it was opened
    return engines.engine(name, manifest)
