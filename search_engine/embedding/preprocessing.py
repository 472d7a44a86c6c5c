"""What a model's own image processor does to a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from PIL import Image

from search_engine.records.model_inputs import ModelInput

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_STEPS = ("do_resize", "do_rescale", "do_normalize")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSteps(ModelInput):
    """What the image processor of CLIP or SigLIP does: resize, crop or not, scale, normalise."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of each channel, for values from 0 to 1."""

    @classmethod
    def of(cls, model: SentenceTransformer) -> Self | None:
        """Read the steps of a model; None if it takes others than these usual ones."""
        processor = getattr(getattr(model[0], "processor", None), "image_processor", None)
        settings: dict[str, Any] = processor.to_dict() if processor else {}
        if not all(settings.get(step) for step in _STEPS):
            return None
        size = dict(settings.get("size") or {})
        squashes = "height" in size
        side = size.get("height") if squashes else size.get("shortest_edge")
        cropped = dict(settings["crop_size"]) if settings.get("do_center_crop") else None
        square = {"height": side, "width": side}
        is_usual = (
            (size == square if squashes else cropped is not None)
            and cropped in (None, square)
            and abs(settings["rescale_factor"] * 255 - 1) < 1e-6  # noqa: PLR2004 - a rounded fraction
        )
        if not side or not is_usual:
            return None
        return cls(
            side=int(side),
            resample=Image.Resampling(settings["resample"]),
            squashes=squashes,
            mean=tuple(settings["image_mean"]),
            std=tuple(settings["image_std"]),
        )
