"""Pictures that a model of any weights tells apart."""

import numpy as np
from PIL import Image


def scene(seed, size=(330, 250)):
    """Draw smooth colours with some detail, unlike for each seed."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return coarse.resize(size, Image.Resampling.BICUBIC)


SCENES = [scene(seed) for seed in range(24)]
