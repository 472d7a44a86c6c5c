"""Every command and every option of the real command line, whatever module declares it."""

import argparse
import contextlib
import io

import pytest

from search_engine.cli import main


def root_parser():
    """Catch the parser as it reads a command line."""
    caught = []
    read = argparse.ArgumentParser.parse_known_args

    def listen(self, *arguments, **keywords):
        caught.append(self)
        return read(self, *arguments, **keywords)

    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(argparse.ArgumentParser, "parse_known_args", listen)
        with contextlib.suppress(SystemExit):
            main(["--help"])
    return caught[0]


def options(parser=None, command=""):
    """Give each option and argument once, as (command, name); commands of commands with a blank."""
    parser = parser or root_parser()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from options(inner, f"{command} {name}".strip())
        elif isinstance(action, argparse.BooleanOptionalAction):
            yield from ((command, name) for name in action.option_strings)
        elif not isinstance(action, argparse._HelpAction):
            yield command, max(action.option_strings, key=len, default=action.dest)
