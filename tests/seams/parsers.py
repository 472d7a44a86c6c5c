"""Every command and every option of the real command line, whatever module declares it."""

import argparse

from search_engine.cli.arguments import parsers_of_all


def options(parser=None, command=""):
    """Return each option and argument once, as (command, name); a part of a group has a blank."""
    parser = parser or parsers_of_all()[0]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from options(inner, f"{command} {name}".strip())
        elif isinstance(action, argparse.BooleanOptionalAction):
            yield from ((command, name) for name in action.option_strings)
        elif not isinstance(action, argparse._HelpAction):
            yield command, max(action.option_strings, key=len, default=action.dest)
