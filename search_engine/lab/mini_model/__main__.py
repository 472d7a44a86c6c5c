"""Run what this package is for: ``python -m search_engine.lab.mini_model``."""

from search_engine.lab.mini_model.training import main

if __name__ == "__main__":
    main()
