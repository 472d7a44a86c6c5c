"""What a build can be asked for, and how the pages name it."""

from __future__ import annotations

from search_engine import IndexKind
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL

MODELS = {
    DEFAULT_MODEL: "clip-ViT-B-32 – the default",
    "clip-ViT-B-16": "clip-ViT-B-16 – better, about three times slower",
    "clip-ViT-L-14": "clip-ViT-L-14 – best, many times slower",
    "clip-ViT-B-32-multilingual-v1": "clip-ViT-B-32 with words in 50 languages",
    MINI_MODEL: "mini – comes with the program, knows only the sample gallery's drawings",
}
"""What is told of models, by their ids."""

SIZES = {DEFAULT_MODEL: "605 MB", "clip-ViT-L-14": "1.7 GB"}
"""What is downloaded for a model."""

KINDS = {
    IndexKind.AUTO: "automatic",
    IndexKind.EXACT: "exact – compares with everything",
    IndexKind.HNSW: "HNSW – is a graph: fast, may miss some results",
    IndexKind.IVF: "IVF – has clusters: small, may miss some results",
}

AUTOMATIC = (
    "Automatic compares with everything up to 200,000 pictures, which finds the best results for"
    " certain; beyond that it takes clusters, tuned until they find 98 of 100 true results"
    " for words in your collection. The sidebar tells the share."
)
