"""A data set as they come: parts, below them folders named by codes, and a file of their names."""

import shutil

CODES = {"n00001": "fish", "n00002": "boat", "n00003": "owl", "n00004": "umbrella"}


def set_of_codes(drawings, root):
    """Copy drawings of four kinds into two parts; return the folder and the file of names."""
    for code, kind in CODES.items():
        files = sorted((drawings / kind).glob("*.jpg"))
        for number, file in enumerate(files):
            part = root / "set" / ("val" if number % 2 else "train") / code
            part.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, part / file.name)
    names = root / "names.csv"
    names.write_text("".join(f"{code},{kind}\n" for code, kind in CODES.items()))
    return root / "set", names
