"""An agent's program: the SDK's own client, which starts the command line as a process.

The collections are of drawings and the bundled model: ``drawings``, ``copies`` with duplicates,
``part`` whose first build was stopped, and ``away`` whose folder was moved.
"""

import base64
import io
import shutil
import sys
from contextlib import contextmanager

import jsonschema
import pytest
from anyio.from_thread import start_blocking_portal
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from PIL import Image

from search_engine import build_collection, plan_build
from search_engine.records.builds import Stage
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, PROJECT_FOLDER, Settings

PART = 32
PICTURES = 100


class Agent:
    """Calls tools over a process, and checks each result against what the tool declares."""

    def __init__(self, portal, client):
        self._portal, self._client = portal, client
        self.tools = {tool.name: tool for tool in portal.call(client.list_tools).tools}

    @property
    def instructions(self):
        """Return what the server says of itself."""
        return self._client.instructions

    def result(self, name, arguments, progress=None):
        """Call a tool, and return all that comes."""
        return self._portal.call(
            lambda: self._client.call_tool(name, arguments, progress_callback=progress)
        )

    def __call__(self, name, **arguments):
        """Call a tool that works, and return its record."""
        found = self.result(name, arguments)
        assert not found.is_error, found.content[0].text
        jsonschema.validate(found.structured_content, self.tools[name].output_schema)
        return found.structured_content

    def refused(self, name, **arguments):
        """Call a tool that cannot do it, and return what it says."""
        found = self.result(name, arguments)
        assert found.is_error, found.structured_content
        assert found.structured_content is None
        return found.content[0].text

    def image(self, name, **arguments):
        """Call a tool that shows something; return its record and the picture, decoded."""
        found = self.result(name, arguments)
        assert not found.is_error, found.content[0].text
        (shown,) = [one for one in found.content if one.type == "image"]
        image = Image.open(io.BytesIO(base64.b64decode(shown.data)))
        assert shown.mime_type == f"image/{image.format.lower()}"
        return found.structured_content, image.convert("RGB")


def command(data, *arguments, script=("-m", "search_engine", "mcp")):
    """Return how the server is started."""
    environment = {
        DATA_VARIABLE: str(data), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(PROJECT_FOLDER),
    }  # fmt: skip
    return StdioServerParameters(
        command=sys.executable, args=[*script, *arguments], cwd=PROJECT_FOLDER, env=environment
    )


@contextmanager
def talking(parameters):
    """Start a server, and talk to it from any test."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(parameters)) as client,
    ):
        yield Agent(portal, client)


def indexed(folder, settings, name, **build):
    """Make a collection with the bundled model."""
    name, wanted = plan_build(folder, settings, name=name, model_id=MINI_MODEL)
    build_collection(name, wanted, settings, **build)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """The folder with the drawings and the data."""
    root = tmp_path_factory.mktemp("agents")
    settings = Settings(root / "data")
    draw_gallery(root / "drawings", pictures=PICTURES)
    indexed(root / "drawings", settings, "drawings")
    for category in ("fish", "owl"):
        shutil.copytree(root / "drawings" / category, root / "away" / category)
        shutil.copytree(root / "drawings" / category, root / "copies" / category)
        shutil.copytree(root / "drawings" / category, root / "copies" / f"{category} again")
    indexed(root / "copies", settings, "copies")
    indexed(root / "away", settings, "away")
    (root / "away").rename(root / "moved")
    shutil.copytree(root / "drawings", root / "part")
    done = []
    indexed(
        root / "part", settings, "part",
        on_progress=lambda told: done.append(told.done) if told.stage is Stage.EMBED else None,
        cancelled=lambda: bool(done) and done[-1] >= PART,
    )  # fmt: skip
    return root


@pytest.fixture(scope="session")
def agent(shelf):
    """One conversation that all tests go on with."""
    with talking(command(shelf / "data")) as one:
        yield one
