"""Tools for agents that look for pictures in a person's name: the Model Context Protocol.

=================  =================================================================================
module             owns
=================  =================================================================================
protocol           the protocol, over standard input and output; the one place with its SDK
toolbox            the list of all tools
tool               what a tool declares, and what it gives
call               one call of a tool: how far it is, and whether it is still wanted
requests           what several tools can be told
page_cursors       where the next page begins
open_collections   collections and models, opened once for all calls
overview_tool      ``collections``
result_pages       … the results of searches, by page
result_notes       … what limits a result
search_tools       ``search`` and ``similar``
picture_tools      ``picture`` and ``contact_sheet``
contact_sheets     … thumbnails on one picture, numbered
measuring_tools    ``explain``, ``duplicates`` and ``evaluate``
failures           errors, as an agent can act on them
=================  =================================================================================

Each tool reads, and none changes what a person made. The package of the protocol is an extra,
``search_engine/agents/requirements.txt``; nothing else here needs it.
"""

from __future__ import annotations

from search_engine.settings import Settings

__all__ = ["serve"]


def serve(settings: Settings, only: tuple[str, ...] = ()) -> None:
    """Serve the tools over standard input and output, until the other side closes them.

    Args:
        settings: Where the collections lie.
        only: The collections that are shown; all where none is named.

    Raises:
        ImportError: The package of the protocol is not installed.
        CollectionMissing: There is no collection of a name.
    """
    from search_engine.agents.protocol import serve_tools

    serve_tools(settings, only)
