"""Run Streamlit, and note every name that is looked up and every address that is called.

``python -m tests.safety.pages.looked_up run Home.py`` writes them to the file ``LOOKED_UP``.
"""

import os
import sys

from streamlit.web.cli import main

_EVENTS = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.connect": 1}


def note(event, details):
    """Append what is asked for to the list."""
    if event in _EVENTS:
        with open(os.environ["LOOKED_UP"], "a", encoding="utf-8") as names:  # noqa: PTH123
            names.write(f"{details[_EVENTS[event]]}\n")


if __name__ == "__main__":
    sys.addaudithook(note)
    main(prog_name="streamlit")
