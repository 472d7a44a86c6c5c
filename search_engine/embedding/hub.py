"""Models of the hub: in the download cache of this machine, or fetched into it.

A model is always loaded from the folder it lies in, never by its id: the libraries would take a
folder of that name, wherever the program was started, for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from search_engine.embedding.model_folders import is_written_as_path
from search_engine.errors import ModelUnavailable, Way
from search_engine.names import did_you_mean

HUB_SECONDS = 5
"""How long the hub may take to answer before we say that it cannot be reached."""

_OTHERS = (
    "another model: one in a folder of this machine, or the bundled one, which knows only the"
    " drawings of the sample gallery."
)
OFFER = f"Download it once, with a network, or use {_OTHERS}"

_CACHE_VARIABLE = "SENTENCE_TRANSFORMERS_HOME"
_SHOWN = 200
_USUAL = (
    "clip-ViT-B-32", "clip-ViT-B-16", "clip-ViT-L-14", "clip-ViT-B-32-multilingual-v1", "mini",
    "google/siglip-base-patch16-224", "google/siglip2-base-patch16-224",
    "google/siglip2-so400m-patch14-384", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
)  # fmt: skip
_USUAL_ONES = "Check its spelling; the default is clip-ViT-B-32, the bundled one is mini."
_SETTINGS = (".json", ".txt", ".model")
_OF_OTHERS = {"onnx", "openvino", "coreml"}
_SAFE_WEIGHTS = re.compile(r"model(?:-\d+-of-\d+)?\.safetensors")
_PICKLED_WEIGHTS = re.compile(r"pytorch_model(?:-\d+-of-\d+)?\.bin")


def cached_model(name: str) -> Path | None:
    """Return the folder of the download cache that a model was fetched into; perhaps not whole."""
    from huggingface_hub import try_to_load_from_cache

    for file in ("modules.json", "config.json"):
        found = try_to_load_from_cache(_hub_id(name), file, cache_dir=_cache())
        if isinstance(found, str):
            return Path(found).parent
    return None


def downloaded_model(name: str) -> Path:
    """Fetch what a model needs and return its folder.

    Raises:
        ModelUnavailable: The hub cannot be reached, or has no such model.
    """
    from huggingface_hub import snapshot_download

    wanted = _needed(_files_on_the_hub(name))
    try:
        return Path(snapshot_download(_hub_id(name), allow_patterns=wanted, cache_dir=_cache()))
    except Exception as error:
        cause = f"The model '{name}' could not be downloaded: {first_line(error)}"
        raise ModelUnavailable(cause, remedy=OFFER) from error


def first_line(error: Exception) -> str:
    """Return the first line of what a library says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _cache() -> str | None:
    return os.environ.get(_CACHE_VARIABLE)


def _hub_id(name: str) -> str:
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    hub_id = name if "/" in name else f"sentence-transformers/{name}"
    try:
        validate_repo_id(hub_id)
    except HFValidationError as error:
        raise _no_id(name) from error
    return hub_id


def downloads_allowed() -> bool:
    """Return whether models may be fetched, which can be switched off where the program starts."""
    from huggingface_hub.constants import is_offline_mode

    return not is_offline_mode()


def _no_id(name: str) -> ModelUnavailable:
    """Say that a name is none of the hub, which is not asked for it."""
    if is_written_as_path(name):
        cause = f"There is no folder '{name[:_SHOWN]}' with a model"
        return ModelUnavailable(cause, remedy="Check how it is written. Was it moved?")
    cause = f"There is no model '{name[:_SHOWN]}': it is no folder here, and no name of the hub"
    return ModelUnavailable(cause, remedy=_with_near(name, _USUAL_ONES))


def _unknown(name: str) -> ModelUnavailable:
    cause = f"There is no model '{name[:_SHOWN]}', neither as a folder here nor on the hub"
    return ModelUnavailable(cause, remedy=_with_near(name, _USUAL_ONES))


def _with_near(name: str, remedy: str) -> str:
    """Ask for the models that a mistyped name may mean, before anything else is advised."""
    meant = "" if name in _USUAL else did_you_mean(name, _USUAL)
    return f"{meant} {remedy}" if meant else remedy


def _files_on_the_hub(name: str) -> list[str]:
    """Make sure that the hub answers and has the model, before minutes go into retrying."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        found = HfApi().model_info(_hub_id(name), timeout=HUB_SECONDS)
    except RepositoryNotFoundError as error:
        raise _unknown(name) from error
    except OfflineModeIsEnabled as error:
        cause = f"The model '{name}' is not on this machine, where downloads are switched off"
        remedy = _with_near(name, f"Use {_OTHERS}")
        raise ModelUnavailable(cause, remedy=remedy, way=Way.ALLOW_DOWNLOAD) from error
    except Exception as error:  # the ways in which a network can fail are many
        cause = f"The model '{name}' is not on this machine, and the hub cannot be reached"
        remedy = _with_near(name, OFFER)
        raise ModelUnavailable(cause, place=first_line(error), remedy=remedy) from error
    return [file.rfilename for file in found.siblings or ()]


def _needed(files: Sequence[str]) -> list[str]:
    """Choose the settings and the weights, those without pickles where there are both."""
    paths = [Path(file) for file in files if not _OF_OTHERS & set(Path(file).parts)]
    safe = {path.parent for path in paths if _SAFE_WEIGHTS.fullmatch(path.name)}
    return [
        path.as_posix()
        for path in paths
        if path.suffix in _SETTINGS
        or _SAFE_WEIGHTS.fullmatch(path.name)
        or (_PICKLED_WEIGHTS.fullmatch(path.name) and path.parent not in safe)
    ]
