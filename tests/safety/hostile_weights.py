"""Ways to make weights hostile: pickles in every packing, and shards that lie elsewhere."""

import pickle
import shutil
import tarfile

from tests.safety.hostile_models import Marked, listed_in

ATTACKS = {}
attack = listed_in(ATTACKS)


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


@attack
def pickled_layer(it):
    """A layer whose weights are a pickle."""
    it.layer(activation_function="torch.nn.modules.linear.Identity")
    with (it.folder / "1_Dense/pytorch_model.bin").open("wb") as target:
        pickle.dump(Marked(it.marker), target)


@attack
def adapter(it):
    """An adapter, whose base is another folder."""
    it.edit("adapter_config.json", base_model_name_or_path=str(it.beside), peft_type="LORA")
    (it.folder / "config.json").unlink()
