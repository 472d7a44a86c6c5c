"""A picture as the model looks at it: the square middle, at the model's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from PIL import Image

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of a picture."""

_STEPS = ("do_resize", "do_center_crop", "do_rescale", "do_normalize")


@dataclass(frozen=True, slots=True)
class PictureSteps:
    """What CLIP's image processor does: resize the shorter side, crop, scale, normalise."""

    side: int
    """Pixels of the square that the model looks at."""
    resample: Image.Resampling
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

    def prepare(self, image: Image.Image) -> Image.Image:
        """Resize and crop at once, which computes only the pixels that stay.

        The same as resizing the shorter side to ``side`` and cropping the middle, except for
        rounding: the box is where the crop would be. Done twice, it changes nothing more.
        """
        if image.size == (self.side, self.side):
            return image
        box = self.box(image.size)
        return image.resize((self.side, self.side), self.resample, box=box)

    def box(self, size: tuple[int, int]) -> Box:
        """Return the part of a picture of this width and height that is left after the crop."""
        shorter = min(size)
        resized = [self.side * length // shorter for length in size]
        scales = [before / after for before, after in zip(size, resized, strict=True)]
        start = [(after - self.side) // 2 for after in resized]
        return (
            start[0] * scales[0],
            start[1] * scales[1],
            (start[0] + self.side) * scales[0],
            (start[1] + self.side) * scales[1],
        )
