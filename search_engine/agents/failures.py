"""Errors, as an agent can act on them: the cause, the place, and what to do."""

from __future__ import annotations

from search_engine.errors import SearchEngineError, Way

_LEADS_ON = {
    Way.OTHER_MODEL: "Only a person can choose another model; tell the user.",
    Way.ALLOW_DOWNLOAD: "Fetching models is switched off on this machine; tell the user.",
    Way.CONFIRM_MODEL: "Only a person can allow this: tell the user to search '{collection}'"
    " once themselves.",
    Way.CONFIRM_STORE: "Only a person can allow this: tell the user to update the collection with"
    " this store.",
    Way.STORE_TOKEN: "Only a person can do this: tell the user to give the program the token.",
    Way.OTHER_COLLECTION: "The tool collections lists all.",
    Way.UPDATE: "Only a person can do this: tell the user to update the collection.",
    Way.REPAIR: "Only a person can do this: tell the user to check and repair '{about}'.",
}


def told_to_agent(error: SearchEngineError, collection: str = "") -> str:
    """Join what an error says and what leads on from it to one text."""
    leads = _LEADS_ON.get(error.way, "") if error.way else ""
    text = f"{error} {leads.format(about=error.about, collection=collection)}"
    return text.rstrip().encode("utf-8", "backslashreplace").decode()
