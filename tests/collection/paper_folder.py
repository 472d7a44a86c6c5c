"""A folder on paper, to be compared without files."""

from search_engine.collection.scanning import Scan, compare
from search_engine.records import PictureFile, PictureRecord, ScanRules, SkippedFile
from search_engine.records.builds import BuildOrder

USUAL, ALL = BuildOrder(), ScanRules()


class Folder:
    """A folder on paper: what was known, what is there now, and which files were read for it."""

    def __init__(self):
        self.known = {}
        self.skipped = {}
        self.contents = {}
        self.files = {}
        self.read = []

    def knows(self, path, content, *, time=1):
        """Note a picture of an earlier build, whose file had this content."""
        number = len(self.known) + 1
        self.known[path] = PictureRecord(
            number, path, None, len(content), time, f"hash of {content}", 1, 1, None, None
        )
        return number

    def skips(self, path, reason, *, content="skipped", time=1):
        """Note a file that an earlier build left out."""
        self.skipped[path] = SkippedFile(path, reason, "", len(content), time)

    def holds(self, path, content, *, time=1):
        """Say what is there now; None is content that cannot be read."""
        self.contents[path] = content
        self.files[path] = PictureFile(path, len(content or "."), time)

    def compare(self, *unreadable, order=USUAL, rules=ALL, **seen):
        files = tuple(sorted(self.files.values(), key=lambda file: file.path))
        found = Scan(files, unreadable, **seen)
        return compare(found, self.known, self.skipped, self._hashes, rules, order)

    def _hashes(self, files):
        self.read += [file.path for file in files]
        contents = {file.path: self.contents[file.path] for file in files}
        return {path: content and f"hash of {content}" for path, content in contents.items()}


def sorted_out(result):
    """Put a comparison so that it can be read: what happened to which ids and paths."""
    return {
        kind: value
        for kind, value in {
            "added": sorted(file.path for file in result.added),
            "changed": {record.picture_id: file.path for record, file in result.changed},
            "moved": {record.picture_id: file.path for record, file in result.moved},
            "touched": {record.picture_id: file.path for record, file in result.touched},
            "removed": sorted(record.picture_id for record in result.removed),
            "unchanged": sorted(record.picture_id for record in result.unchanged),
            "skipped": sorted(skip.path for skip in result.still_skipped),
            "away": {record.picture_id: place for record, (place, _) in result.away},
        }.items()
        if value
    }
