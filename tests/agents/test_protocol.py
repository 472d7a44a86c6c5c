"""The connection: nothing but the protocol on standard output, progress, stopping, the end."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import anyio
import pytest
from mcp.client.client import Client

from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.agents.conftest import command, talking

CHATTY = Path(__file__).with_name("chatty_server.py")
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {},
               "clientInfo": {"name": "test", "version": "1"}},
}  # fmt: skip
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}
WAIT = 300


def call(number, tool, **arguments):
    """Return the message that calls a tool, and wants to hear how far it is."""
    told = {"name": tool, "arguments": arguments, "_meta": {"progressToken": f"call {number}"}}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": told}


class Process:
    """The server as a process, and all that it writes."""

    def __init__(self, shelf, tmp_path, *script):
        environment = os.environ | {DATA_VARIABLE: str(shelf / "data")}
        environment |= {"PYTHONPATH": str(PROJECT_FOLDER)}
        self.err = tmp_path / "err.txt"
        with self.err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=err, cwd=PROJECT_FOLDER, env=environment,
            )  # fmt: skip
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        self.lines.extend(iter(self.process.stdout.readline, b""))

    def send(self, *messages):
        """Send messages as a client does, a line each."""
        for message in messages:
            text = message if isinstance(message, bytes) else json.dumps(message).encode()
            self.process.stdin.write(text + b"\n")
        self.process.stdin.flush()

    def messages(self):
        """Return what came, which is JSON of the protocol and nothing else."""
        found = [json.loads(line) for line in self.lines]
        assert all(one["jsonrpc"] == "2.0" for one in found)
        return found

    def reply(self, number):
        """Wait for what a call gives."""
        self.until(lambda: number in [one.get("id") for one in self.messages()])
        return next(one for one in self.messages() if one.get("id") == number)

    def until(self, condition):
        """Wait for something to come true."""
        for _ in range(WAIT * 20):
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError(self.err.read_text())

    def progress(self):
        """Return what was said of how far calls are."""
        told = [one for one in self.messages() if one.get("method") == "notifications/progress"]
        return [one["params"] for one in told]

    def is_looking(self):
        """Return whether a search for duplicates is at work."""
        return any("Looking" in one["message"] for one in self.progress())

    def end(self):
        """Close standard input, and wait until the process has ended."""
        self.process.stdin.close()
        code = self.process.wait(WAIT)
        self._reader.join(WAIT)
        return code


@pytest.fixture
def chatty(shelf, tmp_path):
    """A server with libraries in it that print."""
    one = Process(shelf, tmp_path, CHATTY)
    yield one
    one.process.kill()
    one.end()
    one.process.stdout.close()


def test_nothing_but_the_protocol_is_on_standard_output(chatty):
    """Libraries and children that print go to standard error, and broken lines harm nothing."""
    chatty.send(HELLO, READY, b"no json", call(2, "search", query="a fish", collection="drawings"))
    found = chatty.reply(2)["result"]
    assert found["structuredContent"]["results"][0]["category"] == "fish"
    chatty.send(call(3, "collections"))
    assert not chatty.reply(3)["result"]["isError"]
    assert chatty.end() == 0
    assert len(chatty.messages()) >= 3
    err = chatty.err.read_text()
    assert "Loading weights" in err
    assert "a library in C" in err
    assert "a child" in err


def test_while_the_model_loads_it_is_said(chatty):
    """A client that listens for progress hears of it; and the list of collections says so."""
    chatty.send(HELLO, READY)
    chatty.send(call(2, "search", query="a fish", collection="drawings"))
    chatty.until(chatty.progress)
    assert chatty.progress()[0]["progressToken"] == "call 2"
    assert "Loading the model mini" in chatty.progress()[0]["message"]
    chatty.send(call(3, "collections", collection="drawings"))
    (there,) = chatty.reply(3)["result"]["structuredContent"]["collections"]
    assert there["model_state"] in {"loading", "loaded"}
    chatty.reply(2)
    chatty.send(call(4, "collections", collection="drawings"))
    (there,) = chatty.reply(4)["result"]["structuredContent"]["collections"]
    assert there["model_state"] == "loaded"
    counts = [one["progress"] for one in chatty.progress()]
    assert counts == sorted(set(counts))


def test_a_call_can_be_stopped(chatty):
    """Its work ends, and the conversation goes on."""
    chatty.send(HELLO, READY, call(2, "duplicates", collection="drawings"))
    chatty.until(chatty.is_looking)
    stop = {"requestId": 2, "reason": "the user went on"}
    chatty.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": stop})
    chatty.send(call(3, "collections"))
    assert not chatty.reply(3)["result"]["isError"]
    chatty.until(lambda: "the work was stopped" in chatty.err.read_text())


def test_work_ends_with_the_connection(chatty):
    """A client that goes away leaves no process behind."""
    chatty.send(HELLO, READY, call(2, "duplicates", collection="drawings"))
    chatty.until(chatty.is_looking)
    assert chatty.end() == 0
    assert "Traceback" not in chatty.err.read_text()


def test_a_client_of_the_sdk_that_gives_up_stops_the_work(shelf):
    """As one whose user pressed Escape."""

    async def give_up():
        async with Client(command(shelf / "data", script=(str(CHATTY),))) as client:
            with anyio.move_on_after(3) as waited:
                await client.call_tool("duplicates", {"collection": "drawings"})
            assert waited.cancelled_caught
            found = await client.call_tool("collections", {})
            assert not found.is_error

    anyio.run(give_up)


def test_a_fault_ends_one_call_alone(shelf, tmp_path):
    """It is told as a fault, without its insides; the next call works."""
    script = tmp_path / "faulty.py"
    script.write_text(
        "import sys\n"
        "from search_engine.agents import picture_tools\n"
        "from search_engine.cli import main\n"
        "def fails(*_):\n"
        "    raise KeyError('a secret of the insides')\n"
        "picture_tools.lay_out = fails\n"
        "sys.exit(main(['mcp']))\n"
    )
    with talking(command(shelf / "data", script=(str(script),))) as agent:
        said = agent.refused("contact_sheet", picture_ids=[1], collection="drawings")
        assert said.startswith("This should not have happened")
        assert "secret" not in said
        assert agent("picture", picture_id=1, collection="drawings")["picture_id"] == 1


def test_without_the_package_it_is_said_what_to_install(shelf, tmp_path):
    """The error names the file of the extra; nothing comes to standard output."""
    (tmp_path / "mcp_types.py").write_text("raise ImportError('No module named mcp_types')")
    environment = os.environ | {DATA_VARIABLE: str(shelf / "data"), "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "search_engine", "mcp"], cwd=PROJECT_FOLDER, env=environment,
        check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert run.returncode == 3
    assert run.stdout == ""
    extra = "search_engine/agents/requirements.txt"
    assert f"python -m pip install -r {extra}" in run.stderr
    assert "mcp==" in (PROJECT_FOLDER / extra).read_text()


def test_the_default_install_does_not_have_it():
    """The extra is named in its own file, and nothing else imports the SDK."""
    assert "mcp" not in (PROJECT_FOLDER / "requirements.txt").read_text()
    loads = "import search_engine.cli, sys; print({'mcp', 'pydantic'} & {*sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", loads], check=True, capture_output=True, cwd=PROJECT_FOLDER
    )
    assert run.stdout.strip() == b"set()"
