"""The Model Context Protocol over standard input and output; the one place with its SDK.

While it is served, the SDK keeps standard output for itself: whatever else is printed in this
process, or by libraries, goes to standard error.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
import mcp_types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from search_engine.agents.call import CallStopped, ToolCall
from search_engine.agents.failures import told_to_agent
from search_engine.agents.open_collections import OpenCollections
from search_engine.agents.tool import Tool, ToolAnswer
from search_engine.agents.toolbox import INSTRUCTIONS, TOOLS
from search_engine.errors import BadInput, SearchEngineError
from search_engine.names import did_you_mean
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

AT_ONCE = 4
"""Calls that are worked on at the same time; others wait for their turn."""
_LOOK_EVERY = 0.1
_CHANGE_AFTER = 0.3
_TELL_EVERY = 1.0
_READS_ONLY = mcp_types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_BY_NAME = {tool.name: tool for tool in TOOLS}


def serve_tools(settings: Settings, only: tuple[str, ...]) -> None:
    """Serve the tools until the other side closes standard input.

    Raises:
        CollectionMissing: There is no collection of a name.
    """
    collections = OpenCollections(settings)
    names = tuple(collections.named(name) for name in only)
    _LOG.info("agents are shown %s", ", ".join(names) or "all collections")
    anyio.run(_serve, OpenCollections(settings, names))


async def _serve(collections: OpenCollections) -> None:
    served = server(collections)
    async with stdio_server() as (read, write):
        await served.run(read, write, served.create_initialization_options())


def server(collections: OpenCollections) -> Server[Any]:
    """Return what answers the messages of the protocol."""
    turns = anyio.CapacityLimiter(AT_ONCE)

    async def list_tools(
        _context: ServerRequestContext[Any], _params: mcp_types.PaginatedRequestParams | None
    ) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[_declared(tool) for tool in TOOLS])

    async def call_tool(
        context: ServerRequestContext[Any], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        call = ToolCall()
        work = partial(_result, params.name, params.arguments or {}, collections, call)
        async with anyio.create_task_group() as group:
            group.start_soon(_tell_progress, context, collections, call)
            try:
                done = await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=turns)
            finally:
                call.stop()
            group.cancel_scope.cancel()
        return done

    return Server(
        "magpie",
        title="Magpie",
        description="Find pictures in your own folders by what they show",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _declared(tool: Tool[Any]) -> mcp_types.Tool:
    return mcp_types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=_READS_ONLY,
    )


def _result(
    name: str, arguments: dict[str, Any], collections: OpenCollections, call: ToolCall
) -> mcp_types.CallToolResult:
    """Run a tool; what fails is told as its result, so that the agent can read it."""
    try:
        return _written(_named(name).call(arguments, collections, call))
    except SearchEngineError as error:
        collection = arguments.get("collection")
        return _failed(told_to_agent(error, str(collection or "the collection")))
    except CallStopped:
        return _failed("The call was stopped.")
    except Exception:  # noqa: BLE001 - a fault in one call must not end the others
        _LOG.exception("the tool %s failed", name)
        text = "This should not have happened; standard error of the server says more."
        return _failed(f"{text} Other calls go on.")


def _named(name: str) -> Tool[Any]:
    if name not in _BY_NAME:
        cause = f"There is no tool '{name[:80]}'"
        remedy = f"{did_you_mean(name, _BY_NAME)} There are: {', '.join(_BY_NAME)}.".lstrip()
        raise BadInput(cause, remedy=remedy)
    return _BY_NAME[name]


def _written(answer: ToolAnswer) -> mcp_types.CallToolResult:
    document = answer.document
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    content: list[mcp_types.ContentBlock] = [mcp_types.TextContent(text=text)]
    if answer.picture:
        data = base64.b64encode(answer.picture.content).decode()
        kind = f"image/{answer.picture.kind}"
        content.append(mcp_types.ImageContent(data=data, mime_type=kind))
    return mcp_types.CallToolResult(content=content, structured_content=document)


def _failed(text: str) -> mcp_types.CallToolResult:
    return mcp_types.CallToolResult(content=[mcp_types.TextContent(text=text)], is_error=True)


async def _tell_progress(
    context: ServerRequestContext[Any], collections: OpenCollections, call: ToolCall
) -> None:
    """Tell how far a call is, where that changes, and now and then that it still goes on."""
    began, last, told = time.monotonic(), 0.0, ""
    for count in range(1, 1_000_000_000):
        await anyio.sleep(_LOOK_EVERY)
        now = time.monotonic()
        said = call.said
        loading = collections.loading()
        if loading and not said:
            said = f"Loading the model {loading[0]}, which the first search waits for"
        waits = _CHANGE_AFTER if said != told else _TELL_EVERY
        if said and now - last > waits:
            last, told = now, said
            await context.session.report_progress(count, message=f"{said} ({now - began:.0f} s)")
