"""How one release is read: items, units, codes, requirements, lots, dates, buyers; and what is remarked on and kept."""

from datetime import date

import pytest

from tests.unit.imports.ocds_samples import demand_of, kinds, release, said, taken


def item(**more):
    """The one item of a tender that says this of it."""
    base = {"id": "1", "description": "block", "quantity": 3, **more}
    return demand_of(taken(release(tender={"items": [base]}))).items[0]


def asked(criteria, **more):
    """The item of a tender with these criteria, and the remarks."""
    read = taken(release(tender={"criteria": criteria, **more}))
    return demand_of(read).items[0], said(read)


def criterion(*groups, **more):
    """A criterion of item 1 with these groups of requirements."""
    made = [
        {"id": f"g{n}", "requirements": [{"id": f"g{n}r{m}", **one} for m, one in enumerate(group)]}
        for n, group in enumerate(groups)
    ]
    return {"id": "c", "title": "c", "relatesTo": "item", "relatedItem": "1", "requirementGroups": made, **more}


def test_a_tender_becomes_a_published_demand():
    read = taken(release())
    assert kinds(read) == ["DemandPublished"]
    demand = demand_of(read)
    assert (demand.id, demand.ocid, demand.title, demand.buyer.id) == (
        "ocds-abc123-1",
        "ocds-abc123-1",
        "Brake blocks",
        "rai",
    )
    assert (demand.closes, demand.published, demand.stage) == (date(2027, 1, 15), date(2026, 11, 20), "tender")
    [first] = demand.items
    assert (first.title, first.quantity, first.unit) == ("composite brake block", 1000, "piece")
    assert [(code.scheme, code.id) for code in first.classifications] == [("CPV", "34631400")]
    assert said(read) == []


def test_our_own_prefix_is_taken_off_again():
    assert demand_of(taken(release(ocid="ocds-213czf-dem-7"))).id == "dem-7"
    assert demand_of(taken(release(ocid="ocds-abc123-dem-7"), prefix="ocds-abc123")).id == "dem-7"


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        ({"scheme": "UNCEFACT", "id": "TNE"}, "tonne"), ({"scheme": "UNCEFACT", "id": "MMT"}, "mm"),
        ({"scheme": "UNCEFACT", "id": "H87", "name": "عدد"}, "عدد"), ({"id": "KGM", "name": "Kilograms"}, "Kilograms"),
        ({"scheme": "UNCEFACT", "id": "KGM", "name": "pieces"}, "kg"), ({"name": "metre"}, "metre"),
        ({"scheme": "QUDT", "id": "KiloGM", "name": "kg"}, "kg"), ({"scheme": "UNCEFACT", "id": "XYZ"}, "XYZ"),
    ],
)  # fmt: skip
def test_units_by_code_or_name(unit, meant):
    assert item(unit=unit).unit == meant


def test_classifications_of_all_schemes():
    made = item(
        classification={"scheme": "ДК021", "id": "34630000-2", "description": "parts"},
        additionalClassifications=[{"scheme": "HS", "id": 860721}, {"scheme": "CPV", "id": "34630000-2"}],
    )
    assert [(code.scheme, code.id) for code in made.classifications] == [("CPV", "34630000-2"), ("HS", "860721")]


def test_title_and_description_share_one_field():
    made = item(description="Brake block\nK type, as drawing 7\n")
    assert (made.title, made.description) == ("Brake block", "K type, as drawing 7")
    long = "word " * 200
    made = item(description=long)
    assert len(made.title) <= 500
    assert made.description == long.strip()


def test_delivery_lot_and_value():
    document = release(
        tender={
            "lots": [{"id": "L/1", "title": "first", "value": {"amount": 5, "currency": "IRR"}}],
            "items": [
                {
                    "id": "1", "description": "block", "quantity": 4, "relatedLot": "L/1",
                    "unit": {"id": "KGM", "value": {"amount": 2.5, "currency": "EUR"}},
                    "deliveryDate": {"startDate": "2027-01-01T00:00:00Z", "endDate": "2027-03-31T23:59:59Z"},
                    "deliveryAddress": {"locality": "Qom", "countryName": "Iran"},
                    "deliveryLocation": {"geometry": {"type": "Point", "coordinates": [50.9, 34.6]}},
                }
            ],
        }
    )  # fmt: skip
    demand = demand_of(taken(document))
    [made], [lot] = demand.items, demand.lots
    assert made.lot_id == lot.id != "L/1"
    assert made.needed_by == date(2027, 3, 31)
    assert made.estimated_value.amount == 10
    assert (made.delivery_place.city, made.delivery_place.country) == ("Qom", "IR")
    assert made.delivery_place.location.latitude == 34.6


