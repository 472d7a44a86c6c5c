"""The examples of JSON for scripts have the keys, and kinds of values, that the commands give.

That the commands give what their schemas say is shown in tests/cli/test_json_schema.py.
"""

import json
import re

import jsonschema
import pytest

from search_engine.cli.commands import COMMANDS
from search_engine.cli.json_answers import schema_of
from tests.test_readme import CLI

WITH_JSON = {command.name: command for command in COMMANDS if command.answer is not None}
SECTIONS = {
    name: text
    for title, text in re.findall(
        r"^## (`[^\n]*`)\n(.*?)(?=^## |\Z)", CLI, re.DOTALL | re.MULTILINE
    )
    for name in re.findall(r"`([^`]+)`", title)
}


def examples(name):
    """Return the JSON that is shown of a command."""
    return [
        json.loads(text) for text in re.findall(r"```json\n(.*?)```", SECTIONS[name], re.DOTALL)
    ]


def test_every_command_with_json_has_its_section():
    """In the order of help, and no other has one; there is one example a command."""
    assert set(SECTIONS) == set(WITH_JSON)
    assert [len(examples(name)) for name in SECTIONS] == [1] * len(SECTIONS)


@pytest.mark.parametrize("name", WITH_JSON)
def test_an_example_is_what_the_schema_says(name):
    """At every level: no key is missing, none is too many, and they stand in the same order."""
    (example,) = examples(name)
    schema = schema_of(WITH_JSON[name].answer)
    jsonschema.validate(example, schema)
    if "patternProperties" not in schema and "properties" in schema:
        assert list(example) == list(schema["properties"])


def test_the_example_of_a_broken_answer_is_refused():
    """A key that an example lacks is seen, also one deep inside."""
    (example,) = examples("evaluate presence")
    del example["verdicts"]["removed"]["weak"]
    with pytest.raises(jsonschema.ValidationError, match="'weak' is a required property"):
        jsonschema.validate(example, schema_of(WITH_JSON["evaluate presence"].answer))
