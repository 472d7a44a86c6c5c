"""The drawer: the square of a picture that the model saw."""

from __future__ import annotations

import io

import streamlit as st
from PIL import Image

from pages.ui.frame import feedback, resources
from search_engine import SearchEngine
from search_engine.errors import SearchEngineError
from search_engine.explain import Crop, crop_of, paint_crop
from search_engine.records import PictureRecord

_SIDE = 224
"""Pixels on the screen; what most models look at."""


def show(engine: SearchEngine, record: PictureRecord) -> None:
    """Show the pixels that were embedded, where they lie, and how much was cut away."""
    try:
        embedder = engine.embedder()
        seen, whole = _seen(engine, record)
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    crop = crop_of(embedder, record.width, record.height)
    if crop.cuts_much:
        st.warning(
            f"{crop.cut_percent:.0f} % of this picture was cut away. What lies there cannot be"
            " found; the model looks at the square middle only.",
            icon=":material/crop:",
        )
    side, height = Image.open(io.BytesIO(seen)).size
    with st.container(horizontal=True):
        st.image(
            seen,
            width=_SIDE,
            caption=f"All that the model saw: {side} × {height} pixels",
            alt="The square that the model saw",
        )
        if crop.cut_percent:
            width = round(_SIDE * min(record.width / record.height, 1.6))
            st.image(whole, width=width, caption="Where it lies", alt="The picture, cut parts grey")
    st.caption(_summary(record, crop))


def _summary(record: PictureRecord, crop: Crop) -> str:
    left, top, right, bottom = (round(edge) for edge in crop.box)
    if not crop.cut_percent:
        return f"The whole of {record.width:,} × {record.height:,} pixels; nothing was cut away."
    return (
        f"{right - left:,} × {bottom - top:,} of {record.width:,} × {record.height:,} pixels, from"
        f" {left:,}, {top:,}; {crop.cut_percent:.0f} % was cut away."
    )


@resources.cached_by_collection(entries=32)
def _seen(engine: SearchEngine, record: PictureRecord) -> tuple[bytes, bytes]:
    """Return the embedded pixels, unchanged, as PNG, and the picture with the rest veiled, as JPEG.

    Raises:
        PictureRefused: The file is gone, broken or another picture by now.
    """
    image, embedder = engine.image(record), engine.embedder()
    seen, whole = io.BytesIO(), io.BytesIO()
    embedder.prepare(image).save(seen, "PNG")
    paint_crop(image, crop_of(embedder, *image.size), image.size).save(whole, "JPEG", quality=88)
    return seen.getvalue(), whole.getvalue()
