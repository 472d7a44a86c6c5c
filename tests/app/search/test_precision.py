"""“Check 20”: pictures are judged one after the other, and the figure is kept with the query."""

import pytest

from search_engine.cards import SavedQueries
from tests.app.browser import LONG, idle
from tests.app.payloads import actions, choose


@pytest.fixture
def checked(page, collection):
    """Return what opens the check of a query; each click of a test closes the dialog again."""
    app = page("2_Search.py", q="red")

    def press(key):
        choose(app, "check")
        app.button(key=key).click()
        app.run()
        assert not app.exception
        return app

    choose(app, "check").run()
    return app, press


def said(app):
    """Return how far the check is, or what came of it."""
    return [text.value for text in app.markdown if "you looked at" in text.value]


def keys(app):
    return {button.key for button in app.button}


def asked(app):
    """Count the pictures that are still to be asked about."""
    return "check right" in keys(app)


def test_pictures_are_judged_and_the_figure_is_kept(checked, settings):
    """All but one are right; what the page says is what is kept."""
    app, press = checked
    assert any("Does it show **red**?" in text.value for text in app.markdown)
    assert any("Some have a match below 50 %" in text.value for text in app.caption)
    press("check wrong")
    count = 1
    while asked(app):
        press("check right")
        count += 1
    (text,) = said(app)
    assert text.startswith(f"Of {count} pictures that you looked at")
    assert f"**{count - 1}** were right" in text
    press("check save")
    (name,) = (saved := SavedQueries(settings.collections_folder / "pictures")).names()
    found = saved.read(name).precision
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Right"] == f"{100 * found.precision:.0f} %"
    assert found.is_exact
    listed = page_of_saved(app)
    assert found.text in listed.replace("\\", "")


def page_of_saved(app):
    """Return the captions of the view of saved queries."""
    app.switch_page("pages/4_Scores.py")
    app.query_params["tab"] = "saved"
    app.run()
    return " ".join(caption.value for caption in app.caption)


def test_what_was_said_is_taken_back_and_begun_anew(checked):
    """Back asks the last one again; a check that was left goes on where it was."""
    app, press = checked
    assert app.button(key="check back").disabled
    press("check right")
    assert not app.button(key="check back").disabled
    press("check back")
    assert app.button(key="check back").disabled
    while asked(app):
        press("check wrong")
    assert "**0** were right" in said(app)[0]
    press("check anew")
    assert asked(app)


def test_nobody_can_tell_anything(checked):
    """Then there is no figure, and it is said what to do."""
    app, press = checked
    while asked(app):
        press("check unsure")
        if asked(app):
            assert "replaced by another" in app.get("progress")[0].proto.text
    assert "Too few pictures were judged" in app.info[0].value


def test_it_is_offered_where_match_is_explained(page, collection):
    """There, too, it opens with the first picture; without matches it is not offered at all."""
    app = page("2_Search.py", q="red")
    choose(app, "explain").run()
    assert not asked(app)
    pressed = next(one for one in app.button if one.label == "Check 20 of them")
    pressed.click()
    choose(app, "explain").run()
    assert not app.exception
    assert asked(app)
    assert "check" in actions(app)
    assert "check" not in actions(page("2_Search.py", q="- red"))


def test_by_keys_in_a_browser(site, tab):
    """Y, N and S answer, the arrow goes back; closed in between, it goes on where it was."""
    tab.goto(f"{site}/Search?collection=drawings&q=an+animal")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    tab.get_by_role("button", name="Check 20").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("1 of 20").wait_for(timeout=LONG)
    dialog.get_by_role("button", name="Yes").wait_for(timeout=LONG)
    idle(tab)
    for key, place in (("y", 2), ("n", 3), ("ArrowLeft", 2), ("y", 3)):
        tab.keyboard.press(key)
        dialog.get_by_text(f"{place} of 20").wait_for(timeout=LONG)
    tab.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    tab.get_by_role("button", name="Check 20").click()
    dialog.get_by_text("3 of 20").wait_for(timeout=LONG)
    idle(tab)
    for place in range(4, 21):
        tab.keyboard.press("y")
        dialog.get_by_text(f"{place} of 20").wait_for(timeout=LONG)
    tab.keyboard.press("n")
    dialog.get_by_text("Of 20 pictures that you looked at").wait_for(timeout=LONG)
    idle(tab)
    assert "19" in dialog.get_by_text("were right").inner_text()
    dialog.get_by_text("Show ", exact=False).last.click()
    dialog.locator("li .open").first.wait_for(timeout=LONG)
