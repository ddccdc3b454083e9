"""Organisations of a release: its buyer as a Party with a contact, and the ids of suppliers."""

from dataclasses import dataclass
from typing import Any, Final

from schemas.ids import slug
from services.imports.ocds.ids import safe_id
from services.imports.ocds.node import Node

BUYERS: Final = frozenset({"buyer", "procuringEntity"})
CONTACTS: Final = ("email", "telephone", "name")


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, and how to reach it."""

    party: dict[str, Any]
    contact: str | None


def buyer_of(release: Node, tender: Node, publisher: str | None) -> Buyer | None:
    """The buyer: the release's, else the tender's procuring entity, a party in that role, or who published it."""
    parties = release.children("parties")
    named = release.child("buyer")
    entity = tender.child("procuringEntity")
    reference = named or entity
    party = _party(reference, parties) if reference is not None else _in_role(parties)
    found = _organisation([node for node in (party, reference) if node is not None])
    if found is None:
        if publisher is None:
            return None
        release.warn("buyer", f"no buyer is named; the publisher, {publisher!r}, was taken")
        found = {"id": slug(publisher), "name": publisher[:500]}
    asked = [_party(entity, parties), entity, party, named] if entity is not None else [party, named]
    return Buyer(found, _contact([node for node in asked if node is not None]))


def supplier_id(reference: Node, parties: list[Node]) -> tuple[str | None, str | None]:
    """Id and name of an awarded supplier, which stay in place."""
    party = _party(reference, parties)
    both = [node for node in (reference, party) if node is not None]
    name = next((said for node in both if (said := node.peek("name")) is not None), None)
    own = reference.id()
    if own is None:
        for node in both:
            identifier = node.child("identifier")
            number = identifier.id() if identifier is not None else None
            if identifier is not None and number is not None:
                scheme = identifier.peek("scheme")
                return safe_id(f"{scheme}-{number}" if scheme else number), name
        return (slug(name) if name else None), name
    return safe_id(own), name


def _party(reference: Node | None, parties: list[Node]) -> Node | None:
    wanted = reference.id() if reference is not None else None
    return next((node for node in parties if wanted is not None and node.id() == wanted), None)


def _in_role(parties: list[Node]) -> Node | None:
    return next((node for node in parties if BUYERS & set(node.texts("roles"))), None)


def _organisation(nodes: list[Node]) -> dict[str, Any] | None:
    """Id, name and identifier out of a party and what refers to it."""
    name = next((said for node in nodes if (said := node.peek("name")) is not None), None)
    identifiers = [one for node in nodes if (one := node.child("identifier")) is not None]
    scheme = next((said for one in identifiers if (said := one.peek("scheme")) is not None), None)
    number = next((said for one in identifiers if (said := one.id()) is not None), None)
    legal = next((said for one in identifiers if (said := one.peek("legalName")) is not None), None)
    name = name or legal
    own = next((said for node in nodes if (said := node.id()) is not None), None)
    if name is None and own is None:
        return None
    made = f"{scheme}-{number}" if scheme and number else number or slug(name or "")
    found: dict[str, Any] = {"id": safe_id(own or made), "name": " ".join((name or own or "").split())[:500]}
    persian = next((said for node in nodes if (said := node.line("name_fa")) is not None), None)
    if persian is not None:
        found["name_fa"] = persian
    if scheme is not None and number is not None:
        found["identifier"] = {"scheme": scheme[:500], "id": number[:500]}
        for one in identifiers:
            one.drop("scheme", "id")
            if one.peek("legalName") == name:
                one.drop("legalName")
    for node in nodes:
        if (node.peek("name") or "")[:501] == found["name"]:
            node.drop("name")
    return found


def _contact(nodes: list[Node]) -> str | None:
    points = [point for node in nodes if (point := node.child("contactPoint")) is not None]
    for name in CONTACTS:
        for point in points:
            if point.peek(name) is not None:
                return point.line(name)
    return None
