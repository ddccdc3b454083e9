"""Suppliers as JSON lines in Persian, with the sentence and the address that each is known from.

A line holds `supplier_fa`, `supplier_en`, `province`, `products_fa`, `products_en` (of the same length, in the same
order), `cpv`, `quote_fa` or `quote_en`, `url` and `more_urls`. It becomes a supplier and an offer per product, with
nothing that the line does not say: a capacity only where the quoted sentence states one of exactly that product.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.base import Model
from schemas.common import Capacity, Classification, Document, Place
from schemas.ids import slug
from schemas.offers import Offer, ProductRegistered
from schemas.suppliers import Supplier, SupplierRegistered
from services.imports.quotes import Stated, stated_capacities, words_of
from services.imports.records import Imported, NotImported, Read, event, json_lines, sentence

SOURCE: Final = "urn:peyvand:import:suppliers"


def read_suppliers(lines: Iterable[bytes], name: str = "suppliers", *, version: int = 1) -> Iterator[Read]:
    """Each line as events: SupplierRegistered, then ProductRegistered. What is no supplier is named and left out."""
    for found in json_lines(lines, name):
        if isinstance(found, NotImported):
            yield found
            continue
        place, record = found
        try:
            yield supplier(record, version=version)
        except ValidationError as error:
            yield NotImported(place, sentence(error))
        except (ValueError, TypeError, AttributeError) as error:
            yield NotImported(place, f"this is no supplier: {error}")


def supplier(record: Mapping[str, Any], *, version: int = 1) -> Imported:
    """The events of one supplier. ValueError: it has no name, or its lists of products do not go together."""
    names = [str(record[key]) for key in ("supplier_en", "supplier_fa") if record.get(key)]
    if not names:
        msg = "it has neither supplier_fa nor supplier_en"
        raise ValueError(msg)
    notes: list[str] = []
    quote = record.get("quote_fa") or record.get("quote_en")
    maker = Supplier(
        id=slug(names[0]),
        name_en=record.get("supplier_en"),
        name_fa=record.get("supplier_fa"),
        place=Place(province=record.get("province")),
        description=quote,
    )
    products = _products(record)
    codes = [str(code) for code in record.get("cpv") or []]
    if codes and not (len(codes) == 1 and len(products) == 1):
        notes.append(f"CPV {', '.join(codes)} is not told product by product, so no offer carries it")
        codes = []
    offers = [
        Offer(
            id=slug(english or persian),
            supplier_id=maker.id,
            title=persian or english,
            description=english if persian else "",
            classifications=[Classification(scheme="CPV", id=code) for code in codes],
            documents=_documents(record, quote),
            capacity=capacity,
        )
        for (persian, english), capacity in zip(products, _capacities(products, quote, notes), strict=True)
    ]
    told: list[Model] = [
        SupplierRegistered(version=version, supplier=maker),
        *(ProductRegistered(version=version, offer=offer) for offer in offers),
    ]
    return Imported(maker.id, tuple(event(each, SOURCE) for each in told), tuple(notes))


def _products(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(Persian, English) names of each product; one may be empty."""
    persian = [str(each) for each in record.get("products_fa") or []]
    english = [str(each) for each in record.get("products_en") or []]
    if persian and english and len(persian) != len(english):
        msg = f"it has {len(persian)} products in Persian and {len(english)} in English: they cannot be told together"
        raise ValueError(msg)
    if not english:
        return [(each, "") for each in persian]
    return list(zip(persian or [""] * len(english), english, strict=True))


def _capacities(products: list[tuple[str, str]], quote: str | None, notes: list[str]) -> list[Capacity | None]:
    """For each product the capacity that the quotation states of it alone; one stated of several is of none."""
    found: list[Capacity | None] = [None] * len(products)
    for stated in stated_capacities(quote or ""):
        meant = [place for place, names in enumerate(products) if any(_is_of(stated, name) for name in names)]
        if len(meant) == 1:
            found[meant[0]] = Capacity(quantity=stated.quantity, unit=stated.unit, per=stated.per)
        elif meant:
            shared = ", ".join(products[place][0] or products[place][1] for place in meant)
            notes.append(f"{stated.quantity:g} {stated.unit} a {stated.per} are stated of {shared} together: of none")
    return found


def _is_of(stated: Stated, name: str) -> bool:
    words = words_of(name)
    return bool(words) and words <= stated.things


def _documents(record: Mapping[str, Any], quote: str | None) -> list[Document]:
    """Where the supplier is known from; an address may be followed by where on the page it stands."""
    found: list[Document] = []
    for place, text in enumerate([record.get("url"), *(record.get("more_urls") or [])]):
        if text:
            address, _, where = str(text).partition(" ")
            note = " ".join(part for part in (where, quote if place == 0 else "") if part)
            found.append(Document(title="source", url=address, kind="quotation", note=note or None))
    return found
