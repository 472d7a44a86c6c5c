"""Where pictures are embedded, as it is typed and as it is kept."""

import pytest

from search_engine.errors import BadInput
from search_engine.files import documents
from search_engine.records import BuildOrder, WorkerPlace


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("local:1", WorkerPlace(here=1)),
        ("local:256", WorkerPlace(here=256)),
        ("ray://head:10001", WorkerPlace(0, "ray://head:10001")),
        ("192.0.2.7:6379", WorkerPlace(0, "192.0.2.7:6379")),
        ("ray://[2001:db8::1]:10001", WorkerPlace(0, "ray://[2001:db8::1]:10001")),
    ],
)
def test_a_place_is_read_and_written_alike(text, place):
    """This machine with a number of workers, or the head of a cluster in two ways."""
    assert WorkerPlace.parse(text) == place
    assert str(place) == text


def test_a_head_is_found_at_host_and_port():
    """Without the brackets that keep an address of IPv6 apart from its port."""
    assert WorkerPlace.parse("ray://head.example:10001").endpoint == ("head.example", 10001)
    assert WorkerPlace.parse("[2001:db8::1]:6379").endpoint == ("2001:db8::1", 6379)


@pytest.mark.parametrize(
    "text",
    ["", "local", "local:0", "local:257", "local:two", "head", "ray://head", "head:0",
     "head:65536", "http://head:80", "ray://head:10001/path", "a b:1", "local:1\n", "x" * 999],
)  # fmt: skip
def test_what_names_no_workers_is_told(text):
    """With the forms that there are, and no more of it than can be read."""
    with pytest.raises(BadInput, match="names no workers") as caught:
        WorkerPlace.parse(text)
    assert "local:N" in caught.value.remedy
    assert len(str(caught.value)) < 200


def test_it_is_kept_with_what_a_build_was_asked_for():
    """So that a page goes on with a stopped build in the same way; orders of before name none."""
    for place in (None, WorkerPlace(here=2), WorkerPlace(0, "head:6379")):
        order = BuildOrder(workers=place)
        kept = documents.parsed(documents.as_text(order))
        assert documents.as_record(kept, BuildOrder) == order
    assert documents.as_record({"verify": False, "forget": []}, BuildOrder).workers is None
