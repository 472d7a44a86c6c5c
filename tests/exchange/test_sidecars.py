"""Tags as XMP sidecars: read by other programs, added to what is there, and nothing lost of it."""

import xml.etree.ElementTree as ET

import pytest

from search_engine.errors import BadInput
from search_engine.exchange import write_sidecars
from search_engine.exchange.xmp_sidecar import OddSidecar, merged

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}subject"
LR = "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject"
DIGIKAM = "{http://www.digikam.org/ns/1.0/}TagsList"
THEIRS = b"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<!-- made elsewhere -->
<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<r:Description r:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
 crs:Exposure="+0.5" xmlns:d="http://purl.org/dc/elements/1.1/">
<d:subject><r:Bag><r:li>harbour</r:li></r:Bag></d:subject>
<d:title><r:Alt><r:li xml:lang="x-default">&lt;Boats&gt; &amp; more</r:li></r:Alt></d:title>
</r:Description></r:RDF></x:xmpmeta>
<?xpacket end='w'?>"""


def read(content):
    """Read what we wrote, or these tests did."""
    return ET.fromstring(content)  # noqa: S314 - nothing of somebody else


def listed(content, name):
    """Return the texts of a list, as a program reads it that knows namespaces."""
    root = read(content)
    assert len(root.findall(f".//{name}")) <= 1
    return [item.text for item in root.iterfind(f".//{name}/*/{RDF}li")]


def test_a_new_one_holds_the_tags_in_all_three_ways():
    """Flat as subjects, and as the places in two hierarchies; letters as they are."""
    content = merged(None, ["sea/fish", "Ärger & <co>"])
    assert listed(content, DC) == ["fish", "Ärger & <co>"]
    assert listed(content, LR) == ["sea|fish", "Ärger & <co>"]
    assert listed(content, DIGIKAM) == ["sea/fish", "Ärger & <co>"]
    assert merged(content, ["sea/fish"]) is None


def test_what_is_there_stays():
    """Settings, titles, comments and other subjects, whatever the prefixes are."""
    content = merged(THEIRS, ["sea", "harbour"])
    assert listed(content, DC) == ["harbour", "sea"]
    assert listed(content, LR) == ["sea", "harbour"]
    assert b"made elsewhere" in content
    assert b"<?xpacket end='w'?>" in content
    before, after = read(THEIRS), read(content)
    for name in ("{http://purl.org/dc/elements/1.1/}title",):
        assert "".join(after.find(f".//{name}").itertext()) == "".join(
            before.find(f".//{name}").itertext()
        )
    assert (
        after.find(f".//{RDF}Description").get(
            "{http://ns.adobe.com/camera-raw-settings/1.0/}Exposure"
        )
        == "+0.5"
    )


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>&b;</x:xmpmeta>"
)
FILE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "document type"),
        (BOMB.decode().encode("utf-16"), "document type"),
        (FILE, "document type"),
        (b"<x>" * 50_000, "too deep"),
        (b"", "no XML"),
        (b"not xml", "no XML"),
        (b"\xff\xd8\xff", "no XML"),
        (b"<x/>", "no XMP"),
        (THEIRS.replace(b"<r:Bag><r:li>harbour</r:li></r:Bag>", b"harbour"), "no XMP"),
        (THEIRS.replace(b'crs:Exposure="+0.5"', b'xmlns:l="http://ns.adobe.com/lightroom/1.0/"'
                        b' l:hierarchicalSubject="sea"'), "no list"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_odd_is_not_touched(content, said):
    """Bombs of entities, files of this machine, brackets without end, what is no XMP."""
    with pytest.raises(OddSidecar, match=said):
        merged(content, ["sea"])


def test_a_mirror_takes_along_what_lies_beside(shared, tmp_path):
    """Folders are made again, the pictures' own folder stays as it was, a second run adds none."""
    root = shared.collection.root
    (root / "black/0.png.xmp").write_bytes(THEIRS)
    before = sorted(root.rglob("*"))
    records = list(shared.catalog.pictures)
    out = tmp_path / "mirror"
    report = write_sidecars(shared, records, out)
    assert (report.written, report.unchanged, report.untagged) == (2, 0, 10)
    assert sorted(root.rglob("*")) == before
    assert (root / "black/0.png.xmp").read_bytes() == THEIRS
    files = sorted(file.relative_to(out).as_posix() for file in out.rglob("*.xmp"))
    assert files == ["black/0.png.xmp", "black/1.png.xmp"]
    assert listed((out / files[0]).read_bytes(), DC) == ["harbour", "sea"]
    assert write_sidecars(shared, records, out).unchanged == 2
    with pytest.raises(BadInput, match="Nothing is written into"):
        write_sidecars(shared, records, root / "mirror")


def test_beside_the_pictures_only_where_that_is_said(shared, tmp_path):
    """Added to, with the rights it had; a link is not followed, and what is odd is named."""
    root = shared.collection.root
    own = root / "black/0.png.xmp"
    own.write_bytes(THEIRS)
    own.chmod(0o640)
    secret = tmp_path / "secret.xmp"
    secret.write_bytes(THEIRS)
    (root / "black/1.png.xmp").symlink_to(secret)
    report = write_sidecars(shared, list(shared.catalog.pictures), None)
    assert report.written == 1
    assert [path for path, _ in report.left_out] == ["black/1.png"]
    assert secret.read_bytes() == THEIRS
    assert listed(own.read_bytes(), DIGIKAM) == ["sea"]
    assert own.stat().st_mode & 0o777 == 0o640
    assert not list(root.rglob("*.partial"))
