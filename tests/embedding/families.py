"""A small model of random weights for each family that the documentation names.

Each lies in the files in which its makers publish theirs.
"""

import json
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    DistilBertConfig,
    DistilBertModel,
    GemmaTokenizer,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    SiglipProcessor,
)

from search_engine.lab.benchmark import random_model
from search_engine.settings import Settings

SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "num_hidden_layers": 1,
}
LETTERS = [chr(code) for code in range(32, 127)]
SCALE, BIAS = 4.7, -12.9
"""Near what SigLIP has learned; the first is the logarithm."""


def letters(length, **special):
    """A tokenizer that knows the letters and its special tokens, and how many that are."""
    words = [*special.values(), *LETTERS]
    known = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token=special["unk_token"]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=length, **special)
    return fast, len(words)


def siglip(folder):
    """A SigLIP, as sentence-transformers loads it from the hub."""
    special = {"pad_token": "<pad>", "unk_token": "<unk>", "eos_token": "</s>"}
    tokenizer, count = letters(64, **special)
    return _siglip(folder, tokenizer, count, resample=3)


def siglip2(folder):
    """A SigLIP 2 of one size: the same kind of model, with Gemma's tokenizer."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    words = [*special, *LETTERS, "▁"]
    tokenizer = GemmaTokenizer({word: number for number, word in enumerate(words)})
    folder = _siglip(folder, tokenizer, len(words), resample=2)
    ends = {"add_bos_token": False, "add_eos_token": True}
    change(folder / "tokenizer_config.json", model_max_length=int(1e30), **ends)
    return folder


def _siglip(folder, tokenizer, count, resample):
    torch.manual_seed(3)
    ends = {"bos_token_id": 2, "eos_token_id": 2, "pad_token_id": 0}
    sizes = {"vocab_size": count, "max_position_embeddings": 64, "projection_size": 32}
    text = SMALL | ends | sizes
    picture = SMALL | {"image_size": 64, "patch_size": 32}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=picture))
    torch.nn.init.constant_(model.logit_scale, SCALE)
    torch.nn.init.constant_(model.logit_bias, BIAS)
    model.save_pretrained(folder)
    square = {"height": 64, "width": 64}
    processor = SiglipImageProcessorPil(size=square, resample=resample)
    SiglipProcessor(processor, tokenizer).save_pretrained(folder)
    return folder


def laion(folder):
    """A CLIP as OpenCLIP's are published: no modules.json, and plain GELU."""
    inner = random_model.build(folder, small=True) / "0_CLIPModel"
    for file in inner.iterdir():
        file.rename(folder / file.name)
    inner.rmdir()
    for name in ("modules.json", "config_sentence_transformers.json"):
        (folder / name).unlink()
    file = folder / "config.json"
    file.write_text(file.read_text("utf-8").replace('"quick_gelu"', '"gelu"'), "utf-8")
    return folder


def words_only(folder, *, sees_padding=False):
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
    if sees_padding:  # for want of a mask of what is text
        change(folder / "whole/tokenizer_config.json", model_input_names=["input_ids"])
    return folder / "whole"


def change(file, **settings):
    """Change settings in a file of a model."""
    known = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(known | settings), "utf-8")


BUILDERS = {
    "mini": lambda _folder: Settings(Path()).mini_model_folder,
    "ViT-B/32": lambda folder: random_model.build(folder, small=True),
    "LAION": laion,
    "SigLIP": siglip,
    "SigLIP 2": siglip2,
    "words only": words_only,
}


def build_all(root):
    """Make a model of each family; give their folders by their names."""
    return {name: build(root / name.replace("/", "-")) for name, build in BUILDERS.items()}
