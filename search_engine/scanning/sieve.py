"""What a scan takes in and what it leaves out, by name alone."""

from __future__ import annotations

from fnmatch import fnmatch

from search_engine.records import ScanRules
from search_engine.scanning.system_folders import derived_in, is_of_the_system
from search_engine.soundness import has_picture_suffix


class Sieve:
    """The rules of a scan; ``root_name`` is the name of the folder that is scanned."""

    def __init__(self, rules: ScanRules, root_name: str) -> None:
        self._rules = rules
        self._root_name = root_name

    def leaves_out(self, path: str, name: str) -> bool:
        """Tell whether a file or folder is left out, with all that is in it."""
        if not self._rules.hidden and (name.startswith(".") or self._is_of_the_system(path, name)):
            return True
        return bool(self._rules.exclude) and _matches(path, name, self._rules.exclude)

    def includes(self, path: str, name: str) -> bool:
        """Tell whether a file that is not left out is wanted."""
        return not self._rules.include or _matches(path, name, self._rules.include)

    def takes(self, path: str) -> bool:
        """Tell whether a scan would take a file in, if it were there."""
        parts = path.split("/")
        for depth in range(len(parts)):
            if self.leaves_out("/".join(parts[: depth + 1]), parts[depth]):
                return False
        return has_picture_suffix(parts[-1]) and self.includes(path, parts[-1])

    def _is_of_the_system(self, path: str, name: str) -> bool:
        if is_of_the_system(name):
            return True
        above = path[: -len(name) - 1].rpartition("/")[2] or self._root_name
        return name.casefold() in derived_in(above)


def _matches(path: str, name: str, patterns: tuple[str, ...]) -> bool:
    path, name = path.casefold(), name.casefold()
    return any(
        fnmatch(path, pattern) or fnmatch(name, pattern)
        for pattern in (p.casefold().rstrip("/").replace("[", "[[]") for p in patterns)
    )
