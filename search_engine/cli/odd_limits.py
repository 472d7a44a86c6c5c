"""From where on a picture is called odd, as options of ``outliers``."""

from __future__ import annotations

import argparse

from search_engine.audit.picture_quality import QualityLimits
from search_engine.audit.unusual import Oddity, UnusualLimits
from search_engine.cli.options import number, positive


def add_limits(outliers: argparse.ArgumentParser) -> None:
    """Add the options."""
    usual, distances, add = QualityLimits(), UnusualLimits(), outliers.add_argument
    add("--what", type=Oddity, choices=list(Oddity), action="append", help="(all; repeat)")
    add("--k", type=positive, default=distances.k, help="answers of a question (10)")
    for name, kind, value, what in (
        ("--far", number, distances.far, "robust deviations above the median distance"),
        ("--off", number, distances.off, "times as far as usual in the category"),
        ("--typical", number, distances.typical, "at most so many times as far as usual"),
        ("--blur", number, usual.blur, "robust deviations"),
        ("--dark", number, usual.dark, "luminance up to 255"),
        ("--bright", number, usual.bright, "luminance"),
        ("--tiny", positive, usual.tiny, "pixels"),
        ("--odd", number, usual.odd, "longer in shorter sides"),
    ):
        add(name, type=kind, default=value, help=f"{what} ({value:g})")


def limits_of(arguments: argparse.Namespace) -> UnusualLimits:
    """Return the limits that were asked for."""
    return UnusualLimits(
        arguments.k,
        arguments.far,
        arguments.off,
        arguments.typical,
        QualityLimits(
            arguments.blur, arguments.dark, arguments.bright, arguments.tiny, arguments.odd
        ),
    )