def test_a_place_in_a_country_that_is_not_known_is_kept_and_not_read():
    read = taken(
        release(
            tender={
                "items": [
                    {
                        "id": "1",
                        "description": "b",
                        "quantity": 1,
                        "deliveryAddress": {"locality": "X", "countryName": "Atlantis"},
                    }
                ]
            }
        )
    )
    assert demand_of(read).items[0].delivery_place is None
    assert any("Atlantis" in text for text in said(read))
    assert demand_of(read).original.rest["tender"]["items"][0]["deliveryAddress"]["locality"] == "X"


def test_requirements_with_ranges_values_and_units():
    made, remarks = asked(
        [
            criterion(
                [
                    {"title": "friction", "dataType": "number", "minValue": 0.16, "maxValue": "0.28"},
                    {"title": "weight", "dataType": "number", "expectedValue": "4.5", "unit": {"name": "kg"}},
                    {"title": "colour", "dataType": "string", "expectedValue": "4.5"},
                    {"title": "new", "dataType": "boolean", "expectedValue": True},
                    {"title": "grade", "dataType": "string", "pattern": "^(ER7|ER8)$"},
                ]
            )
        ]
    )
    read = {one.name: one for one in made.requirements}
    assert (read["friction"].min, read["friction"].max) == (0.16, 0.28)
    assert (read["weight"].equals, read["weight"].unit) == (4.5, "kg")
    assert read["colour"].equals == "4.5"
    assert read["new"].equals is True
    assert read["grade"].one_of == ["ER7", "ER8"]
    assert remarks == []


def test_groups_are_alternatives():
    made, _ = asked(
        [criterion([{"title": "grade", "expectedValue": "ER7"}], [{"title": "grade", "expectedValue": "ER8"}])]
    )
    assert [one.one_of for one in made.requirements] == [["ER7", "ER8"]]
    made, remarks = asked([criterion([{"title": "a", "minValue": 1}], [{"title": "b", "minValue": 2}])])
    assert made.requirements == []
    assert any("alternatives" in text for text in remarks)


def test_standards_and_local_content():
    made, _ = asked(
        [
            criterion([{"title": "standard", "expectedValue": "UIC 541-4"}]),
            {**criterion([{"title": "Standard", "expectedValue": "ISO 9001"}], [{"title": "Standard", "expectedValue": "ISO 22163"}]), "id": "d"},
            {**criterion([{"title": "local content", "dataType": "number", "minValue": 60}]), "id": "e"},
        ]
    )  # fmt: skip
    assert made.standards == [["UIC 541-4"], ["ISO 9001", "ISO 22163"]]
    assert made.min_local_content_percent == 60
    assert made.requirements == []


def test_what_is_asked_of_bidders_is_kept_and_not_read():
    made, remarks = asked([criterion([{"title": "turnover", "minValue": 5}], relatesTo="tenderer", relatedItem=None)])
    assert made.requirements == []
    assert remarks == []


def test_criteria_of_all_items_and_of_a_lot():
    both = [
        {"id": "1", "description": "a", "quantity": 1, "relatedLot": "L"},
        {"id": "2", "description": "b", "quantity": 1},
    ]
    every = criterion([{"title": "weight", "maxValue": 5}], relatedItem=None)
    one = {**criterion([{"title": "length", "maxValue": 7}], relatedItem="L"), "id": "d"}
    demand = demand_of(taken(release(tender={"items": both, "lots": [{"id": "L"}], "criteria": [every, one]})))
    assert [[r.name for r in each.requirements] for each in demand.items] == [["weight", "length"], ["weight"]]


def test_attributes_are_part_numbers_or_required_values():
    made = item(
        attributes=[
            {"id": "1", "name": "Part number", "value": "K-320"},
            {"id": "2", "name": "diameter", "value": 920, "unit": {"name": "mm"}},
        ]
    )
    assert made.part_numbers == ["K-320"]
    assert [(one.name, one.equals, one.unit) for one in made.requirements] == [("diameter", 920, "mm")]


