"""The lexicons keep their promises: unique ids and names, known dimensions, units that pint reads, sound references."""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pint
import pytest
import yaml

import graph.matching

LEXICON = Path(graph.matching.__file__).parent / "lexicon"
FAMILIES = ("attributes", "values", "quantities", "qualifiers")
AT_LEAST = {"attributes": 450, "values": 450, "quantities": 400, "qualifiers": 50}

# Dimensions that units have, with pint's own, so that a unit filed wrongly is found.
MEASURED = {
    "length": "[length]",
    "area": "[area]",
    "volume": "[volume]",
    "mass": "[mass]",
    "force": "[force]",
    "pressure": "[pressure]",
    "temperature": "[temperature]",
    "angle": "",
    "rotation": "1/[time]",
    "time": "[time]",
    "speed": "[speed]",
    "acceleration": "[acceleration]",
    "power": "[power]",
    "apparent-power": "[power]",
    "reactive-power": "[power]",
    "energy": "[energy]",
    "torque": "[energy]",
    "energy-impact": None,  # joules, or joules by area or length
    "energy-density": "[energy]/[volume]",
    "specific-energy": "[energy]/[mass]",
    "stiffness": "[force]/[length]",
    "force-per-length": "[force]/[length]",
    "flow": "[volume]/[time]",
    "mass-flow": "[mass]/[time]",
    "melt-flow": "[mass]/[time]",
    "fuel-economy": "[area]",
    "specific-consumption": "[mass]/[energy]",
    "displacement-per-rev": "[volume]",
    "density": "[density]",
    "viscosity": "[viscosity]",
    "kinematic-viscosity": "[kinematic_viscosity]",
    "concentration": None,  # milligrams a litre, ppm, degrees of hardness
    "amount-concentration": "[substance]/[volume]",
    "concentration-acid": "",
    "turbidity": None,
    "voltage": "[electric_potential]",
    "current": "[current]",
    "charge": "[charge]",
    "partial-discharge": "[charge]",
    "electrical-resistance": "[resistance]",
    "resistance-per-length": "[resistance]/[length]",
    "resistivity": "[resistivity]",
    "conductivity": "1/[resistivity]",
    "conductance": "[conductance]",
    "capacitance": "[capacitance]",
    "capacitance-per-length": "[capacitance]/[length]",
    "inductance": "[inductance]",
    "frequency": "[frequency]",
    "magnetic-flux-density": "[magnetic_field]",
    "magnetic-field": "[current]/[length]",
    "dielectric-strength": "[electric_potential]/[length]",
    "current-density": "[current]/[area]",
    "specific-power": "[power]/[mass]",
    "power-density": "[power]/[area]",
    "linear-power": "[power]/[length]",
    "specific-creepage": "[length]/[electric_potential]",
    "heat-transfer-coefficient": "[power]/[area]/[temperature]",
    "thermal-conductivity": "[power]/[length]/[temperature]",
    "thermal-resistance": "[area]*[temperature]/[power]",
    "thermal-expansion": "1/[temperature]",
    "specific-heat": "[energy]/[mass]/[temperature]",
    "linear-density": "[mass]/[length]",
    "surface-density": "[mass]/[area]",
    "unbalance": "[mass]*[length]",
    "fracture-toughness": "[pressure]*[length]**0.5",
    "specific-surface": "[area]/[mass]",
    "coverage": "[area]/[volume]",
    "area-rate": "[area]/[time]",
    "application-rate": "[volume]/[area]",
    "luminous-flux": "[luminosity]",
    "illuminance": "[illuminance]",
    "luminous-intensity": "[luminosity]",
    "luminous-efficacy": "[luminosity]/[power]",
    "luminance": "[luminance]",
    "radiation-dose": "[energy]/[mass]",
    "radioactivity": "1/[time]",
    "data-size": "",
    "data-rate": "1/[time]",
    "ratio": "",
    "count": "",
    "dimensionless": "",
    "level": None,
    "level-power": None,
    "level-per-length": None,
    "hardness": None,
    "mesh": None,
    "ph": None,
    "currency": None,
}
OTHER = {
    *("any", "text", "grade", "level-number", "stress", "temperature-difference", "year"),
    *("torsional-stiffness", "surface-stiffness"),
}
KEYS = {
    "attributes": {"id", "dimension", "broader", "also", "better", "bound", "names"},
    "values": {"id", "kind", "broader", "near", "distinct_from", "rank", "names"},
    "quantities": {
        *("id", "kind", "names", "unit", "dimension", "count", "multiplicity", "exact", "also", "delta", "scale"),
        *("condition", "value", "factor", "use", "symbols", "meaning", "period", "month", "calendar", "dn", "inch"),
        *("class", "near_pn", "mesh", "opening_mm", "awg", "area_mm2"),
    },
    "qualifiers": {"id", "role", "strength", "domain", "side", "names"},
}
KINDS = {
    "values": {
        *("material", "treatment", "process", "finish", "colour", "fuel", "shape", "connection", "drive", "mounting"),
        *("refrigerant", "insulation", "fire-class", "motion", "other"),
    },
    "quantities": {
        *("unit", "count", "currency", "number", "scale", "separator", "marker", "period", "month"),
        *("nominal-size", "pressure-class", "sieve", "wire-gauge"),
    },
}
DIGITS = str.maketrans("يىك٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ییک01234567890123456789")


