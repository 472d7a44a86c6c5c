"""The options of the search: what is asked for, filters, and what is kept of the answer."""

import statistics

import pytest

from tests.seams.options import door_rows, export_rows  # noqa: F401 - their rows
from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import card


@each_option_of("search")
def test_each_option_of_search_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


@row("search", "words")
def search_words(desk):
    """The words say what comes first."""
    assert desk.found("fish")[0].startswith("fish/")
    assert desk.found("umbrella")[0].startswith("umbrella/")
    assert desk("search", "--collection", "things").code == 3


@row("search", "--image")
def search_image(desk):
    """A picture finds itself, with a cosine of one; two are asked for together."""
    first = desk.ask("search", "--image", desk.folder / "owl/3.jpg")["results"][0]
    assert desk.path(first) == "owl/3.jpg"
    assert first["score"] == pytest.approx(1, abs=1e-4)
    files = ["--image", desk.folder / "owl/3.jpg", "--image", desk.folder / "bus/1.jpg"]
    assert {"owl/3.jpg", "bus/1.jpg"} <= set(desk.found(*files, "-k", 3))


@row("search", "--like")
def search_like(desk):
    """A picture of the collection finds itself."""
    assert desk.found("--like", desk.id_of("owl/3.jpg"))[0] == "owl/3.jpg"
    assert desk.found("--like", desk.id_of("bus/3.jpg"))[0] == "bus/3.jpg"


@row("search", "--not")
def search_not(desk):
    """Words are taken away, by half, and pictures of them fall back."""
    plain, away = (
        desk.ask("search", "animal", "-k", 50),
        desk.ask("search", "animal", "--not", "owl", "-k", 50),
    )
    assert (plain["query"], away["query"]) == ("animal", "animal - owl")
    places = [[desk.path(one) for one in answer["results"]] for answer in (plain, away)]
    assert places[1].index("owl/1.jpg") > places[0].index("owl/1.jpg")
    assert desk.ask("search", "animal", "--not", "1:owl")["query"] != away["query"]


@row("search", "--good", "--bad")
def search_marks(desk):
    """Marked answers lead to their kind, and away from it; bad ones are not found again."""
    owls = [desk.id_of(f"owl/{number}.jpg") for number in (1, 2)]

    def places(*options):
        found = desk.found("animal", "-k", 50, *options)
        return [found.index(path) for path in found if path.startswith("owl/")]

    plain = places()
    good = places("--good", owls[0], "--good", owls[1])
    bad = places("--bad", owls[0], "--bad", owls[1])
    assert statistics.mean(good) < statistics.mean(plain)
    assert len(bad) == len(plain) - 2
    assert min(bad) > min(good)
    asked = desk.ask("search", "animal", "--good", owls[0], "--bad", owls[1])["query"]
    assert asked == f"animal + good:#{owls[0]} + bad:#{owls[1]}"


@row("search", "--average-wordings")
def search_average(desk):
    """The words are searched in several wordings, which braces do as well."""
    plain, mean = desk.ask("search", "fish"), desk.ask("search", "fish", "--average-wordings")
    assert mean["query"] == "{fish}"
    assert mean["results"] == desk.ask("search", "{fish}")["results"] != plain["results"]


@row("search", "--leave-out-examples")
def search_leave_out(desk):
    """The example is left out, and nothing else."""
    like = ["--like", desk.id_of("owl/3.jpg"), "-k", 50]
    plain = desk.found(*like)
    assert plain[0] == "owl/3.jpg"
    assert desk.found(*like, "--leave-out-examples") == plain[1:]


@row("search", "--k")
def search_k(desk):
    """As many as asked for, ten without a word, and the same first ones."""
    plain = desk.found("fish")
    assert len(plain) == 10
    assert desk.found("fish", "-k", 4) == desk.found("fish", "--k", 4) == plain[:4]


@row("search", "--category")
def search_category(desk):
    """Only the named categories, and all that is in them."""
    assert desk.everything("--category", "owl") == desk.where(lambda photo: photo.category == "owl")
    both = desk.everything("--category", "owl", "--category", "odd")
    assert both == desk.where(lambda photo: photo.category in {"owl", "odd"})
    assert desk("search", "fish", "--category", "nothing", "--collection", "things").code == 3


