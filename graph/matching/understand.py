"""From events to facts: what an offer, a demand item and a supplier say, read once."""

from collections.abc import Mapping, Sequence
from typing import Final

from graph.matching.bridges import item_keys, offer_keys
from graph.matching.facts import ItemFacts, Mark, OfferFacts, Role, StandardMark, SupplierFacts
from graph.matching.knowledge import Knowledge
from graph.matching.partnumbers import codes_in, part_keys, replaced_in
from graph.matching.quantity import MASS, read_quantity
from graph.matching.reading import Beside, Reading, read_texts
from graph.matching.roles import joined
from graph.matching.standards import ITEM, SUPPLIER
from schemas.common import Classification, Place, StandardHeld
from schemas.demands import Demand, DemandItem, item_key
from schemas.offers import Offer, OfferKind
from schemas.suppliers import Supplier

MAIN_UNIT: Final = "main"
HS: Final = "HS"
_DAYS: Final = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}


def understand_offer(offer: Offer, knowledge: Knowledge) -> OfferFacts:
    """Read one offer. Nothing in it can fail: what is not understood stays as written."""
    capability = offer.kind is OfferKind.CAPABILITY
    ways = [*offer.processes, *_processes(offer, knowledge)] if capability else []
    beside = Beside(processes=ways, standards=[each.standard for each in offer.standards])
    seen = read_texts(
        offer.title, offer.description, offer.classifications, knowledge, capability=capability, beside=beside
    )
    fields = tuple(knowledge.attributes.attribute(each) for each in offer.attributes)
    marks = (*fields, *seen.marks)
    capacity, capacity_day = offer.capacity, None
    counting = read_quantity(
        capacity.quantity if capacity else 0.0, capacity.unit if capacity else None, knowledge.units
    )
    if capacity:
        capacity_day = counting.value / _DAYS[capacity.per]
    least = read_quantity(offer.min_order.quantity, offer.min_order.unit, knowledge.units) if offer.min_order else None
    numbers = part_keys([*offer.part_numbers, *([offer.gtin] if offer.gtin else [])])
    said = f"{offer.title} ; {offer.description}"
    replaced = replaced_in(said, knowledge.grammar)
    numbers = tuple(dict.fromkeys((*numbers, *replaced.keys)))
    seen_codes = [code for code in codes_in(said) if code not in replaced.denied]
    held = _held(offer.standards, ITEM, knowledge)
    local = offer.local_content_percent
    if local is None and offer.local_content:
        local = offer.local_content.percent
    return OfferFacts(
        id=offer.id,
        supplier_id=offer.supplier_id,
        unit_id=offer.unit_id or MAIN_UNIT,
        kind=offer.kind.value,
        title=offer.title,
        classes=seen.classes,
        keys=offer_keys(seen, offer.kind.value, numbers, held, knowledge),
        hits=seen.hits,
        denied=seen.denied,
        domains=seen.domains,
        roles=seen.roles,
        terms=seen.terms,
        attributes=marks,
        standards=held,
        part_numbers=tuple(dict.fromkeys((*numbers, *seen_codes))),
        capacity_per_day=capacity_day,
        capacity_factor=counting.factor,
        counting=counting.counting,
        capacity_shown=f"{capacity.quantity:g} {capacity.unit or ''} per {capacity.per}" if capacity else "",
        lead_time=offer.lead_time_days,
        min_order=least.value if least else None,
        min_order_counting=least.counting if least else "",
        min_order_shown=f"{offer.min_order.quantity:g} {offer.min_order.unit or ''}".strip() if offer.min_order else "",
        local_content=local,
        piece_mass=_piece_mass(fields),
        valid_from=offer.valid_from.toordinal() if offer.valid_from else None,
        valid_until=offer.valid_until.toordinal() if offer.valid_until else None,
        also=seen.also,
        heads=seen.heads,
        text=seen.text,
    )


