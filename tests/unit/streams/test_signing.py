"""Signatures of records, and what is taken once they are required."""

import io
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from graph.access.producers import Producer
from schemas.demands import DemandAmended, DemandCancelled, DemandPublished
from schemas.envelope import wrap
from schemas.errors import InvalidInputError
from schemas.examples import EXAMPLES
from schemas.roles import Role
from schemas.settings import Settings
from schemas.suppliers import SupplierChanged, SupplierSuspended
from streams import provenance as provenance_module
from streams.provenance import Provenance
from streams.publish import KafkaPublisher, Outgoing, outgoing
from streams.reading import read
from streams.signing import HEADER, Signer, holds, make_private_key, public_key_of, signature_of, signer_of

PRIVATE, PUBLIC = make_private_key()


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    file = tmp_path_factory.mktemp("keys") / "key.pem"
    file.write_bytes(PRIVATE)
    return Signer.of_file("rai", file)


@given(key=st.binary(max_size=50), value=st.binary(max_size=200))
def test_a_signature_is_of_one_record_only(signer, key, value):
    _, raw = signer.header("demand-events", key, value)
    signature = signature_of(raw)
    assert signature.producer == "rai"
    public = public_key_of(PUBLIC)
    assert holds(public, signature.proof, "demand-events", key, value)
    for other in (
        ("supplier-events", key, value),
        ("demand-events", key + b"x", value),
        ("demand-events", key, value + b"x"),
    ):
        assert not holds(public, signature.proof, *other)
    if key:  # the parts cannot be shifted against each other
        assert not holds(public, signature.proof, "demand-events", key[:-1], key[-1:] + value)


@pytest.mark.parametrize("raw", [None, b"", b"v1 rai", b"v2 rai AAAA", b"v1 rai !!!", b"v1  AAAA x", b"\xff \xff \xff"])
def test_what_is_no_signature(raw):
    assert signature_of(raw) is None


@pytest.mark.parametrize("pem", [b"", b"x", PRIVATE])
def test_what_is_no_public_key(pem):
    with pytest.raises(InvalidInputError):
        public_key_of(pem)


def test_a_process_signs_by_its_settings(tmp_path):
    file = tmp_path / "key.pem"
    file.write_bytes(PRIVATE)
    assert signer_of(Settings()) is None
    for wrong in ({"kafka_signing_key": file}, {"kafka_signing_key": tmp_path / "none", "kafka_producer_id": "x"}):
        with pytest.raises(InvalidInputError):
            signer_of(Settings(**wrong))
    publisher = KafkaPublisher(Settings(kafka_signing_key=file, kafka_producer_id="rai"))
    record = outgoing(DEMAND)
    names = [name for name, _ in publisher._headers(record)]
    assert names == ["content-type", HEADER]
    assert publisher._headers(replace(record, headers=tuple(publisher._headers(record)))) == publisher._headers(record)
    assert [name for name, _ in publisher._headers(replace(record, topic="match-events"))] == ["content-type"]


@dataclass
class Kept:
    """A record of the log."""

    topic: str
    key: bytes
    value: bytes
    headers: list
    partition: int = 0
    offset: int = 100


def demand(buyer="rai", demand_id="rai-1"):
    record = {**EXAMPLES["DemandPublished"]["demand"], "id": demand_id, "buyer": {"id": buyer, "name": buyer}}
    return DemandPublished.model_validate({"version": 1, "demand": record})


def amended(buyer="rai", demand_id="rai-1"):
    return DemandAmended(version=2, demand=demand(buyer, demand_id).demand)


DEMAND = wrap(demand(), source="urn:rai:tenders")


def cancelled(demand_id="rai-1"):
    return DemandCancelled(version=3, demand_id=demand_id)


def kept(event, signer=None, offset=100, partition=0) -> Kept:
    record: Outgoing = outgoing(event)
    headers = list(record.headers)
    if signer is not None:
        headers.append(signer.header(record.topic, record.key, record.value))
    return Kept(record.topic, record.key, record.value, headers, partition, offset)


def producer(**more) -> Producer:
    whole = {
        "id": "rai", "name": "RAI", "public": public_key_of(PUBLIC), "role": Role.AGENCY, "subject": "rai", "source": "urn:rai",
        "since": {"demand-events:0": 50}, "until": None, "created_at": 0.0, "ended_at": None, **more,
    }  # fmt: skip
    return Producer(**whole)


@dataclass
class World:
    """What the graph would say."""

    since: dict | None = field(default_factory=dict)
    producers: list[Producer] = field(default_factory=lambda: [producer()])
    buyers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def world(monkeypatch):
    found = World()

    async def required(_):
        return found.since

    async def producers(_):
        return {one.id: one for one in found.producers}

    async def buyers(_, ids):
        return {one: found.buyers[one] for one in ids if one in found.buyers}

    monkeypatch.setattr(provenance_module, "required", required)
    monkeypatch.setattr(provenance_module, "producers", producers)
    monkeypatch.setattr(provenance_module, "buyers", buyers)
    return found


async def codes(*records) -> list[str]:
    """Per record `taken`, or the code of its letter."""
    done = await Provenance(None).checked(read(records))
    by = {id(letter.origin): letter.poison.code for letter in done.letters}
    return [by.get(id(record), "taken") for record in records]


