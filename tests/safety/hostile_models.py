"""Folders with models that try to run code, made of the bundled one; each would write a marker."""

import json
import os
import pickle
import shutil
import tarfile
from pathlib import Path

import torch
from safetensors.torch import load_file

MINI = Path(__file__).parents[2] / "data" / "mini-clip"

CODE = """
from pathlib import Path
Path({marker!r}).write_text("code ran")
from transformers import CLIPConfig as Evil, CLIPModel as EvilModel
class Module:
    @classmethod
    def load(cls, *_, **__):
        return cls()
"""


class Marked:
    """Writes the marker when it is unpickled."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        """Open the marker for writing."""
        return open, (self.marker, "w")


class Attack:
    """A folder to be made hostile, and the marker that its code would write."""

    def __init__(self, root):
        self.folder = root / "model"
        self.marker = root / "marker"
        self.beside = root / "beside"
        shutil.copytree(MINI, self.folder)
        self.beside.mkdir()

    def edit(self, name, **values):
        """Put values into a JSON file; those that are None are taken out."""
        file = self.folder / name
        document = json.loads(file.read_text()) if file.exists() else {}
        document |= values
        kept = {key: value for key, value in document.items() if value is not None}
        file.write_text(json.dumps(kept))

    def put_code(self, folder=None):
        """Write a module that leaves the marker when it is imported."""
        (folder or self.folder).joinpath("evil.py").write_text(CODE.format(marker=str(self.marker)))

    def pickle_weights(self, file="pytorch_model.bin"):
        """Put pickled weights that leave the marker in the place of those without code."""
        (self.folder / "model.safetensors").unlink(missing_ok=True)
        with (self.folder / file).resolve().open("wb") as target:
            pickle.dump(Marked(self.marker), target)

    def zip_weights(self, file="pytorch_model.bin"):
        """Pack true weights and the marker as torch does."""
        weights = load_file(self.folder / "model.safetensors")
        (self.folder / "model.safetensors").unlink()
        torch.save(weights | {"evil": Marked(self.marker)}, self.folder / file)

    def modules(self, *modules):
        """List other modules than the usual one."""
        listed = [
            {"idx": at, "name": f"{at}", "path": path, "type": kind}
            for at, (kind, path) in enumerate(modules)
        ]
        (self.folder / "modules.json").write_text(json.dumps(listed))


ATTACKS = {}
TRANSFORMER = "sentence_transformers.base.modules.transformer.Transformer"


def attack(function):
    """Add a way to make a folder hostile to the list."""
    ATTACKS[function.__name__] = function
    return function


def _weights_only(name, key):
    def make(it):
        if name != "sentence_bert_config.json":
            (it.folder / "sentence_bert_config.json").rename(it.folder / name)
        it.edit(name, **{key: {"weights_only": False}})
        it.edit("config.json", dtype=None)
        it.zip_weights()

    return make


for _name in ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"):
    for _key in ("model_kwargs", "model_args"):
        ATTACKS[f"weights_only_in_{_name}_{_key}"] = _weights_only(
            f"sentence_{_name}_config.json", _key
        )


@attack
def pickled_weights(it):
    """Weights that are a pickle, nothing else."""
    it.pickle_weights()


@attack
def packed_weights(it):
    """Weights that are a zip of torch with a pickle, nothing else."""
    it.zip_weights()


@attack
def weights_only_in_the_configuration(it):
    """The same argument where another file would pass it on."""
    it.edit("config.json", weights_only=False, dtype=None)
    it.zip_weights()


@attack
def old_archive(it):
    """Weights in the tar that torch wrote long ago."""
    it.pickle_weights("inner")
    with tarfile.open(it.folder / "pytorch_model.bin", "w") as archive:
        for name in ("sys_info", "pickle", "storages", "tensors"):
            archive.add(it.folder / "inner", name)


@attack
def shards_elsewhere(it):
    """An index of pickled shards that leads out of the folder."""
    it.pickle_weights("../beside/evil.bin")
    index = {"metadata": {}, "weight_map": {"logit_scale": "../beside/evil.bin"}}
    it.edit("pytorch_model.bin.index.json", **index)


@attack
def safe_shards_elsewhere(it):
    """An index of shards without code that leads out of the folder."""
    shutil.move(it.folder / "model.safetensors", it.beside / "model.safetensors")
    index = {"metadata": {}, "weight_map": {"logit_scale": "../beside/model.safetensors"}}
    it.edit("model.safetensors.index.json", **index)


@attack
def weights_by_another_name(it):
    """A configuration that names the file of the weights."""
    it.edit("config.json", transformers_weights="adapter_model.bin", dtype=None)
    it.edit("sentence_bert_config.json", model_kwargs={"weights_only": False})
    it.pickle_weights("adapter_model.bin")


def _auto_map(name, **values):
    def make(it):
        it.put_code()
        it.edit(name, auto_map=values, model_type="clip" if name == "config.json" else None)

    return make


for _file, _class in {
    "config.json": "AutoModel", "processor_config.json": "AutoProcessor",
    "preprocessor_config.json": "AutoImageProcessor", "tokenizer_config.json": "AutoTokenizer",
}.items():  # fmt: skip
    _where = ["evil.Evil", None] if _class == "AutoTokenizer" else "evil.Evil"
    ATTACKS[f"auto_map_in_{_file}"] = _auto_map(_file, **{_class: _where})


@attack
def unknown_family(it):
    """A model of a family that only its own code knows."""
    it.put_code()
    it.edit("config.json", model_type="evil", auto_map={"AutoConfig": "evil.Evil"})


@attack
def trust_in_every_place(it):
    """Every argument says that remote code is welcome."""
    yes = {"trust_remote_code": True, "adapter_kwargs": {"trust_remote_code": True}}
    names = ("model_kwargs", "processor_kwargs", "config_kwargs")
    it.edit("sentence_bert_config.json", **dict.fromkeys(names, yes), trust_remote_code=True)
    unknown_family(it)


@attack
def code_of_another_version(it):
    """A second configuration that the first one names."""
    it.put_code()
    document = json.loads((it.folder / "config.json").read_text())
    evil = document | {"model_type": "evil", "auto_map": {"AutoConfig": "evil.Evil"}}
    (it.folder / "config.4.0.0.json").write_text(json.dumps(evil))
    it.edit("config.json", configuration_files=["config.4.0.0.json"])


@attack
def module_of_its_own(it):
    """A list of modules that names a class in the folder."""
    it.put_code()
    it.modules(("evil.Module", ""))


@attack
def module_that_is_a_library(it):
    """A list of modules that names something else in the libraries."""
    it.modules(("sentence_transformers.base.model.torch", ""))


@attack
def module_elsewhere(it):
    """A list of modules that leads out of the folder."""
    it.modules((TRANSFORMER, "../beside"))


@attack
def hidden_module(it):
    """A module in a folder that looks as if it belonged to a version control."""
    hidden = it.folder / ".git"
    hidden.mkdir()
    for file in list(it.folder.glob("*.*")):
        if file.name != "modules.json" and file.is_file():
            shutil.move(file, hidden / file.name)
    it.modules((TRANSFORMER, ".git"))
    it.edit(".git/sentence_bert_config.json", model_kwargs={"weights_only": False})


@attack
def module_with_modules(it):
    """A module that names further classes itself."""
    it.put_code()
    it.modules(("sentence_transformers.base.modules.router.Router", ""))
    structure = {"types": {"0": "evil.Module"}, "structure": {"query": ["0"]}, "parameters": {}}
    it.edit("router_config.json", **structure)


@attack
def module_with_a_tokenizer(it):
    """A module that names the class of its tokenizer itself."""
    it.put_code()
    it.modules(("sentence_transformers.sentence_transformer.modules.word_embeddings.WordEmbeddings",
                "words"))  # fmt: skip
    (it.folder / "words").mkdir()
    it.edit("words/wordembedding_config.json", tokenizer_class="evil.Module")


def _with_dense(it, **values):
    it.modules((TRANSFORMER, ""), ("sentence_transformers.base.modules.dense.Dense", "1_Dense"))
    (it.folder / "1_Dense").mkdir()
    it.edit("1_Dense/config.json", in_features=256, out_features=256, bias=False, **values)


@attack
def activation_of_its_own(it):
    """A layer whose activation is a class in the folder."""
    it.put_code()
    _with_dense(it, activation_function="evil.Module")


@attack
def pickled_layer(it):
    """A layer whose weights are a pickle."""
    _with_dense(it, activation_function="torch.nn.modules.linear.Identity")
    with (it.folder / "1_Dense/pytorch_model.bin").open("wb") as target:
        pickle.dump(Marked(it.marker), target)


@attack
def tokenizer_elsewhere(it):
    """The words' half is taken from another folder, whose code is welcome."""
    shutil.copytree(MINI, it.beside / "words")
    it.put_code(it.beside / "words")
    file = it.beside / "words/tokenizer_config.json"
    evil = {"auto_map": {"AutoTokenizer": ["evil.Evil", None]}}
    file.write_text(json.dumps(json.loads(file.read_text()) | evil))
    it.edit(
        "sentence_bert_config.json",
        tokenizer_name_or_path=str(it.beside / "words"),
        processor_kwargs={"trust_remote_code": True},
    )


@attack
def adapter(it):
    """An adapter, whose base is another folder."""
    it.edit("adapter_config.json", base_model_name_or_path=str(it.beside), peft_type="LORA")
    (it.folder / "config.json").unlink()


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
