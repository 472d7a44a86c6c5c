"""The first SigLIP is loaded with the tokenizer that its makers publish."""

import pytest

from search_engine.embedding import load_embedder
from search_engine.errors import ModelUnavailable
from search_engine.lab.benchmark.random_families import SMALL, build_siglip
from tests.embedding.families import change


@pytest.fixture
def folder(tmp_path):
    """A SigLIP in the files of google/siglip-base-patch16-224, with a small vocabulary."""
    pieces = pytest.importorskip("sentencepiece", reason="it is not installed")
    folder = build_siglip(tmp_path / "siglip", SMALL)
    text = tmp_path / "text.txt"
    text.write_text("\n".join(f"a red fish number {n} and a cat at night" for n in range(99)))
    pieces.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(folder / "spiece"), vocab_size=45, pad_id=0, eos_id=1,
        unk_id=2, bos_id=-1, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    for file in ("tokenizer.json", "tokenizer_config.json", "spiece.vocab"):
        (folder / file).unlink()
    ends = {"eos_token": "</s>", "pad_token": "</s>", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text("{}")
    change(
        folder / "tokenizer_config.json", **ends, do_lower_case=True, model_max_length=64,
        model_input_names=["input_ids"], tokenizer_class="SiglipTokenizer",
        processor_class="SiglipProcessor",
    )  # fmt: skip
    return folder


def test_its_words_are_read_as_they_were_in_training(folder, settings):
    """Capitals and punctuation are nothing, and a text has one vector beside any other."""
    embedder = load_embedder(str(folder), settings)
    assert type(embedder.words.tokenizer).__name__ == "SiglipTokenizer"
    alone = embedder.embed_words(["a red fish"])[0]
    beside = embedder.embed_words(["A Red, fish!", "a cat at night and a red fish", "a cat"])
    assert beside[0] @ alone >= 0.99999
    assert beside[2] @ alone < 0.999
    assert embedder.words_over_limit("fish " * 100)
    assert not embedder.words_over_limit("fish")


def test_a_package_that_is_missing_is_named(settings, tmp_path, monkeypatch):
    """With what to install, not with a complaint about the folder."""

    def lacking(*_):
        cause = "SiglipTokenizer requires the SentencePiece library but it was not found"
        raise ImportError(cause)

    folder = build_siglip(tmp_path / "siglip", SMALL)
    monkeypatch.setattr("search_engine.embedding.loading.load_model_folder", lacking)
    with pytest.raises(ModelUnavailable, match=r"SentencePiece.*requirements\.txt"):
        load_embedder(str(folder), settings)
