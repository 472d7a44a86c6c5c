"""File systems that the system makes up: views of processes, devices and settings, no files.

A link in a folder may lead there. It takes a minute to walk through, is never twice the same, and
holds no picture. Only Linux tells which they are, and has so many.
"""

from __future__ import annotations

import os

from search_engine.collection.scanning.drives import mount_lines

_MADE_UP = frozenset(
    """
    proc sysfs devtmpfs devpts cgroup cgroup2 debugfs tracefs securityfs pstore bpf configfs mqueue
    hugetlbfs fusectl binfmt_misc efivarfs nsfs rpc_pipefs selinuxfs smackfs nfsd
    """.split()
)


def made_up_kind(device: int) -> str:
    """Name the kind of a made-up file system by its device number; nothing for one of files."""
    return _kinds().get(device, "")


def _kinds() -> dict[int, str]:
    """Read which devices are made up."""
    found = {}
    for line in mount_lines():
        before, _, after = line.partition(" - ")
        kind = after.split(" ", 1)[0]
        if kind in _MADE_UP:
            major, _, minor = before.split()[2].partition(":")
            found[os.makedev(int(major), int(minor))] = kind
    return found