def test_an_impossible_range_is_an_error():
    read = taken(release(tender={"criteria": [criterion([{"title": "x", "minValue": 5, "maxValue": 4}])]}))
    assert read.refused
    assert "minValue 5 is above maxValue 4" in said(read)[0]


def test_the_stage_by_status_and_tag():
    assert demand_of(taken(release(tender={"status": "planned"}))).stage == "plan"
    assert demand_of(taken(release(tender={"status": "planning"}))).stage == "market_engagement"
    assert demand_of(taken(release(tag=["planning"], tender={"status": None}))).stage == "plan"
    assert demand_of(taken(release(tender={"techniques": {"hasFrameworkAgreement": True}}))).stage == "framework"


def test_a_planning_release_without_tender():
    document = {
        **release(),
        "tag": ["planning"],
        "planning": {"budget": {"project": "Wagon renewal"}, "rationale": "worn"},
    }
    del document["tender"]
    demand = demand_of(taken(document))
    assert (demand.title, demand.stage, demand.items[0].title) == ("Wagon renewal", "plan", "Wagon renewal")
    assert demand.original.rest["planning"]["rationale"] == "worn"


def test_the_buyer_by_party_entity_role_or_publisher():
    party = {
        "id": "X-1",
        "name": "Metro",
        "roles": ["procuringEntity"],
        "contactPoint": {"name": "Ali", "telephone": "021"},
    }
    without = {key: value for key, value in release().items() if key != "buyer"}
    demand = demand_of(taken({**without, "parties": [party]}))
    assert (demand.buyer.id, demand.buyer.name, demand.contact) == ("X-1", "Metro", "021")
    entity = {"identifier": {"scheme": "IR-COA", "id": "7"}, "name": "Metro"}
    demand = demand_of(taken({**without, "tender": {**without["tender"], "procuringEntity": entity}}))
    assert (demand.buyer.id, demand.buyer.identifier.id) == ("IR-COA-7", "7")
    read = taken({"releases": [without], "publisher": {"name": "Office"}, "publishedDate": "2026-01-01T00:00:00Z"})
    assert demand_of(read).buyer.name == "Office"
    assert any("publisher" in text for text in said(read))
    assert taken(without).refused


def test_fields_that_nobody_knows_are_told_by_path_and_kept():
    document = release(colour="red", tender={"submissionMethod": ["written"], "colour": {"a": [1, None]}})
    document["tender"]["items"][0] |= {"colour": "blue", "description_fa": "کفشک"}
    read = taken(document)
    told = [note.path for note in read.notes]
    assert sorted(told) == ["colour", "tender.colour", "tender.items[0].colour"]
    rest = demand_of(read).original.rest
    assert rest["colour"] == "red"
    assert rest["tender"]["colour"] == {"a": [1]}
    assert rest["tender"]["items"] == [{"id": "1", "colour": "blue", "description_fa": "کفشک"}]
    assert rest["tender"]["submissionMethod"] == ["written"]


def test_more_than_is_kept_is_left_out_and_told():
    read = taken(release(tender={"huge": "x" * 300_000, "small": "y"}))
    assert not read.refused
    rest = demand_of(read).original.rest
    assert rest["tender"]["small"] == "y"
    assert "huge" not in rest["tender"]
    assert any("left out" in text and "tender.huge" in text for text in said(read))


def test_no_items_and_no_quantity_are_told():
    read = taken(release(tender={"items": []}))
    assert [(each.title, each.quantity) for each in demand_of(read).items] == [("Brake blocks", 1)]
    assert any("no items are named" in text for text in said(read))
    read = taken(release(tender={"items": [{"id": "1", "description": "b", "quantity": None}]}))
    assert any("no quantity is said" in text for text in said(read))


def test_an_item_of_quantity_0_or_of_a_cancelled_lot_is_not_wanted():
    items = [
        {"id": "1", "description": "a", "quantity": 1}, {"id": "2", "description": "b", "quantity": 0},
        {"id": "3", "description": "c", "quantity": 1, "relatedLot": "L"},
    ]  # fmt: skip
    lots = [{"id": "L", "status": "cancelled"}, {"id": "M", "status": "active"}]
    demand = demand_of(taken(release(tender={"items": items, "lots": lots})))
    assert [each.id for each in demand.items] == ["1"]
    assert [lot.id for lot in demand.lots] == ["M"]
