"""What a model's own image processor does to a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from PIL import Image

from search_engine.records.model_inputs import ModelInput

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_STEPS = ("do_resize", "do_center_crop", "do_rescale", "do_normalize")


@dataclass(frozen=True, slots=True)
class PictureSteps(ModelInput):
    """What CLIP's image processor does: resize the shorter side, crop, scale, normalise."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of each channel, for values from 0 to 1."""

    @classmethod
    def of(cls, model: SentenceTransformer) -> Self | None:
        """Read the steps of a model; None if it takes others than CLIP's usual ones."""
        processor = getattr(getattr(model[0], "processor", None), "image_processor", None)
        settings: dict[str, Any] = processor.to_dict() if processor else {}
        if not all(settings.get(step) for step in _STEPS):
            return None
        size, crop = dict(settings["size"]), dict(settings["crop_size"])
        side = crop.get("height")
        is_usual = (
            side == crop.get("width") == size.get("shortest_edge")
            and abs(settings["rescale_factor"] * 255 - 1) < 1e-6  # noqa: PLR2004 - a rounded fraction
        )
        if not side or not is_usual:
            return None
        mean, std = tuple(settings["image_mean"]), tuple(settings["image_std"])
        return cls(int(side), Image.Resampling(settings["resample"]), mean, std)
