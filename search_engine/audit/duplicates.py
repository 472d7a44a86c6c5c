"""Groups of equal and nearly equal pictures, and which of each to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from search_engine.audit.evidence import PairEvidence, Thresholds
from search_engine.audit.inventory import Inventory
from search_engine.audit.keeping import Content, files_of, preference
from search_engine.audit.on_disk import FileNumber, FileState, OnDisk, look
from search_engine.collection.catalog import Catalog
from search_engine.records import PictureRecord


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture of a group, and how close it is to the one to keep."""

    record: PictureRecord
    exact: bool
    """Whether it has the same bytes."""
    cosine: float
    bits: int
    overlay: float
    bytes_freed: int = 0
    """By removing it and what stands before it in its group; 0 where other names hold the file."""


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Files of which one is enough."""

    kept: PictureRecord
    """By the rule: most pixels, then most bytes, then oldest file, then shortest path. Among equal
    files one that other names or links lead to comes first. What lies in a bin, or in a folder that
    is hidden or the system's, comes after that, and a link is last."""
    copies: tuple[Copy, ...]
    """The others, each close to ``kept`` itself, and none another name of its file."""
    same_files: tuple[PictureRecord, ...] = ()
    """Other names of these files: links, and further names of the one to keep. No copies."""
    close: frozenset[frozenset[str]] = frozenset()
    """Content hashes of copies that are close to one another as well, two by two."""

    def is_close(self, one: PictureRecord, other: PictureRecord) -> bool:
        """Return whether two pictures of the group are copies of one another."""
        pair = frozenset([one.content_hash, other.content_hash])
        return self.kept.content_hash in pair or len(pair) == 1 or pair in self.close

    @property
    def exact(self) -> bool:
        """Whether all of them have the same bytes."""
        return all(copy.exact for copy in self.copies)

    @property
    def records(self) -> tuple[PictureRecord, ...]:
        """All pictures, the one to keep first."""
        return (self.kept, *(copy.record for copy in self.copies))

    @property
    def bytes_to_gain(self) -> int:
        """How much is freed when all copies go.

        Not known is which files share their blocks, as clones on some file systems do.
        """
        return sum(copy.bytes_freed for copy in self.copies)


def duplicate_groups(
    catalog: Catalog,
    inventory: Inventory,
    pairs: PairEvidence,
    thresholds: Thresholds | None = None,
    on_disk: Callable[[PictureRecord], OnDisk] | None = None,
    linked: frozenset[FileNumber] = frozenset(),
) -> list[DuplicateGroup]:
    """Return the groups, those that take most space first.

    Contents take their turn from the best to keep to the worst; each that is not in a group yet
    gathers those that are close to it *itself*. So no chain of small steps brings pictures
    together that are far apart, and whatever is to go is close to what stays. Names of one file,
    links included, are no copies of one another.

    Args:
        catalog: Where the pictures stand.
        inventory: The same pictures as arrays.
        pairs: Which contents may be one picture.
        thresholds: When two contents count as one; the usual ones if None.
        on_disk: Looks at a picture's file; by the catalog's folder if None.
        linked: Files that links lead to.
    """
    pairs = pairs.within(thresholds or Thresholds())
    links = _links(pairs)
    counts = np.bincount(inventory.contents, minlength=len(inventory.firsts))
    copied = np.flatnonzero(counts > 1).tolist()
    concerned = np.unique(np.array([*links, *copied], dtype=np.int64))
    places = inventory.pictures_of(concerned)
    records = catalog.pictures.by_id(inventory.picture_ids[places].tolist())
    pictures: dict[int, list[PictureRecord]] = defaultdict(list)
    for place in places.tolist():
        record = records.get(int(inventory.picture_ids[place]))
        if record:
            pictures[int(inventory.contents[place])].append(record)
    contents = {
        at: files_of(of_content, on_disk or _in_folder_of(catalog), linked)
        for at, of_content in pictures.items()
    }
    groups = (
        _group(links, content, gathered, contents, pairs)
        for content, gathered in _gathered(contents, links).items()
    )
    return sorted(
        (group for group in groups if group.copies),
        key=lambda group: (-group.bytes_to_gain, group.kept.path),
    )


def _in_folder_of(catalog: Catalog) -> Callable[[PictureRecord], OnDisk]:
    known = catalog.settings
    return lambda record: look(known.root / record.path) if known else OnDisk(FileState.UNREADABLE)


def _links(pairs: PairEvidence) -> defaultdict[int, dict[int, int]]:
    """Return, for each content, the contents that it is close to, and where that pair stands."""
    links: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for at, (one, other) in enumerate(zip(pairs.ones.tolist(), pairs.others.tolist(), strict=True)):
        links[one][other] = links[other][one] = at
    return links


def _gathered(
    contents: Mapping[int, Content], links: Mapping[int, Mapping[int, int]]
) -> dict[int, list[int]]:
    """Return the contents that each leader gathers, without itself, the best to keep first."""
    taken: set[int] = set()
    groups: dict[int, list[int]] = {}
    order = sorted(contents, key=lambda at: preference(contents[at].best))
    rank = {at: number for number, at in enumerate(order)}
    for content in order:
        if content not in taken:
            close = [at for at in links.get(content, ()) if at in contents and at not in taken]
            groups[content] = sorted(close, key=rank.__getitem__)
            taken.update(close, [content])
    return groups


def _group(
    links: Mapping[int, Mapping[int, int]],
    leader: int,
    gathered: Sequence[int],
    contents: Mapping[int, Content],
    pairs: PairEvidence,
) -> DuplicateGroup:
    (kept, *_), *files = contents[leader].files
    copies = [copy for names in files for copy in _copies(names, (1.0, 0, 1.0), exact=True)]
    for number in gathered:
        at = links[leader][number]
        close = float(pairs.cosines[at]), int(pairs.bits[at]), float(pairs.overlays[at])
        others = contents[number].files
        copies += [copy for names in others for copy in _copies(names, close, exact=False)]
    listed = {kept[0].picture_id, *(copy.record.picture_id for copy in copies)}
    names = [
        record for at in (leader, *gathered) for file in contents[at].files for record, _ in file
    ]
    hashes = {at: contents[at].best.content_hash for at in gathered}
    return DuplicateGroup(
        kept[0],
        tuple(copies),
        tuple(record for record in names if record.picture_id not in listed),
        frozenset(
            frozenset([hashes[one], hashes[other]])
            for one, other in combinations(gathered, 2)
            if other in links.get(one, ())
        ),
    )


def _copies(
    names: Sequence[tuple[PictureRecord, OnDisk]],
    evidence: tuple[float, int, float],
    *,
    exact: bool,
) -> list[Copy]:
    """Return the names of a file that can be removed; space is freed when the last one goes."""
    first = names[0][1]
    own = [record for record, found in names if found.state is not FileState.LINK]
    own = own[:1] if first.names == 1 else own  # one entry of a folder, by several ways
    if not own:  # of a file that lies elsewhere the links are all there is
        own = [names[0][0]]
    frees = first.state is FileState.FILE and first.names <= len(own)
    return [
        Copy(record, exact, *evidence, bytes_freed=record.size_bytes if frees and is_last else 0)
        for record, is_last in ((record, record is own[-1]) for record in own)
    ]
