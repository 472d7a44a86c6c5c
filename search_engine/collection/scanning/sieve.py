"""What a scan takes in and what it leaves out, by name alone."""

from __future__ import annotations

from pathlib import Path

from search_engine.collection.scanning.system_folders import derived_in, is_of_the_system
from search_engine.records import ScanRules
from search_engine.records.rules import CountedRules, RuleEffects
from search_engine.records.soundness import has_picture_suffix


class Sieve:
    """The rules of a scan, which count what they do; ``root`` is the folder that is scanned."""

    def __init__(self, rules: ScanRules, root: Path) -> None:
        self._hidden = rules.hidden
        self._rules = CountedRules(rules, root)
        self._root_name = root.name

    def hides(self, path: str, name: str) -> bool:
        """Return whether a file or folder is a hidden one or the system's, and left out as such."""
        return not self._hidden and (name.startswith(".") or self._is_of_the_system(path, name))

    def lets_folder(self, path: str) -> bool:
        """Return whether a folder that is not hidden is to be looked into."""
        return self._rules.lets_folder(path)

    def lets_picture(self, path: str) -> bool:
        """Return whether a file that is not hidden, and named like a picture, is taken in."""
        return self._rules.lets_picture(path)

    def lets(self, path: str) -> bool:
        """Return whether the rules let a file pass, without counting it."""
        return self._rules.would_let(path)

    def takes(self, path: str) -> bool:
        """Return whether a scan would take a file in, if it were there."""
        parts = path.split("/")
        places = ("/".join(parts[: depth + 1]) for depth in range(len(parts)))
        if any(self.hides(place, name) for place, name in zip(places, parts, strict=True)):
            return False
        return has_picture_suffix(parts[-1]) and self.lets(path)

    def effects(self) -> RuleEffects:
        """Return what came of the rules so far."""
        return self._rules.effects()

    def _is_of_the_system(self, path: str, name: str) -> bool:
        if is_of_the_system(name):
            return True
        above = path[: -len(name) - 1].rpartition("/")[2] or self._root_name
        return name.casefold() in derived_in(above)