def understand_item(demand: Demand, item: DemandItem, knowledge: Knowledge) -> ItemFacts:
    """Read one item of a demand; what the item leaves out is taken from the demand."""
    description = item.description or (demand.description if len(demand.items) == 1 else "")
    beside = Beside(
        standards=[name for group in item.standards for name in group],
        context="" if demand.title == item.title else demand.title,
    )
    seen = read_texts(item.title, description, _codes(item), knowledge, wanted=True, beside=beside)
    requirements = tuple(knowledge.attributes.requirement(each) for each in item.requirements)
    quantity = read_quantity(item.quantity, item.unit, knowledge.units)
    needed = item.needed_by or demand.needed_by
    numbers, imports = part_keys(item.part_numbers), _imports(item)
    standards = tuple(
        tuple(mark for name in group for mark in knowledge.standards.marks(name)) for group in item.standards if group
    )
    return ItemFacts(
        id=item_key(demand.id, item.id),
        title=item.title,
        classes=tuple(dict.fromkeys((*seen.classes, *_ways(seen, knowledge)))),
        keys=item_keys(seen, (*numbers, *imports), [mark for group in standards for mark in group], knowledge),
        hits=seen.hits,
        processes=seen.processes,
        excluded=seen.denied,
        domains=seen.domains,
        roles=seen.roles,
        terms=seen.terms,
        to_drawing=seen.to_drawing,
        requirements=requirements,
        standards=standards,
        part_numbers=numbers,
        quantity=item.quantity,
        quantity_base=quantity.value,
        counting=quantity.counting,
        unit=item.unit or "",
        piece_mass=_piece_mass(requirements),
        needed_by=needed.toordinal() if needed else None,
        min_local=item.min_local_content_percent,
        place=_place(item.delivery_place or demand.delivery_place),
        rejects=seen.rejects,
        also=seen.also,
        heads=seen.heads,
        imports=imports,
    )


def _codes(item: DemandItem) -> list[Classification]:
    """Return the codes of an item, with the tariff code that it is imported under."""
    hs = item.imported.hs if item.imported else None
    named = any(each.scheme.strip().upper().startswith(HS) for each in item.classifications)
    return (
        list(item.classifications) if hs is None or named else [*item.classifications, Classification(scheme=HS, id=hs)]
    )


def _imports(item: DemandItem) -> tuple[str, ...]:
    """Return the keys of the foreign numbers of an item: those declared, and the type that its brand names ("TL-65")."""
    if item.imported is None:
        return ()
    named = codes_in(" ; ".join(each for each in (item.imported.brand, item.imported.maker) if each))
    own = part_keys(item.part_numbers)
    keys = dict.fromkeys((*part_keys(item.imported.part_numbers), *named))
    return tuple(key for key in keys if key not in own)


def understand_supplier(
    supplier: Supplier, *, suspended: bool, unit_states: Mapping[str, str], knowledge: Knowledge
) -> SupplierFacts:
    """Read one supplier. `unit_states` holds the newest state of each unit; units not in it keep their first one."""
    states = {unit.id: unit.state.value for unit in supplier.units} | dict(unit_states)
    roles: list[Role] = []
    if supplier.description:
        roles = knowledge.roles.find(knowledge.grammar.clauses(supplier.description), knowledge.index, title=False)
    return SupplierFacts(
        id=supplier.id,
        name=supplier.name_en or supplier.name_fa or supplier.id,
        suspended=suspended,
        state=states.get(MAIN_UNIT, supplier.unit_state.value),
        unit_states=tuple(states.items()),
        certificates=_held(supplier.certificates, SUPPLIER, knowledge),
        roles=joined(roles, knowledge.role_weights),
        place=_place(supplier.place),
        country=supplier.place.country,
    )


def _held(held: Sequence[StandardHeld], holder: str, knowledge: Knowledge) -> tuple[StandardMark, ...]:
    return tuple(mark for one in held for mark in knowledge.standards.marks(one.standard, one.valid_until, holder))


def _ways(seen: Reading, knowledge: Knowledge) -> list[str]:
    """Return the processes whose workshops an item is looked for at: all to drawing, else its first if it is special."""
    return (
        list(seen.processes)
        if seen.to_drawing
        else [each for each in seen.processes[:1] if each in knowledge.special_ways]
    )


def _processes(offer: Offer, knowledge: Knowledge) -> list[str]:
    """Return the processes that attributes name ("process: quench and temper")."""
    named = [each for each in offer.attributes if "process" in knowledge.names.read(each.name).concepts]
    return [str(each.value) for each in named if isinstance(each.value, str)]


def _piece_mass(marks: Sequence[Mark]) -> float | None:
    """Return the one weight of a piece that the properties tell, in kilograms; the upper bound where one is asked."""
    masses = [mark for mark in marks if mark.dimension == MASS and mark.layer == "field" and _is_own_mass(mark)]
    if len(masses) != 1:
        return None
    one = masses[0]
    if one.points:
        return one.points[0]
    return one.high if one.mode in ("max", "range", "value") and one.low in (None, one.high) else None


def _is_own_mass(mark: Mark) -> bool:
    return not mark.concepts or any("mass" in concept or "weight" in concept for concept in mark.concepts)


def _place(place: Place | None) -> tuple[str, ...]:
    if place is None:
        return ()
    return tuple(text for text in (place.province, place.city, place.name) if text)
