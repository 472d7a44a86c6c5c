"""A COCO file with categories of whole pictures, and an array of vectors beside it.

``labels.json`` has images, categories and annotations; ``embeddings.npy`` holds row i for image i.
An annotation of a whole picture has a box round all of it, as readers of COCO expect one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search_engine.exchange.carried_facts import from_row
from search_engine.exchange.foreign_files import (
    read_array,
    read_json,
    refused,
    write_array,
    write_json,
)
from search_engine.exchange.vector_set import CarriedPicture, VectorSet, joined

_LABELS, _VECTORS = "labels.json", "embeddings.npy"
_FORM = "Write images with id and file_name, categories with id and name, and annotations."


def read(folder: Path) -> VectorSet:
    """Read both; every category of a picture's annotations is one of its labels.

    Raises:
        BadInput: One of them is missing, or is not what it has to be.
    """
    file = folder / _LABELS
    document = read_json(file)
    if not isinstance(document, dict):
        raise refused(file, "It is no COCO file", _FORM)
    names = {one["id"]: one["name"] for one in _records(document, "categories", file, "name")}
    labels: dict[int, dict[str, None]] = {}
    for one in _records(document, "annotations", file, "", ("image_id", "category_id")):
        if one["category_id"] not in names:
            cause = f"An annotation has the category {one['category_id']}, which is not there"
            raise refused(file, cause, _FORM)
        labels.setdefault(one["image_id"], {})[names[one["category_id"]]] = None
    images = _records(document, "images", file, "file_name")
    if len({one["id"] for one in images}) != len(images):
        raise refused(file, "Two images have the same id", _FORM)
    pictures = tuple(
        _picture(one, tuple(labels.get(one["id"], ())), number, str(file))
        for number, one in enumerate(images, start=1)
    )
    return joined(pictures, read_array(folder / _VECTORS), str(folder))


def _picture(
    image: dict[str, Any], labels: tuple[str, ...], number: int, place: str
) -> CarriedPicture:
    known = {name: image.get(name) for name in ("width", "height")}
    row = {"tags": list(labels), **known, "taken_at": image.get("date_captured")}
    return from_row(image["file_name"], row, number, place)


def _records(
    document: dict[str, Any], name: str, file: Path, text: str, ids: tuple[str, ...] = ("id",)
) -> list[dict[str, Any]]:
    """Return a list of records whose ids are whole numbers and whose text is one."""
    found = document.get(name, [])
    if not isinstance(found, list):
        raise refused(file, f"Its {name} are no list", _FORM)
    for number, one in enumerate(found, start=1):
        is_one = isinstance(one, dict) and all(type(one.get(key)) is int for key in ids)
        if not is_one or (text and not isinstance(one.get(text), str)):
            needed = ", ".join([*ids, text] if text else ids)
            raise refused(file, f"Number {number:,} of its {name} has no {needed}", _FORM)
    return found


def write(carried: VectorSet, folder: Path, root: Path) -> None:  # noqa: ARG001 - as all formats
    """Write both, with paths below the folder of the pictures, where readers look for them."""
    names = sorted({label for picture in carried.pictures for label in picture.labels})
    number_of = {name: number for number, name in enumerate(names, start=1)}
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for image_id, picture in enumerate(carried.pictures, start=1):
        images.append(_image(image_id, picture))
        annotations += [
            {
                "id": len(annotations) + place,
                "image_id": image_id,
                "category_id": number_of[label],
                "bbox": [0, 0, picture.width, picture.height],
                "area": picture.width * picture.height,
                "iscrowd": 0,
            }
            for place, label in enumerate(picture.labels, start=1)
        ]
    write_array(folder / _VECTORS, carried.vectors)
    write_json(
        folder / _LABELS,
        {
            "info": {"description": carried.model_id},
            "images": images,
            "categories": [{"id": number, "name": name} for name, number in number_of.items()],
            "annotations": annotations,
        },
    )


def _image(image_id: int, picture: CarriedPicture) -> dict[str, object]:
    image: dict[str, object] = {"id": image_id, "file_name": picture.path}
    if picture.width:
        image |= {"width": picture.width, "height": picture.height}
    return image | ({"date_captured": picture.taken_at} if picture.taken_at else {})
