"""Errors, empty states and labels, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.frame import model_trust, ways_on
from search_engine import SearchResults
from search_engine.errors import NeedsCategories, SearchEngineError, Trouble, Way
from search_engine.records import AllScores, CollectionSummary, PictureRecord, counted
from search_engine.settings import MINI_MODEL

_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")


def plain(text: str) -> str:
    """Make foreign text show as it is where Streamlit would read Markdown.

    File names may hold picture links, which Markdown would fetch from the network.
    """
    return _MARKUP.sub(r"\\\1", _UNSEEN.sub(" ", text))


def readable(text: str) -> str:
    """Make a name fit to be sent to the browser; bytes that are not UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode()


def category_name(name: str) -> str:
    """Name a category; the pictures without one have a name too."""
    return readable(name) or "(no category)"


def signed(value: float, digits: int) -> str:
    """Write a number with its sign, a minus that is as wide as the plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def unsigned(value: float, digits: int) -> str:
    """Write a number, with a sign only where it is below zero."""
    return f"{value:.{digits}f}".replace("-", "−")


def rounded(value: float) -> str:
    """Write a number with three digits that count, and never as a power of ten."""
    return f"{float(f'{value:.3g}'):,.10g}"


def file_size(size_bytes: float) -> str:
    """Write a size as people read it, in kB, MB or GB, each a thousand of the one before."""
    if size_bytes < 999_500:  # noqa: PLR2004 - rounds to 1,000 kB
        return f"{size_bytes / 1e3:,.0f} kB"
    if size_bytes < 999_950_000:  # noqa: PLR2004 - rounds to 1,000.0 MB
        return f"{size_bytes / 1e6:,.1f} MB"
    return f"{size_bytes / 1e9:,.1f} GB"


def size_of(record: PictureRecord) -> str:
    """Write how large a picture's file is; of one that came as a vector nobody knows."""
    return "no file" if record.is_vector_alone else file_size(record.size_bytes)


def sentence(text: str) -> str:
    """Begin foreign text with a capital letter, and make it harmless."""
    return plain(text[:1].upper() + text[1:])


def contents(summary: CollectionSummary) -> str:
    """Return how much a collection holds, or so far; of categories only where there are any."""
    pictures = counted(summary.pictures, "picture", "pictures")
    if summary.so_far:
        pictures = sentence(str(summary.so_far))
    categories = counted(summary.categories, "category", "categories")
    return f"{pictures} · {categories}" if summary.categories else pictures


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error of the engine where it happens, and end the page there."""
    try:
        yield
    except SearchEngineError as error:
        show_error(error)
        st.stop()


@contextmanager
def refusals_shown() -> Iterator[None]:
    """Show an error of one action where it happens; the rest of the page stays.

    What is to follow only where the action succeeded belongs into the block.
    """
    try:
        yield
    except SearchEngineError as error:
        show_error(error)


def show_error(error: SearchEngineError) -> None:
    """Show cause, place and remedy of an error, and what leads on."""
    trouble = Trouble.of(error)
    if trouble.way is Way.CONFIRM_MODEL:
        model_trust.offer(trouble.about, plain(trouble.about))
        return
    if trouble.is_a(NeedsCategories):  # nothing is wrong
        st.info(in_words(trouble), icon=":material/folder:")
    else:
        st.error(in_words(trouble), icon=":material/error:")
    ways_on.show(trouble, key=f"way on from {trouble.cause}")


def in_words(trouble: Trouble) -> str:
    """Write what went wrong, where, and what to do, as Markdown."""
    lines = (f"**{plain(trouble.cause)}.**", plain(trouble.place), plain(trouble.remedy))
    return "  \n".join(line for line in lines if line)


def label_bundled_model(model_id: str) -> None:
    """Say, where answers of the bundled model appear, what it knows."""
    if model_id == MINI_MODEL:
        st.badge(
            "Bundled model",
            color="orange",
            help="It knows only the drawings of the sample gallery.",
        )


def answer_line(answer: SearchResults) -> str:
    """Sum an answer up in one line."""
    how = "" if answer.exact else f" · approximate ({answer.manifest.kind})"
    averaged = any(getattr(term.subject, "averaged", False) for term in answer.query.terms)
    how += " · several phrasings" if averaged else ""
    seconds = answer.encode_seconds + answer.search_seconds
    return f"{_share(answer)} · {seconds * 1000:.0f} ms{how}"


def _share(answer: SearchResults) -> str:
    """Say how many pictures were searched, of how many there are."""
    there = max(answer.manifest.count, answer.considered)
    if not answer.considered:
        return f"None of the {there:,} pictures passes the filters"
    if answer.considered == there:
        return counted(there, "picture", "pictures")
    everything = counted(there, "picture", "pictures")
    return f"{answer.considered:,} of {everything} pass the filters"


def show_notes(answer: SearchResults) -> None:
    """Say what limits an answer."""
    if answer.encoded.cut_texts:
        st.warning("The text is longer than the model reads; only its beginning counted.")


def show_rounding(found: AllScores) -> None:
    """Say where scores of all pictures are those of codes, not of the vectors."""
    if not found.exact:
        st.caption(
            "Scores of all pictures come from the 8-bit codes of the index here: they are off by"
            " 0.0002 on average."
        )


def nothing_found(answer: SearchResults) -> None:
    """Say why nothing is shown, and what to do."""
    if answer.considered == 0:
        st.info(
            "No picture passes the filters. Remove one of them above, or change them under"
            " *Filters*."
        )
    else:
        st.info("No picture reaches the minimum score. Lower it under *Filters*, *For experts*.")
