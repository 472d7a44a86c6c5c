"""Other programs are answered: the API over HTTP, and who may ask.

================  ==================================================================================
module            owns
================  ==================================================================================
api               all routes of the API
operations        what can be asked: one record for each method of an address
finding           answers to queries, and why a picture is among them
picked            the picture that the path of a request names
showing           one picture: what is known of it, its thumbnail, its image
listing           what there is: the server, the collections, the kinds of problems
changing          tags and hidden pictures
links             addresses of the server that its answers name
request_models    requests as they have to be
request_reading   a request read, in bounds of size and time
resource          one address: reads a request, has it answered
cursors           where the next page begins
request_limits    how often, how large, how long, how many at once
problems          what is said when something is not done
openapi           the document that describes the server
access            who is let in: by which name of the server, and with which token
access_token      the token, out of the environment or of a private file
terms             where the server listens, and for whom
browser_pictures  a picture as browsers show it
================  ==================================================================================

Nothing here knows the app: where it is served as well, it hands in how collections are opened, so
that models and indexes are there once. What stands before all routes of a server, of the app and of
the API alike, belongs to whoever puts them together.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search_engine.server.access import KnownHosts, TokenOnly
    from search_engine.server.access_token import TOKEN_VARIABLE, Token, token_of
    from search_engine.server.api import Api
    from search_engine.server.browser_pictures import shown_picture, shown_thumbnail
    from search_engine.server.operations import Source
    from search_engine.server.problems import ProblemKind, Refused, refusal_response
    from search_engine.server.request_limits import RequestLimits
    from search_engine.server.terms import THIS_MACHINE, USUAL_PORT, Terms

_HOMES = {
    "Api": "api",
    "ProblemKind": "problems",
    "KnownHosts": "access",
    "RequestLimits": "request_limits",
    "Refused": "problems",
    "Source": "operations",
    "THIS_MACHINE": "terms",
    "TOKEN_VARIABLE": "access_token",
    "USUAL_PORT": "terms",
    "token_of": "access_token",
    "Terms": "terms",
    "Token": "access_token",
    "TokenOnly": "access",
    "refusal_response": "problems",
    "shown_picture": "browser_pictures",
    "shown_thumbnail": "browser_pictures",
}

__all__ = [
    "THIS_MACHINE",
    "TOKEN_VARIABLE",
    "USUAL_PORT",
    "Api",
    "KnownHosts",
    "ProblemKind",
    "Refused",
    "RequestLimits",
    "Source",
    "Terms",
    "Token",
    "TokenOnly",
    "refusal_response",
    "shown_picture",
    "shown_thumbnail",
    "token_of",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        cause = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(cause)
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
