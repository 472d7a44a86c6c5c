# PYTHON_ARGCOMPLETE_OK: shells may run it to complete a line
"""Run the command line: ``python -m search_engine``."""

import sys

from search_engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
