"""Every option of the real command line has a row, and every row an option."""

import importlib
from pathlib import Path

from tests.seams.options.rows import OPTIONS, ROWS, WALKED, row_of


def families():
    """Read the files of all families of commands, so that their rows are there."""
    for file in Path(__file__).parent.glob("test_*.py"):
        importlib.import_module(f"tests.seams.options.{file.stem}")


def test_each_option_has_a_row():
    """A new option comes with what it makes different."""
    families()
    assert [one for one in OPTIONS if not row_of(*one)] == []


def test_each_row_is_of_an_option_that_exists():
    """A row of an option that is no more would go on for nothing."""
    families()
    assert set(ROWS) <= set(OPTIONS)


def test_each_option_is_walked_by_one_file():
    """No command is forgotten between the families, and none is in two."""
    families()
    assert sorted(WALKED) == OPTIONS
