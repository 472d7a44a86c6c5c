"""Build index: the formats of vectors, as people read them."""

from __future__ import annotations

from search_engine.exchange import VectorFormat

LABELS = {
    VectorFormat.PARQUET: "Parquet",
    VectorFormat.NUMPY: "NumPy and CSV",
    VectorFormat.DEMO: "Faiss and JSON",
    VectorFormat.CLIP_RETRIEVAL: "clip-retrieval",
    VectorFormat.FIFTYONE: "FiftyOne",
    VectorFormat.COCO: "COCO",
}
ABOUT = {
    VectorFormat.PARQUET: "pictures.parquet, for Embedding Atlas, DuckDB, LanceDB, Milvus.",
    VectorFormat.NUMPY: "vectors.npy and pictures.csv.",
    VectorFormat.DEMO: "index.faiss, a flat index, and image_paths.json.",
    VectorFormat.CLIP_RETRIEVAL: "The folders img_emb and metadata.",
    VectorFormat.FIFTYONE: "A folder of pictures for each class, and embeddings.npy.",
    VectorFormat.COCO: "labels.json and embeddings.npy.",
}
"""The files of each."""
