"""The options of what lets other programs in."""

from tests.seams.options import door_rows  # noqa: F401 - its rows
from tests.seams.options.rows import each_option_of, row_of


@each_option_of("mcp", "completion")
def test_each_option_of_doors_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)
