"""The options of tagging and hiding."""

import io

from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import small_demo


@each_option_of("tag", "hide")
def test_each_option_of_tagging_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def tags(desk, collection="things"):
    return desk.ask("tag", "--list", collection=collection)["tags"]


def paths(desk, answer):
    return [desk.path(one) for one in answer["pictures"]]


@row("tag", "tag")
def tag_name(desk):
    """The name that pictures get; alone it lists them, and one that is near is offered."""
    desk.ask("tag", " By the sea ", 1, 2)
    assert tags(desk) == {"By the sea": 2}
    assert tags(desk, "others") == {}
    listed = desk.ask("tag", "by the SEA")
    assert [one["picture_id"] for one in listed["pictures"]] == [1, 2]
    assert "#2 " in desk("tag", "by the sea", "--collection", "things").out
    missed = desk("tag", "by the see", "--collection", "things")
    assert missed.code == 3
    assert "Did you mean 'By the sea'?" in missed.err
    assert desk("tag", "--collection", "things").code == 3
    assert desk("tag", "x" * 81, 1, "--collection", "things").code == 3


@row("tag", "ids")
def tag_ids(desk):
    """Those pictures, also from standard input; none if one of them is not there."""
    owls = [desk.id_of("owl/1.jpg"), desk.id_of("owl/2.jpg")]
    assert desk.ask("tag", "owl", owls[0])["changed"] == owls[:1]
    assert desk.ask("tag", "owl", *owls)["changed"] == owls[1:]
    desk.monkeypatch.setattr("sys.stdin", io.StringIO(f"{owls[0]}\n\n {owls[1]} 1\n"))
    assert desk.ask("tag", "three", "-")["changed"] == sorted({*owls, 1})
    missed = desk("tag", "new", 1, 99999, "--collection", "things")
    assert missed.code == 3
    assert "#99999" in missed.err
    desk.monkeypatch.setattr("sys.stdin", io.StringIO("1\nx\n"))
    missed = desk("tag", "new", "-", "--collection", "things")
    assert missed.code == 3
    assert "line 2" in missed.err
    assert tags(desk) == {"owl": 2, "three": 3}
    assert desk("tag", "new", "x", "--collection", "things").code == 2


@row("tag", "--remove")
def tag_remove(desk):
    """Taken from those that have it, and what was changed is told."""
    desk.ask("tag", "sea", 1, 2)
    assert desk.ask("tag", "SEA", 2, 3, "--remove")["changed"] == [2]
    assert tags(desk) == {"sea": 1}
    told = desk("tag", "sea", 1, 2, "--remove", "--collection", "things").out
    assert told == "1 picture is no longer tagged 'sea'; 1 did not have it.\n"
    assert tags(desk) == {}
    assert desk("tag", "sea", 1, "--remove", "--collection", "things").code == 3
    assert desk("tag", "sea", "--remove", "--collection", "things").code == 3


@row("tag", "--rename")
def tag_rename(desk):
    """Another name for all pictures; two tags become one, and both kinds are told."""
    desk.ask("tag", "sea", 1, 2)
    assert desk.ask("tag", "sea", "--rename", "Ocean")["changed"] == [1, 2]
    desk.ask("tag", "water", 2, 3)
    done = desk.ask("tag", "water", "--rename", "ocean")
    assert (done["changed"], done["merged"], done["tags"]) == ([3], [2], {"Ocean": 3})
    assert desk("tag", "lake", "--rename", "x", "--collection", "things").code == 3
    assert desk("tag", "ocean", 1, "--rename", "x", "--collection", "things").code == 3


@row("tag", "--list")
def tag_list(desk):
    """All tags with how many pictures have each, by name."""
    assert "no tags yet" in desk("tag", "--list", "--collection", "things").out
    desk.ask("tag", "Sky", 1, 2)
    desk.ask("tag", "sea", 1)
    told = desk("tag", "--list", "--collection", "things").out.split()
    assert told == ["TAG", "PICTURES", "sea", "1", "Sky", "2"]
    assert list(tags(desk)) == ["sea", "Sky"]
    assert desk("tag", "sea", "--list", "--collection", "things").code == 3


@row("hide", "ids")
def hide_ids(desk):
    """They are not found any more, by no search; nothing else is changed."""
    before = desk.found("owl", "-k", 5)
    number = desk.id_of(before[0])
    done = desk.ask("hide", number)
    assert (done["changed"], done["hidden"], done["pictures"]) == ([number], 1, [])
    assert desk.found("owl", "-k", 4) == before[1:]
    assert desk.ask("hide", number)["changed"] == []
    assert desk("hide", "--collection", "things").code == 3
    assert desk("hide", 99999, "--collection", "things").code == 3


@row("hide", "--undo")
def hide_undo(desk):
    """They are found again, where they were."""
    before = desk.found("owl", "-k", 5)
    numbers = [desk.id_of(path) for path in before[:2]]
    desk.ask("hide", *numbers)
    assert desk.ask("hide", numbers[0], "--undo")["changed"] == numbers[:1]
    assert desk.found("owl", "-k", 4) == [before[0], *before[2:]]
    told = desk("hide", *numbers, "--undo", "--collection", "things").out
    assert told == "1 picture is found again; 0 hidden in all.\n"
    assert desk.found("owl", "-k", 5) == before


@row("hide", "--list")
def hide_list(desk):
    """All that are hidden, and where they lie."""
    desk.ask("hide", desk.id_of("owl/1.jpg"), desk.id_of("bus/1.jpg"))
    listed = desk.ask("hide", "--list")
    assert set(paths(desk, listed)) == {"owl/1.jpg", "bus/1.jpg"}
    assert (listed["changed"], listed["hidden"]) == ([], 2)
    assert "owl/1.jpg" in desk("hide", "--list", "--collection", "things").out
    assert desk("hide", 1, "--list", "--collection", "things").code == 3


def test_the_prompt_leaves_hidden_ones_out(desk):
    """The best picture is another one then."""

    def best():
        desk.monkeypatch.setattr("builtins.input", answers("owl", "exit"))
        told = desk("prompt", "--no-open", "--collection", "things").out
        return next(path for path in desk.photos if str(desk.folder / path) in told)

    first = best()
    desk.ask("hide", desk.id_of(first))
    assert best() != first


def test_the_demo_leaves_hidden_ones_out(desk):
    """As the other searches of people do."""
    small_demo(desk)
    first = desk("demo", "fish", "-k", 1, "--json").json["results"][0]["picture_id"]
    desk.ask("hide", first, collection="sample-gallery")
    found = desk("demo", "fish", "-k", 1, "--json").json["results"]
    assert [one["picture_id"] for one in found] != [first]
    assert len(found) == 1


def answers(*lines):
    """Return what is typed, line by line."""
    typed = iter(lines)
    return lambda _prompt="": next(typed)
