"""Words go into a model as words and pictures as pictures, for every family of models."""

import ast
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from sentence_transformers import SentenceTransformer

import search_engine
from search_engine.embedding import load_embedder, unit_rows
from search_engine.embedding.inputs import encoded_pictures, encoded_texts
from search_engine.errors import ModelUnavailable
from tests.embedding.families import BUILDERS, build_all, words_only

ORDINARY = [
    "a red fish", "two cats", "", " ", "x", "?", "Ä 日本 🐈", "a dog, " * 40, "fish " * 200,
    "and/or", "12:30", "'quoted'", "line\nbreak",
]  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A model of each family, made once."""
    return build_all(tmp_path_factory.mktemp("families"))


@pytest.fixture(scope="module")
def loaded(folders):
    """The models, as sentence-transformers loads them."""
    return {
        name: SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        for name, folder in folders.items()
    }


@pytest.mark.parametrize("family", ["mini", "ViT-B/32", "LAION", "words only"])
def test_ordinary_words_have_the_vectors_they_had(loaded, family):
    """What plain ``encode`` makes of words is made of them here, long and empty ones included."""
    model = loaded[family]
    plain = model.encode(ORDINARY, show_progress_bar=False)
    assert encoded_texts(model, ORDINARY) == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("family", BUILDERS)
def test_an_address_is_embedded_as_its_letters(loaded, family, tmp_path, monkeypatch):
    """A path of a picture that exists has the vector of its text, also beside other texts."""
    model = loaded[family]
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (40, 30), "red").save("bait.png")
    texts = ["bait.png", "http://127.0.0.1:9/bait.png", "data:image/png;base64,AAAA", "a cat"]
    alone = np.concatenate([encoded_texts(model, [text]) for text in texts])
    together = encoded_texts(model, texts)
    assert np.isfinite(alone).all()
    assert unit_rows(alone) == pytest.approx(unit_rows(together), abs=1e-5)
    Path("bait.png").unlink()
    assert unit_rows(encoded_texts(model, ["bait.png"])) == pytest.approx(
        unit_rows(alone[:1]), abs=1e-6
    )


@pytest.mark.parametrize("family", BUILDERS)
def test_a_text_means_the_same_beside_a_longer_one(loaded, family):
    """Alone, beside a longer text and among many, whatever is filled up, the vector is one."""
    model = loaded[family]
    short, others = ["a cat"], ["a very long text of many words " * 2, "dog", "x " * 300]
    alone = unit_rows(encoded_texts(model, short))
    for beside in (others[:1], others, others * 12):
        found = unit_rows(encoded_texts(model, short + beside))[:1]
        assert (alone * found).sum() >= 0.99999


@pytest.mark.parametrize("family", ["SigLIP", "SigLIP 2"])
def test_siglip_reads_texts_as_it_was_trained(loaded, family):
    """A text has one vector: in lower case, filled up behind to 64 tokens, none of them masked."""
    model = loaded[family]
    ids = model.tokenizer(["a cat"])["input_ids"][0]
    ids += [model.tokenizer.pad_token_id] * (64 - len(ids))
    with torch.no_grad():
        features = model[0].model.get_text_features(input_ids=torch.tensor([ids]))
    right = unit_rows(features.pooler_output.numpy())
    beside = encoded_texts(model, ["A Cat", "a very long text " * 3])[:1]
    assert unit_rows(beside) == pytest.approx(right, abs=1e-5)
    plain = model.encode(["a cat", "a very long text " * 3], show_progress_bar=False)[:1]
    assert (unit_rows(plain) * right).sum() < 0.999


def test_a_model_whose_words_depend_on_their_batch_is_refused(folders, settings, tmp_path):
    """What fills the shorter text up would change what was asked; the message says so."""
    reads_it = words_only(tmp_path, sees_padding=True)
    with pytest.raises(ModelUnavailable, match="another vector beside a longer text") as refused:
        load_embedder(f"{folders['ViT-B/32']}::{reads_it}", settings)
    assert refused.value.place
    assert "clip-ViT-B-32" in refused.value.remedy


def test_probabilities_are_those_of_the_model(folders, loaded, settings):
    """SigLIP's sigmoid has a scale and a bias of its own, CLIP's softmax a temperature only."""
    inner = loaded["SigLIP"][0].model
    embedder = load_embedder(str(folders["SigLIP"]), settings)
    picture, words = Image.new("RGB", (64, 64), "red"), ["a cat", "a very long text"]
    encode = {"padding": "max_length", "max_length": 64, "return_tensors": "pt"}
    inputs = loaded["SigLIP"][0].processor(text=words, images=[picture], **encode)
    with torch.no_grad():
        theirs = inner(input_ids=inputs["input_ids"], pixel_values=inputs["pixel_values"])
    cosines = embedder.embed_words(words) @ embedder.embed_pictures([picture])[0]
    logits = embedder.logit_scale * cosines + embedder.logit_bias
    assert logits == pytest.approx(theirs.logits_per_image[0].numpy(), abs=1e-4)
    clip = load_embedder(str(folders["ViT-B/32"]), settings)
    assert (clip.logit_scale, clip.logit_bias) == (pytest.approx(14.29, abs=0.01), None)


def test_every_family_loads_and_tells_what_it_cuts(folders, settings):
    """One model, or one for pictures and one for words, embeds both and knows its limit."""
    for model_id in (
        str(folders["SigLIP"]),
        str(folders["SigLIP 2"]),
        str(folders["SigLIP 2 NaFlex"]),
        str(folders["LAION"]),
        f"{folders['ViT-B/32']}::{folders['words only']}",
    ):
        embedder = load_embedder(model_id, settings)
        words = embedder.embed_words(["bait.png", "caf\udce9", "a cat"])
        pictures = embedder.embed_pictures([Image.new("RGB", (50, 40), "red")])
        assert words.shape[1] == pictures.shape[1] == embedder.card.dimension
        assert np.isfinite(words).all()
        assert embedder.words_over_limit("caf\udce9 " * 100)
        assert not embedder.words_over_limit("caf\udce9")


@pytest.mark.parametrize(
    ("family", "marked"),
    [
        ("mini", "red <|endoftext|>fish"),
        ("ViT-B/32", "red <|startoftext|>fish"),
        ("words only", "red [SEP]fish"),
        ("SigLIP", "red </s>fish"),
        ("SigLIP 2", "red <eos>fish"),
    ],
)
def test_markers_of_any_tokenizer_are_blanks(loaded, family, marked):
    """What a tokenizer marks the end of a text with does not end one where somebody types it."""
    model = loaded[family]
    plain = unit_rows(encoded_texts(model, ["red  fish"]))
    assert unit_rows(encoded_texts(model, [marked])) == pytest.approx(plain, abs=1e-5)


@pytest.mark.parametrize("image", ["bait.png", b"bytes", Path("bait.png"), np.zeros((8, 8, 3))])
def test_only_decoded_pictures_go_in_as_pictures(loaded, image):
    """A string where a picture should be is an error, not an address to fetch."""
    with pytest.raises(TypeError, match="must be decoded"):
        encoded_pictures(loaded["mini"], [Image.new("RGB", (8, 8)), image])


def test_naming_texts_costs_no_time(loaded):
    """Words take no longer than by plain ``encode``, but for what a busy machine does."""
    model = loaded["mini"]
    texts = [f"a red fish number {number}" for number in range(16)]
    ways = (
        lambda: model.encode(texts, show_progress_bar=False),
        lambda: encoded_texts(model, texts),
    )
    times = ([], [])
    for _ in range(9):  # in turns, so that both meet the same machine
        for way, took in zip(ways, times, strict=True):
            began = time.perf_counter()
            way()
            took.append(time.perf_counter() - began)
    assert min(times[1]) < 2 * min(times[0])


def test_one_module_hands_things_to_models():
    """No other module calls ``encode`` of a model, but the plain way that is timed."""
    root = Path(search_engine.__file__).parent
    callers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"encode", "encode_query", "encode_document"}
        and {"show_progress_bar", "batch_size"} & {word.arg for word in node.keywords}
    }
    assert callers == {"embedding/inputs.py", "lab/benchmark/ways.py"}
