"""Run what this package is for: ``python -m search_engine.lab.model_quality``."""

from search_engine.lab.model_quality.quality import main

if __name__ == "__main__":
    main()
