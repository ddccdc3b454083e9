"""A gold set as events: suppliers and offers first, then the demands."""

from pathlib import Path

from pydantic import ValidationError

from graph.matching.goldset import GoldSet, load_goldset
from schemas.demands import DemandPublished
from schemas.envelope import Envelope, wrap
from schemas.errors import InvalidInputError
from schemas.ids import derived
from schemas.offers import ProductRegistered
from schemas.suppliers import SupplierRegistered

SOURCE = "urn:peyvand:goldset"


def read_goldset(folder: Path) -> GoldSet:
    """Read the directory. InvalidInputError: a file is missing or a line is not of the format."""
    try:
        gold = load_goldset(folder)
    except OSError as error:
        msg = f"{error.filename or folder} cannot be read: {error.strerror}"
        raise InvalidInputError(
            msg, hint="A gold set has suppliers, offers, demands and judgments, each .jsonl."
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"{folder}: a {error.title.lower()} is not of the format: {where}: {first['msg']}"
        raise InvalidInputError(msg) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{folder}: a line is not of the format: {error!r}"
        raise InvalidInputError(msg) from error
    if not gold.demands:
        msg = f"{folder} has no demands: there is nothing to measure"
        raise InvalidInputError(msg)
    return gold


def supply_events(gold: GoldSet) -> list[Envelope]:
    """Suppliers and offers. Ids are derived, so that publishing twice changes nothing."""
    suppliers = [_event("supplier", each.id, SupplierRegistered(supplier=each)) for each in gold.suppliers]
    offers = [_event("offer", f"{each.supplier_id}~{each.id}", ProductRegistered(offer=each)) for each in gold.offers]
    return suppliers + offers


def demand_events(gold: GoldSet) -> list[Envelope]:
    """Demands."""
    return [_event("demand", each.id, DemandPublished(demand=each)) for each in gold.demands]


def _event(kind: str, key: str, data: SupplierRegistered | ProductRegistered | DemandPublished) -> Envelope:
    return wrap(data, source=SOURCE, event_id=derived("goldset", kind, key))
