"""The words on the screen are those of search: a search, its query, its results."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "Home.py", *sorted((ROOT / "pages").rglob("*.py"))]
ENGINE = [
    path for path in sorted((ROOT / "search_engine").rglob("*.py"))
    if "lab" not in path.parts and path.name != "negation.py"  # which has patterns, not texts
]  # fmt: skip
KEPT = {"gone before it was read", "files gone"}
"""Texts that catalogs and documents of before hold."""
BETTER = {
    r"questions?": "query or search",
    r"ask(s|ed|ing)?": "search, search for",
    r"answers?": "results, or see, open, respond",
    r"left out|leaves? out": "skipped, skips",
    r"taken? away": "excluded, removed",
    r"taken? back": "undo",
    r"take in|taken in|takes in": "include",
    r"doubt(s|ed|ful)?": "suspicious",
    r"gone": "missing, deleted",
    r"without a word": "unexpectedly",
    r"(bring|brought) [\w ]*up to date": "update",
    r"strokes?": "ticks",
    r"head of (a|the) column": "column header",
    r"rightly named": "correct",
    r"taken for": "mistaken for",
    r"places won": "rank change",
    r"come and go": "unstable results",
    r"wordings": "phrasings",
    r"first answers": "top k",
    r"oddly": "extreme",
    r"equal files|equal and nearly": "exact copies, duplicates",
    r"leads? away": "exclude",
    r"rival": "competing query",
    r"drawn again": "sampled again",
    r"the usual one": "the default",
    r"a rough guess": "a rough estimate",
    r"wonders?": "say what it is",
}
"""A word that no page shows, as a pattern, and the better one."""
LOGGER = "_LOG"
SILENT = {"passing_over", "CollectionKey", "Key"}
"""Functions whose texts are names, or lines of the log."""


def shown(tree):
    """Return the texts of a module that can come to the screen, with their lines.

    Those are its literals, without docstrings, keys of widgets, lines of the log, and single words
    in small letters, which are names.
    """
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.keyword) and node.arg == "key":
            silent |= within(node.value)
        elif isinstance(node, ast.Call) and is_silent(node.func):
            silent |= {one for part in node.args for one in within(part)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in silent and not re.fullmatch(r"[a-z_:.]*", node.value):
            yield node.lineno, node.value


def within(node):
    return {id(one) for one in ast.walk(node)}


def is_silent(function):
    if isinstance(function, ast.Attribute):
        logs = isinstance(function.value, ast.Name) and function.value.id == LOGGER
        return logs or function.attr in {"Key", "CollectionKey", "of_collection"}
    return isinstance(function, ast.Name) and function.id in SILENT


def test_nothing_shows_a_word_for_which_there_is_a_better_one():
    """Pages, commands and errors: each place is named with the word to take instead."""
    told = [
        f"{path.relative_to(ROOT)}, line {line}: {text!r}: not {found[0]!r} but {better}"
        for path in (*PAGES, *ENGINE)
        for line, text in shown(ast.parse(path.read_text("utf-8")))
        if text not in KEPT and (path in PAGES or " " in text) and "questions --" not in text
        for pattern, better in BETTER.items()
        if (found := re.search(rf"(?<![\w’])({pattern})(?!\w)", text, re.IGNORECASE))
    ]
    assert told == []


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('"""A docstring."""\nst.caption("Ask it")', ["Ask it"]),
        ('st.button(f"{count} left out", key="ask it")', [" left out"]),
        ('_LOG.info("nobody asked")\nK = session.Key("the answer", "")', []),
        ('st.info("No doubt", icon="answer")', ["No doubt"]),
    ],
)
def test_what_can_be_shown_is_found(source, texts):
    """Texts in calls and in their pieces are found, and names of widgets are not."""
    assert [text for _, text in shown(ast.parse(source))] == texts
