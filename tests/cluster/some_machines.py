"""Run a Ray cluster of a head that only leads and two machines of one core, until told to end.

python -m tests.cluster.some_machines PORT_FOR_CLIENTS

It prints a line of JSON when it is up: the head's address and the process of each machine's raylet,
without which Ray takes the machine for dead. It ends when its standard input is closed.
"""

import json
import os
import sys
import tempfile

from ray.cluster_utils import Cluster

STORE = 120 * 2**20


def main(port):
    """Start it, say so, and wait."""
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp") as folder:
        serve({"ray_client_server_port": int(port), "temp_dir": folder})
    os._exit(0)


def serve(how):
    """Be there until standard input is closed."""
    head = {"num_cpus": 0, "include_dashboard": False} | how
    cluster = Cluster(initialize_head=True, head_node_args={"object_store_memory": STORE} | head)
    nodes = [cluster.add_node(num_cpus=1, object_store_memory=STORE) for _ in range(2)]
    raylets = [node.all_processes["raylet"][0].process.pid for node in nodes]
    sys.stdout.write(json.dumps({"address": cluster.address, "raylets": raylets}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    cluster.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
