"""How the answer of a search is told: lines for people, the JSON of all searches."""

from __future__ import annotations

from collections.abc import Sequence

from search_engine.calibration import THRESHOLD, Verdict
from search_engine.checking import look_at_files
from search_engine.cli.console import printable, say, show
from search_engine.cli.json_answers import show_json
from search_engine.collection import so_far
from search_engine.explain import negation_in
from search_engine.query import Query
from search_engine.records import SearchResult, counted
from search_engine.search import SearchEngine, SearchResults, in_order_of_match, search_answer
from search_engine.settings import MINI_MODEL, is_folder

SYNTAX = """\
A query may have several terms: a red fish + 0.5:./boat.jpg - night
searches for red fish, somewhat like the picture boat.jpg, and away from night. Signs stand between
blanks; #12 is the picture with that id; "quotes" keep words as they are; {words} are searched in
several phrasings, whose vectors are averaged.
"""


def tell(
    engine: SearchEngine,
    answer: SearchResults,
    *,
    as_json: bool,
    shown: dict[str, list[SearchResult]] | None = None,
) -> None:
    """Write the answer, with notes on what limits it.

    Args:
        engine: Whose answer.
        answer: What was found.
        as_json: Whether as JSON.
        shown: The results in the order and the groups in which people read them.
    """
    groups = shown or {"": in_order_of_match(answer.results)}
    note_limits(engine, answer)
    if as_json:
        part = so_far(engine.catalog, engine.manifest)
        tags = engine.catalog.tags.of(one.record.picture_id for one in answer.results)
        show_json(search_answer(answer, engine.path, part, groups, tags))
    else:
        _show(engine, answer, groups)


def note_limits(engine: SearchEngine, answer: SearchResults) -> None:
    """Say on standard error what limits an answer."""
    note_negation(answer.query)
    _note_unseen(engine, answer.results)
    _note_changed_texts(engine, answer)


def note_negation(query: Query) -> None:
    """Say on standard error that a query has a word the model does not understand as a no."""
    found = negation_in(query)
    if found:
        say(
            f"note: the model does not understand “{printable(found.word)}” as a no; search"
            f" for {printable(str(found.suggestion))} instead, or put the words in quotes."
        )


def _note_changed_texts(engine: SearchEngine, answer: SearchResults) -> None:
    """Note that there are no matches until an update, where a file of background texts changed."""
    has_match = answer.verdict is not None or any(one.match is not None for one in answer.results)
    if not has_match and engine.measure.texts_changed():
        name = printable(engine.name)
        say(
            f"note: '{name}' has no matches until its next update, because the background texts"
            " were changed. Run index on its folder again; no picture is embedded again."
        )


def _note_unseen(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Note that the files of results are not where they were."""
    root = engine.collection.root
    if not is_folder(root):
        say(
            f"note: the folder {printable(str(root))} is not there now, so these paths lead"
            " nowhere. If it was moved: index its new place, and take it over."
        )
        return
    records = [result.record for result in results]
    looks = look_at_files(engine.collection, records, engine.catalog.findings)
    if looks.away:
        count = f"{len(looks.away):,} of these"
        say(f"note: the files of {count} were out of reach when it was last updated.")
    for found, what in ((looks.changed, "changed"), (looks.gone, "went away")):
        if found:
            count = f"{len(found):,} of these files"
            say(f"note: {count} {what} after the last update, so run it again.")


def _show(
    engine: SearchEngine, answer: SearchResults, groups: dict[str, list[SearchResult]]
) -> None:
    for text in answer.encoded.cut_texts:
        say(f"note: the model reads only the beginning of: {printable(text[:60])}…")
    model = answer.manifest.model.model_id
    how = "exact" if answer.exact else f"approximate ({answer.manifest.kind})"
    count = sum(map(len, groups.values()))
    shown = f"{count} of {counted(answer.considered, 'picture', 'pictures')}"
    asked = printable(str(answer.query))
    show(f"{asked}: {shown} in '{answer.collection}', {how}, model {model}")
    _show_verdict(answer)
    for name, results in groups.items():
        if len(groups) > 1 or name:
            show(f"{printable(name) or 'without a category'}:")
        _show_results(engine, results, answer.verdict)
    if not answer.considered:
        show("Nothing passes the filters.")
    if model == MINI_MODEL:
        say("note: the bundled model 'mini' knows only the drawings of the sample gallery.")


def _show_results(
    engine: SearchEngine, results: Sequence[SearchResult], verdict: Verdict | None
) -> None:
    for place, result in enumerate(results):
        if place and verdict and verdict.matches and place == verdict.matches:
            show("Weaker results:")
        match = "    –" if result.match is None else f"{result.match:3.0f} %"
        path = printable(str(engine.path(result.record)))
        number = f"#{result.record.picture_id}"
        show(f"{match}  {number:<7} {path}  ({result.score:.3f}, rank {result.rank:,})")


def _show_verdict(answer: SearchResults) -> None:
    verdict = answer.verdict
    if verdict:
        text = verdict.text[0].upper() + verdict.text[1:]
        one, several = "match", "matches"
        if verdict.cut_match == THRESHOLD:
            one, several = "strong match", "strong matches"
        found = f"{counted(verdict.matches, one, several)}, of {verdict.cut_match:g} % or more"
        show(f"{text}: {found}" if verdict.matches else text)