def normalised(name: str) -> str:
    """Fold what readers do not tell apart: NFKC, case, Arabic letters, digits, hyphens, ZWNJ and spaces."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(DIGITS)
    return " ".join(re.sub("[\u200c\u200b\u00ad\u2010-\u2015\u2212_-]", " ", text).split())


@cache
def files(family: str) -> dict[str, list[dict[str, Any]]]:
    paths = sorted((LEXICON / f"{family}.yaml", *LEXICON.glob(f"{family}-*.yaml")))
    return {path.name: yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) for path in paths}


@cache
def entries(family: str) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for each in files(family).values() for entry in each}


def names(entry: dict[str, Any]) -> list[Any]:
    return [name for each in entry["names"].values() for name in each]


def found(family: str, name: str) -> str | None:
    key = normalised(name)
    return next((i for i, each in entries(family).items() if key in map(normalised, names(each))), None)


def chain(family: str, start: str) -> list[str]:
    """Follow broader from an entry; an id that comes twice ends it."""
    seen: list[str] = []
    one: str | None = start
    while one:
        seen.append(one)
        if seen.count(one) > 1:
            break
        one = entries(family)[one].get("broader")
    return seen


@pytest.mark.parametrize("family", FAMILIES)
def test_there_is_enough_and_ids_are_unique(family: str) -> None:
    ids = Counter(entry["id"] for each in files(family).values() for entry in each)
    assert [one for one, times in ids.items() if times > 1] == []
    assert len(ids) >= AT_LEAST[family]
    assert [one for one in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one)] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_entries_have_known_keys_and_names_in_both_languages(family: str) -> None:
    wrong: list[str] = []
    for one, entry in entries(family).items():
        wrong += [f"{one}: {key}" for key in entry.keys() - KEYS[family]]
        wrong += [f"{one}: no {language} name" for language in ("en", "fa") if not entry["names"].get(language)]
        wrong += [f"{one}: {name!r} is no text or empty" for name in names(entry) if not _is_name(name)]
        wrong += [f"{one}: kind {entry.get('kind')}" for _ in [0] if _kind_is_wrong(family, entry)]
    assert wrong == []


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and bool(normalised(name))


def _kind_is_wrong(family: str, entry: dict[str, Any]) -> bool:
    return family in KINDS and entry.get("kind") not in KINDS[family]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_name_means_two_things_in_one_file(family: str) -> None:
    # Attributes and values are one dictionary each, over all their files.
    whole = family in {"attributes", "values"}
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file, each in files(family).items():
        for entry in each:
            for name in names(entry):
                owners["" if whole else file, normalised(name)].add(entry["id"])
    assert {name: sorted(ids) for (_, name), ids in owners.items() if len(ids) > 1} == {}


def test_no_unit_is_written_like_another_one() -> None:
    units = [entry for entry in entries("quantities").values() if entry["kind"] in {"unit", "count", "currency"}]
    owners: dict[str, set[str]] = defaultdict(set)
    exact: dict[str, set[str]] = defaultdict(set)
    for entry in units:
        for name in names(entry):
            owners[normalised(name)].add(entry["id"])
        for name in entry.get("exact", []):
            exact[name].add(entry["id"])
    assert {name: sorted(ids) for name, ids in (*owners.items(), *exact.items()) if len(ids) > 1} == {}


@pytest.mark.parametrize("family", FAMILIES)
def test_references_lead_somewhere_and_never_in_a_circle(family: str) -> None:
    wrong: list[str] = []
    for one, entry in entries(family).items():
        others = [*entry.get("near", []), *entry.get("distinct_from", []), *entry.get("also", [])]
        others += [entry["broader"]] if entry.get("broader") else []
        wrong += [f"{one} -> {other}" for other in others if other not in entries(family) or other == one]
    assert wrong == []
    assert [one for one in entries(family) if len(set(chain(family, one))) < len(chain(family, one))] == []


def test_what_is_distinct_is_not_a_case_of_the_other() -> None:
    pairs = [(one, other) for one, e in entries("values").items() for other in e.get("distinct_from", [])]
    assert len(pairs) > 100
    assert [(one, other) for one, other in pairs if other in chain("values", one) and other != one] == []


def test_attributes_have_known_dimensions_and_directions() -> None:
    known = MEASURED.keys() | OTHER
    wrong = [(i, e["dimension"]) for i, e in entries("attributes").items() if e["dimension"] not in known]
    wrong += [(i, e["better"]) for i, e in entries("attributes").items() if e.get("better", "higher") not in _BETTER]
    wrong += [(i, e["bound"]) for i, e in entries("attributes").items() if e.get("bound", "min") not in _BOUND]
    assert wrong == []


_BETTER, _BOUND = {"higher", "lower"}, {"min", "max"}


def test_every_measured_attribute_has_a_unit() -> None:
    have = {entry.get("dimension") for entry in entries("quantities").values()}
    asked = {entry["dimension"] for entry in entries("attributes").values()} & MEASURED.keys()
    assert asked - have == {"dimensionless"} - have


def test_units_are_read_by_pint_and_have_the_dimension_they_say() -> None:
    registry = pint.UnitRegistry(cache_folder=None)
    wrong: list[str] = []
    for one, entry in entries("quantities").items():
        if entry["kind"] not in {"unit", "count"}:
            continue
        dimension, unit = entry["dimension"], entry["unit"]
        if dimension not in MEASURED:
            wrong.append(f"{one}: dimension {dimension}")
        elif unit is None:
            wrong += [] if entry.get("scale") else [f"{one}: neither unit nor scale"]
        elif MEASURED[dimension] is not None:
            told = registry.parse_expression(str(unit))
            mine = getattr(told, "dimensionality", registry.UnitsContainer())
            if mine != registry.get_dimensionality(registry.UnitsContainer(_dimensions(MEASURED[dimension]))):
                wrong.append(f"{one}: {unit} is no {dimension}")
        wrong += [
            f"{one}: delta {entry['delta']}" for _ in [0] if entry.get("delta") and entry["delta"] not in registry
        ]
    assert wrong == []


def _dimensions(text: str | None) -> dict[str, float]:
    """Read "[mass]/[area]", "1/[time]" and "[length]**0.5" as powers of dimensions."""
    powers: dict[str, float] = {}
    for sign, name, power in re.findall(r"(^|[*/])?(\[\w+\])(?:\*\*([\d.]+))?", text or ""):
        powers[name] = powers.get(name, 0) + (-1 if sign == "/" else 1) * float(power or 1)
    return powers


def test_nominal_sizes_give_both_sides() -> None:
    sizes = {e["dn"]: e["inch"] for e in entries("quantities").values() if e["kind"] == "nominal-size"}
    assert (sizes[15], sizes[80], sizes[300]) == (0.5, 3, 12)
    assert list(sizes) == sorted(sizes)
    assert list(sizes.values()) == sorted(sizes.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GGG40", "EN-GJS-400-15"),
        ("GG25", "EN-GJL-250"),
        ("CK45", "C45"),
        ("MO40", "1.7225"),
        ("42CrMo4", "AISI 4140"),
        ("VCN150", "34CrNiMo6"),
        ("304", "1.4301"),
        ("UIC 60", "60E1"),
        ("R260", "900A"),
        ("کوئنچ و تمپر", "سخت و برگشت"),
        ("گالوانیزه گرم", "hot dip galvanised"),
        ("نیتریل", "NBR"),
        ("سه‌فاز", "three-phase"),
    ],
)
def test_the_equivalences_of_the_trade_hold(one: str, other: str) -> None:
    assert found("values", one) is not None
    assert found("values", one) == found("values", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GG40", "GGG40"),
        ("GGG40", "GGG40.3"),
        ("ER7", "ER8"),
        ("60E1", "60E2"),
        ("304", "316"),
        ("S355J2", "S355JR"),
        ("hot dip galvanised", "zinc plated"),
        ("A2-70", "A2-80"),
    ],
)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert found("values", other) is not None
    assert found("values", one) != found("values", other)


@pytest.mark.parametrize(
    ("narrow", "broad"), [("42CrMo4", "alloy steel"), ("S355J2", "St52"), ("316L", "استنلس استیل"), ("MIG", "welding")]
)
def test_a_grade_is_a_case_of_its_family(narrow: str, broad: str) -> None:
    one = found("values", narrow)
    assert one is not None
    assert found("values", broad) in chain("values", one)


def test_the_domains_have_words_enough_to_be_heard() -> None:
    words: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for entry in entries("qualifiers").values():
        assert entry["strength"] in {"strong", "weak"}, entry["id"]
        assert (entry["role"] == "domain") == ("domain" in entry), entry["id"]
        for language, each in entry["names"].items():
            if "domain" in entry:
                words[entry["domain"]][language].update(each)
    for domain in ("rail", "road-vehicle", "oil-gas", "power", "water", "medical", "agriculture", "marine", "mining"):
        assert min(len(words[domain]["en"]), len(words[domain]["fa"])) >= 40, domain
