"""The options of the comparison of two models."""

from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import rival


@each_option_of("compare-models")
def test_each_option_of_comparing_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def compared(desk, *arguments):
    """Compare the model of the photographs with one that knows nothing."""
    rival(desk)
    answer = desk("compare-models", *arguments, "--json")
    assert answer.code == 0, answer.err
    return answer.json


@row("compare-models", "first")
def compare_first(desk):
    """It is the one whose figures come first; one that is not there is refused."""
    found, back = compared(desk, "things", "things rival"), compared(desk, "things rival", "things")
    assert found["figures"]["map"]["first"] == back["figures"]["map"]["second"]
    assert found["figures"]["map"]["first"] > back["figures"]["map"]["first"]
    assert desk("compare-models", "nothing", "things rival").code == 4


@row("compare-models", "second")
def compare_second(desk):
    """It is the other one; the same twice is no comparison."""
    assert compared(desk, "things", "things rival")["second"]["collection"] == "things rival"
    assert desk("compare-models", "things", "things").code == 3


@row("compare-models", "--k")
def compare_k(desk):
    """So many answers are judged, and the figures are named after it."""
    assert "precision_at_10" in compared(desk, "things", "things rival")["figures"]
    assert "precision_at_3" in compared(desk, "things", "things rival", "-k", 3)["figures"]


@row("compare-models", "--template")
def compare_template(desk):
    """The names are asked for in another wording."""
    plain = compared(desk, "things", "things rival")
    bare = compared(desk, "things", "things rival", "--template", "{}")
    assert bare["template"] == "{}" != plain["template"]
    assert bare["figures"]["map"] != plain["figures"]["map"]
