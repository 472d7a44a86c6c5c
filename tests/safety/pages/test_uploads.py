"""An uploaded picture belongs to the browser it came from, and goes away with it."""

import asyncio
import os
import stat

import pytest
from playwright.sync_api import expect

from pages.ui.frame import gate, uploads
from pages.ui.frame.uploads import Uploads
from search_engine import Settings, build_collection, plan_build
from search_engine.errors import CollectionError
from search_engine.settings import MINI_MODEL
from tests.app.browser import LONG, chromium, idle
from tests.conftest import paint
from tests.safety.pages.serving import served

GONE = "A picture in this query was uploaded somewhere else"


@pytest.fixture
def kept(settings):
    """The uploaded pictures of a server."""
    found = Uploads(settings.collections_folder / ".examples")
    yield found
    found.close()


def everything(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_a_picture_is_found_by_its_own_browser_only(kept):
    """The same hash leads one browser to its picture, and another one nowhere."""
    kept.keep("anne", b"picture", "a" * 64)
    assert kept.place("anne", "a" * 64).read_bytes() == b"picture"
    assert not kept.place("ben", "a" * 64).exists()
    kept.keep("ben", b"another", "b" * 64)
    assert not kept.place("anne", "b" * 64).exists()


def test_whatever_a_browser_calls_itself_stays_inside(kept, settings):
    """A cookie is anybody's text, and no path."""
    for number, name in enumerate(("../../x", "/etc", "", "a\0b", "x" * 9999)):
        kept.keep(name, b"picture", "a" * 64)
        inside = everything(settings.collections_folder / ".examples")
        assert len(inside) == number + 1
        assert kept.place(name, "a" * 64) in inside


def test_only_this_user_may_look(kept, settings):
    """Uploaded pictures are private on the disk too."""
    kept.keep("anne", b"picture", "a" * 64)
    root = settings.collections_folder / ".examples"
    for path in (root, *root.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_they_are_bounded_in_number_and_bytes(kept, settings, monkeypatch):
    """The oldest make room: those of the same browser by number, those of all by bytes."""
    for number in range(uploads.MOST_OF_ONE + 5):
        kept.keep("anne", b"x" * 10, f"{number:064}")
    assert not kept.place("anne", f"{4:064}").exists()
    assert kept.place("anne", f"{5:064}").exists()
    assert len(everything(settings.collections_folder)) == uploads.MOST_OF_ONE
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    kept.keep("ben", b"y" * 900, "b" * 64)
    assert kept.place("ben", "b" * 64).exists()
    assert sum(file.stat().st_size for file in everything(settings.collections_folder)) <= 1000
    kept.keep("ben", b"z" * 900, "c" * 64)
    assert [file.name for file in everything(settings.collections_folder)] == ["c" * 64]


def test_they_go_when_the_last_tab_is_closed(kept, monkeypatch):
    """Closing one of two tabs keeps them, as loading anew does; closing the last deletes them."""
    for _ in range(2):
        kept.came("anne")
    kept.keep("anne", b"picture", "a" * 64)
    kept.left("anne")
    kept.forget_if_gone("anne")
    assert kept.place("anne", "a" * 64).exists()
    kept.left("anne")
    kept.came("anne")
    kept.forget_if_gone("anne")
    assert kept.place("anne", "a" * 64).exists()
    kept.left("anne")
    kept.forget_if_gone("anne")
    assert not kept.place("anne", "a" * 64).parent.exists()


def test_a_tab_that_closes_is_noticed(settings, monkeypatch):
    """The end of a tab's socket, however it ends, has its pictures deleted after a while."""
    monkeypatch.setattr(gate, "SECONDS_TO_COME_BACK", 0.2)
    monkeypatch.setattr(gate, "_drop_uploads", lambda: None)
    kept = uploads.of(settings)
    scope = {"type": "websocket", "headers": [(b"cookie", f"{uploads.COOKIE}=anne".encode())]}

    async def tab(_scope, _receive, _send):
        kept.keep("anne", b"picture", "a" * 64)
        raise ConnectionResetError

    async def visit():
        with pytest.raises(ConnectionResetError):
            await gate.Visits(tab)(scope, None, None)
        assert kept.place("anne", "a" * 64).exists()
        await asyncio.sleep(0.5)

    asyncio.run(visit())
    assert not kept.place("anne", "a" * 64).exists()


def test_the_next_start_removes_what_is_left_and_nothing_of_the_living(kept, settings):
    """What killed servers and older versions left goes; what a server at work keeps stays."""
    root = settings.collections_folder / ".examples"
    kept.keep("anne", b"picture", "a" * 64)
    (root / ("f" * 64)).write_bytes(b"kept by version 0.4")
    (root / "dead" / "visitor").mkdir(parents=True)
    (root / "dead" / "visitor" / ("d" * 64)).write_bytes(b"of a killed server")
    (root / "dead.lock").touch()
    Uploads(root).remove_leftovers()
    assert everything(root) == [kept.place("anne", "a" * 64)]
    kept.close()
    assert everything(root) == []


def test_nothing_outside_is_deleted_through_a_link(settings, tmp_path):
    """Links in the place of the folder, or inside it, lead to nothing that is deleted or read."""
    mine = paint(tmp_path / "mine" / "a.png")
    root = settings.collections_folder / ".examples"
    root.parent.mkdir(parents=True)
    root.symlink_to(tmp_path / "mine")
    Uploads(root).remove_leftovers()
    with pytest.raises(CollectionError, match="cannot be kept"):
        Uploads(root).keep("anne", b"picture", "a" * 64)
    assert [mine] == list(mine.parent.iterdir())
    root.unlink()
    root.mkdir()
    (root / "x").symlink_to(tmp_path / "mine")
    Uploads(root).remove_leftovers()
    assert mine.exists()
    assert list(root.iterdir()) == []


def test_a_link_shows_nobody_elses_picture(tmp_path):
    """Loading anew and another tab know the picture; another browser, and a later server, do not.

    The term can be removed there, and nothing of the picture is left when the server stops.
    """
    for number, colour in enumerate(("red", "green", "blue")):
        paint(tmp_path / "mine" / colour / "a.png", colour, salt=number)
    settings = Settings(tmp_path / "data")
    name, wanted = plan_build(tmp_path / "mine", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    root = settings.collections_folder / ".examples"
    with chromium() as browser:
        anne, ben = browser.new_context(), browser.new_context()
        with served(settings.data_folder) as server:
            tab = anne.new_page()
            tab.goto(f"{server.address}/Search?collection=mine")
            tab.locator("li .open").first.wait_for(timeout=LONG)
            idle(tab)
            tab.get_by_role("button", name="Picture").click()
            tab.locator("input[type=file]").set_input_files(tmp_path / "mine/red/a.png")
            tab.locator("li .score").first.wait_for(timeout=LONG)
            tab.wait_for_url("**t=**")
            link = tab.url
            tab.reload()
            expect(tab.locator("li .score").first).to_have_text("100 %", timeout=LONG)
            second = anne.new_page()
            second.goto(link)
            expect(second.locator("li .score").first).to_have_text("100 %", timeout=LONG)
            assert len(everything(root)) == 1
            other = ben.new_page()
            other.goto(link)
            other.get_by_text(GONE).wait_for(timeout=LONG)
            assert other.locator("li .score").count() == 0
            other.get_by_role("button", name="uploaded picture").click()
            other.get_by_role("button", name="Remove").click()
            other.locator("li .open").first.wait_for(timeout=LONG)
            assert not any(os.fsencode(link) in file.read_bytes() for file in [server.log])
        assert everything(root) == []
