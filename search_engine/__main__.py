"""Run the command line: ``python -m search_engine``."""

import sys

from search_engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
