"""What is asked for and may be null is written as null, not left out: else our own reader refuses it."""

from types import SimpleNamespace

from schemas.codec import Poison, decode, encode
from schemas.envelope import wrap
from schemas.offers import CapacityReported


def test_a_capacity_that_is_taken_back_survives_the_log():
    sent = wrap(CapacityReported(version=1, supplier_id="s", offer_id="o", capacity=None), source="test")
    key, value, headers = encode(sent)
    read = decode(SimpleNamespace(topic=sent.kind.topic, key=key, value=value, headers=headers))
    assert not isinstance(read, Poison), read
    assert read.data == sent.data
