"""Serve the app with a fault in it that says what was asked; run by test_logs.

python faulty_server.py PORT
"""

import sys

from streamlit.web.cli import main

import pages.ui.frame.resources


def fail(_opened, query, *_):
    """Fail like a program whose errors name their input, one within another."""
    asked = str(query)
    try:
        {}[asked]
    except KeyError as error:
        cause = f"cannot answer {asked}"
        raise RuntimeError(cause) from error


if __name__ == "__main__":
    pages.ui.frame.resources.answer = fail
    sys.argv = ["streamlit", "run", "Home.py", "--server.port", sys.argv[1]]
    main()
