"""Ways to make the files of a model lead to code of its own."""

import json
import shutil

from tests.safety.hostile_models import MINI, TRANSFORMER, listed_in

ATTACKS = {}
attack = listed_in(ATTACKS)


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


@attack
def activation_of_its_own(it):
    """A layer whose activation is a class in the folder."""
    it.put_code()
    it.layer(activation_function="evil.Module")


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
