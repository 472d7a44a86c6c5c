"""Folders with models that try to run code, made of the bundled one; each would write a marker."""

import json
import pickle
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file

TRANSFORMER = "sentence_transformers.base.modules.transformer.Transformer"
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

    def layer(self, **values):
        """List a layer behind the usual module, with these settings."""
        dense = "sentence_transformers.base.modules.dense.Dense"
        self.modules((TRANSFORMER, ""), (dense, "1_Dense"))
        (self.folder / "1_Dense").mkdir()
        self.edit("1_Dense/config.json", in_features=256, out_features=256, bias=False, **values)


def listed_in(attacks):
    """Return what adds a way to make a folder hostile to a list, under its name."""

    def add(function):
        attacks[function.__name__] = function
        return function

    return add
