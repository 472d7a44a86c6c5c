"""The app as its user starts it, talked to without a browser."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from search_engine.settings import DATA_VARIABLE
from tests.app.conftest import ROOT, _wait_for

RUN = ("-m", "streamlit")


@dataclass(frozen=True)
class Server:
    """A server at work."""

    address: str
    process: subprocess.Popen
    log: Path

    @property
    def host(self):
        """Name and port."""
        return urlsplit(self.address).netloc

    def ask(self, path, method="GET", body=None, **headers):
        """Ask for a path; give the status, the headers and the content of the answer."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@contextmanager
def served(data_folder, program=RUN, **environment):
    """Start the app on a free port, over a data folder, in which nothing is prepared by itself."""
    collections = data_folder / "collections"
    collections.mkdir(parents=True, exist_ok=True)
    (collections / ".no-sample").touch()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data_folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *program, "run", "Home.py", "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | {DATA_VARIABLE: str(data_folder)} | environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield Server(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def session(server, **headers):
    """Open a session as a tab does; give its id and what its uploads have to carry."""
    status, answered, _ = server.ask("/_stcore/health")
    assert status == 200
    cookies = [value.split(";")[0] for value in answered.get_all("Set-Cookie")]
    token = next(one.partition("=")[2] for one in cookies if one.startswith("_streamlit_xsrf"))
    carried = {"Cookie": "; ".join(cookies)} | headers
    with connect(
        f"ws://{server.host}/_stcore/stream",
        origin=server.address,
        additional_headers=carried,
        subprotocols=["streamlit", token],
        max_size=None,
        proxy=None,
    ) as socket_:
        message = ForwardMsg()
        socket_.send(b"\x5a\x00")  # an empty request to run the script
        while message.WhichOneof("type") != "new_session":
            message = ForwardMsg.FromString(socket_.recv(timeout=30))
        session_id = message.new_session.initialize.session_id
        yield session_id, carried | {"X_Xsrftoken": token}


def upload(server, session_id, carried, content, name=None):
    """Send a file as the field for files does; give the status."""
    edge = secrets.token_hex(8)
    start = f'--{edge}\r\nContent-Disposition: form-data; name="f"; filename="x.png"\r\n\r\n'
    body = start.encode() + content + f"\r\n--{edge}--\r\n".encode()
    path = f"/_stcore/upload_file/{session_id}/{name or secrets.token_hex(8)}"
    kind = f"multipart/form-data; boundary={edge}"
    return server.ask(path, "PUT", body, Content_Type=kind, **carried)[0]
