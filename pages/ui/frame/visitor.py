"""Whether the browser is of this machine, whose files it may be shown in and written to."""

from __future__ import annotations

import ipaddress

import streamlit as st


def is_of_this_machine() -> bool:
    """Return whether the browser runs where the app does."""
    address = st.context.ip_address
    try:
        return address is None or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
