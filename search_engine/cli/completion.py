"""The command ``completion``, and what the shell is told when it asks how a line goes on."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType

from search_engine.cli import values
from search_engine.cli.console import show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.collection import Library
from search_engine.errors import BadInput
from search_engine.settings import Settings

PROGRAM = "magpie"
"""Shells complete programs by their names; this one is there once the clone is installed."""
WANTED = "_ARGCOMPLETE"
"""The variable that a shell sets when it runs the program to complete a line."""
_EXTRA = "search_engine/cli/requirements.txt"


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


def run(options: CompletionOptions, _settings: Settings) -> ExitCode:
    """Write the script.

    Raises:
        BadInput: The package that writes it is not installed.
    """
    script = _package().shellcode([PROGRAM], use_defaults=False, shell=options.shell.value)
    show(script.rstrip())
    return ExitCode.DONE


def complete(settings: Settings) -> None:
    """Tell the shell how its line can go on, and end the process.

    Raises:
        BadInput: The package that does it is not installed.
    """
    from search_engine.cli.arguments import parsers_of_all  # which reads this module

    package = _package()
    whole, parsers = parsers_of_all(PROGRAM)
    for parser in parsers.values():
        for action in parser._actions:  # noqa: SLF001 - the list that argparse has of its options
            completer = _completer(action, package, Library(settings))
            if completer:
                action.completer = completer  # type: ignore[attr-defined]
    package.autocomplete(
        whole, always_complete_options=False, default_completer=package.SuppressCompleter()
    )


def _completer(
    action: argparse.Action, package: ModuleType, library: Library
) -> Callable[..., list[str]] | None:
    """Return what completes an option: collections, folders or files; None for the rest."""
    if "--collection" in action.option_strings or action.dest in {"name", "first", "second"}:
        return lambda **_: library.names()
    if action.metavar in {"DIR", "FOLDER"}:
        return package.DirectoriesCompleter()  # type: ignore[no-any-return]
    return package.FilesCompleter() if action.type is values.path else None


def _package() -> ModuleType:
    try:
        import argcomplete
    except ImportError as error:
        cause = "The package 'argcomplete' is not installed here"
        remedy = f"Install it: python -m pip install -r {_EXTRA}"
        raise BadInput(cause, remedy=remedy) from error
    return argcomplete


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