@row("search", "--path")
def search_path(desk):
    """Only paths that fit the pattern."""
    assert desk.everything("--path", "smaller.*") == {"cat/smaller.jpg", "owl/smaller.jpg"}
    owls = desk.everything("--path", "owl/")
    assert owls == desk.where(lambda photo: photo.category == "owl")
    both = desk.everything("--path", "owl/", "--path", "bus/", "--path", "nothing/")
    assert both == owls | desk.where(lambda photo: photo.category == "bus")


@row("search", "--min-match")
def search_min_match(desk):
    """Only what matches as much, whatever is asked of it; where nothing can, it is said."""
    matches = {
        desk.path(one): one["match"] for one in desk.ask("search", "an animal", "-k", 50)["results"]
    }
    for least in (10, 50, 90):
        found = set(desk.found("an animal", "-k", 50, "--min-match", least))
        assert found == {path for path, match in matches.items() if match >= least} != set()
        strong = set(desk.found("an animal", "--matches", "--min-match", least))
        assert strong == {path for path in found if matches[path] >= 50}
    line = ["search", "--collection", "things", "--min-match", 80]
    away = desk(*line, "--not", "night", "--json")
    assert "--min-match does nothing here" in away.err
    assert len(away.json["results"]) == 10
    assert "does nothing" not in desk(*line, "an animal").err
    assert desk("search", "owl", "--collection", "things", "--min-match", 101).code == 3


@row("search", "--from")
def search_from(desk):
    """Taken on that day or later; the day itself is in."""
    day = desk.photos["cat/2.jpg"].taken
    taken = desk.everything("--from", day, "--to", "2024-12-31")
    assert taken == desk.where(lambda photo: photo.taken >= day)
    assert "cat/2.jpg" in taken
    assert "cat/1.jpg" not in taken


@row("search", "--to")
def search_to(desk):
    """Taken on that day or before; the day itself is in."""
    day = desk.photos["cat/2.jpg"].taken
    taken = desk.everything("--from", "2024-01-01", "--to", day)
    assert taken == desk.where(lambda photo: "" < photo.taken <= day)
    assert "cat/2.jpg" in taken
    assert "cat/3.jpg" not in taken


def side_row(option, side, *, least):
    """A side on the boundary is in, one pixel further it is out."""

    def test(desk):
        edge = getattr(desk.photos["cup/2.jpg"], side)

        for limit in (edge - 1, edge, edge + 1):
            sides = {path: getattr(photo, side) for path, photo in desk.photos.items()}
            fit = {
                path for path, value in sides.items() if (value - limit) * (1 if least else -1) >= 0
            }
            assert desk.everything(option, limit) == fit, limit
        assert "cup/2.jpg" in desk.everything(option, edge)

    row("search", option)(test)


side_row("--min-width", "width", least=True)
side_row("--max-width", "width", least=False)
side_row("--min-height", "height", least=True)
side_row("--max-height", "height", least=False)


@row("search", "--orientation")
def search_orientation(desk):
    """Each of the three has the pictures that are so, and none is in two."""
    kinds = {"landscape": lambda p: p.width > p.height, "portrait": lambda p: p.width < p.height,
             "square": lambda p: p.width == p.height}  # fmt: skip
    for kind, fits in kinds.items():
        assert desk.everything("--orientation", kind) == desk.where(fits) != set()


@row("search", "--min-score")
def search_min_score(desk):
    """Only what scores as much."""
    scores = [one["score"] for one in desk.ask("search", "fish", "-k", 50)["results"]]
    limit = statistics.mean(scores[4:6])
    assert [
        s["score"] for s in desk.ask("search", "fish", "-k", 50, "--min-score", limit)["results"]
    ] == scores[:5]


@row("search", "--card")
def search_card(desk):
    """A file that can be run again, and does not write over another."""
    line = ["search", "fish", "--collection", "things", "--card", card(desk)]
    assert desk("replay", card(desk)).code == 0
    before = card(desk).read_bytes()
    assert desk(*line).code == 3
    assert card(desk).read_bytes() == before


@row("search", "--save")
def search_save(desk):
    """The query is kept with the collection, under its name."""
    assert desk.ask("questions") == {}
    assert desk("search", "fish", "--collection", "things", "--save", "my fish", "-k", 3).code == 0
    kept = desk.ask("questions")
    assert {name: (one["query"], one["k"]) for name, one in kept.items()} == {
        "my fish": ("fish", 3)
    }


