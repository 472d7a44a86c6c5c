"""Run the proofs: ``python -m search_engine.lab.proofs``."""

import sys

from search_engine.lab.proofs.command import main

if __name__ == "__main__":
    sys.exit(main())
