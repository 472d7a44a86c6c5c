"""Whatever is listed can be removed: nothing is lost, and no link is left without its file."""

import hashlib
import os
import random
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit import on_disk
from search_engine.audit.audit import Audit
from search_engine.audit.decisions import Held, decide_removals
from search_engine.audit.evidence import Thresholds
from search_engine.audit.lists import ListKind, PathStyle, Separated, list_of_duplicates
from search_engine.records import ScanRules
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL
from tests.conftest import paint

TREES = 12


@pytest.fixture(scope="session")
def contents(tmp_path_factory):
    """Three drawings, each in full size, smaller, and coarse: as files' bytes."""
    root = tmp_path_factory.mktemp("contents")
    draw_gallery(root / "drawings", pictures=30)
    made = []
    for path in sorted(root.glob("drawings/*/*.jpg"))[::10]:
        image = Image.open(path).convert("RGB")
        image.resize((240, 240)).save(root / "small.jpg", quality=90)
        image.save(root / "coarse.jpg", quality=45)
        files = (path, root / "small.jpg", root / "coarse.jpg")
        made.append([file.read_bytes() for file in files])
    return made


def plant(root, contents, seed):
    """Make a tree of copies, smaller copies, hard links, links, links to links and to folders."""
    dice = random.Random(seed)  # noqa: S311 - a tree that can be made again
    folders = [root / name for name in ("a", "b/deep", "c", ".hidden")]
    for folder in folders:
        folder.mkdir(parents=True)
    files = []
    for number in range(14):
        name = dice.choice(("", "long name of a ", "-rf ", "z")) + f"{number}.jpg"
        path = dice.choice(folders) / name
        path.write_bytes(dice.choice(dice.choice(contents)))
        files.append(path)
    for number in range(10):
        path, target = dice.choice(folders) / f"{number}l.jpg", dice.choice(files)
        if dice.random() < 0.4:
            os.link(target, path, follow_symlinks=False)
        elif dice.random() < 0.5:
            path.symlink_to(target)
        else:
            path.symlink_to(os.path.relpath(target, path.parent))
        files.append(path)
    (root / "a/folder").symlink_to(root / "b", target_is_directory=True)
    outside = root.parent / f"outside {seed}"
    outside.mkdir()
    (outside / "o.jpg").write_bytes(contents[0][0])
    (root / "c/elsewhere.jpg").symlink_to(outside / "o.jpg")
    (root / "elsewhere").symlink_to(outside, target_is_directory=True)


def below(root):
    """Return all that is below a folder, without following a link."""
    return [
        Path(folder, name)
        for folder, folders, names in os.walk(root)
        for name in (*folders, *names)
    ]


def real_files(*roots):
    """Return the content hash of every file that is one, by number, with its size."""
    found = {}
    for path in (path for root in roots for path in below(root)):
        if path.is_file() and not path.is_symlink():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[path.stat().st_ino] = digest, path.stat().st_size
    return found


def links(root):
    """Return all links below a folder that lead somewhere."""
    return {path for path in below(root) if path.is_symlink() and path.exists()}


@pytest.fixture
def opened(settings, load):
    """Index a folder and open it."""
    engines = []

    def run(root):
        name, wanted = plan_build(root, settings, model_id="colours")
        build_collection(name, wanted, settings, load=load)
        engines.append(SearchEngine.open(name, settings, load=load))
        return engines[-1]

    yield run
    for engine in engines:
        engine.close()


def remove_all(listed):
    """Do what ``xargs -0 rm --`` does."""
    for path in listed.split(b"\0")[:-1]:
        Path(os.fsdecode(path)).unlink()


def listed(engine, decisions, kind=ListKind.REMOVE):
    return list_of_duplicates(engine, decisions, kind, PathStyle(Separated.NUL))


