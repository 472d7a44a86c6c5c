"""What looking through a folder found beside its pictures, as ``index`` and ``info`` tell it."""

from __future__ import annotations

from collections.abc import Sequence

from search_engine.cli.console import printable, shortened, show
from search_engine.records import AwayPlace, Findings, SkippedFile, counted

_SKIPS_SHOWN = 20
_PLACES_SHOWN = 20
_KINDS_SHOWN = 12


def show_findings(findings: Findings) -> None:
    """Name the places that are out of reach, and the kinds of pictures that are not read."""
    for place in findings.away[:_PLACES_SHOWN]:
        show(_kept(place))
    more = findings.away[_PLACES_SHOWN:]
    if more:
        pictures = counted(sum(place.pictures for place in more), "picture", "pictures")
        show(f"… and {counted(len(more), 'more such place', 'more such places')} with {pictures}")
    if findings.unread:
        kinds = ", ".join(printable(str(one)) for one in findings.unread[:_KINDS_SHOWN])
        rest = len(findings.unread) - _KINDS_SHOWN
        show(f"Not read yet: {kinds}{f', and {rest} more kinds' if rest > 0 else ''}")
    if findings.links:
        links = counted(findings.links, "link leads", "links lead")
        show(f"{links} to pictures that are in anyway.")
    if findings.dead_links:
        show(f"{counted(findings.dead_links, 'link leads', 'links lead')} nowhere.")


def _kept(place: AwayPlace) -> str:
    """Say what is the matter with a place, and that nothing of it is lost."""
    name = f"'{shortened(printable(place.path))}'" if place.path else "The folder"
    its = (
        "its picture stays as it was"
        if place.pictures == 1
        else (f"its {place.pictures:,} pictures stay as they were")
    )
    return f"{name} {place.reason}; {its}."


def show_skips(name: str, skips: Sequence[SkippedFile], *, all_skips: bool) -> None:
    """Name the files of a collection that were left out, some of them or all."""
    if not skips:
        return
    shown = skips if all_skips else skips[:_SKIPS_SHOWN]
    show(f"{counted(len(skips), 'file was', 'files were')} skipped:")
    for skip in shown:
        path = printable(skip.path) if all_skips else shortened(printable(skip.path))
        show(f"  {path}  ({printable(skip.explanation)})")
    if len(shown) < len(skips):
        show(f"  … and {len(skips) - len(shown):,} more: info {name} --skipped")
    if any(skip.reason.may_be_the_machine for skip in skips):
        show("Was the machine very busy? index with --verify reads such files once more.")


def count_remarks(name: str, count: int) -> None:
    """Say how many pictures of a collection were read with a remark."""
    if count:
        read = counted(count, "picture was", "pictures were")
        show(f"{read} read with a remark: info {name} --remarks")