@row("search", "--tag")
def search_tag(desk):
    """Only what has one of the tags, whatever their case, which its JSON names."""
    owls = [desk.id_of(f"owl/{number}.jpg") for number in (1, 2)]
    desk.ask("tag", "Night", *owls)
    desk.ask("tag", "loud", desk.id_of("bus/1.jpg"), owls[0])
    assert desk.everything("--tag", "night") == {"owl/1.jpg", "owl/2.jpg"}
    both = desk.everything("--tag", "NIGHT", "--tag", "loud")
    assert both == {"owl/1.jpg", "owl/2.jpg", "bus/1.jpg"}
    tagged = desk.ask("search", "owl", "-k", 1000)["results"]
    told = {desk.path(one): one["tags"] for one in tagged if one["tags"]}
    assert told == {
        "owl/1.jpg": ["loud", "Night"], "owl/2.jpg": ["Night"], "bus/1.jpg": ["loud"],
    }  # fmt: skip
    missed = desk("search", "owl", "--tag", "nigth", "--collection", "things")
    assert missed.code == 3
    assert "Did you mean 'Night'?" in missed.err


@row("search", "--hidden")
def search_hidden(desk):
    """What is hidden is found as well, which else it is not."""
    everything = desk.everything()
    desk.ask("hide", desk.id_of("owl/1.jpg"), desk.id_of("bus/1.jpg"))
    assert desk.everything() == everything - {"owl/1.jpg", "bus/1.jpg"}
    assert desk.everything("--hidden") == everything
    matches = {desk.path(one) for one in desk.ask("search", "owl", "--matches")["results"]}
    with_hidden = desk.ask("search", "owl", "--matches", "--hidden")["results"]
    assert {desk.path(one) for one in with_hidden} == matches | {"owl/1.jpg"}


@row("search", "--matches")
def search_matches(desk):
    """All that match, and nothing that does not."""
    usual = desk.ask("search", "an animal", "-k", 1000)["results"]
    over = {desk.path(one) for one in usual if one["match"] >= 50}
    assert len(usual) > len(over) > 5
    assert set(desk.found("an animal", "--matches")) == over
    assert len(desk.found("an animal", "--matches", "-k", 3)) == 3


@row("search", "--threshold")
def search_threshold(desk):
    """All that match as much, more or fewer than usual; nothing without ``--matches``."""
    usual = {
        one["picture_id"]: one["match"]
        for one in desk.ask("search", "an animal", "-k", 50)["results"]
    }
    for threshold in (10, 50, 90):
        found = desk.ask("search", "an animal", "--matches", "--threshold", threshold)
        over = {one for one, match in usual.items() if match >= threshold}
        assert {one["picture_id"] for one in found["results"]} == over
        assert (found["verdict"]["matches"], found["verdict"]["cut_match"]) == (
            len(over),
            threshold,
        )
    line = ["search", "an animal", "--collection", "things"]
    assert (
        f"{len(over)} matches, of 90 % or more" in desk(*line, "--matches", "--threshold", 90).out
    )
    assert desk(*line, "--threshold", 90).code == 3
    assert desk(*line, "--matches", "--threshold", 101).code == 3


def in_order_shown(desk, *options):
    answer = desk.ask("search", "an animal", "--matches", *options)
    records = {one["picture_id"]: desk.path(one) for one in answer["results"]}
    return [
        (group["name"], [records[number] for number in group["picture_ids"]])
        for group in answer["shown"]
    ]


@row("search", "--sort")
def search_sort(desk):
    """By name without the folder, largest or newest first; by match without a word."""
    ((_, best),) = in_order_shown(desk)
    ((_, by_name),) = in_order_shown(desk, "--sort", "name")
    assert by_name == sorted(best, key=lambda path: path.rpartition("/")[2]) != best
    ((_, by_size),) = in_order_shown(desk, "--sort", "size")
    sizes = [desk.photos[path].width * desk.photos[path].height for path in by_size]
    assert sizes == sorted(sizes, reverse=True)
    ((_, by_date),) = in_order_shown(desk, "--sort", "date")
    assert set(by_date) == set(best)
    ((_, again),) = in_order_shown(desk, "--sort", "match")
    assert again == best


@row("search", "--group")
def search_group(desk):
    """Each in its own category; days are no later than months."""
    groups = in_order_shown(desk, "--group", "category")
    assert len(groups) > 2
    assert all({path.partition("/")[0] for path in paths} == {name} for name, paths in groups)
    days, months = (dict(in_order_shown(desk, "--group", by)) for by in ("day", "month"))
    assert {day[:7] for day in days} == set(months)
    assert list(days) == sorted(days, reverse=True)
