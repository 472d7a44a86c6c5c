"""Ways to make settings and files of a model lead elsewhere, or to no end."""

import os

from tests.safety.hostile_models import listed_in

ATTACKS = {}
attack = listed_in(ATTACKS)


@attack
def vocabulary_elsewhere(it):
    """A list of special tokens that names files out of the folder."""
    it.edit("special_tokens_map.json", vocab_file="/dev/zero", tokenizer_file="/dev/zero")


@attack
def words_that_are_addresses(it):
    """Steps of preprocessing that add pictures to every text."""
    it.edit(
        "sentence_bert_config.json",
        processing_kwargs={"common": {"images": f"file://{it.beside}/x.png"}},
    )


@attack
def another_method(it):
    """Texts go to a method that writes files."""
    text = {"method": "save_pretrained", "method_output_name": None}
    it.edit("sentence_bert_config.json", modality_config={"text": text, "image": text})


def _setting(name, key, value):
    ATTACKS[f"{key}_{len(ATTACKS)}_in_{name}"] = lambda it: it.edit(name, **{key: value})


_setting("config.json", "quantization_config", {"quant_method": "bitsandbytes"})
_setting("config.json", "_attn_implementation", "stranger/kernels")
_setting("config.json", "attn_implementation", {"text_config": "stranger/kernels:evil"})
_setting("config.json", "backbone", "stranger/backbone")
_setting("config.json", "vision_config", {"model_type": "timm_backbone", "backbone": "x"})
_setting("config.json", "distributed_config", {"tp_plan": "auto"})
_setting("sentence_bert_config.json", "model_kwargs", {"use_kernels": True})
_setting("sentence_bert_config.json", "model_kwargs", {"gguf_file": "x.gguf"})
_setting("sentence_bert_config.json", "processor_kwargs", {"proxies": {"https": "localhost:1"}})
_setting("sentence_bert_config.json", "config_kwargs", {"attn_implementation": "a/b"})
_setting("tokenizer_config.json", "chat_template", "{% for _ in range(9) %}{% endfor %}")
_setting("tokenizer_config.json", "tokenizer_class", "AutoModelForCausalLM")
_setting("processor_config.json", "processor_class", "Trainer")


@attack
def template_in_a_file(it):
    """A template of chats beside the tokenizer."""
    (it.folder / "chat_template.jinja").write_text("{{ 1 }}")


@attack
def deep_settings(it):
    """Settings that are nested a hundred thousand times."""
    (it.folder / "config.json").write_text("[" * 100_000)


@attack
def settings_that_are_a_list(it):
    """Settings of another form than expected."""
    (it.folder / "modules.json").write_text('["a", 1, null]')


@attack
def pipe(it):
    """A pipe nobody writes to, in the place of the weights."""
    (it.folder / "model.safetensors").unlink()
    os.mkfifo(it.folder / "model.safetensors")


@attack
def endless_file(it):
    """A link to a device that never ends."""
    (it.folder / "config.json").unlink()
    (it.folder / "config.json").symlink_to("/dev/zero")


@attack
def folders_in_a_circle(it):
    """A link to the folder itself."""
    (it.folder / "again").symlink_to(it.folder)


@attack
def many_files(it):
    """More files than any model has."""
    (it.folder / "many").mkdir()
    for number in range(2_100):
        (it.folder / "many" / f"{number}.txt").touch()
