"""Nothing is installed whose licence nobody has looked at."""

import importlib.util
from email.message import Message
from importlib.metadata import Distribution, PackagePath, distributions

import pytest

from tests.app.conftest import ROOT

_SCRIPT = ROOT / ".ci/licences.py"


@pytest.fixture(scope="module")
def licences():
    """The script that checks them."""
    spec = importlib.util.spec_from_file_location("licences", _SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Package(Distribution):
    """A package that says what it is told to say."""

    def __init__(self, name="thing", files=(), **told):
        self._told = Message()
        self._told["Name"] = name
        for key, values in told.items():
            for value in [values] if isinstance(values, str) else values:
                self._told[key.replace("_", "-")] = value
        self._files = [PackagePath(file) for file in files]

    @property
    def metadata(self):
        return self._told

    @property
    def files(self):
        return self._files

    def read_text(self, filename):
        return None

    def locate_file(self, path):
        return path


GPL = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"
MIT = "License :: OSI Approved :: MIT License"

REFUSED = {
    "nothing said": {},
    "unknown": {"License": "UNKNOWN"},
    "a licence of its own": {"License_Expression": "LicenseRef-Ours"},
    "GPL": {"License_Expression": "GPL-3.0-only"},
    "AGPL": {"License": "AGPL-3.0"},
    "GPL by classifier": {"Classifier": GPL},
    "GPL beside MIT": {"Classifier": [MIT, GPL]},
    "GPL in the field": {"Classifier": MIT, "License": "GPL-2.0"},
    "GPL in a part": {"License_Expression": "MIT AND (GPL-2.0-only)"},
    "weak copyleft that is not named": {"License_Expression": "MPL-2.0"},
    "a whole text": {"License": "Do what\nyou want"},
    "approved by OSI": {"Classifier": "License :: OSI Approved"},
    "another licence than it had": {"name": "pi_heif", "License": "GPL-2.0"},
    "a named one that lost its note": {"name": "certifi"},
    "an encoder under the GPL": {
        "License_Expression": "MIT", "files": ["thing.libs/libx265-1a2b.so.199"],
    },
}  # fmt: skip

TAKEN = {
    "an expression": {"License_Expression": "BSD-3-Clause AND MIT AND Zlib"},
    "a choice": {"License_Expression": "GPL-2.0-only OR MIT"},
    "a field": {"License": "3-Clause BSD License"},
    "a classifier": {"Classifier": MIT},
    "a whole text beside a classifier": {"Classifier": MIT, "License": "Copyright\nus"},
    "a named one": {"name": "Tqdm", "License": "MPL-2.0 AND MIT"},
    "what comes with a card": {"name": "nvidia-cublas-cu12", "License": "proprietary"},
}


def test_all_that_is_installed_is_on_the_list(licences):
    """Each package here is permissive, or named; those that others carry inside them as well."""
    everything = list(licences.with_parts(distributions()))
    assert list(licences.faults(everything)) == []


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_what_is_not_on_the_list_is_named(licences, told):
    """GPL, AGPL, silence and what nobody knows are each an error that names the package."""
    package = Package(**told)
    (fault,) = licences.faults([package])
    assert package.metadata["Name"].replace("_", "-") in fault


@pytest.mark.parametrize("told", TAKEN.values(), ids=TAKEN)
def test_what_is_on_the_list_is_taken(licences, told):
    """All ways in which packages say so are understood."""
    assert list(licences.faults([Package(**told)])) == []


def test_the_checks_check_them():
    """The step is one of those that run for every change."""
    assert "python .ci/licences.py" in (ROOT / ".ci/check").read_text("utf-8")


def test_the_readme_says_which_are_not_permissive(licences):
    """Each package that is named in the list is named to the reader as well."""
    section = (
        (ROOT / "search_engine/README.md").read_text("utf-8").split("## Why these packages")[1]
    )
    section = section.split("\n## ")[0]
    assert [name for name in licences.NAMED if name not in section] == []
    assert "All under permissive licences" not in section
