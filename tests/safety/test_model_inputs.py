"""Words go into a model as words and pictures as pictures, for every family of models."""

import ast
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    DistilBertConfig,
    DistilBertModel,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    SiglipProcessor,
)

import search_engine
from search_engine.embedding import load_embedder, unit_rows
from search_engine.embedding.inputs import encoded_pictures, encoded_texts
from search_engine.lab.benchmark import random_model
from search_engine.settings import Settings

SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "num_hidden_layers": 1,
}
ORDINARY = [
    "a red fish", "two cats", "", " ", "x", "?", "Ä 日本 🐈", "a dog, " * 40, "fish " * 200,
    "and/or", "12:30", "'quoted'", "line\nbreak",
]  # fmt: skip


def letters(length, **special):
    """A tokenizer that knows the letters and its special tokens, and how many that are."""
    words = [*special.values(), *(chr(code) for code in range(32, 127))]
    known = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token=special["unk_token"]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=length, **special)
    return fast, len(words)


def siglip(folder):
    """A SigLIP of random weights, as sentence-transformers loads it from the hub."""
    torch.manual_seed(3)
    special = {"pad_token": "<pad>", "unk_token": "<unk>", "eos_token": "</s>"}
    fast, count = letters(64, **special)
    ends = {"bos_token_id": 2, "eos_token_id": 2, "pad_token_id": 0}
    sizes = {"vocab_size": count, "max_position_embeddings": 64, "projection_size": 32}
    text = SMALL | ends | sizes
    picture = SMALL | {"image_size": 64, "patch_size": 32}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=picture))
    torch.nn.init.constant_(model.logit_scale, 4.7)
    torch.nn.init.constant_(model.logit_bias, -12.9)
    model.save_pretrained(folder)
    processor = SiglipProcessor(SiglipImageProcessorPil(size={"height": 64, "width": 64}), fast)
    processor.save_pretrained(folder)
    return folder


def words_only(folder):
    """A tower for words like the multilingual one: DistilBERT, the mean of its tokens, a layer."""
    torch.manual_seed(4)
    special = {"pad_token": "[PAD]", "unk_token": "<unk>", "sep_token": "[SEP]"}
    fast, count = letters(128, **special)
    inner = folder / "inner"
    config = DistilBertConfig(vocab_size=count, dim=32, hidden_dim=64, n_heads=2, n_layers=1)
    DistilBertModel(config).save_pretrained(inner)
    fast.save_pretrained(inner)
    parts = [Transformer(str(inner)), Pooling(32), Dense(32, 512, bias=False)]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder / "whole"))
    return folder / "whole"


BUILDERS = {
    "mini": lambda _folder: Settings(Path()).mini_model_folder,
    "ViT-B/32": lambda folder: random_model.build(folder, small=True),
    "SigLIP": siglip,
    "words only": words_only,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A model of each family, made once."""
    root = tmp_path_factory.mktemp("families")
    return {name: build(root / name.replace("/", "-")) for name, build in BUILDERS.items()}


@pytest.fixture(scope="module")
def loaded(folders):
    """The models, as sentence-transformers loads them."""
    return {
        name: SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        for name, folder in folders.items()
    }


@pytest.mark.parametrize("family", ["mini", "ViT-B/32", "words only"])
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


def test_siglip_reads_texts_at_the_length_it_was_trained_on(loaded):
    """A text has one vector, that of the text padded to 64 tokens of which none is masked."""
    model = loaded["SigLIP"]
    ids = model.tokenizer(["a cat"], padding="max_length", max_length=64, return_tensors="pt")
    with torch.no_grad():
        right = model[0].model.get_text_features(input_ids=ids["input_ids"]).pooler_output.numpy()
    beside = encoded_texts(model, ["a cat", "a very long text " * 3])[:1]
    assert unit_rows(beside) == pytest.approx(unit_rows(right), abs=1e-5)
    plain = model.encode(["a cat", "a very long text " * 3], show_progress_bar=False)[:1]
    assert unit_rows(plain) != pytest.approx(unit_rows(right), abs=1e-3)


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
