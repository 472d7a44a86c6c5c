"""Build index: what a collection takes in and leaves out, to see, to change and to reset."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, session
from search_engine.records import RuleEffects, ScanRules

_HELP = (
    "One a line. A word stands for paths that have it: beach. With * and ? for anything, or a /,"
    " whole names are meant: beach*.jpg, private/, 2019/june. A / at the beginning means right in"
    " the folder: /cat. What is in a folder that fits, fits too; case does not matter."
)


def ask(known: ScanRules, *, of: str) -> ScanRules:
    """Ask for rules, beginning with those there are; ``of`` says of which collection or folder."""
    key = f"rules of {of} {hash(known)}"
    exclude, include = session.Key(f"{key} exclude", ""), session.Key(f"{key} include", "")
    hidden = session.Key(f"{key} hidden", unset=False)
    if not exclude.is_set():
        exclude.put("\n".join(map(feedback.readable, known.exclude)))
        include.put("\n".join(map(feedback.readable, known.include)))
        hidden.put(known.hidden)
    left, right = st.columns(2)
    left.text_area("Skip", key=exclude.name, placeholder="private/\n*.gif", height=96, help=_HELP)
    right.text_area(
        "Include only", key=include.name, placeholder="everything", height=96, help=_HELP
    )
    st.toggle("Hidden and system folders as well", key=hidden.name)

    def take_everything() -> None:
        exclude.put("")
        include.put("")
        hidden.put(value=False)

    if known != ScanRules():
        st.button("Include everything", on_click=take_everything, type="tertiary")
    return ScanRules(
        _lines(include.get(), known.include), _lines(exclude.get(), known.exclude), hidden.get()
    )


def _lines(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return a box's patterns; those with letters that cannot be shown stay what they are."""
    shown = {feedback.readable(one): one for one in known}
    lines = (line.strip() for line in text.splitlines())
    return tuple(shown.get(line, line) for line in lines if line)


def show(rules: ScanRules) -> None:
    """Say what the rules of a collection are, if they are out of the usual."""
    told = (
        ("Skips", ", ".join(rules.exclude)),
        ("Includes only", ", ".join(rules.include)),
        ("Includes", "hidden and system folders as well" if rules.hidden else ""),
    )
    lines = [f"{what} {feedback.plain(feedback.readable(which))}" for what, which in told if which]
    if lines:
        st.caption(" · ".join(lines))


def show_effects(effects: RuleEffects) -> None:
    """Say what the rules keep out of a folder, and which of them do nothing."""
    if effects.keep_back:
        st.caption(f"By these rules {effects.told()}.")
    for remark in effects.remarks():
        st.warning(feedback.plain(feedback.readable(remark)), icon=":material/filter_alt_off:")


def show_nothing(effects: RuleEffects) -> None:
    """Say why there is nothing to index."""
    if effects.keep_back:
        st.info(f"No picture of this folder gets past the rules: {effects.told()}.")
    else:
        st.info("There is no picture in this folder.")
