"""Suppliers and their units, and the events that tell of them."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Day, Days, Id, Line, Model, Name, Number, Text, Version
from schemas.common import Identifier, Money, Place, StandardHeld


class UnitState(StrEnum):
    """State of a plant. Only an active one can deliver today."""

    ACTIVE = "active"
    PLANNED = "planned"
    IDLE = "idle"
    REVIVING = "reviving"
    CLOSED = "closed"


class Equipment(Model):
    """A machine of a unit: what, make, how many, and its size where it matters."""

    name: Name
    make: Line | None = None
    quantity: int | None = Field(None, ge=0)
    condition: Line | None = None
    limits: Text | None = None


class Unit(Model):
    """A plant of a supplier. `state` here is the first known one; UnitStateChanged moves it."""

    id: Id
    name: Line | None = None
    name_fa: Line | None = None
    place: Place = Place()
    state: UnitState = UnitState.ACTIVE
    workers: int | None = Field(None, ge=0)
    equipment: list[Equipment] = Field(default_factory=list[Equipment], max_length=500)


class Supplier(Model):
    """An organisation that makes things. A supplier without units has one implied unit, `main`."""

    id: Id
    name_en: Line | None = None
    name_fa: Line | None = None
    identifiers: list[Identifier] = Field(default_factory=list[Identifier], max_length=20)
    place: Place = Place()
    description: Text | None = None
    unit_state: UnitState = UnitState.ACTIVE
    units: list[Unit] = Field(default_factory=list[Unit], max_length=200)
    certificates: list[StandardHeld] = Field(default_factory=list[StandardHeld], max_length=200)
    owner: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    website: Line | None = None
    languages: list[Line] = Field(default_factory=lambda: ["fa"], max_length=10)


class SupplierRegistered(Model):
    """A supplier entered the register, or its whole record was sent again."""

    version: Version = 1
    supplier: Supplier


class SupplierChanged(Model):
    """The supplier's record is now this one (whole, not a patch)."""

    version: Version
    supplier: Supplier
    reason: Line | None = None


class SupplierSuspended(Model):
    """The supplier may not deliver until reinstated: all its matches are withdrawn."""

    version: Version
    supplier_id: Id
    reason: Line
    until: Day | None = None


class SupplierReinstated(Model):
    """The suspension ended."""

    version: Version
    supplier_id: Id
    reason: Line | None = None


class UnitStateChanged(Model):
    """A unit started, stopped, closed or is being revived, with what is known for a revival."""

    version: Version
    supplier_id: Id
    unit_id: Id = "main"
    state: UnitState
    since: Day | None = None
    reason: Line | None = None
    evidence: Line | None = None
    last_production: Day | None = None
    equipment: list[Equipment] | None = None
    jobs: int | None = Field(None, ge=0)
    funds_needed: Money | None = None
    months_to_restart: Number | None = None
    lead_time_days: Days | None = None
