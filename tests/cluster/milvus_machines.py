"""A real Milvus on this machine, in processes of its own: one that is all in one, or a cluster.

The server comes with the package ``milvus``, which its makers stopped at 2.3.5; the cluster needs
etcd, and a log that speaks Kafka's protocol, which librdkafka can stand in for: it keeps messages
in memory, and drops the oldest of many, so what is written here stays small. All ports are free
ones of this machine, though Milvus's roles listen on all of its addresses.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

_PORTS = (
    "etcd_port", "root_coord_port", "query_coord_port", "query_node_port", "index_node_port",
    "data_coord_port", "data_node_port",
)  # fmt: skip
_STARTS_WITHIN = 90
_SESSION_SECONDS = 6
"""After so long a node that does not reply counts as lost; 30 where nobody changes it."""


def why_not(*, cluster=False):
    """Tell why no Milvus can be started here; nothing where one can."""
    if sys.platform != "linux":
        return "the server is there for Linux alone"
    try:
        import milvus  # noqa: F401 - whether it is there
    except ImportError:
        return "the package milvus is not installed"
    if cluster:
        try:
            import confluent_kafka  # noqa: F401 - whether it is there
        except ImportError:
            return "the package confluent-kafka is not installed"
        if not shutil.which("etcd"):
            return "etcd is not installed"
    return ""


def free_ports(count):
    """Return ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Machines:
    """Processes of Milvus with one folder; the program is unpacked once, beside."""

    def __init__(self, folder, program):
        import milvus

        self.folder, self.program = Path(folder), Path(program)
        self.processes, self._logs = {}, []
        self.port, self._inner = free_ports(2)
        if not (self.program / "bin").exists():
            milvus._initialize_data_files(str(self.program))
        data = Path(milvus.__file__).parent / "data"
        self._template = (data / "config.yaml.template").read_text("utf-8")
        self._logging = data / "glog.conf"
        (self.folder / "data").mkdir(parents=True, exist_ok=True)

    @property
    def address(self):
        """Where it is, as the program writes it."""
        return f"milvus://127.0.0.1:{self.port}"

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End all of it at once."""
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
        for log in self._logs:
            log.close()
        self.processes.clear()

    def kill(self, name):
        """End one process as a power cut does."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _configured(self, name, values, edits=()):
        place = self.folder / name
        (place / "logs").mkdir(parents=True, exist_ok=True)
        known = {
            "etcd_log_path": place / "etcd.log",
            "etcd_data_dir": self.folder / "data/etcd",
            "local_storage_dir": self.folder / "data",
            "rocksmq_data_dir": self.folder / "data/rocksmq",
            "system_log_path": place / "logs",
            "proxy_port": self.port,
            "proxy_internal_port": self._inner,
            **values,
        }

        def filled(blank):
            key, _, usual = blank[1].partition(":")
            return str(known.get(key.partition("(")[0].strip(), usual.strip()))

        text = re.sub(r"\{\{\s*(.*?)\s*\}\}", filled, self._template)
        text = re.sub(r"\n(\s+)ip: # if not.*", r"\n\1ip: 127.0.0.1", text)
        for pattern, instead in edits:
            text, count = re.subn(pattern, instead, text)
            assert count, f"the settings of Milvus have changed: {pattern}"
        (place / "milvus.yaml").write_text(text, "utf-8")
        shutil.copy(self._logging, place)
        return place

    def _run(self, name, arguments, place, **environment):
        (port,) = free_ports(1)
        binaries = self.program / "bin"
        self._start(
            name,
            [str(binaries / "milvus"), "run", *arguments],
            place,
            LD_LIBRARY_PATH=str(binaries),
            MILVUSCONF=str(place),
            METRICS_PORT=str(port),
            **environment,
        )
        self.processes[name].health = f"http://127.0.0.1:{port}/healthz"

    def _start(self, name, command, place, **environment):
        place.mkdir(parents=True, exist_ok=True)
        log = (place / "out.log").open("a")
        self._logs.append(log)
        self.processes[name] = subprocess.Popen(
            command,
            env=os.environ | environment,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def _wait_for(self, *names):
        end = time.monotonic() + _STARTS_WITHIN
        for name in names:
            process = self.processes[name]
            while not _is_well(process.health):
                ended = process.poll()
                assert ended is None, f"{name} ended with {ended}, see {self.folder / name}"
                assert time.monotonic() < end, f"{name} does not start"
                time.sleep(0.1)


def _is_well(address):
    try:
        with urllib.request.urlopen(address, timeout=3) as reply:  # noqa: S310 - of this machine
            return b"OK" in reply.read()
    except (OSError, urllib.error.URLError):
        return False


class OneMilvus(Machines):
    """All roles in one process."""

    def start(self):
        """Start it, or start it again on the same folder."""
        *ports, peer = free_ports(len(_PORTS) + 1)
        ports = dict(zip(_PORTS, ports, strict=True))
        (self.folder / "all").mkdir(exist_ok=True)
        etcd = self.folder / "all" / "etcd.yaml"
        etcd.write_text(_etcd(ports["etcd_port"], peer), "utf-8")
        edits = [
            (r"embed: true.*", f"embed: true\n  config:\n    path: {etcd}"),
            (r"    ttl: 30\b", f"    ttl: {_SESSION_SECONDS}"),
        ]
        if "type: default" in self._template:
            edits.append((r"type: default", "type: rocksmq"))
        place = self._configured("all", ports, edits)
        self._run("all", ["standalone"], place, DEPLOY_MODE="STANDALONE")
        self._wait_for("all")


class MilvusCluster(Machines):
    """Coordinators, a data node, an index node, query nodes and a proxy, a process each."""

    def __init__(self, folder, program, query_nodes=2):
        super().__init__(folder, program)
        self._query_nodes = [f"query{number}" for number in range(1, query_nodes + 1)]

    def start(self):
        """Start etcd, the log and all roles."""
        from confluent_kafka import Producer

        self._log = Producer(
            {"test.mock.num.brokers": 1, "bootstrap.servers": "none", "log_level": 0}
        )
        broker = next(iter(self._log.list_topics(timeout=10).brokers.values()))
        etcd, peer, *ports = free_ports(5)
        self._start_etcd(etcd, peer)
        names = ("root_coord_port", "query_coord_port", "data_coord_port")
        self._values = {"etcd_port": etcd, **dict(zip(names, ports, strict=True))}
        self._edits = [
            (r"endpoints: localhost:\d+", f"endpoints: 127.0.0.1:{etcd}"),
            (r"embed: true", "embed: false"),
            (r"\n  type: (rocksmq|default)[^\n]*", "\n  type: kafka"),
            (r"\npulsar:\n(  .*\n)+", "\n"),
            (r"# kafka:\n(#.*\n)+", _kafka(f"{broker.host}:{broker.port}")),
            (r"    ttl: 30\b", f"    ttl: {_SESSION_SECONDS}"),
            (r"autoBalance: false", "autoBalance: true"),
            (r"balanceIntervalSeconds: 60", "balanceIntervalSeconds: 5"),
        ]
        coordinators = ("rootcoord", "querycoord", "datacoord", "indexcoord")
        self._role("coordinators", ["mixture", *(f"-{one}=true" for one in coordinators)])
        _wait_for_port(ports[0])
        self._role("data", ["datanode"])
        self._role("index", ["indexnode"])
        for name in self._query_nodes:
            self._role(name, ["querynode"])
        self._role("proxy", ["proxy"])
        self._wait_for(*(name for name in self.processes if name != "etcd"))
        _wait_for_port(self.port)

    def start_query_node(self, name):
        """Let one more node join."""
        self._role(name, ["querynode"])
        self._wait_for(name)

    def _start_etcd(self, port, peer):
        place, here = self.folder / "etcd", "http://127.0.0.1"
        command = [
            "etcd", "--data-dir", str(place), "--listen-client-urls", f"{here}:{port}",
            "--advertise-client-urls", f"{here}:{port}", "--listen-peer-urls", f"{here}:{peer}",
        ]  # fmt: skip
        self._start("etcd", command, place)
        _wait_for_port(port)

    def _role(self, name, arguments):
        query, index, data = free_ports(3)
        own = {"query_node_port": query, "index_node_port": index, "data_node_port": data}
        self._run(name, arguments, self._configured(name, self._values | own, self._edits))


def _etcd(port, peer):
    """Let the etcd inside keep away from the usual ports, as there may be several."""
    here, there = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    return (
        f"name: here\nlisten-client-urls: {here}\nadvertise-client-urls: {here}\n"
        f"listen-peer-urls: {there}\ninitial-advertise-peer-urls: {there}\n"
        f"initial-cluster: here={there}\n"
    )


def _kafka(broker):
    return (
        f"kafka:\n  brokerList: {broker}\n  saslUsername:\n  saslPassword:\n"
        "  saslMechanisms: PLAIN\n  securityProtocol: PLAINTEXT\n  readTimeout: 10\n"
    )


def _wait_for_port(port):
    end = time.monotonic() + _STARTS_WITHIN
    while True:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        assert time.monotonic() < end, f"nobody listens on {port}"
        time.sleep(0.1)
