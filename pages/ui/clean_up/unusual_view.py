"""Pictures that are odd in one way or another, the oddest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages.ui.clean_up import audit_steps
from pages.ui.frame import feedback, resources, session
from pages.ui.search import behind
from pages.ui.widgets import category_needs
from search_engine import SearchEngine
from search_engine.audit import (
    CAPTIONS,
    Finding,
    Oddity,
    UnusualLimits,
    UnusualPictures,
    find_unusual,
    table_of_unusual,
)


@dataclass(frozen=True)
class _Kind:
    label: str
    about: str
    needs: tuple[Finding, ...] = ()
    counts: bool = False
    """Whether the values are whole numbers."""


_MOST = 240
"""Pictures of a list that are shown; who wants more takes the table."""
_DISTANCE = (
    "The distance is 1 − cosine to the 10th nearest other picture (Ramaswamy et al. 2000); copies"
    " of a picture do not count."
)
_PIXELS = "Measured on the thumbnails, the square middle of each picture; no original is opened."
_QUERIES = (
    f"{len(CAPTIONS)} captions of everyday things and the names of the categories are searched for;"
    " counted is how often a picture is among the first results (N_k, Radovanović et al. 2010)."
)
_KINDS = {
    Oddity.FAR: _Kind(
        "Far from all others",
        f"Pictures unlike anything else here. {_DISTANCE} The limit is counted in robust standard"
        " deviations, which a few odd pictures do not stretch.",
        (Finding.NEIGHBOURS,),
    ),
    Oddity.FAR_IN_CATEGORY: _Kind(
        "Far from their category",
        f"Pictures unlike the rest of their category, where 1 is usual, 2 twice that. {_DISTANCE}",
        (Finding.WITHIN_CATEGORY,),
    ),
    Oddity.TYPICAL: _Kind(
        "Typical of their category",
        f"Pictures in the densest part of their category: 1 is usual there. {_DISTANCE}",
        (Finding.WITHIN_CATEGORY,),
    ),
    Oddity.HUB: _Kind(
        "Found by many queries",
        f"Found more often than the mean and two standard deviations. {_QUERIES}", counts=True,
    ),
    Oddity.UNREACHED: _Kind(
        "Found by no query", f"Hardly ever found by a search. {_QUERIES}",
        counts=True,
    ),
    Oddity.NEIGHBOUR_OF_MANY: _Kind(
        "Neighbour of many pictures",
        "Counted is how often one is among the 10 nearest of another"
        " (N_k, Radovanović et al. 2010).",
        (Finding.NEIGHBOURS,), counts=True,
    ),
    Oddity.BLURRED: _Kind(
        "Blurred",
        "Variance of the Laplacian (Pech-Pacheco et al. 2000) per contrast, as robust deviations"
        " below the collection's median. Drawings with large even areas look blurred to it."
        f" {_PIXELS}",
        (Finding.IMAGE_STATISTICS,),
    ),
    Oddity.DARK: _Kind(
        "Dark", f"95 of 100 pixels are no brighter than this, of 255. {_PIXELS}",
        (Finding.IMAGE_STATISTICS,), counts=True,
    ),
    Oddity.BRIGHT: _Kind(
        "Bright", f"95 of 100 pixels are no darker than this, of 255. {_PIXELS}",
        (Finding.IMAGE_STATISTICS,), counts=True,
    ),
    Oddity.TINY: _Kind(
        "Tiny", "Pixels of the shorter side. A CLIP model looks at 224, or enlarges what is less.",
        counts=True,
    ),
    Oddity.ODD_SHAPED: _Kind(
        "Extreme aspect ratio",
        "Longer side ÷ shorter side. The model sees the square middle only: of a picture of 3 : 1"
        " a third.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Limit:
    field: str
    """Of `UnusualLimits` or its `QualityLimits`."""
    label: str
    low: float
    high: float
    step: float
    laxer: int = -1
    """Which way more pictures are."""

    @property
    def usual(self) -> float:
        """The value that is taken if nobody moves it."""
        limits = UnusualLimits()
        usual: float = getattr(limits, self.field, None) or getattr(limits.quality, self.field)
        return usual

    def limits(self, value: float) -> UnusualLimits:
        """Return limits with this value."""
        limits = UnusualLimits()
        change: dict[str, Any] = {self.field: value}
        if hasattr(limits, self.field):
            return replace(limits, **change)
        return replace(limits, quality=replace(limits.quality, **change))


_LIMITS = {
    Oddity.FAR: _Limit("far", "Robust deviations above the median, at least", 0.0, 6.0, 0.25),
    Oddity.FAR_IN_CATEGORY: _Limit(
        "off", "Times as far as usual in the category, at least", 1.0, 4.0, 0.05
    ),
    Oddity.TYPICAL: _Limit(
        "typical", "Times as far as usual in the category, at most", 0.0, 1.0, 0.05, laxer=1
    ),
    Oddity.BLURRED: _Limit("blur", "Deviations below the median, at least", 0.5, 6.0, 0.5),
    Oddity.DARK: _Limit("dark", "Luminance, at most", 0.0, 255.0, 1.0, laxer=1),
    Oddity.BRIGHT: _Limit("bright", "Luminance, at least", 0.0, 255.0, 1.0),
    Oddity.TINY: _Limit("tiny", "Pixels of the shorter side, less than", 16, 1024, 16, laxer=1),
    Oddity.ODD_SHAPED: _Limit("odd", "Longer ÷ shorter side, at least", 1.0, 10.0, 0.5),
}


_FEWEST = 3
"""Pictures of a category of which one can be far from the others."""


def _offered(engine: SearchEngine) -> list[Oddity]:
    """Return the ways to be odd that there are without categories, if there are none."""
    every = category_needs.has_any(engine)
    return [
        one for one, kind in _KINDS.items() if every or Finding.WITHIN_CATEGORY not in kind.needs
    ]


def show(engine: SearchEngine) -> None:
    """Show the pictures that are odd in the chosen way."""
    oddity = st.selectbox(
        "Unusual because", _offered(engine), format_func=lambda one: _KINDS[one].label, key="oddity"
    )
    kind = _KINDS[oddity]
    if Finding.WITHIN_CATEGORY in kind.needs:
        category_needs.require(engine, "This looks within", groups=1, pictures=_FEWEST)
    st.caption(kind.about)
    limits = _ask_limits(oddity)
    if not audit_steps.wanted(engine, *kind.needs, key=oddity):
        return
    with audit_steps.progress() as told:
        found = find_unusual(resources.audit(engine), oddity, limits, told)
    if found.note:
        st.markdown(feedback.plain(found.note))
    if not len(found.picture_ids):
        st.info("No picture is beyond this limit.")
    else:
        st.caption(f"Below each picture: {found.measure}.")
        _show_pictures(engine, found)
        _offer_table(engine, found)
    _offer_more(oddity)


def _show_pictures(engine: SearchEngine, found: UnusualPictures) -> None:
    kind, count = _KINDS[found.oddity], len(found.picture_ids)
    shown = found.head(_MOST)
    values = shown.values.astype(int) if kind.counts else shown.values
    behind.show_chosen(
        engine, shown.picture_ids, kind.label, key=f"unusual {found.oddity}", scores=values
    )
    if count > _MOST:
        st.caption(f"The first {_MOST} of {count:,}; all of them are in the table.")


def _offer_more(oddity: Oddity) -> None:
    """Move the limit by a step to more pictures, where there is one."""
    limit = _LIMITS.get(oddity)
    if limit is None:
        return
    end = limit.low if limit.laxer < 0 else limit.high
    st.button(
        "Show more", icon=":material/expand_more:", on_click=_move_limit, args=(oddity,),
        disabled=_slider(oddity).get() == end, help="Moves the limit by a step",
    )  # fmt: skip


def _move_limit(oddity: Oddity) -> None:
    limit, slider = _LIMITS[oddity], _slider(oddity)
    moved = round(slider.get() + limit.laxer * limit.step, 6)
    slider.put(min(max(moved, limit.low), limit.high))


def _slider(oddity: Oddity) -> session.Key[float]:
    return session.Key(session.of_collection(f"limit of {oddity}"), _LIMITS[oddity].usual)


def _ask_limits(oddity: Oddity) -> UnusualLimits:
    usual = UnusualLimits()
    if oddity in {Oddity.HUB, Oddity.UNREACHED}:
        key = session.of_collection("results of each query")
        return UnusualLimits(k=st.slider("Results of each query", 1, 100, usual.k, key=key))
    if oddity not in _LIMITS:
        return usual
    limit = _LIMITS[oddity]
    slider = _slider(oddity)
    slider.put(slider.get())
    value = st.slider(
        limit.label, limit.low, limit.high, step=limit.step, key=slider.name,
        help=f"Usually {limit.usual:g}.",
    )  # fmt: skip
    return limit.limits(value)


def _offer_table(engine: SearchEngine, found: UnusualPictures) -> None:
    st.download_button(
        "Table (CSV)", lambda: table_of_unusual(engine, [found]),
        f"{engine.name}-unusual.csv", "text/csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
