"""Check the licences of all that is installed against a short list.

Permissive licences are fine, weak copyleft in packages that are used as they come is fine where it
is named below, and everything else is an error: GPL and AGPL, what says nothing, and what says
something that nobody has looked at. ``python .ci/licences.py`` exits with 1 on an error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

PERMISSIVE = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause",
    "BSL-1.0", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib",
}  # fmt: skip

# Package: what it says of itself, all of it. What it is for stands in the README.
NAMED = {
    "pi-heif": {"BSD-3-Clause", "LGPL-3.0"},  # libheif and libde265, in libraries of their own
    "certifi": {"MPL-2.0"},
    "tqdm": {"MPL-2.0", "MIT"},
    "pathspec": {"MPL-2.0"},  # of the checks
    "hypothesis": {"MPL-2.0"},  # of the checks
    "orjson": {"Apache-2.0 OR MIT", "MPL-2.0"},  # of pymilvus, for an index in a Milvus
    "autocommand": {"LGPL-3.0"},  # inside setuptools, which torch asks for
    "axe-playwright-python": set(),  # of the checks; its file says MIT, axe inside it is MPL-2.0
}
# What comes with a build of torch for NVIDIA's cards, under terms of NVIDIA's own.
CARDS = re.compile(r"(nvidia|cuda)-.*")

AS_WRITTEN = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0",
    "LGPLv3": "LGPL-3.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

# Libraries under the GPL that wheels for pictures and videos are known to bring along.
GPL_LIBRARIES = re.compile(r"lib(x264|x265|postproc|avcodec|avformat|kvazaar)[-.\d]")


def faults(installed: Iterable[Distribution]) -> Iterator[str]:
    """Say what is wrong, in a line each."""
    for one in installed:
        name = re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower()
        said = statements(one)
        if name in NAMED:
            if said != NAMED[name]:
                yield f"{name} says {_written(said)}, and was known for {_written(NAMED[name])}"
        elif not CARDS.fullmatch(name) and not (said and all(map(is_permissive, said))):
            yield f"{name} says {_written(said)}, which nobody has looked at"
        for file in one.files or ():
            if GPL_LIBRARIES.match(file.name):
                yield f"{name} brings {file.name} along, which is under the GPL"


def statements(one: Distribution) -> set[str]:
    """Return all that a package says of its licence: expression, field and classifiers."""
    told = one.metadata
    classifiers = told.get_all("Classifier") or []
    said = [text.split(" :: ")[-1] for text in classifiers if text.startswith("License ::")]
    # Some put the whole text into the field, which then says what a classifier says as well.
    said += [text for text in told.get_all("License") or [] if not (said and "\n" in text)]
    said = told.get_all("License-Expression") or said
    return {part for text in said for part in _parts(text) if part not in {"", "OSI Approved"}}


def _parts(text: str) -> set[str]:
    found = AS_WRITTEN.get(text, text)
    return {AS_WRITTEN.get(part.strip(" ()"), part.strip(" ()")) for part in found.split(" AND ")}


def is_permissive(statement: str) -> bool:
    """Tell whether one of the licences to choose from is on the list."""
    return any(choice.strip(" ()") in PERMISSIVE for choice in statement.split(" OR "))


def _written(said: set[str]) -> str:
    return " and ".join(sorted(said)) or "nothing"


def with_parts(installed: Iterable[Distribution]) -> Iterator[Distribution]:
    """Give each package, and those that it carries inside it."""
    for one in installed:
        yield one
        for file in one.files or ():
            if file.match("_vendor/*.dist-info/METADATA"):
                yield Distribution.at(Path(str(one.locate_file(file))).parent)


def main() -> None:
    """Print what is wrong, and fail if anything is."""
    found = sorted(set(faults(with_parts(distributions()))))
    if found:
        sys.exit("\n".join(["Licences:", *found]))


if __name__ == "__main__":
    main()
