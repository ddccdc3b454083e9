"""Organisations of a release: the buyer, awarded suppliers, and those that were told of the demand."""

import re
from collections.abc import Mapping
from typing import Any, Final

from schemas.demands import Demand
from schemas.suppliers import Supplier
from services.exports.ocds.values import Fields, address

BUYER: Final = "buyer"
ENTITY: Final = "procuringEntity"
SUPPLIER: Final = "supplier"
TOLD: Final = "notifiedPotentialSupplier"
"""A role of OCDS 1.2-dev; the code list of 1.1 is open, and our extension adds it."""
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"\+?[\d\s()./-]{5,}")


class Parties:
    """The parties of a state by their id; whoever has several roles is one party."""

    def __init__(self, suppliers: Mapping[str, Supplier]) -> None:
        self._suppliers = suppliers
        self._parties: dict[str, Fields] = {}

    def buyer(self, demand: Demand, *, entity: bool) -> Fields:
        """Add the buyer, who is its own procuring entity where no other is known; returns the reference to it."""
        party: Fields = {"id": demand.buyer.id, "name": demand.buyer.name}
        if demand.buyer.name_fa is not None:
            party["name_fa"] = demand.buyer.name_fa
        if demand.buyer.identifier is not None:
            party["identifier"] = {"scheme": demand.buyer.identifier.scheme, "id": demand.buyer.identifier.id}
        if demand.contact is not None:
            party["contactPoint"] = {_kind_of(demand.contact): demand.contact}
        self._add(party, BUYER)
        if entity:
            self._add(party, ENTITY)
        return {"id": demand.buyer.id, "name": demand.buyer.name}

    def supplier(self, name: str, role: str) -> Fields:
        """Add a supplier in a role; returns the reference to it."""
        record = self._suppliers.get(name)
        party: Fields = {"id": name}
        if record is not None:
            party |= _registered(record)
        self._add(party, role)
        return {key: value for key, value in self._parties[name].items() if key in ("id", "name")}

    def all(self) -> list[Fields]:
        """Every party."""
        return list(self._parties.values())

    def _add(self, party: Fields, role: str) -> None:
        known = self._parties.setdefault(str(party["id"]), {**party, "roles": []})
        roles: list[Any] = known["roles"]
        if role not in roles:
            roles.append(role)


def _registered(supplier: Supplier) -> Fields:
    """What the public register says of a supplier; who to speak to is left out."""
    name = supplier.name_en or supplier.name_fa
    found: Fields = {} if name is None else {"name": name}
    if supplier.name_en and supplier.name_fa:
        found["name_fa"] = supplier.name_fa
    identifiers = [{"scheme": each.scheme, "id": each.id} for each in supplier.identifiers]
    if identifiers:
        found["identifier"] = identifiers[0]
    if identifiers[1:]:
        found["additionalIdentifiers"] = identifiers[1:]
    if supplier.place.city or supplier.place.province or supplier.place.name:
        found["address"] = address(supplier.place)
    return found


def _kind_of(contact: str) -> str:
    """The field of a contact point that a text is for."""
    if _MAIL.fullmatch(contact):
        return "email"
    return "telephone" if _PHONE.fullmatch(contact) else "name"
