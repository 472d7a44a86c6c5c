"""The prompt asks again and again."""


def test_prompt_asks_again_until_exit(run, indexed, monkeypatch):
    """Each line is answered with the best picture's score and path; exit ends, in quotes not."""
    lines = iter(["a crown", "", "./missing.jpg", '"exit"', "xyzzy blorp", "exit", "never asked"])
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    code, out, err = run("prompt", "--no-open")
    assert code == 0
    answers = out.splitlines()
    assert len(answers) == 3
    assert f"{indexed}/crown/" in answers[0]
    assert err.strip().endswith("Probably not in this collection.")
    assert "missing.jpg" in err
    assert next(lines) == "never asked"


def test_prompt_ends_with_the_input(run, indexed, monkeypatch):
    """Ctrl-D ends the prompt like exit does."""

    def end(_):
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    assert run("prompt")[0] == 0
