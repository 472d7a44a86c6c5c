"""A small model of random weights for each family that the documentation names.

Each lies in the files in which its makers publish theirs.
"""

import json
from dataclasses import replace
from pathlib import Path

import torch
from transformers import (
    GemmaTokenizer,
    Siglip2Config,
    Siglip2ImageProcessorPil,
    Siglip2Model,
    Siglip2Processor,
    Siglip2Tokenizer,
)

from search_engine.lab.benchmark import random_model
from search_engine.lab.benchmark.random_families import LETTERS, SMALL, build_siglip, build_words
from search_engine.settings import Settings


def siglip(folder):
    """A SigLIP, as sentence-transformers loads it from the hub."""
    return build_siglip(folder, SMALL)


def siglip2(folder):
    """A SigLIP 2 of one size: the same kind of model, with Gemma's tokenizer."""
    build_siglip(folder, replace(SMALL, resample=2))
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    words = [*special, *LETTERS, "▁"]
    GemmaTokenizer({word: number for number, word in enumerate(words)}).save_pretrained(folder)
    ends = {"add_bos_token": False, "add_eos_token": True}
    change(folder / "tokenizer_config.json", model_max_length=int(1e30), **ends)
    return folder


def naflex(folder):
    """A SigLIP 2 that takes pictures of any shape, cut into patches by its own processor."""
    torch.manual_seed(3)
    words = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *LETTERS, "▁"]
    tower = {
        "hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2,
        "num_hidden_layers": 1,
    }  # fmt: skip
    ends = {"bos_token_id": 2, "eos_token_id": 2, "pad_token_id": 0}
    sizes = {"vocab_size": len(words), "max_position_embeddings": 64, "projection_size": 32}
    config = Siglip2Config(text_config=tower | ends | sizes, vision_config=tower)
    Siglip2Model(config).save_pretrained(folder)
    tokenizer = Siglip2Tokenizer({word: number for number, word in enumerate(words)})
    Siglip2Processor(Siglip2ImageProcessorPil(), tokenizer).save_pretrained(folder)
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
    """A tower for words like the multilingual one; what fills up is not told from text, if so."""
    build_words(folder, small=True)
    if sees_padding:
        change(folder / "tokenizer_config.json", model_input_names=["input_ids"])
    return folder


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
    "SigLIP 2 NaFlex": naflex,
    "words only": words_only,
}


def build_all(root):
    """Make a model of each family; give their folders by their names."""
    return {
        name: build(root / name.replace("/", "-").replace(" ", "-"))
        for name, build in BUILDERS.items()
    }