async def test_nothing_is_asked_while_signatures_are_not_required(world, signer):
    world.since = None
    assert await codes(kept(DEMAND), kept(wrap(demand("other"), source="urn:x"))) == ["taken", "taken"]


async def test_what_a_producer_may_send_is_taken_and_nothing_else(world, signer):
    world.buyers = {"rai-1": "rai", "other-1": "other"}
    say = "urn:rai:tenders"
    assert await codes(
        kept(DEMAND, signer),
        kept(DEMAND),
        kept(wrap(demand(), source="urn:rail:x"), signer),
        kept(wrap(demand("other"), source=say), signer),
        kept(wrap(demand("rai", "other-1"), source=say), signer),
        kept(wrap(amended(), source=say), signer),
        kept(wrap(cancelled(), source=say), signer),
        kept(wrap(cancelled("other-1"), source=say), signer),
        kept(wrap(cancelled("nobody-1"), source=say), signer),
        kept(wrap(SupplierChanged.model_validate(EXAMPLES["SupplierChanged"]), source=say), signer),
    ) == ["taken", "not_signed", "foreign_source", "not_allowed", "not_allowed", "taken", "taken", *["not_allowed"] * 3]


async def test_a_demand_published_in_the_same_slice_can_be_cancelled_in_it(world, signer):
    records = [kept(wrap(data, source="urn:rai:x"), signer) for data in (demand(demand_id="rai-9"), cancelled("rai-9"))]
    assert await codes(*records) == ["taken", "taken"]
    assert await codes(records[1]) == ["not_allowed"]


async def test_changed_records_and_other_keys_are_not_taken(world, signer, tmp_path):
    file = tmp_path / "other.pem"
    file.write_bytes(make_private_key()[0])
    forged = kept(DEMAND, Signer.of_file("rai", file))
    changed = kept(DEMAND, signer)
    changed.value = changed.value.replace(b"rai-1", b"rai-2")
    changed.key = b"rai-2"
    unknown = kept(DEMAND, Signer.of_file("nobody", file))
    binary = kept(DEMAND, signer)
    binary.headers = [("ce_type", DEMAND.type.encode()), ("ce_id", b"1"), ("ce_source", b"urn:rai:x"), ("ce_specversion", b"1.0"),
                      ("content-type", b"application/json"), binary.headers[-1]]  # fmt: skip
    binary.value = DEMAND.data.model_dump_json().encode()
    binary.headers[-1] = signer.header(binary.topic, binary.key, binary.value)
    assert await codes(forged, changed, unknown, binary) == [
        "bad_signature",
        "bad_signature",
        "unknown_producer",
        "not_signed",
    ]


async def test_places_of_the_log_decide(world, signer):
    world.since = {"demand-events:0": 60}
    world.producers = [producer(until={"demand-events:0": 90, "demand-events:1": 5})]
    places = [(40, 0), (59, 0), (60, 0), (89, 0), (90, 0), (4, 1), (5, 1)]
    found = await codes(*(kept(DEMAND, signer, offset, partition) for offset, partition in places))
    assert found == ["taken", "taken", "taken", "taken", "unknown_producer", "taken", "unknown_producer"]
    assert await codes(kept(DEMAND, None, 59), kept(DEMAND, None, 60)) == ["taken", "not_signed"]
    world.since = {}
    assert await codes(kept(DEMAND, signer, 49), kept(DEMAND, signer, 50)) == ["unknown_producer", "taken"]


async def test_registrars_and_admins_may_more(world, signer):
    suspended = wrap(SupplierSuspended.model_validate(EXAMPLES["SupplierSuspended"]), source="urn:anything")
    for role, expected in (
        (Role.REGISTRAR, ["taken", "not_allowed"]),
        (Role.ADMIN, ["taken", "taken"]),
        (Role.TASK_FORCE, ["not_allowed"] * 2),
    ):
        world.producers = [producer(role=role, subject=None, source=None, since={})]
        assert await codes(kept(suspended, signer), kept(DEMAND, signer)) == expected


async def test_a_producer_that_was_just_registered_is_looked_up(world, signer, monkeypatch):
    world.producers = []
    checker = Provenance(None)
    assert len((await checker.checked(read([kept(DEMAND, signer)]))).letters) == 1
    world.producers = [producer()]
    assert (await checker.checked(read([kept(DEMAND, signer)]))).letters == []


async def test_bad_records_stay_letters_of_their_own(world, signer):
    bad = Kept("demand-events", b"x", b"{", [])
    assert await codes(bad, kept(DEMAND, signer)) == ["not_json", "taken"]


def test_a_private_key_is_not_for_others(tmp_path):
    from services.cli.producers import make_key

    said = Console(file=io.StringIO())
    context = SimpleNamespace(obj=SimpleNamespace(out=said))
    make_key(context, tmp_path / "k.pem")
    assert (tmp_path / "k.pem").stat().st_mode & 0o777 == 0o600
    assert public_key_of((tmp_path / "k.pem.pub").read_bytes())
    with pytest.raises(InvalidInputError, match="cannot be written"):
        make_key(context, tmp_path / "k.pem")
