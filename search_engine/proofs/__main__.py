"""Run the proofs: ``python -m search_engine.proofs``."""

import sys

from search_engine.proofs.command import main

if __name__ == "__main__":
    sys.exit(main())
