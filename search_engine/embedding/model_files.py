"""The files of a model, looked at before any library reads them.

The settings in a model's folder are passed on by sentence-transformers and transformers as
arguments of their own functions: they can name classes, other folders, downloads and ways of
loading that run code. So only what a CLIP model needs is let through, and what could do more is
refused by name; the weights themselves are read as numbers only, whatever the settings say.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from operator import not_
from pathlib import Path
from typing import Any, TypeAlias

from search_engine.errors import ModelUnavailable

Json: TypeAlias = Any  # whatever a JSON file holds

_DEEPEST = 4
_MOST_FILES = 2_000
_MOST_BYTES = 64_000_000

_VOCABULARIES = frozenset({"vocab.json", "tokenizer.json", "added_tokens.json"})
"""Their keys are words; no setting is read from them."""

_MODULES = frozenset({"CLIPModel", "Transformer", "Pooling", "Dense", "Normalize", "LayerNorm"})
_MODULE = re.compile(r"sentence_transformers\.(?:[a-z_]+\.)*(\w+)")

_FAMILIES = frozenset(
    f"{family}{half}"
    for family in ("clip", "chinese_clip", "siglip", "siglip2", "altclip", "align", "metaclip_2")
    for half in ("", "_text_model", "_vision_model")
) | {"bert", "distilbert", "roberta", "xlm-roberta", "mpnet", "camembert", "electra"}

_FORBIDDEN = frozenset(
    """
    auto_map trust_remote_code code_revision pickle_module
    use_kernels kernel_config allow_all_kernels quantization_config
    adapter_kwargs adapter_name adapter_config peft_config base_model_name_or_path
    backbone backbone_config backbone_kwargs use_pretrained_backbone
    transformers_weights gguf_file state_dict variant configuration_files fast_tokenizer_files
    tokenizer_name_or_path processor_name tokenizer_type mistral_format chat_template
    device_map offload_folder max_memory distributed_config device_mesh tp_plan tp_size
    proxies cache_dir subfolder revision token force_download local_files_only mirror
    """.split()
)
"""Arguments and settings that run code, read other files or go to the network."""

_FORBIDDEN_FILES = re.compile(
    r"adapter_(?:config|model)\..*|chat_template\..*|.*\.(?:gguf|jinja)|shard-\d+-model-.*|\.metadata"
)

_ATTENTIONS = {"eager", "sdpa", "flash_attention_2", "flex_attention"}
"""All others are names of code on the hub."""

_NEVER_OPENED = frozenset({"special_tokens_map_file", "tokenizer_file"})
"""Where their makers had these; transformers takes those of the folder instead."""

_CLASS = re.compile(
    r"(?:\w*(?:Tokenizer|Processor|FeatureExtractor)(?:Fast|Pil)?|TokenizersBackend)"
)
_CLASSES = frozenset(
    {"tokenizer_class", "processor_class", "image_processor_type", "feature_extractor_type"}
)

_ACTIVATION = re.compile(r"torch\.nn\.modules\.(?:activation|linear)\.\w+")

_METHOD = re.compile(r"forward|get_[a-z]+_features")

_MODULE_SETTINGS = re.compile(r"sentence_[\w-]+_config\.json")
_ARGUMENTS = frozenset(
    {"model_kwargs", "model_args", "processor_kwargs", "tokenizer_args", "config_kwargs",
     "config_args"}
)  # fmt: skip
_HARMLESS_ARGUMENTS = frozenset(
    {"dtype", "torch_dtype", "attn_implementation", "use_fast", "model_max_length", "padding_side",
     "truncation_side", "add_pooling_layer"}
)  # fmt: skip
_HARMLESS_STEPS = frozenset({"padding", "truncation", "max_length", "pad_to_multiple_of"})


def check_model_files(folder: Path) -> None:
    """Make sure that nothing in a model's folder could run code or lead elsewhere.

    Raises:
        ModelUnavailable: Something could, or is not known here; the message names it.
    """
    try:
        for number, file in enumerate(_files(folder)):
            if number >= _MOST_FILES:
                raise _refused(folder, "it has too many files")
            _check_file(file)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        cause = f"The files of the model cannot be looked through: {error}"
        raise ModelUnavailable(cause, place=str(folder), remedy=_REMEDY) from error


_REMEDY = "Take the model from where its makers publish it, as a plain CLIP model."


def _refused(file: Path, what: str) -> ModelUnavailable:
    cause = f"The model is not loaded: {what}, which could run code or lead to other files"
    return ModelUnavailable(cause, place=str(file), remedy=_REMEDY)


def _files(folder: Path, depth: int = 0) -> Iterator[Path]:
    """Return the files that may be read; the links of a download cache are followed."""
    for path in folder.iterdir():
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:  # a dead link is no file
            continue
        if stat.S_ISREG(mode):
            yield path
        elif not stat.S_ISDIR(mode):
            raise _refused(path, f"'{path.name}' is a pipe or a device")
        elif not path.name.startswith("."):  # that of a version control, which nobody reads
            if depth >= _DEEPEST:
                raise _refused(path, "it has folders in folders")
            yield from _files(path, depth + 1)


def _check_file(file: Path) -> None:
    name = file.name.casefold()
    if _FORBIDDEN_FILES.fullmatch(name):
        raise _refused(file, f"it has a file '{file.name}'")
    if not name.endswith(".json") or name in _VOCABULARIES:
        return
    if file.stat().st_size > _MOST_BYTES:
        raise _refused(file, "its settings are too large")
    document = json.loads(file.read_text("utf-8"))
    if name == "modules.json":
        _check_modules(file, document)
    elif name.endswith(".index.json"):
        _check_shards(file, document)
    else:
        _check_settings(file, document)
        if _MODULE_SETTINGS.fullmatch(name):
            _check_module_settings(file, document)


def _check_modules(file: Path, document: Json) -> None:
    for module in document:
        kind, path = module["type"], module["path"]
        known = _MODULE.fullmatch(kind)
        if not known or known[1] not in _MODULES:
            raise _refused(file, f"it has a module '{kind}'")
        if not _is_plain_name(path or "0"):
            raise _refused(file, f"a module of it lies in '{path}'")
        _check_settings(file, {key: module[key] for key in module if key not in {"type", "path"}})


def _check_shards(file: Path, document: Json) -> None:
    for name in document["weight_map"].values():
        if not _is_plain_name(name):
            raise _refused(file, f"its weights lie in '{name}'")


def _is_plain_name(name: str) -> bool:
    return not name.startswith(".") and not re.search(r"[/\\:\0]", name)


def _check_settings(file: Path, document: Json) -> None:
    """Look through settings at every depth."""
    if isinstance(document, list):
        for value in document:
            _check_settings(file, value)
    elif isinstance(document, Mapping):
        for key, value in document.items():
            if not _is_harmless(file, key, value):
                raise _refused(file, f"its settings have '{key}': {str(value)[:60]}")
            _check_settings(file, value)


def _is_harmless(file: Path, key: str, value: Json) -> bool:
    if key in _HARMLESS:
        return _HARMLESS[key](value)
    if key == "model_type":
        about_rows = file.name.casefold() == "config_sentence_transformers.json"
        return value == "SentenceTransformer" if about_rows else value in _FAMILIES
    if "_implementation" in key:
        return _texts_in(value) <= _ATTENTIONS
    if key.endswith("_file"):
        of_others = key in _NEVER_OPENED and file.name == "tokenizer_config.json"
        return of_others or all(_is_plain_name(name) for name in _texts_in(value))
    return True


def _is_class(value: Json) -> bool:
    return value is None or _CLASS.fullmatch(value) is not None


_HARMLESS: dict[str, Callable[[Json], bool]] = {
    **dict.fromkeys(_FORBIDDEN, not_),
    **dict.fromkeys(_CLASSES, _is_class),
    "weights_only": lambda value: value is True,
    # transformers notes so in what it saves from a folder; a caller's own word wins.
    "local_files_only": lambda value: isinstance(value, bool | None),
    "activation_function": lambda value: _ACTIVATION.fullmatch(value) is not None,
}
"""What a setting may be, for those that may not be anything."""


def _texts_in(value: Json) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        value = list(value.values())
    inner = [_texts_in(one) for one in value] if isinstance(value, list) else []
    return set[str]().union(*inner)


def _check_module_settings(file: Path, document: Json) -> None:
    """Look at what sentence-transformers itself passes on as arguments."""
    for key in _ARGUMENTS & set(document):
        for name in document[key] or {}:
            if name not in _HARMLESS_ARGUMENTS:
                raise _refused(file, f"its '{key}' have '{name}'")
    for kind, parameters in (document.get("modality_config") or {}).items():
        if not _METHOD.fullmatch(parameters["method"]):
            raise _refused(file, f"its {kind} go to '{parameters['method']}'")
    for steps in (document.get("processing_kwargs") or {}).values():
        for name in steps:
            if name not in _HARMLESS_STEPS:
                raise _refused(file, f"its processing has '{name}'")
