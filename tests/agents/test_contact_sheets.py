"""Contact sheets: each picture lies in its box, below its number, whole."""

import numpy as np
import pytest
from PIL import Image

from search_engine.agents.contact_sheets import MOST_ON_A_SHEET, lay_out

COLOURS = [(250 - 9 * n, 40 + 8 * n, (53 * n) % 250) for n in range(MOST_ON_A_SHEET)]


def thumbnails(folder, sizes):
    """Write thumbnails, each of its own colour."""
    files = []
    for number, size in enumerate(sizes):
        files.append(folder / f"{number}.jpg")
        Image.new("RGB", size, COLOURS[number]).save(files[-1], quality=95)
    return files


def opened(sheet, tmp_path):
    """Return the sheet as a client decodes it."""
    file = tmp_path / "sheet.jpg"
    file.write_bytes(sheet.jpeg)
    return np.asarray(Image.open(file).convert("RGB"), dtype=int)


@pytest.mark.parametrize("count", [1, 2, 5, 24])
def test_each_picture_lies_in_its_box(tmp_path, count):
    """In the order given, with its colour all over the box, and its proportions."""
    sizes = [((320, 480), (480, 320), (320, 320))[number % 3] for number in range(count)]
    sheet = lay_out(thumbnails(tmp_path, sizes))
    pixels = opened(sheet, tmp_path)
    assert pixels.shape == (sheet.height, sheet.width, 3)
    for (left, top, right, bottom), colour, size in zip(sheet.boxes, COLOURS, sizes, strict=False):
        inside = pixels[top + 4 : bottom - 4, left + 4 : right - 4]
        assert np.abs(inside - colour).mean() < 4
        assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.02)
    places = [(top // 100, left) for left, top, _, _ in sheet.boxes]
    assert places == sorted(places)
    assert len({box[:2] for box in sheet.boxes}) == count


def test_numbers_stand_above_their_pictures(tmp_path):
    """Right above each box is ink, and the ink of a number is the same wherever it stands."""
    sheet = lay_out(thumbnails(tmp_path, [(320, 320)] * 12))
    pixels = opened(sheet, tmp_path)

    def ink(place):
        left, top, _, _ = sheet.boxes[place]
        return pixels[top - 24 : top - 2, left : left + 40].min(axis=2) < 128

    assert all(ink(place).sum() > 8 for place in range(12))
    shapes = {ink(place).tobytes() for place in range(12)}
    assert len(shapes) == 12
    alone = lay_out(thumbnails(tmp_path, [(320, 320)]))
    first = opened(alone, tmp_path)
    left, top, _, _ = alone.boxes[0]
    same = first[top - 24 : top - 2, left : left + 40].min(axis=2) < 128
    assert (same ^ ink(0)).mean() < 0.02


def test_a_thumbnail_that_is_lost_or_broken_is_grey(tmp_path):
    """The others keep their places and numbers."""
    files = thumbnails(tmp_path, [(320, 320)] * 3)
    files[0].unlink()
    files[2].write_bytes(b"\xff\xd8\xff broken")
    sheet = lay_out(files)
    assert sheet.lost == {0, 2}
    pixels = opened(sheet, tmp_path)
    left, top, right, bottom = sheet.boxes[0]
    assert np.abs(pixels[top + 4 : bottom - 4, left + 4 : right - 4] - 150).mean() < 3
    left, top, right, bottom = sheet.boxes[1]
    assert np.abs(pixels[top + 4 : bottom - 4, left + 4 : right - 4] - COLOURS[1]).mean() < 4
