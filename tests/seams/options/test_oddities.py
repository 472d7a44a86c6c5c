"""The options of the lists of suspects and of unusual pictures."""

import statistics

from tests.seams.options.rows import each_option_of, row, row_of


@each_option_of("suspects", "outliers")
def test_each_option_of_oddities_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def suspects(desk, *options):
    """Return suspects as pairs of path and suggestion."""
    return [
        (desk.path(one), one["suggested"]) for one in desk.ask("suspects", *options)["suspects"]
    ]


@row("suspects", "--signal")
def suspects_signal(desk):
    """Sorted by the signal that was asked for."""
    for signal in ("combined", "neighbours", "words"):
        found = desk.ask("suspects", "--signal", signal, "--all")
        values = [one[signal] for one in found["suspects"]]
        assert found["signal"] == signal
        assert values == sorted(values, reverse=True)
    for signal in ("combined", "words"):
        assert suspects(desk, "--signal", signal)[0] == ("boat/misplaced.jpg", "fish")
    assert suspects(desk, "--signal", "words", "--all") != suspects(
        desk, "--signal", "neighbours", "--all"
    )


@row("suspects", "--no-words")
def suspects_no_words(desk):
    """Neighbours alone: no words are counted, and the model is not needed."""
    assert all(one["words"] is not None for one in desk.ask("suspects")["suspects"])
    found = desk.ask("suspects", "--no-words")["suspects"]
    assert found
    assert all(one["words"] is None for one in found)
    strange = ["suspects", "--collection", "strange", "--json"]
    assert (desk(*strange).code, desk(*strange, "--no-words").code) == (5, 0)


@row("suspects", "--all")
def suspects_all(desk):
    """Slight doubts as well, after the clear ones."""
    plain, every = suspects(desk), suspects(desk, "--all")
    assert set(plain) < set(every)
    assert plain[0] == every[0] == ("boat/misplaced.jpg", "fish")


@row("suspects", "--limit")
def suspects_limit(desk):
    """So many are shown; all are counted."""
    every = suspects(desk, "--all")
    found = desk.ask("suspects", "--all", "--limit", 2)
    assert ([desk.path(one) for one in found["suspects"]], found["found"]) == (
        [path for path, _ in every[:2]],
        len(every),
    )


@row("suspects", "--export")
def suspects_export(desk):
    """All of it is written, whatever is shown."""
    file = desk.tmp / "suspects.csv"
    found = desk.ask("suspects", "--all", "--limit", 1, "--export", file)
    assert len(file.read_text().splitlines()) == 1 + found["found"] > 2


def outliers(desk, what, *options):
    """Return the paths of one ranking with their values, the oddest first."""
    (ranking,) = desk.ask("outliers", "--what", what, "--limit", 100, *options)["rankings"]
    assert ranking["what"] == what
    return [(desk.path(one), one["value"]) for one in ranking["pictures"]]


@row("outliers", "--what")
def outliers_what(desk):
    """One ranking, or several; all without a word."""
    assert outliers(desk, "tiny")[0][0] == "odd/tinier.jpg"
    assert outliers(desk, "odd-shaped")[0][0] == "odd/longer.jpg"
    both = desk.ask("outliers", "--what", "dark", "--what", "tiny")["rankings"]
    assert [one["what"] for one in both] == ["dark", "tiny"]
    assert len(desk.ask("outliers")["rankings"]) == 11


@row("outliers", "--k")
def outliers_k(desk):
    """So many results of each query count."""
    for k in (1, 7):
        (ranking,) = desk.ask("outliers", "--what", "hub", "--k", k)["rankings"]
        assert ranking["measure"].endswith(f"among their first {k}")
    few, many = (dict(outliers(desk, "unreached", "--k", k)) for k in (1, 30))
    assert set(many) < set(few)


def limit_row(option, what, wide, *, least, whole=False):
    """Between two values the limit parts them; without a word only the oddest are there."""

    def test(desk):
        every = outliers(desk, what, option, wide)
        usual = outliers(desk, what)
        assert len(every) > len(usual)
        assert every[: len(usual)] == usual
        values = [value for _, value in every]
        place = len(every) // 2
        edge = statistics.mean(values[place - 1 : place + 1])
        edge = round(edge) if whole else edge
        inside = [one for one in every if (one[1] >= edge if least else one[1] <= edge)]
        assert 0 < len(inside) < len(every)
        assert outliers(desk, what, option, edge) == inside

    row("outliers", option)(test)


limit_row("--off", "far-in-category", 0.1, least=True)
limit_row("--typical", "typical", 50, least=False)
limit_row("--blur", "blurred", -50, least=True)
limit_row("--dark", "dark", 250, least=False)
limit_row("--bright", "bright", 20, least=True)
limit_row("--tiny", "tiny", 300, least=False, whole=True)
limit_row("--odd", "odd-shaped", 1, least=True)


@row("outliers", "--far")
def outliers_far(desk):
    """More of them the lower it is, each farther than the limit that is named."""
    every, some = (outliers(desk, "far", "--far", limit) for limit in (-50, 0))
    assert len(every) == len(desk.photos)
    middle = statistics.median(value for _, value in every)
    assert some == [one for one in every if one[1] >= middle]
    assert outliers(desk, "far") == []


@row("outliers", "--limit")
def outliers_limit(desk):
    """So many of each list are shown; all are counted."""
    (ranking,) = desk.ask("outliers", "--what", "tiny", "--limit", 1)["rankings"]
    assert (len(ranking["pictures"]), ranking["found"]) == (1, 3)


@row("outliers", "--export")
def outliers_export(desk):
    """All of it is written, whatever is shown."""
    file = desk.tmp / "odd.csv"
    desk.ask("outliers", "--what", "tiny", "--limit", 1, "--export", file)
    assert [line.split(",")[1] for line in file.read_text().splitlines()[1:]] == ["1", "2", "3"]
