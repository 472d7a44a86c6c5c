"""Tags in the text that lies beside a picture (XMP), merged with what is there.

A tag ``sea/fish`` is a fish below the sea: its last part is a subject, all of it a place in the two
hierarchies that programs read. Nothing that is there is taken out or changed. A document type is
refused: what it declares could stand for gigabytes, or for files of this machine.

Adobe, "XMP Specification Part 1: Data Model, Serialization, and Core Properties", 2012, 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.dom import minidom
from xml.parsers import expat

MOST_BYTES = 16_000_000
_DEEPEST = 100
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    f' <rdf:RDF xmlns:rdf="{_RDF}">\n'
    '  <rdf:Description rdf:about=""/>\n'
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    '<?xpacket end="w"?>'
).encode()


class OddSidecar(ValueError):
    """The file is no XMP, or one that is not touched."""


@dataclass(frozen=True, slots=True)
class _Property:
    """A list of texts in XMP."""

    namespace: str
    prefix: str
    name: str
    container: str
    between: str
    """Stands between the parts of a tag; the last part alone where this is empty."""

    def text(self, tag: str) -> str:
        """Return what a tag is called in it."""
        parts = [part.strip() for part in tag.split("/") if part.strip()] or [tag]
        return self.between.join(parts) if self.between else parts[-1]


_PROPERTIES = (
    _Property("http://purl.org/dc/elements/1.1/", "dc", "subject", "Bag", ""),
    _Property("http://ns.adobe.com/lightroom/1.0/", "lr", "hierarchicalSubject", "Bag", "|"),
    _Property("http://www.digikam.org/ns/1.0/", "digiKam", "TagsList", "Seq", "/"),
)


def merged(content: bytes | None, tags: Iterable[str]) -> bytes | None:
    """Return a sidecar that has these tags as well; None where it has all of them.

    Args:
        content: What is there; None for nothing.
        tags: What is to be in it.

    Raises:
        OddSidecar: What is there cannot be added to without a loss.
    """
    document = _parsed(_EMPTY if content is None else content)
    root = _only(document.getElementsByTagNameNS(_RDF, "RDF"))
    changed = content is None
    for one in _PROPERTIES:
        wanted = dict.fromkeys(one.text(tag) for tag in tags)
        changed |= _add(document, root, one, list(wanted))
    return document.toxml(encoding="utf-8") if changed else None


def _parsed(content: bytes) -> minidom.Document:
    _refuse_odd(content)
    return minidom.parseString(content)  # noqa: S318 - it declares nothing, and is not deep


def _refuse_odd(content: bytes) -> None:
    """Look through a document without keeping any of it."""
    depth = 0

    def refuse(*_: object) -> None:
        cause = "it declares a document type"
        raise OddSidecar(cause)

    def begin(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            cause = "it is too deep"
            raise OddSidecar(cause)

    def end(_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)  # noqa: FBT003 - as expat has it
    except expat.ExpatError as error:
        cause = f"it is no XML ({error})"
        raise OddSidecar(cause) from error


def _only(found: Sequence[minidom.Element]) -> minidom.Element:
    if len(found) != 1:
        cause = "it is no XMP"
        raise OddSidecar(cause)
    return found[0]


def _elements(node: minidom.Element, namespace: str, *names: str) -> list[minidom.Element]:
    return [
        child
        for child in node.childNodes
        if isinstance(child, minidom.Element)
        and child.namespaceURI == namespace
        and child.localName in names
    ]


def _add(
    document: minidom.Document, root: minidom.Element, one: _Property, wanted: list[str]
) -> bool:
    """Add texts to a list, which is made where there is none; return whether any was added."""
    descriptions = _elements(root, _RDF, "Description")
    if any(each.hasAttributeNS(one.namespace, one.name) for each in descriptions):
        cause = f"its {one.name} is no list"
        raise OddSidecar(cause)
    there = [found for each in descriptions for found in _elements(each, one.namespace, one.name)]
    rdf = f"{root.prefix}:" if root.prefix else ""
    if there:
        container = _only(_elements(there[0], _RDF, "Bag", "Seq", "Alt"))
    else:
        if not descriptions:
            descriptions = [root.appendChild(_made(document, _RDF, f"{rdf}Description"))]
            descriptions[0].setAttributeNS(_RDF, f"{rdf}about", "")
        made = _made(document, one.namespace, f"{one.prefix}:{one.name}")
        made.setAttributeNS(_XMLNS, f"xmlns:{one.prefix}", one.namespace)
        container = _made(document, _RDF, f"{rdf}{one.container}")
    known = {_text(item) for item in _elements(container, _RDF, "li")}
    new = [text for text in wanted if text not in known]
    for text in new:
        item = container.appendChild(_made(document, _RDF, f"{rdf}li"))
        item.appendChild(document.createTextNode(text))
    if new and not there:
        made.appendChild(container)
        descriptions[0].appendChild(made)
    return bool(new)


def _made(document: minidom.Document, namespace: str, name: str) -> minidom.Element:
    return document.createElementNS(namespace, name)


def _text(item: minidom.Element) -> str:
    return "".join(node.data for node in item.childNodes if isinstance(node, minidom.Text)).strip()