@pytest.mark.parametrize("seed", range(TREES))
@pytest.mark.parametrize("exact_only", [True, False])
def test_nothing_is_lost_by_a_list(contents, opened, tmp_path, seed, exact_only):
    """After all that is listed went, each content is there, or the one that its group keeps.

    By the rule or by choice; and every link leads where it led, and what was promised is gained.
    """
    root = tmp_path / "tree"
    plant(root, contents, seed)
    engine = opened(root)
    audit = Audit(engine)
    groups = audit.exact_duplicates() if exact_only else audit.duplicates()
    dice = random.Random(seed)  # noqa: S311 - choices that can be made again
    chosen = {
        group.kept.picture_id: dice.choice(group.records).picture_id for group in groups if seed % 2
    }
    before, led = real_files(root, tmp_path / f"outside {seed}"), links(root)
    decisions = decide_removals(engine, groups, chosen)
    promised = sum(decision.bytes_freed for decision in decisions)
    kept = listed(engine, decisions, ListKind.KEEP).split(b"\0")[:-1]
    remove_all(listed(engine, decisions))
    after = real_files(root, tmp_path / f"outside {seed}")
    there = {digest for digest, _ in after.values()}
    lost = {digest for digest, _ in before.values()} - there
    assert not (exact_only and lost)
    for digest in lost:
        (decision,) = [d for d in decisions if digest in {r.content_hash for r in d.removed}]
        assert decision.kept.content_hash in there
    assert all(path.exists() for path in led)
    assert all(Path(os.fsdecode(path)).exists() for path in kept)
    gained = sum(size for number, (_, size) in before.items() if number not in after)
    assert gained == promised


def test_the_trees_have_something_to_lose(contents, opened, tmp_path):
    """Most of the random trees have copies that may go, and some that may not."""
    removed, held = 0, set()
    for seed in range(4):
        root = tmp_path / f"tree {seed}"
        plant(root, contents, seed)
        engine = opened(root)
        for decision in decide_removals(engine, Audit(engine).duplicates()):
            removed += len(decision.removed)
            held |= set(decision.held.values())
    assert removed >= 8
    assert Held.LED_TO in held


def test_a_link_with_a_shorter_path_is_no_copy(opened, tmp_path):
    """The only real file is not listed, whatever is shorter: the case that lost pictures."""
    real = paint(tmp_path / "p/albums/2019/holiday in Spain.png", "red")
    (tmp_path / "p/a.png").symlink_to(real)
    engine = opened(tmp_path / "p")
    assert Audit(engine).exact_duplicates() == []


@pytest.mark.parametrize("way", ["hard link", "link", "link to a link", "linked folder"])
def test_names_of_one_file_are_no_copies(opened, tmp_path, way):
    """Nothing is gained by removing another name of a file, so none is listed, nor counted."""
    real = paint(tmp_path / "p/album/a.png", "red")
    paint(tmp_path / "p/b.png", "blue")
    other = tmp_path / "p/z.png"
    if way == "hard link":
        os.link(real, other)
    elif way == "linked folder":
        (tmp_path / "p/again").symlink_to(real.parent)
    else:
        other.symlink_to(real)
        if way == "link to a link":
            (tmp_path / "p/y.png").symlink_to(other)
    assert Audit(opened(tmp_path / "p")).exact_duplicates() == []


def test_a_file_with_more_names_is_kept(opened, tmp_path):
    """Of two equal files the one goes whose going frees something."""
    for name in ("a.png", "long/way/b.png"):
        paint(tmp_path / "p" / name, "red")
    os.link(tmp_path / "p/long/way/b.png", tmp_path / "p/long/way/c.png")
    engine = opened(tmp_path / "p")
    (decision,) = decide_removals(engine, Audit(engine).exact_duplicates())
    assert decision.kept.path == "long/way/b.png"
    assert [record.path for record in decision.removed] == ["a.png"]
    assert decision.bytes_freed == (tmp_path / "p/a.png").stat().st_size
    assert [record.path for record in decision.group.same_files] == ["long/way/c.png"]


def change(path):
    """Change a file so that its size and time stay."""
    facts = path.stat()
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.parametrize("what", ["gone", "changed", "a link by now", "a folder by now"])
@pytest.mark.parametrize("which", ["kept", "copy"])
def test_the_disk_is_asked_when_the_list_is_made(opened, tmp_path, what, which):
    """A file that went or changed after it was indexed protects what it was to replace."""
    for name in ("a.png", "copy.png"):
        paint(tmp_path / "p" / name, "red")
    paint(tmp_path / "p/other.png", "blue")
    engine = opened(tmp_path / "p")
    groups = Audit(engine).exact_duplicates()
    path = tmp_path / "p" / ("a.png" if which == "kept" else "copy.png")
    if what == "changed":
        change(path)
    else:
        path.unlink()
    if what == "a link by now":
        path.symlink_to("copy.png" if which == "kept" else "a.png")
    elif what == "a folder by now":
        path.mkdir()
    (decision,) = decide_removals(engine, groups)
    assert listed(engine, [decision]) == b""
    assert decision.held
    assert decision.bytes_freed == 0
    stays = listed(engine, [decision], ListKind.KEEP).split(b"\0")[:-1]
    assert all(os.path.lexists(name) for name in stays)


