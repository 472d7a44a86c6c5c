"""What pages told the browser to show: the grid, the address line, charts."""

import json
import re

import pyarrow as pa


def components(app):
    """Return the data of every component of ours that has some."""
    return [json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.json]


def opened(app, popover):
    """Open a popover, so that what is in it is there."""
    app.session_state[popover] = True
    return app.run()


def choose(app, action):
    """Choose what is done with the results, as a click above them does; it is done in a run."""
    app.session_state["result action"] = action
    return app


def summary(app):
    """Return what the line above the results was told to say."""
    return next((payload for payload in components(app) if "facts" in payload), {})


def actions(app):
    """Return the names of what can be done with the results."""
    return [one["name"] for one in summary(app).get("actions", ())]


def grids(app):
    """Return what each grid was told to show."""
    return [payload for payload in components(app) if "items" in payload and "label" in payload]


def grid(app):
    """Return what the first grid was told to show; None without one."""
    return next(iter(grids(app)), None)


def address(app):
    """Return what the address line was told to say."""
    told = next(payload for payload in components(app) if "search" in payload)
    return {name: value for name, value in told.items() if name not in {"run", "visit"}}


def cosine(item):
    """Return the cosine that a card tells when one points at it."""
    return float(re.search(r"cosine (−?[0-9.]+)", item["about"])[1].replace("−", "-"))


def paths(payload):
    """Return the paths of the pictures in a grid, in their order."""
    return [item["path"] for item in payload["items"]]


def chart(app, title):
    """Return the table behind a chart, found by the beginning of its description."""
    found = {part.proto.alt: part.proto for part in app.get("vega_lite_chart")}
    alt = next((alt for alt in found if alt.startswith(title)), None)
    assert alt, f"no chart '{title}' among {list(found)}"
    return pa.ipc.open_stream(found[alt].datasets[0].data.data).read_all().to_pandas()


def metrics(app):
    """Return the figures shown in large, by label."""
    return {metric.label: metric.value for metric in app.metric}


def of_collection(app, key):
    """Return the key of what is kept for the collection that a page shows."""
    return f"{key} of {app.session_state['collection identity']}"
