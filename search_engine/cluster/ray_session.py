"""A connection to a Ray cluster, or to one of this machine alone that ends with it.

Nothing of Ray is imported before somebody wants workers. What is started here says nothing on our
streams, sends nothing to anybody, lets nobody in who does not know a token of its own, and leaves
no file behind.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from search_engine.errors import WorkersUnavailable
from search_engine.records.worker_place import WorkerPlace
from search_engine.settings import PROJECT_FOLDER

_LOG = logging.getLogger(__name__)

_SECONDS_TO_ANSWER = 10.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LEAST_STORE = 128 * 2**20
_STORE_OF_A_WORKER = 16 * 2**20
"""Bytes for what it hands over: a batch takes less than one million, and two are under way."""
_LONGEST_FOLDER = 40
"""Letters; Ray's sockets lie deep below it, and the system takes 107."""
_SHOWN = 300
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": "^",
}
"""It prints lost workers to standard output, whatever is said when it is started; but no line that
is to be skipped, which all are."""
_INSTALL = "Install it: pip install -r search_engine/cluster/requirements.txt"


@contextmanager
def ray_session(place: WorkerPlace) -> Iterator[ModuleType]:
    """Be connected; give Ray itself.

    Raises:
        WorkersUnavailable: Ray is not installed, or nothing that works answers there.
    """
    if place.address:
        _make_sure_somebody_listens(place)
    else:
        _let_nobody_else_in()
    os.environ.update(_QUIET)
    ray = _imported()
    if place.address:
        _make_sure_it_is_one(ray, place)
    with _started(ray, place):
        yield ray


def _make_sure_somebody_listens(place: WorkerPlace) -> None:
    """Ask before anything else is done for it."""
    try:
        socket.create_connection(place.endpoint, _SECONDS_TO_ANSWER).close()
    except OSError as error:
        cause = f"No Ray cluster responds at this address: {error.strerror or error}"
        remedy = "Is its head running, and is this its address? Nothing was changed."
        raise WorkersUnavailable(cause, place=str(place), remedy=remedy) from error


def _let_nobody_else_in() -> None:
    """Settle a token, which Ray would otherwise make and leave in the home folder.

    It stays for the life of this process, because Ray reads it once.
    """
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    os.environ["RAY_AUTH_MODE"] = "token"


def _imported() -> ModuleType:
    try:
        import ray
    except ImportError as error:
        cause = f"Ray, which runs the workers, is not installed here ({error})"
        raise WorkersUnavailable(cause, remedy=_INSTALL) from error
    module: ModuleType = ray
    return module


def _make_sure_it_is_one(ray: ModuleType, place: WorkerPlace) -> None:
    """Ask before Ray does, which tried for six minutes where something else listened."""
    import grpc

    host, port = place.endpoint
    if host in _LOOPBACK and not place.is_for_clients:  # which Ray takes for the machine's own
        host = ray.util.get_node_ip_address()
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    channel = grpc.insecure_channel(where, options=[("grpc.enable_http_proxy", 0)])
    try:
        if os.environ.get("RAY_USE_TLS", "0") == "0":
            grpc.channel_ready_future(channel).result(_SECONDS_TO_ANSWER)
    except grpc.FutureTimeoutError as error:
        cause = "What responds at this address is no Ray cluster"
        remedy = "Give the address of its head, with the port for clients or that of the cluster."
        raise WorkersUnavailable(cause, place=str(place), remedy=remedy) from error
    finally:
        channel.close()


@contextmanager
def _started(ray: ModuleType, place: WorkerPlace) -> Iterator[None]:
    folder = "" if place.address else _folder()
    ours = {"address": "local", "num_cpus": place.here, "include_dashboard": False,
            "object_store_memory": max(_LEAST_STORE, place.here * _STORE_OF_A_WORKER),
            "_temp_dir": folder}  # fmt: skip
    usual = {"log_to_driver": False, "logging_level": logging.ERROR, "runtime_env": _environment()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own use of its own libraries
            try:
                with _signals_as_before():
                    ray.init(**usual, **({"address": place.address} if place.address else ours))
            except Exception as error:  # it raises nearly anything
                cause = f"The Ray cluster cannot be used: {said_first(error)}"
                remedy = "Every machine needs the same versions of Python and Ray, and the token."
                raise WorkersUnavailable(cause, place=str(place), remedy=remedy) from error
            try:
                yield
            finally:
                ray.shutdown()
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _signals_as_before() -> Iterator[None]:
    """Keep what ends a build in order, which Ray would replace by an exit at once."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if before is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)


def _environment() -> dict[str, object]:
    """Let workers find this program, where it lies under the same path or is installed there."""
    return {"env_vars": {"PYTHONPATH": f"{PROJECT_FOLDER}{os.pathsep}${{PYTHONPATH}}"}}


def _folder() -> str:
    """Make a folder for the sockets and logs of a cluster that ends with us."""
    usual = tempfile.gettempdir()
    fits = len(usual) <= _LONGEST_FOLDER or sys.platform == "win32"
    return tempfile.mkdtemp(prefix="ray-", dir=usual if fits else "/tmp")  # noqa: S108 - a new one


def said_first(error: BaseException) -> str:
    """Return what an error says first, on one line."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), type(error).__name__)[:_SHOWN].rstrip(".")
