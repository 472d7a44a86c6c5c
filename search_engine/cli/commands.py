"""The commands that there are, in the order in which help lists them."""

from __future__ import annotations

from typing import Any

from search_engine.cli import (
    benchmark,
    check,
    collections,
    compare,
    compare_models,
    completion,
    demo,
    duplicates,
    evaluate_presence,
    evaluate_retrieval,
    evaluate_templates,
    explain,
    export_vectors,
    hide,
    import_vectors,
    index,
    mcp,
    outliers,
    precision,
    prompt,
    questions,
    remove,
    rename,
    replay,
    search,
    serve,
    suspects,
    tag,
    wording,
)
from search_engine.cli.registry import Command

COMMANDS: tuple[Command[Any], ...] = (
    demo.COMMAND,
    index.COMMAND,
    search.COMMAND,
    explain.COMMAND,
    prompt.COMMAND,
    serve.COMMAND,
    tag.COMMAND,
    hide.COMMAND,
    collections.LIST,
    collections.INFO,
    check.COMMAND,
    rename.COMMAND,
    remove.COMMAND,
    export_vectors.COMMAND,
    import_vectors.COMMAND,
    duplicates.COMMAND,
    compare.COMMAND,
    suspects.COMMAND,
    outliers.COMMAND,
    benchmark.COMMAND,
    replay.COMMAND,
    questions.COMMAND,
    evaluate_presence.COMMAND,
    evaluate_retrieval.COMMAND,
    evaluate_templates.COMMAND,
    compare_models.COMMAND,
    wording.COMMAND,
    precision.COMMAND,
    mcp.COMMAND,
    completion.COMMAND,
)
GROUPS = {"evaluate": "measure how good the results are, without labelling anything"}
"""What the first word of some commands means."""
