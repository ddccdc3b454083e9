"""XML read without entities, document types and network, and texts by XPath."""

from typing import Final, cast

from lxml import etree

from schemas.errors import InvalidInputError

MOST_BYTES: Final = 50_000_000
NAMES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "efext": "http://data.europa.eu/p27/eforms-ubl-extensions/1",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}
Element = etree._Element  # noqa: SLF001 - lxml gives its element type no public name


def parse(raw: bytes) -> Element:
    """The root of a document. InvalidInputError: no XML, too large or deep, or with a document type declaration."""
    if len(raw) > MOST_BYTES:
        msg = f"it has {len(raw)} bytes; a notice of at most {MOST_BYTES} is read"
        raise InvalidInputError(msg)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        msg = f"it is not XML: {error}"
        raise InvalidInputError(msg) from error
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        msg = "it has a document type declaration, which no notice has; entities are not read"
        raise InvalidInputError(msg)
    return root


def found(node: Element, path: str) -> list[Element]:
    """The elements at an XPath below a node."""
    rows = cast("list[object]", node.xpath(path, namespaces=NAMES))
    return [row for row in rows if isinstance(row, Element)]


def texts(node: Element, path: str) -> list[str]:
    """The texts at an XPath below a node, of elements or attributes, without white space around them."""
    rows = cast("list[object]", node.xpath(path, namespaces=NAMES))
    said = [row.text if isinstance(row, Element) else str(row) for row in rows]
    return [tidy(text) for text in said if text and text.strip()]


def text(node: Element, path: str) -> str | None:
    """The first text at an XPath, or None."""
    return next(iter(texts(node, path)), None)


def tidy(text: str) -> str:
    """A text without the indentation of the document it stood in."""
    return "\n".join(line for each in text.strip().splitlines() if (line := " ".join(each.split())))
