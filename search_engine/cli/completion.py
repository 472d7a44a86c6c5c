"""The command ``completion``: what a shell needs to complete commands and options."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from search_engine.cli import values
from search_engine.cli.console import show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.errors import BadInput
from search_engine.settings import Settings

PROGRAM = "magpie"
"""Shells complete programs by their names; this one is there once the clone is installed."""
_EXTRA = "search_engine/cli/requirements.txt"
_NAMES = f"_{PROGRAM}_collections"


class Shell(StrEnum):
    """Shells that can be told."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@dataclass(frozen=True, kw_only=True)
class CompletionOptions:
    """Which shell is told."""

    shell: Shell


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("shell", type=Shell, choices=list(Shell), metavar="SHELL")


def run(options: CompletionOptions, settings: Settings) -> ExitCode:
    """Write the script.

    Raises:
        BadInput: The package that writes it is not installed.
    """
    from search_engine.cli.arguments import parsers_of_all  # which reads this module

    try:
        import shtab
    except ImportError as error:
        cause, remedy = "The package 'shtab' is not installed here", f"pip install -r {_EXTRA}"
        raise BadInput(cause, remedy=f"Install it: python -m {remedy}") from error
    whole, parsers = parsers_of_all(PROGRAM)
    for parser in parsers.values():
        for action in parser._actions:  # noqa: SLF001 - the list that argparse has of its options
            completed = _completed(action, shtab)
            if completed:
                action.complete = completed  # type: ignore[attr-defined]
    preamble = _listing(options.shell, settings.data_folder)
    show(shtab.complete(whole, options.shell.value, preamble=preamble))
    return ExitCode.DONE


def _completed(action: argparse.Action, shtab: Any) -> dict[str, str] | None:  # noqa: ANN401 - a module
    """Return what an option is completed by: collections, folders or files; None for the rest."""
    if "--collection" in action.option_strings or action.dest in {"name", "first", "second"}:
        return {"bash": _NAMES, "zsh": _NAMES, "fish": f"({_NAMES})"}
    if action.metavar in {"DIR", "FOLDER"}:
        return dict(shtab.DIRECTORY)
    return dict(shtab.FILE) if action.type is values.path else None


def _listing(shell: Shell, data: Path) -> str:
    """Return a function of the shell that lists the collections, which are folders."""
    usual = shlex.quote(str(data))
    if shell is Shell.FISH:
        return f"""\
function {_NAMES}
  set -l data {usual}
  test -n "$IMAGE_SEARCH_DATA"; and set data $IMAGE_SEARCH_DATA
  for file in $data/collections/*/catalog.sqlite
    basename (dirname $file)
  end
end"""
    collect = f"""\
  local data={usual} file
  local -a names
  [ -n "$IMAGE_SEARCH_DATA" ] && data=$IMAGE_SEARCH_DATA
  for file in "$data"/collections/*/catalog.sqlite; do
    [ -e "$file" ] && names+=("$(basename "$(dirname "$file")")")
  done"""
    if shell is Shell.ZSH:
        collect = collect.replace("catalog.sqlite;", "catalog.sqlite(N);")
        return f'{_NAMES}() {{\n{collect}\n  compadd -- "${{names[@]}}"\n}}'
    return f'{_NAMES}() {{\n{collect}\n  compgen -W "${{names[*]}}" -- "$1"\n}}'


COMMAND = Command(
    name="completion",
    help="write what a shell needs to complete commands, options and collections",
    description=f"Write what a shell needs to complete commands, options and the names of"
    f" collections of the program '{PROGRAM}', which pip install -e makes of a clone.",
    epilog=f'For bash: eval "$({PROGRAM} completion bash)" in ~/.bashrc. It needs one more package:'
    f" python -m pip install -r {_EXTRA}",
    add_options=add_options,
    options=CompletionOptions,
    run=run,
)
