"""The options of ``precision``: what is asked about, what was said of it, and what is kept."""

from tests.seams.options.rows import each_option_of, row, row_of

ANIMAL = "an animal"
LINE = ["--collection", "things"]


@each_option_of("precision")
def test_each_option_of_precision_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def asked(desk, *options):
    """Return the pictures that are asked about: path by id."""
    found = desk.ask("precision", *options)["pictures"]
    return {one["picture_id"]: desk.path(one) for one in found}


def answers(desk, *options, right=5):
    """Return options that say of so many pictures that they are right, of the others not."""
    ids = list(asked(desk, *options))
    return ["--right", *ids[:right], "--wrong", *ids[right:]]


@row("precision", "words")
def precision_words(desk):
    """The best pictures of that query are asked about, and its precision is told."""
    for words, right in (("fish", 3), ("owl", 4)):
        said = answers(desk, words, right=right)
        found = desk.ask("precision", words, *said)
        assert (found["query"], found["strong_matches"]) == (words, 4)
        assert {desk.path(one) for one in found["pictures"]} == set(desk.found(words, "--matches"))
        line = found["figures"][-1]
        assert (line["threshold"], line["pictures"], line["right"]) == (50, 4, right)
        assert line["precision"] == line["low"] == line["high"] == right / 4
    assert desk("precision", *LINE).code == 2
    nothing = desk("precision", "something to eat", *LINE)
    assert nothing.code == 0
    assert "no picture comes near it" in nothing.out


@row("precision", "--right", "--wrong")
def precision_right_and_wrong(desk):
    """What is said of a picture counts, and only of those that were asked about."""
    ids = list(asked(desk, ANIMAL))
    for right in (5, 12):
        said = answers(desk, ANIMAL, right=right)
        last = desk.ask("precision", ANIMAL, *said)["figures"][-1]
        assert (last["right"], last["answered"]) == (right, 13)
    told = desk("precision", ANIMAL, *LINE, *said)
    assert "12 of 13" in told.out
    assert "13 of 13 pictures judged" in told.out
    for wrong in (["--right", ids[0], "--wrong", ids[0]], ["--right", 9_999], ["--wrong", 9_999]):
        answer = desk("precision", ANIMAL, *LINE, *wrong)
        assert answer.code == 3
        assert f"Picture #{wrong[1]}" in answer.err


@row("precision", "--unsure")
def precision_unsure(desk):
    """Such a picture is not asked again, and has no part in the figure."""
    ids = list(asked(desk, ANIMAL))
    assert list(asked(desk, ANIMAL, "--unsure", ids[0])) == ids[1:]
    said = ["--right", *ids[1:], "--unsure", ids[0]]
    last = desk.ask("precision", ANIMAL, *said)["figures"][-1]
    assert (last["answered"], last["pictures"]) == (12, 13)
    assert last["low"] < last["high"] == 1
    assert desk("precision", ANIMAL, *LINE, "--right", ids[0], "--unsure", ids[0]).code == 3


@row("precision", "--save")
def precision_save(desk):
    """The figure is kept with the query, and told where saved queries are."""
    said = answers(desk, ANIMAL)
    found = desk.ask("precision", ANIMAL, *said)
    assert desk.ask("questions") == {}
    assert desk("precision", ANIMAL, *LINE, *said, "--save", "mine").code == 0
    kept = desk.ask("questions")["mine"]
    assert kept["query"] == ANIMAL
    assert kept["precision"]["threshold"] == found["proposed"]
    assert kept["precision"] in found["figures"]
    assert "right from a match of" in desk("questions", *LINE).out
    again = desk("questions", *LINE, "--check")
    assert (again.code, "right from a match of" in again.err) == (0, True)
    assert desk.ask("questions", "--check")["mine"]["precision"] == kept["precision"]
    assert desk("precision", ANIMAL, *LINE, "--save", "nothing").code == 3


@row("precision", "--threshold")
def precision_threshold(desk):
    """That figure is kept; it is one of the table, and is asked for with ``search``."""
    said = answers(desk, ANIMAL)
    figures = desk.ask("precision", ANIMAL, *said)["figures"]
    for figure in (figures[0], figures[-1]):
        chosen = figure["threshold"]
        line = ["precision", ANIMAL, *LINE, *said, "--save", "mine", "--threshold", chosen]
        assert desk(*line).code == 0
        assert desk.ask("questions")["mine"]["precision"] == figure
        assert len(desk.found(ANIMAL, "--matches", "--threshold", chosen)) == figure["pictures"]
    assert desk(*line[:-1], chosen + 0.001).code == 3
    assert desk("precision", ANIMAL, *LINE, *said, "--threshold", chosen).code == 3


FILTERS = {
    "--category": ["owl"],
    "--path": ["smaller.*"],
    "--from": ["2024-04-01", "--to", "2024-12-31"],
    "--to": ["2024-05-31", "--from", "2024-01-01"],
    "--min-width": ["310"],
    "--max-width": ["230"],
    "--min-height": ["310"],
    "--max-height": ["230"],
    "--orientation": ["square"],
    "--min-score": ["0.3"],
    "--min-match": ["90"],
}


def filter_row(option):
    """Only what the same option lets a search find is asked about."""

    def test(desk):
        plain = asked(desk, ANIMAL)
        let_through = set(desk.found(ANIMAL, "-k", 1000, option, *FILTERS[option]))
        fit = {one: path for one, path in plain.items() if path in let_through}
        assert 0 < len(fit) < len(plain)
        assert asked(desk, ANIMAL, option, *FILTERS[option]) == fit

    row("precision", option)(test)


for filter_option in FILTERS:
    filter_row(filter_option)


@row("precision", "--tag", "--hidden")
def precision_tags(desk):
    """Only what has a tag is asked about, and what is hidden only where it is wanted."""
    owls = [desk.id_of(f"owl/{number}.jpg") for number in (1, 2)]
    desk.ask("tag", "night", *owls)
    assert set(asked(desk, ANIMAL, "--tag", "night").values()) <= {"owl/1.jpg", "owl/2.jpg"}
    desk.ask("hide", *owls)
    assert asked(desk, ANIMAL, "--tag", "night") == {}
    assert set(asked(desk, ANIMAL, "--tag", "night", "--hidden").values())