def test_a_file_with_a_link_to_it_is_kept_or_held_back(opened, tmp_path):
    """Of equal files the linked one is kept; a smaller copy that a link leads to stays as well."""
    paint(tmp_path / "p/a.png", "red")
    linked = paint(tmp_path / "p/much/deeper/b.png", "red")
    (tmp_path / "p/.links").mkdir()
    (tmp_path / "p/.links/to it").symlink_to(linked)
    engine = opened(tmp_path / "p")
    (decision,) = decide_removals(engine, Audit(engine).exact_duplicates())
    assert (decision.kept.path, decision.held) == ("much/deeper/b.png", {})
    (tmp_path / "p/.links/another").symlink_to("../a.png")
    (decision,) = decide_removals(engine, [decision.group])
    assert list(decision.held.values()) == [Held.LED_TO]


def test_a_folder_mounted_twice_is_seen(monkeypatch, tmp_path):
    """One file under two devices is one file, as its number and its times say."""
    path = paint(tmp_path / "a.png")
    before, facts = on_disk.look(path), path.lstat()
    elsewhere = {name: getattr(facts, name) for name in dir(facts) if name.startswith("st_")}
    elsewhere["st_dev"] += 1
    monkeypatch.setattr(on_disk.Path, "lstat", lambda _: SimpleNamespace(**elsewhere))
    assert on_disk.look(path) == before


ASIDE = (
    ".Trash-1000/files/s.png", ".s.png", "a/.thumbs/s.png", "$RECYCLE.BIN/s.png", "#recycle/s.png",
    "@eaDir/s.png", "~snapshot/s.png", "Mine.photoslibrary/resources/s.png",
)  # fmt: skip


@pytest.mark.parametrize("aside", ASIDE)
@pytest.mark.parametrize("way", ["plain", "linked to", "larger and older"])
def test_what_lies_in_a_bin_goes_first(settings, load, tmp_path, aside, way):
    """Where hidden files are taken in, the one to keep is the one that no bin is emptied with."""
    root = tmp_path / "p"
    real = paint(root / "Holiday in Italy/at the sea/photo.png", "red")
    other = paint(root / aside, "red")
    if way == "linked to":
        (root / "link.png").symlink_to(aside)
    elif way == "larger and older":
        os.utime(other, (1_000, 1_000))
    name, wanted = plan_build(root, settings, model_id="colours", rules=ScanRules(hidden=True))
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        (decision,) = decide_removals(engine, Audit(engine).exact_duplicates())
        assert engine.path(decision.kept) == real
        assert [record.path for record in decision.removed] == (
            [] if way == "linked to" else [aside]
        )


def test_only_what_is_close_to_the_one_kept_goes(settings, tmp_path):
    """A group gathers what is close to its best; another that is kept instead protects the rest."""
    root = tmp_path / "p"
    draw_gallery(tmp_path / "drawn", pictures=10)
    first = min((tmp_path / "drawn").glob("*/*.jpg"))
    root.mkdir()
    with Image.open(first) as image:
        width, height = image.size
        image.save(root / "whole.png")
        cut = round(0.1 * height)
        image.crop((0, cut, width, height)).save(root / "lower.jpg", quality=90)
        image.crop((0, 0, width, height - cut)).save(root / "upper.jpg", quality=90)
    name, wanted = plan_build(root, settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        (group,) = Audit(engine).duplicates(Thresholds(0.8, 20, 0.9))
        assert len(group.copies) == 2
        far = replace(group, close=frozenset())
        lower, upper = (copy.record for copy in group.copies)
        (decision,) = decide_removals(engine, [far], {group.kept.picture_id: lower.picture_id})
        assert decision.removed == (group.kept,)
        assert decision.held == {upper.picture_id: Held.NOT_CLOSE}
        near = replace(
            group, close=frozenset([frozenset([lower.content_hash, upper.content_hash])])
        )
        (decision,) = decide_removals(engine, [near], {group.kept.picture_id: lower.picture_id})
        assert set(decision.removed) == {group.kept, upper}
