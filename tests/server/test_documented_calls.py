"""The calls that are shown to programmers do what is said of them."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import search_engine
from search_engine.cli.arguments import options_of, parsers_of_all
from tests.server.conftest import serving

TEXT = (Path(search_engine.__file__).parent / "server/README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
CALLS = [block.replace("\\\n", " ") for block in BLOCKS if block.startswith("curl")]
VALUE = "a-token-of-more-than-24-letters"


@pytest.fixture(scope="module")
def guarded(indexed_gallery):
    """Serve the gallery by a token, which is needed by one of the calls and harms no other."""
    with serving(indexed_gallery.settings.data_folder, token=VALUE) as server:
        yield server


def test_there_are_some():
    """One for each thing that programs do first."""
    assert len(CALLS) == 6


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.split("8501")[-1][:40])
def test_each_call_is_answered(call, guarded, indexed_gallery, tmp_path):
    """As it is typed, by the program that it names."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    call = call.replace("http://127.0.0.1:8501", guarded.address)
    call = call.replace("sample-gallery", indexed_gallery.name)
    call = call.replace("$IMAGE_SEARCH_TOKEN", VALUE)
    arguments = shlex.split(call)
    if "Bearer" not in call:
        arguments += ["-H", f"Authorization: Bearer {VALUE}"]
    run = subprocess.run(
        [*arguments, "--silent", "--fail-with-body", "--noproxy", "*"],
        cwd=tmp_path, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    if "-o" in arguments:
        assert (tmp_path / "apple.jpg").read_bytes().startswith(b"\xff\xd8\xff")
        return
    answer = json.loads(run.stdout)
    assert answer
    if "/search'" in call or "-d" in arguments:
        assert {one["category"] for one in answer["results"]} <= {"fish", "boat"}


def test_each_address_that_is_shown_is_in_the_document(client):
    """And each that the document has is shown."""
    document = client.get("/api/v1/openapi.json").json()
    shown = TEXT.replace("NAME", "{name}").replace("ID", "{picture_id}")
    for path in document["paths"]:
        assert path.rpartition("/")[2] in shown, path


def test_each_option_that_is_shown_is_one_of_the_command():
    """No option is a left-over, and none is kept secret."""
    options = options_of(parsers_of_all()[1]["serve"]) - {"--help"}
    shown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", TEXT))
    assert shown <= options
    assert {"--port", "--address", "--token-file", "--host-name", "--allow-writes"} <= shown
