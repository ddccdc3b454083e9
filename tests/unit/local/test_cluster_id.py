import uuid

from services.local import kafka


def test_a_cluster_id_never_looks_like_an_option(monkeypatch):
    drawn = iter([uuid.UUID(bytes=b"\xfb" + b"\x00" * 15), uuid.UUID(bytes=b"\x01" * 16)])
    monkeypatch.setattr(kafka.uuid, "uuid4", lambda: next(drawn))
    assert kafka._cluster_id() == "AQEBAQEBAQEBAQEBAQEBAQ"
