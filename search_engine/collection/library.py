"""The collections of a data folder: their names, locks and summaries, and their removal."""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from search_engine import files
from search_engine.collection.at_work import is_being_built
from search_engine.collection.catalog import CATALOG_FILE, Catalog
from search_engine.collection.first_build import so_far
from search_engine.collection.joined_folders import folders_of
from search_engine.collection.manifest import read_manifest
from search_engine.errors import (
    BadName,
    CollectionBusy,
    CollectionDamaged,
    CollectionError,
    CollectionMissing,
    SearchEngineError,
    passing_over,
)
from search_engine.names import (
    as_on_disk,
    compared,
    did_you_mean,
    names_a_folder,
    one_spelling,
)
from search_engine.records import CollectionSummary, IndexManifest, ScanRules
from search_engine.settings import SAMPLE_COLLECTION, Settings

_LOG = logging.getLogger(__name__)

_LONGEST_NUMBER = 20
_LOCKS_FOLDER = ".locks"
NO_SAMPLE = ".no-sample"
REMOVED = ".removed-"
"""What a removal that was killed left goes with the next one."""


class Library:
    """All collections below one data folder."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.collections_folder

    def folder(self, name: str) -> Path:
        """Return where a collection lies, or would lie.

        Raises:
            BadName: The name would not be one safe folder name on every system.
        """
        if not names_a_folder(one_spelling(name)):
            cause = f"'{name}' cannot be the name of a collection"
            remedy = "Use letters, digits, spaces and . _ + -, beginning with a letter or digit."
            raise BadName(cause, remedy=remedy)
        return as_on_disk(self._root / one_spelling(name))

    def names(self) -> list[str]:
        """Return the names of all collections, in order."""
        if not self._root.is_dir():
            return []
        folders = self._root.glob(f"*/{CATALOG_FILE}")
        return sorted(
            name for name in {one_spelling(f.parent.name) for f in folders} if names_a_folder(name)
        )

    def open_catalog(self, name: str) -> Catalog:
        """Open the catalog of a collection.

        Raises:
            CollectionMissing: There is no collection of this name; those with a name near it are
                named.
        """
        try:
            return Catalog.open(self.folder(name))
        except CollectionMissing as error:
            meant = did_you_mean(name, self.names())
            if not meant:
                raise
            raise CollectionMissing(error.cause, place=error.place, remedy=meant) from error

    def roots(self) -> Iterator[tuple[str, Path]]:
        """Return all collections that can be read, each with the folder of its pictures."""
        for name in self.names():
            unread = passing_over(_LOG, "whose folder it is cannot be seen", CollectionError)
            with unread, self.open_catalog(name) as catalog:
                if catalog.settings:
                    yield name, catalog.settings.root

    def of_folder(self, root: Path) -> str | None:
        """Return the name of the collection of a folder of pictures."""
        return next((name for name, one in self.roots() if one == root), None)

    def name_for(self, root: Path) -> str:
        """Return the name of a folder's collection, or a free one made from the folder's own.

        Raises:
            CollectionError: The collection of that name cannot be read, so that nobody knows
                whether it is the folder's.
        """
        known = self.of_folder(root)
        if known:
            return known
        words = re.sub(r"[^\w.+-]+", "-", one_spelling(root.name)).strip("-._+")[:50].rstrip("-._+")
        plain = words if names_a_folder(words) else "pictures"
        if plain in self.names():
            self.open_catalog(plain).close()  # if it is damaged, this may be the folder it is of
        taken, name, number = {compared(taken) for taken in self.names()}, plain, 1
        while compared(name) in taken:
            number += 1
            name = f"{plain}-{number}"
        return name

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold a collection for writing; the system lets go of it even when we are killed.

        Raises:
            CollectionBusy: Somebody else holds it.
            CollectionError: Nothing can be written there.
        """
        name = self.folder(name).name
        locks = self._root / _LOCKS_FOLDER
        try:
            files.keep_private(self._root)
            files.make_folder(locks)
            lock = FileLock(locks / f"{name}.lock", timeout=0, mode=0o600)
            lock.acquire()
        except OSError as error:  # a Timeout is one, too
            raise self._no_lock(name, error) from error
        try:
            with passing_over(_LOG, "who holds the lock is not noted", OSError):
                files.write(locks / f"{name}.process", str(os.getpid()).encode())
            yield
        finally:
            lock.release()

    def _no_lock(self, name: str, error: OSError) -> CollectionError:
        if isinstance(error, Timeout):
            cause = f"Another build of '{name}' is running{self._holder(name)}"
            return CollectionBusy(cause, remedy="Wait until it has finished, or stop it.")
        cause = f"The collection '{name}' cannot be changed: {error.strerror or error}"
        remedy = "Is the disk full, or the data folder not writable? Searching goes on."
        return CollectionError(cause, place=str(self._root), remedy=remedy)

    def _holder(self, name: str) -> str:
        with passing_over(_LOG, "who holds the lock cannot be seen", OSError, ValueError):
            place = self._root / _LOCKS_FOLDER / f"{name}.process"
            return f" in process {int(files.read(place, _LONGEST_NUMBER))}"
        return ""

    def summaries(self) -> list[CollectionSummary]:
        """Sum all collections up; one that is removed meanwhile is left out."""
        found = []
        for name in self.names():
            with suppress(CollectionMissing):
                found.append(self.summary(name))
        return found

    def summary(self, name: str) -> CollectionSummary:
        """Sum a collection up; what makes it unusable is told in its ``problem``."""
        try:
            return self.readable_summary(name)
        except CollectionMissing:
            raise
        except SearchEngineError as error:
            why = str(error)
        except Exception as error:  # noqa: BLE001 - one bad collection must not hide the others
            _LOG.exception("the collection %s cannot be summed up", name)
            why = f"It cannot be read: {type(error).__name__}"
        return CollectionSummary(name, "", 0, 0, 0, "", None, stale=True, problem=why, damaged=True)

    def readable_summary(self, name: str) -> CollectionSummary:
        """Sum a collection up that can be read.

        Raises:
            CollectionMissing: There is no collection of this name.
            CollectionError: It cannot be read.
        """
        with self.open_catalog(name) as catalog:
            settings, manifest = catalog.settings, _manifest_of(catalog)
            needs_index = manifest is None and catalog.builds.has_finished()
            of_first = so_far(catalog, manifest) if manifest else None
            at_work = catalog.builds.none_has_finished() and is_being_built(catalog)
            return CollectionSummary(
                name=name,
                folder=str(settings.root) if settings else "",
                folders=tuple(map(str, folders_of(settings.root).values())) if settings else (),
                pictures=len(catalog.pictures),
                categories=catalog.pictures.count_categories(),
                skipped=len(catalog.skipped),
                model_id=manifest.model.model_id if manifest else "",
                manifest=manifest,
                stale=manifest is None or manifest.made_of != catalog.version,
                problem=_problem(manifest, needs_index=needs_index, at_work=at_work),
                needs_index=needs_index,
                findings=catalog.findings,
                rules=settings.rules if settings else ScanRules(),
                so_far=of_first,
                is_being_built=at_work,
            )

    def rate(self, model_id: str) -> float | None:
        """Return the pictures a second of a build with this model here, if one is known."""
        for name in self.names():
            unread = passing_over(_LOG, "how fast it was built cannot be seen", CollectionError)
            with unread, self.open_catalog(name) as catalog:
                rate = catalog.builds.rate(model_id)
                if rate:
                    return rate
        return None

    def discard(self, name: str) -> None:
        """Delete what a build began and left empty; the caller holds the lock."""
        try:
            files.remove_tree(self.folder(name))
        except OSError as error:
            _LOG.info("an empty collection stays: %s", error.strerror)

    def rename(self, name: str, new_name: str) -> None:
        """Return a collection another name; whoever has it open goes on with what he has open.

        Raises:
            BadName: The new name cannot be one, or another collection has it.
            CollectionMissing: There is no collection of the old name.
            CollectionBusy: It is being built.
            CollectionError: It cannot be renamed.
        """
        folder, new = self.folder(name), self.folder(new_name)
        if name not in self.names():
            self.open_catalog(name).close()
        with ExitStack() as locks:
            # Where case does not matter, names that differ in nothing else have one lock.
            both = {compared(one.name): one.name for one in (new, folder)}
            for one in sorted(both.values()):
                locks.enter_context(self.lock(one))
            self._refuse_taken(folder, new)
            try:
                folder.rename(new)
            except OSError as error:
                cause = f"'{name}' cannot be renamed: {error.strerror or error}"
                remedy = "May this user write there, and does no other program have it open?"
                raise CollectionError(cause, place=str(folder), remedy=remedy) from error

    def _refuse_taken(self, folder: Path, new: Path) -> None:
        """Refuse the name of another collection, also one that differs in case alone."""
        others = {compared(other) for other in self.names()} - {compared(folder.name)}
        is_itself = new.exists() and new.samefile(folder)  # where case does not matter
        if new == folder:
            cause, remedy = f"'{folder.name}' is called that already", "Choose another name."
        elif compared(new.name) in others or (os.path.lexists(new) and not is_itself):
            cause = f"The name '{new.name}' is taken"
            remedy = "Choose another name, or remove that collection first."
        else:
            return
        raise BadName(cause, place=str(new), remedy=remedy)

    def remove(self, name: str) -> None:
        """Delete all that was made for a collection; never a picture.

        A collection that cannot be read is deleted as well, and of one that is a link, the link.

        Raises:
            CollectionMissing: There is no collection of this name.
            CollectionBusy: It is being built.
            CollectionError: Something in it cannot be deleted.
        """
        folder = self.folder(name)
        if name not in self.names():
            self.open_catalog(name).close()
        with self.lock(name):
            self._delete(folder)
            if name == SAMPLE_COLLECTION:
                with passing_over(_LOG, "the sample comes back the next time", OSError):
                    files.write(self._root / NO_SAMPLE, b"")

    def _delete(self, folder: Path) -> None:
        """Take a folder out of sight at once, so that nobody opens half of it, then delete it."""
        beside = self._root / f"{REMOVED}{secrets.token_hex(8)}"
        try:
            folder.rename(beside)
            if beside.is_symlink():
                beside.unlink()
            for removed in self._root.glob(f"{REMOVED}*"):
                if not removed.is_symlink():
                    shutil.rmtree(removed)
        except OSError as error:
            cause = f"'{folder.name}' cannot be removed: {error.strerror or error}"
            remedy = "May this user write there, and does no other program have it open?"
            raise CollectionError(cause, place=str(folder), remedy=remedy) from error

    @property
    def wants_sample(self) -> bool:
        """Whether there is nothing yet, and the sample has not been removed by somebody."""
        return not self.names() and not (self._root / NO_SAMPLE).exists()


def _manifest_of(catalog: Catalog) -> IndexManifest | None:
    """Read the manifest of an index that was made of this catalog; another one is of no use."""
    with passing_over(_LOG, "an index is passed over", CollectionDamaged):
        manifest = read_manifest(catalog.folder)
        return manifest if manifest and catalog.has_been(manifest.made_of) else None
    return None


def _problem(manifest: IndexManifest | None, *, needs_index: bool, at_work: bool) -> str:
    lost = "its index was lost or is another's, and is made anew at the next search"
    if manifest or needs_index:
        return lost if needs_index else ""
    return "being indexed" if at_work else "indexing not finished"
